// Cursor ↔ value: which value stands at an offset (the diagram highlights it), and where a value stands (the editor
// reveals it). In the body of a block that is its first use.

import type { BlockInstance, Mention, Module, Network, Value, ValueId } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "./analyze";

export interface ValuePlace {
  readonly network: string;
  readonly id: ValueId;
}

/** A name's value, otherwise the smallest stage or expression around the offset. */
export function valueAt({ module }: Analysis, offset: number): ValuePlace | undefined {
  const mention = mentionAt(module.mentions, offset);
  if (mention?.subject.kind === "value") return { network: mention.subject.network, id: mention.subject.id };
  const found = smallestValue(module, offset);
  return found && { network: found.network.name, id: found.value.id };
}

/** What a gesture at an offset is about: as `valueAt`, but where a block is used its use. */
export function thingAt(analysis: Analysis, offset: number): ValuePlace | undefined {
  const place = valueAt(analysis, offset);
  const network = place && allNetworks(analysis.module).find(({ name }) => name === place.network);
  const use = network?.blocks?.find(
    ({ outputs, range, nameRange }) =>
      outputs.length === 1 &&
      outputs[0]!.value === place?.id &&
      (contains(range, offset) || (nameRange !== undefined && contains(nameRange, offset))),
  );
  return place && use ? { network: place.network, id: use.instance } : place;
}

/** The one at the offset, else the next one on its line, else the one before it. */
export function thingNear(analysis: Analysis, offset: number): ValuePlace | undefined {
  const { text } = analysis;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const limit = end < 0 ? text.length : end;
  for (let at = offset; at <= limit; at++) {
    const found = thingAt(analysis, at);
    if (found) return found;
  }
  for (let at = offset - 1; at >= start; at--) {
    const found = thingAt(analysis, at);
    if (found) return found;
  }
  return undefined;
}

/** The values of one network, and the uses of blocks, that are written inside of a stretch of text. */
export function thingsIn({ module }: Analysis, { start, end }: Range): readonly ValuePlace[] {
  const isIn = (range: Range): boolean => start <= range.start && range.end <= end;
  for (const { name, values, blocks = [] } of allNetworks(module)) {
    const uses = blocks.filter(({ range, path }) => path === undefined && isIn(range));
    const inUse = new Set(uses.map(({ instance }) => instance));
    const own = values.filter(
      ({ range, path, source }) =>
        source.kind !== "constant" && isIn(range) && !path?.some(({ instance }) => inUse.has(instance)),
    );
    const ids = [...own.map(({ id }) => id), ...inUse];
    if (ids.length > 0) return ids.map((id) => ({ network: name, id }));
  }
  return [];
}

/** The name's range when the value, or the use of a block, has a name. A parameter's owner is revealed for a parameter of a layer. */
export function rangeOf({ module }: Analysis, { network: name, id }: ValuePlace): Range | undefined {
  const network = drawableIn(module).find((candidate) => candidate.name === name);
  return network && rangeOfValue(network, id);
}

/** The same in a network itself: that of a training may have other values than the one it is made of. */
export function rangeOfValue({ values, blocks, parameters }: Network, id: ValueId): Range | undefined {
  const value = values.find((candidate) => candidate.id === id);
  if (value !== undefined) return value.nameRange ?? value.range;
  const use = blocks?.find(({ instance }) => instance === id);
  if (use !== undefined) return use.nameRange ?? use.range;
  return parameters.find((candidate) => candidate.id === id)?.range;
}

/** The smallest mention that contains the offset or ends at it. */
export function mentionAt(mentions: readonly Mention[], offset: number): Mention | undefined {
  let best: Mention | undefined;
  for (const mention of mentions) {
    if (mention.range.start > offset) break;
    if (mention.range.end < offset) continue;
    if (best === undefined || beats(mention.range, best.range)) best = mention;
  }
  return best;
}

/** The networks whose values stand in the text, and the blocks that none of them uses. */
export function allNetworks(module: Module): readonly Network[] {
  return drawableIn(module).filter(({ imported }) => imported === undefined);
}

/** All networks, and the blocks that none of them uses. */
export function drawableIn({ networks, blocks }: Module): readonly Network[] {
  return [...networks, ...blocks.flatMap(({ unused }) => unused ?? [])];
}

export interface FoundValue {
  readonly network: Network;
  readonly value: Value;
}

/**
 * Of values with the same range, as `repeat` makes them, the last one; but of several uses of a block the first. A use
 * of a block stands for what it gives.
 */
export function smallestValue(module: Module, offset: number): FoundValue | undefined {
  let best: FoundValue | undefined;
  for (const network of allNetworks(module)) {
    const inside = contains(network.range, offset);
    if (!inside && network.blocks === undefined) continue;
    for (const value of network.values) {
      if (!contains(value.range, offset) || isElsewhere(value)) continue;
      if (best === undefined || (beats(value.range, best.value.range) && !isLaterUse(value, best.value))) {
        best = { network, value };
      }
    }
  }
  const use = instanceAt(module, offset);
  if (use === undefined || (best !== undefined && !beats(use.use.range, best.value.range))) return best;
  return use.value ? { network: use.network, value: use.value } : best;
}

/** The first one whose call is the smallest around the offset. */
export interface FoundInstance {
  readonly network: Network;
  readonly use: BlockInstance;
  /** What it gives, if it is a single value. */
  readonly value: Value | undefined;
}

/** Of calls with the same range, the last one of a `repeat`, but the first use of a block they stand in. */
export function instanceAt(module: Module, offset: number): FoundInstance | undefined {
  let best: { readonly network: Network; readonly use: BlockInstance } | undefined;
  for (const network of allNetworks(module)) {
    for (const use of network.blocks ?? []) {
      if (!contains(use.range, offset)) continue;
      if (best === undefined || (beats(use.range, best.use.range) && !isLaterUse(use, best.use)))
        best = { network, use };
    }
  }
  if (best === undefined) return undefined;
  const { network, use } = best;
  const [output] = use.outputs;
  const single = use.outputs.length === 1 ? network.values.find(({ id }) => id === output!.value) : undefined;
  return { network, use, value: single };
}

/** Whether it is in a block of another file: then the place of its use stands for everything in it. */
export function isElsewhere({ path, range }: Pick<Value, "path" | "range">): boolean {
  return path?.some((use) => use.range.start === range.start && use.range.end === range.end) === true;
}

/** Whether both are in the same text, but of different uses of it. */
function isLaterUse(one: Pick<Value, "path" | "range">, other: Pick<Value, "path" | "range">): boolean {
  const [use, before] = [one.path?.at(-1), other.path?.at(-1)];
  return use !== undefined && before !== undefined && use.block === before.block && use.instance !== before.instance;
}

function contains({ start, end }: Range, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** Smaller wins; of equals, and of two that touch at the offset, the later one. */
function beats(a: Range, b: Range): boolean {
  return a.end - a.start <= b.end - b.start || a.start >= b.end;
}
