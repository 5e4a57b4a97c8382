// Network → Picture: what is computed from what, without the places and ids that an edit shifts. Two pictures that match
// mean the same. The changes that a gesture makes to a picture are told here, without any text: they are what an edited
// text is compared with.

import type { NdArray } from "../../../engine/protocol/array";
import type { BlockUse, Network, Value, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";

export interface PictureNode {
  readonly id: ValueId;
  /** Equal for values that do the same with their inputs. */
  readonly label: string;
  readonly inputs: readonly Source[];
  readonly name?: string;
  /** Whose parameters it has. */
  readonly instance?: string;
  readonly range: Range;
  readonly path: readonly BlockUse[];
}

/** Literals belong to what uses them. */
export type Source =
  | { readonly kind: "node"; readonly id: ValueId }
  | { readonly kind: "literal"; readonly label: string };

export interface Picture {
  readonly nodes: ReadonlyMap<ValueId, PictureNode>;
  readonly outputs: readonly { readonly name: string; readonly source: Source }[];
}

export function pictureOf(network: Network): Picture {
  const literals = new Map<ValueId, Source>();
  const nodes = new Map<ValueId, PictureNode>();
  const sourceOf = (id: ValueId): Source => literals.get(id) ?? { kind: "node", id };
  let inputsSoFar = 0;
  for (const value of network.values) {
    const { id, source, name, range, path = [] } = value;
    if (source.kind === "constant") literals.set(id, { kind: "literal", label: textOf(source.data) });
    else {
      const inputs = source.kind === "layer" || source.kind === "operation" ? source.inputs.map(sourceOf) : [];
      const instance = source.kind === "layer" ? { instance: source.instance } : {};
      const label = source.kind === "input" ? `input ${inputsSoFar++}` : labelOf(value, network);
      const node = { id, label, inputs, range, path, ...instance };
      nodes.set(id, name === undefined ? node : { ...node, name });
    }
  }
  return { nodes, outputs: network.outputs.map(({ name, value }) => ({ name, source: sourceOf(value) })) };
}

function labelOf({ id, source }: Value, { parameters }: Network): string {
  switch (source.kind) {
    case "parameter": {
      const declared = parameters.find((parameter) => parameter.id === id);
      return `${declared?.trainable ? "param" : "const"} ${textOf(declared?.initializer)}`;
    }
    case "operation":
      return `${source.function} ${textOf(source.arguments)}`;
    case "layer":
      return `${source.layer} ${textOf(source.arguments)}`;
    case "input":
    case "constant":
    case "observed":
      return textOf(source);
    default:
      return source satisfies never;
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isNumbers(part) ? [part.shape, [...part.data]] : part)) ?? "";
}

function isNumbers(part: unknown): part is NdArray {
  return typeof part === "object" && part !== null && "data" in part && part.data instanceof Float64Array;
}

// Changes.

/** Each node with the change, outputs included. `change` is asked for every edge, with its end. */
export function rewired(picture: Picture, change: (source: Source, end: End) => Source): Picture {
  const nodes = [...picture.nodes.values()].map((node): [ValueId, PictureNode] => [
    node.id,
    { ...node, inputs: node.inputs.map((source, input) => change(source, { kind: "input", id: node.id, input })) },
  ]);
  const outputs = picture.outputs.map(({ name, source }) => ({
    name,
    source: change(source, { kind: "output", name }),
  }));
  return { nodes: new Map(nodes), outputs };
}

export type End =
  | { readonly kind: "input"; readonly id: ValueId; readonly input: number }
  | { readonly kind: "output"; readonly name: string };

/** What stands for whatever a gesture adds, however many values that is; the order of its inputs does not count. */
export function added(id: ValueId, sources: readonly Source[]): PictureNode {
  return { id, label: newLabel, inputs: distinct(sources), range: { start: -1, end: -1 }, path: [] };
}

const newLabel = "new";

export function withNodes(picture: Picture, nodes: readonly PictureNode[]): Picture {
  return { ...picture, nodes: new Map([...picture.nodes, ...nodes.map((node) => [node.id, node] as const)]) };
}

export function without(picture: Picture, ids: ReadonlySet<ValueId>): Picture {
  return { ...picture, nodes: new Map([...picture.nodes].filter(([id]) => !ids.has(id))) };
}

/**
 * Some nodes drawn as one for each group: `group` names that of a node, or undefined for those that stay. A group has
 * the inputs from outside of it, and whatever uses one of its nodes uses the group.
 */
