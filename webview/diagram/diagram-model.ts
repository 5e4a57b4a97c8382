// Network → Diagram: what is drawn, as plain data. One node per value, one for each output; literals go into the text
// of whatever uses them. Uses of blocks and repeats are groups, or nodes when they are collapsed. Neither positions nor
// live numbers are here: those come from the layout and the store.

import type { EdgeEnd } from "../../engine/protocol/edit-intent";
import type { BlockInstance, Network, Parameter, Value, ValueId } from "../../engine/protocol/network";
import { counted, elementCount, formatShape } from "../numbers";
import { inputsOf, isDrawn } from "./drawn-values";
import { type DiagramGroup, groupsOf } from "./groups";
import { labelOf, shapeInLabel, tooltipOf, whatItIs } from "./node-words";
import { reused } from "./reuse";

export type NodeKind = "input" | "parameter" | "constant" | "operation" | "layer" | "block" | "repeat" | "output";

export interface DiagramNode {
  /** Unique in the diagram: the value's id, that of a collapsed group, `output:probs` for an output. */
  readonly id: string;
  /** The value it stands for, which is what gets revealed, selected and observed. */
  readonly value: ValueId;
  readonly kind: NodeKind;
  /** The user's name for it, or its title. */
  readonly heading: string;
  /** What it is, where the heading does not say so: `Dense(64)`, `X @ W1`, `input`. */
  readonly detail: string;
  /** For one sample; absent where an error hides it. Outputs leave it to the value they mark. */
  readonly shape?: string;
  /** Whether an error hides the shape. */
  readonly broken: boolean;
  readonly parameters: readonly ParameterRow[];
  /** Elements of all its parameters together. */
  readonly parameterCount: number;
  /** Everything there is to say in text, one fact a line. */
  readonly tooltip: string;
  /** The same for a screen reader. */
  readonly label: string;
  readonly inputCount: number;
  /** The group it is drawn in. */
  readonly group?: string;
}

/** A parameter a layer owns, shown inside its node. */
export interface ParameterRow {
  readonly id: ValueId;
  readonly name: string;
  readonly shape: string;
}

export interface DiagramEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Which of the target's inputs it feeds, counted from 0. */
  readonly input: number;
  /** What it carries, and where that goes, when its ends are in collapsed groups too. */
  readonly from: ValueId;
  readonly end: EdgeEnd;
  /** Whether it carries weights instead of a sample's values. */
  readonly carriesParameter: boolean;
}

export interface Diagram {
  /** The network's name. */
  readonly name: string;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  /** The node that shows a value or parameter: `h1.W` is in `h1`, a literal in its consumer. */
  readonly home: ReadonlyMap<ValueId, string>;
  /** Those that are not collapsed, nor in one that is; outer ones first. */
  readonly groups: readonly DiagramGroup[];
  /** What each use of a block is given, numbers aside. */
  readonly uses: ReadonlyMap<string, BlockInstance["inputs"]>;
}

/** Whether a node shows what a training computes; an output leaves that to its value. */
export function showsLife({ kind }: DiagramNode): boolean {
  return kind !== "output";
}

interface DiagramOptions {
  /** Groups that are drawn as one node. */
  readonly collapsed?: ReadonlySet<string>;
  /** Of a block that no network uses: what it does not say of its inputs is no error. */
  readonly isBlock?: boolean;
  /** What of it is still the same stays the same object. */
  readonly before?: Diagram | undefined;
}

export function diagramOf(
  network: Network,
  { collapsed = new Set(), isBlock = false, before }: DiagramOptions = {},
): Diagram {
  const values = new Map(network.values.map((value) => [value.id, value]));
  const drawn = network.values.filter(isDrawn);
  const open = isBlock ? shapedByUse(network) : new Set<ValueId>();
  const owned = ownedParameters(network);
  const { groups, groupOf } = groupsOf(network);
  const outermostCollapsed = (id: string | undefined): string | undefined => {
    if (id === undefined) return undefined;
    return outermostCollapsed(groups.get(id)?.parent) ?? (collapsed.has(id) ? id : undefined);
  };
  const hiddenIn = new Map<string, string>();
  for (const { id } of drawn) {
    const within = outermostCollapsed(groupOf.get(id));
    if (within !== undefined) hiddenIn.set(id, within);
  }
  const nodes = new Map<string, DiagramNode>();
  for (const value of drawn) {
    const within = hiddenIn.get(value.id);
    const group = groupOf.get(value.id);
    if (within === undefined) {
      const parameters = owned.get(ownerOf(value)) ?? [];
      nodes.set(value.id, { ...nodeOf(value, { values, parameters, open }), ...(group && { group }) });
    } else if (!nodes.has(within)) {
      nodes.set(within, groupNode(groups.get(within)!, { values, drawn, hiddenIn, owned, open }));
    }
  }
  const outputs = network.outputs.filter(({ value }) => values.has(value));
  for (const { name, value } of outputs) nodes.set(outputId(name), outputNode(name, values.get(value)!));
  const edges = [
    ...drawn.flatMap((value) => edgesInto(value, values)),
    ...outputs.map(({ name, value }) =>
      edge(value, outputId(name), 0, { kind: "output", name }, { carriesParameter: false }),
    ),
  ];
  const seen = seenFromOutside(edges, groups, groupOf);
  const home = homesOf(drawn, owned, hiddenIn);
  return reused(before, {
    name: network.name,
    nodes: [...nodes.values()],
    edges: hiddenIn.size === 0 ? seen : betweenShown(seen, hiddenIn),
    home,
    groups: [...groups.values()].filter(({ id }) => outermostCollapsed(id) === undefined),
    uses: new Map(
      (network.blocks ?? []).map(({ instance, inputs }) => {
        const given = inputs.filter(({ value }) => values.has(value) && isDrawn(values.get(value)!));
        return [instance, given];
      }),
    ),
  });
}

