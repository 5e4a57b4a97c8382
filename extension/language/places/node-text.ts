// Where the nodes of a network stand in the text: each by the uses of blocks it came from and by itself. The ids of unnamed
// values only count, so that they say nothing about another version of the text; this does.

import type { BlockUse, Network, Value } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";

export interface NodeText {
  readonly id: string;
  /** What it is and what it is in. Equal for two nodes that only their places in the text tell apart. */
  readonly kind: string;
  /** Outermost use first, itself last. */
  readonly ranges: readonly Range[];
}

/** Values and uses of blocks by id. Empty for a network of another file, all of which stands at its import. */
export function nodeTextsOf(network: Network): ReadonlyMap<string, NodeText> {
  if (network.imported !== undefined) return new Map();
  const steps = new Steps(network);
  const nodes = new Map<string, NodeText>();
  for (const use of network.blocks ?? []) nodes.set(use.instance, steps.of(use.instance, [...(use.path ?? []), use]));
  for (const value of network.values) nodes.set(value.id, steps.of(value.id, value.path ?? [], value));
  return nodes;
}

/** Whether all of the id is the user's own, so that it means the same in another version of the text. */
export function isNamed(id: string): boolean {
  return !id.includes("#");
}

/** Equal for two versions of a network in which the same ids mean the same; with `arguments` for equal networks only. */
export function formOf(network: Network, options: { readonly arguments: boolean }): string {
  const form = network.values.map((value) => [
    value.id,
    kindOf(value),
    "inputs" in value.source ? value.source.inputs : [],
    options.arguments && "arguments" in value.source ? value.source.arguments : {},
  ]);
  // A block without values, as one that cannot be read yet, is told by its uses alone.
  const uses = (network.blocks ?? []).map(({ instance, block, inputs, arguments: given }) => [
    instance,
    block,
    inputs,
    options.arguments ? given : {},
  ]);
  return digest(JSON.stringify([...form, ...uses]));
}

class Steps {
  /** Of each call of the text at one place of the network: its instances in order. More than one in a `repeat` only. */
  private readonly turns = new Map<string, Map<string, number>>();
  /** What is in each use of a block of another file. */
  private readonly imported = new Map<string, string>();

  constructor(private readonly network: Network) {}

  of(id: string, path: readonly BlockUse[], value?: Value): NodeText {
    let at: Step = { kind: "", place: "" };
    for (const [depth, use] of path.entries()) {
      const outer = path[depth - 1];
      if (outer && sameRange(outer.range, use.range)) return this.elsewhere(id, path.slice(0, depth), at);
      at = this.into(at, { kind: use.block, range: use.range, instance: use.instance });
    }
    const last = path.at(-1);
    if (value && last && sameRange(last.range, value.range)) return this.elsewhere(id, path, at);
    if (value) at = this.into(at, { kind: kindOf(value), range: value.range, instance: id });
    return { id, kind: at.kind, ranges: [...path, ...(value ? [value] : [])].map(({ range }) => range) };
  }

  /** Of a block of another file only all that is in it tells whether it is the same. */
  private elsewhere(id: string, path: readonly BlockUse[], { kind }: Step): NodeText {
    const { instance } = path.at(-1)!;
    const inside = this.imported.get(instance) ?? this.insideOf(instance);
    this.imported.set(instance, inside);
    return { id, kind: `${kind} ${id.slice(instance.length)} in ${inside}`, ranges: path.map(({ range }) => range) };
  }

  private insideOf(instance: string): string {
    const values = this.network.values.filter(({ id }) => id.startsWith(`${instance}/`));
    return digest(JSON.stringify(values.map((value) => [value.id.slice(instance.length), kindOf(value)])));
  }

  private into({ kind: outer, place: within }: Step, { kind, range, instance }: Call): Step {
    const place = `${within} ${kind} ${range.start} ${range.end}`;
    const known = this.turns.get(place) ?? new Map<string, number>();
    this.turns.set(place, known);
    const turn = known.get(instance) ?? known.size;
    known.set(instance, turn);
    return { kind: `${outer} ${kind}:${turn}`, place: `${place} ${turn}` };
  }
}

/** Into the network, use by use. */
interface Step {
  readonly kind: string;
  readonly place: string;
}

interface Call {
  readonly kind: string;
  readonly range: Range;
  readonly instance: string;
}

function kindOf({ source }: Value): string {
  if (source.kind === "layer") return source.layer;
  return source.kind === "operation" ? source.function : source.kind;
}

function sameRange(one: Range, other: Range): boolean {
  return one.start === other.start && one.end === other.end;
}

/** FNV-1a in 32 bits, http://www.isthe.com/chongo/tech/comp/fnv: it tells two versions apart, not two of millions. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