export function contracted(picture: Picture, group: (node: PictureNode) => string | undefined): Picture {
  const groups = new Map<ValueId, string>();
  for (const node of picture.nodes.values()) {
    const name = group(node);
    if (name !== undefined) groups.set(node.id, `new ${name}`);
  }
  const outside = new Map<string, Source[]>();
  for (const [id, name] of groups) {
    const inputs = picture.nodes.get(id)!.inputs;
    const known = outside.get(name) ?? [];
    outside.set(name, known);
    for (const source of inputs) if (source.kind === "node" && groups.get(source.id) !== name) known.push(source);
  }
  const resolve = (source: Source): Source => {
    const name = source.kind === "node" ? groups.get(source.id) : undefined;
    return name === undefined ? source : { kind: "node", id: name };
  };
  const kept = rewired(without(picture, new Set(groups.keys())), resolve);
  return withNodes(
    kept,
    [...outside].map(([name, sources]) => added(name, sources.map(resolve))),
  );
}

function distinct(sources: readonly Source[]): Source[] {
  const seen = new Map(sources.map((source) => [source.kind === "node" ? source.id : `"${source.label}`, source]));
  return [...seen.values()].filter(({ kind }) => kind === "node");
}

// Comparison.

/** Which node of `other` each node of `picture` is, when both mean the same; undefined when they do not. */
export function matching(picture: Picture, other: Picture): ReadonlyMap<ValueId, ValueId> | undefined {
  const meanings = new Map<string, number>();
  const left = meaningsOf(picture, meanings);
  const right = meaningsOf(other, meanings);
  if (left === undefined || right === undefined || picture.nodes.size !== other.nodes.size) return undefined;
  if (!sameOutputs(picture, left, other, right)) return undefined;
  const candidates = new Map<number, PictureNode[]>();
  for (const node of other.nodes.values()) {
    const meaning = right.get(node.id)!;
    const known = candidates.get(meaning);
    if (known) known.push(node);
    else candidates.set(meaning, [node]);
  }
  const pairs = new Map<ValueId, ValueId>();
  const instances = new Map<string, string>();
  // Those with a name choose first.
  const nodes = [...picture.nodes.values()];
  for (const node of [...nodes.filter(({ name }) => name), ...nodes.filter(({ name }) => !name)]) {
    const alike = candidates.get(left.get(node.id)!);
    if (!alike?.length) return undefined;
    const named = alike.findIndex(({ name }) => name === node.name);
    const [partner] = alike.splice(Math.max(0, named), 1);
    pairs.set(node.id, partner!.id);
    const known = instances.get(node.instance ?? node.id);
    if (known !== undefined && known !== (partner!.instance ?? partner!.id)) return undefined;
    instances.set(node.instance ?? node.id, partner!.instance ?? partner!.id);
  }
  return new Set(instances.values()).size === instances.size ? pairs : undefined;
}

/** Whether a value would be computed from itself. */
export function hasCircle(picture: Picture): boolean {
  return meaningsOf(picture, new Map()) === undefined;
}

/** Equal numbers for nodes that compute the same from the same; undefined for a circle. */
function meaningsOf({ nodes }: Picture, known: Map<string, number>): Map<ValueId, number> | undefined {
  const meanings = new Map<ValueId, number>();
  const open = new Set<ValueId>();
  const waiting = [...nodes.keys()].reverse();
  for (let id = waiting.at(-1); id !== undefined; id = waiting.at(-1)) {
    const node = nodes.get(id);
    if (node === undefined || meanings.has(id)) {
      waiting.pop();
      continue;
    }
    const missing = node.inputs.flatMap((source) =>
      source.kind === "node" && nodes.has(source.id) && !meanings.has(source.id) ? [source.id] : [],
    );
    if (missing.length > 0) {
      if (missing.some((input) => open.has(input))) return undefined;
      open.add(id);
      waiting.push(...missing);
      continue;
    }
    waiting.pop();
    open.delete(id);
    const inputs = node.inputs.map((source) => meaningOf(source, meanings));
    if (node.label === newLabel) inputs.sort();
    const text = `${node.label}(${inputs.join()})`;
    const meaning = known.get(text) ?? known.size;
    known.set(text, meaning);
    meanings.set(id, meaning);
  }
  return meanings;
}

function meaningOf(source: Source, meanings: ReadonlyMap<ValueId, number>): string {
  return source.kind === "literal" ? `"${source.label}"` : String(meanings.get(source.id));
}

function sameOutputs(
  one: Picture,
  meanings: ReadonlyMap<ValueId, number>,
  other: Picture,
  others: ReadonlyMap<ValueId, number>,
): boolean {
  const told = ({ outputs }: Picture, of: ReadonlyMap<ValueId, number>) =>
    outputs.map(({ source }) => meaningOf(source, of)).join();
  return told(one, meanings) === told(other, others);
}