/**
 * Who changes an edge across a block's border means the block's use: its input, when it takes one value, and what it
 * gives. What is inside belongs to all uses.
 */
function seenFromOutside(
  edges: readonly DiagramEdge[],
  groups: ReadonlyMap<string, DiagramGroup>,
  groupOf: ReadonlyMap<ValueId, string>,
): readonly DiagramEdge[] {
  const known = new Map<string | undefined, readonly DiagramGroup[]>();
  const blocksAround = (id: string): readonly DiagramGroup[] => {
    const innermost = groupOf.get(id);
    const before = known.get(innermost);
    if (before) return before;
    const around: DiagramGroup[] = [];
    known.set(innermost, around);
    for (let group = innermost; group !== undefined; group = groups.get(group)?.parent) {
      if (groups.get(group)?.kind === "block") around.unshift(groups.get(group)!);
    }
    return around;
  };
  /** The outermost block around the one that is not around the other. */
  const border = (one: string, other: string): DiagramGroup | undefined => {
    const [mine, others] = [blocksAround(one), blocksAround(other)];
    return mine === others ? undefined : mine.find((group) => !others.includes(group));
  };
  const entering = new Map<string, Set<string>>();
  for (const { source, target } of edges) {
    const block = border(target, source);
    if (block) entering.set(block.id, (entering.get(block.id) ?? new Set()).add(source));
  }
  return edges.map((edge) => {
    const into = border(edge.target, edge.source);
    const outOf = border(edge.source, edge.target);
    const end = into && entering.get(into.id)?.size === 1 ? { end: inputOfUse(into.id) } : {};
    return { ...edge, ...end, ...(outOf?.output === edge.source && { from: outOf.id }) };
  });
}

function inputOfUse(instance: string): EdgeEnd {
  return { kind: "input", value: instance, input: 0 };
}

/** Edges that end in a collapsed group end at its node; of several that would look the same the first stays. */
function betweenShown(edges: readonly DiagramEdge[], hiddenIn: ReadonlyMap<string, string>): readonly DiagramEdge[] {
  const shown = new Map<string, DiagramEdge>();
  for (const each of edges) {
    const source = hiddenIn.get(each.source) ?? each.source;
    const target = hiddenIn.get(each.target) ?? each.target;
    if (source === target) continue;
    const input = target === each.target ? each.input : 0;
    const id = edgeId(source, target, input);
    if (!shown.has(id)) shown.set(id, { ...each, id, source, target, input });
  }
  return [...shown.values()];
}

/** By the instance of their layer, or their own id. */
function ownedParameters({ parameters }: Network): ReadonlyMap<string, readonly Parameter[]> {
  const owned = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const owner = parameter.instance ?? parameter.id;
    const known = owned.get(owner);
    if (known) known.push(parameter);
    else owned.set(owner, [parameter]);
  }
  return owned;
}

function ownerOf({ id, source }: Value): string {
  return source.kind === "layer" ? source.instance : id;
}

/** What has no shape before the block is used, because its inputs have none. */
function shapedByUse({ values }: Network): ReadonlySet<ValueId> {
  const open = new Set<ValueId>();
  for (const value of values) {
    const { id, shape, source } = value;
    const waits = source.kind === "input" || inputsOf(value).some((input) => open.has(input));
    if (shape === undefined && waits) open.add(id);
  }
  return open;
}

interface Surroundings {
  readonly values: ReadonlyMap<ValueId, Value>;
  readonly open: ReadonlySet<ValueId>;
}

