// Cursor ↔ value: which value stands at an offset (the diagram highlights it), and where a value stands (the editor
// reveals it).

import type { Mention, Network, Value, ValueId } from "../../engine/protocol/network";
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
  const found = smallestValue(module.networks, offset);
  return found && { network: found.network.name, id: found.value.id };
}

/** The name's range when the value has a name. A parameter's owner is revealed for a parameter of a layer. */
export function rangeOf({ module }: Analysis, { network: name, id }: ValuePlace): Range | undefined {
  const network = module.networks.find((candidate) => candidate.name === name);
  const value = network?.values.find((candidate) => candidate.id === id);
  if (value !== undefined) return value.nameRange ?? value.range;
  return network?.parameters.find((candidate) => candidate.id === id)?.range;
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

export interface FoundValue {
  readonly network: Network;
  readonly value: Value;
}

/** Of values with the same range, as `repeat` makes them, the last one. */
export function smallestValue(networks: readonly Network[], offset: number): FoundValue | undefined {
  let best: FoundValue | undefined;
  for (const network of networks) {
    if (offset < network.range.start || offset > network.range.end) continue;
    for (const value of network.values) {
      if (offset < value.range.start || offset > value.range.end) continue;
      if (best === undefined || beats(value.range, best.value.range)) best = { network, value };
    }
  }
  return best;
}

/** Smaller wins; of equals, and of two that touch at the offset, the later one. */
function beats(a: Range, b: Range): boolean {
  return a.end - a.start <= b.end - b.start || a.start >= b.end;
}
