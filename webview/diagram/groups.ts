// What belongs together in a network: the values of each use of a block, and the turns of each `repeat`.

import type { BlockInstance, BlockUse, Network, Value, ValueId } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";

export interface DiagramGroup {
  /** Of a use of a block its instance. */
  readonly id: string;
  readonly kind: "block" | "repeat";
  /** The user's name for the use, or the block's; of a repeat what is repeated. */
  readonly heading: string;
  /** What it is, where the heading does not say so. */
  readonly detail: string;
  /** The group around it. */
  readonly parent?: string;
  /** The value it gives. */
  readonly output?: ValueId;
}

export interface Grouping {
  /** Outer ones before inner ones. */
  readonly groups: ReadonlyMap<string, DiagramGroup>;
  /** The innermost group of each value that is in one. */
  readonly groupOf: ReadonlyMap<ValueId, string>;
}

export function groupsOf({ values, blocks = [], imported }: Network): Grouping {
  const groups = new Map<string, DiagramGroup>();
  const groupOf = new Map<ValueId, string>();
  // What another file computes stands in this text at one place, all of it: no turns can be told there.
  const turns = imported === undefined ? turnsOf(values) : new Map<string, Turns>();
  for (const value of values) {
    let parent: string | undefined;
    for (const call of callsAround(value)) {
      const key = keyOf(call);
      const repeat = turns.get(key);
      if (repeat !== undefined && repeat.all.size > 1) {
        const id = `repeat:${repeat.first}`;
        const words = { heading: call.title, detail: `repeat ${repeat.all.size}` };
        const output = call.use === undefined ? value.id : outputOf(blocks, call.id);
        groups.set(id, { id, kind: "repeat", ...words, ...around(parent), ...gives(output) });
        parent = id;
      }
      if (call.use === undefined) continue;
      if (!groups.has(call.id)) {
        const words = wordsOf(
          call,
          blocks.find(({ instance }) => instance === call.id),
        );
        groups.set(call.id, {
          id: call.id,
          kind: "block",
          ...words,
          ...around(parent),
          ...gives(outputOf(blocks, call.id)),
        });
      }
      parent = call.id;
    }
    if (parent !== undefined) groupOf.set(value.id, parent);
  }
  return { groups, groupOf };
}

/** `r`, `Residual`; of a shared one `look`, `Twin, shared`. */
function wordsOf({ id, title }: Call, use: BlockInstance | undefined): Pick<DiagramGroup, "heading" | "detail"> {
  const name = use?.nameRange ? id.slice(id.lastIndexOf("/") + 1) : undefined;
  if (use?.shared !== undefined) {
    const what = `${title}, shared`;
    return name === undefined
      ? { heading: use.shared, detail: what }
      : { heading: name, detail: `${use.shared}: ${what}` };
  }
  return name === undefined ? { heading: title, detail: "" } : { heading: name, detail: title };
}

/** A use of a block or what computes a value, seen from the group around it. */
interface Call {
  readonly id: string;
  readonly title: string;
  readonly range: Range;
  readonly within: string;
  readonly use?: BlockUse;
  /** Whether it is written in another file, so that its range is that of a use around it. */
  readonly elsewhere: boolean;
}

/** Outermost first; the value itself last, if it is computed. */
function callsAround({ id, title, range, source, path = [] }: Value): readonly Call[] {
  const uses = path.map((use, depth): Call => {
    const outer = path[depth - 1];
    const elsewhere = outer !== undefined && sameRange(outer.range, use.range);
    return { id: use.instance, title: use.block, range: use.range, within: outer?.instance ?? "", use, elsewhere };
  });
  if (source.kind !== "layer" && source.kind !== "operation") return uses;
  const last = path.at(-1);
  const elsewhere = last !== undefined && sameRange(last.range, range);
  return [...uses, { id, title, range, within: last?.instance ?? "", elsewhere }];
}

interface Turns {
  readonly first: string;
  readonly all: Set<string>;
}

/** The uses of each call of the text at one place of the diagram: more than one in a `repeat` only. */
function turnsOf(values: readonly Value[]): ReadonlyMap<string, Turns> {
  const seen = new Map<string, Turns>();
  for (const call of values.flatMap(callsAround)) {
    if (call.elsewhere) continue;
    const key = keyOf(call);
    const known = seen.get(key) ?? { first: call.id, all: new Set<string>() };
    known.all.add(call.id);
    seen.set(key, known);
  }
  return seen;
}

function keyOf({ within, title, range }: Call): string {
  return `${within} ${title} ${range.start} ${range.end}`;
}

function sameRange(one: Range, other: Range): boolean {
  return one.start === other.start && one.end === other.end;
}

/** Of a block that gives one value. */
function outputOf(blocks: readonly BlockInstance[], id: string): ValueId | undefined {
  const outputs = blocks.find(({ instance }) => instance === id)?.outputs ?? [];
  return outputs.length === 1 ? outputs[0]!.value : undefined;
}

function around(parent: string | undefined) {
  return parent === undefined ? {} : { parent };
}

function gives(output: ValueId | undefined) {
  return output === undefined ? {} : { output };
}