function nodeOf(
  value: Value,
  { values, parameters, open }: Surroundings & { readonly parameters: readonly Parameter[] },
): DiagramNode {
  const kind = kindOf(value, parameters);
  const count = sum(parameters.map(({ shape }) => elementCount(shape)));
  const { title, given } = whatItIs(value, kind, values);
  const [heading, detail] = value.name === undefined ? [title, given.named] : [value.name, title + given.call];
  const node = {
    id: value.id,
    value: value.id,
    kind,
    heading,
    detail: detail === heading ? "" : detail,
    ...(value.shape && { shape: formatShape(value.shape) }),
    broken: value.shape === undefined && !open.has(value.id),
    parameters: value.source.kind === "layer" ? parameters.map(rowOf) : [],
    parameterCount: count,
    inputCount: inputsOf(value).length,
  };
  return { ...node, tooltip: tooltipOf(value, node, open), label: labelOf(value, node, values) };
}

function kindOf(value: Value, parameters: readonly Parameter[]): NodeKind {
  switch (value.source.kind) {
    case "input":
    case "operation":
    case "layer":
      return value.source.kind;
    case "parameter":
      return parameters.find(({ id }) => id === value.id)?.trainable === false ? "constant" : "parameter";
    default:
      return "constant";
  }
}

interface GroupSurroundings extends Surroundings {
  readonly drawn: readonly Value[];
  readonly hiddenIn: ReadonlyMap<string, string>;
  readonly owned: ReadonlyMap<string, readonly Parameter[]>;
}

/** A collapsed group: what it is, what it gives, and how much is in it. */
function groupNode(group: DiagramGroup, { values, drawn, hiddenIn, owned, open }: GroupSurroundings): DiagramNode {
  const { id, kind, heading, detail, output } = group;
  const inside = drawn.filter((value) => hiddenIn.get(value.id) === id);
  const owners = new Set(inside.map(ownerOf));
  const parameterCount = sum(
    [...owners].flatMap((owner) => owned.get(owner) ?? []).map(({ shape }) => elementCount(shape)),
  );
  const given = output === undefined ? undefined : values.get(output);
  const amount = counted(inside.length, "value");
  const shape = given?.shape;
  const parts = [`${kind} ${heading}`, detail, shapeInLabel(shape), amount, "collapsed"];
  return {
    id,
    value: given?.id ?? inside.at(-1)!.id,
    kind,
    heading,
    detail: detail === "" ? amount : `${detail}, ${amount}`,
    ...(shape && { shape: formatShape(shape) }),
    broken: inside.some((value) => value.shape === undefined && !open.has(value.id)),
    parameters: [],
    parameterCount,
    inputCount: 1,
    ...(group.parent !== undefined && { group: group.parent }),
    tooltip: [detail === "" ? heading : `${heading}: ${detail}`, amount, counted(parameterCount, "parameter")].join(
      "\n",
    ),
    label: parts.filter((part) => part !== "").join(", "),
  };
}

function rowOf({ id, name, shape }: Parameter): ParameterRow {
  return { id, name, shape: formatShape(shape) };
}

// ——— outputs and edges ———

function outputId(name: string): string {
  return `output:${name}`; // No user can write a colon in a name.
}

function outputNode(name: string, value: Value): DiagramNode {
  const from = value.name ?? value.title;
  return {
    id: outputId(name),
    value: value.id,
    kind: "output",
    heading: name,
    detail: "",
    broken: false,
    parameters: [],
    parameterCount: 0,
    inputCount: 1,
    tooltip: `${name}: the network returns ${from}`,
    label: `${name === "output" ? "output" : `output ${name}`}, returns ${from}`,
  };
}

function edgesInto(value: Value, values: ReadonlyMap<ValueId, Value>): readonly DiagramEdge[] {
  return inputsOf(value).flatMap((id, input) => {
    const source = values.get(id);
    if (!source || !isDrawn(source)) return [];
    const end: EdgeEnd = { kind: "input", value: value.id, input };
    return [edge(id, value.id, input, end, { carriesParameter: source.source.kind === "parameter" })];
  });
}

function edge(
  source: string,
  target: string,
  input: number,
  end: EdgeEnd,
  { carriesParameter }: { readonly carriesParameter: boolean },
): DiagramEdge {
  return { id: edgeId(source, target, input), source, target, input, from: source, end, carriesParameter };
}

function edgeId(source: string, target: string, input: number): string {
  return `${source}→${target}:${input}`;
}

function homesOf(
  drawn: readonly Value[],
  owned: ReadonlyMap<string, readonly Parameter[]>,
  hiddenIn: ReadonlyMap<string, string>,
): ReadonlyMap<ValueId, string> {
  const homes = new Map<ValueId, string>();
  for (const value of drawn) {
    const home = hiddenIn.get(value.id) ?? value.id;
    homes.set(value.id, home);
    for (const input of inputsOf(value)) if (!homes.has(input)) homes.set(input, home);
    for (const { id } of owned.get(ownerOf(value)) ?? []) if (!homes.has(id)) homes.set(id, home);
  }
  return homes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
