// What is selected or pointed at in a diagram → what the text is asked for. Pure; a sentence where there is nothing to ask.

import type { EdgeEnd, EditPlace, Gesture, OtherInputs } from "../../engine/protocol/edit-intent";
import type { PaletteEntry } from "../../engine/protocol/editing";
import type { ValueId } from "../../engine/protocol/network";
import type { Diagram, DiagramEdge, DiagramNode } from "./diagram-model";
import type { PickTool } from "./editing-state";

export type Asked = { readonly kind: "gesture"; readonly gesture: Gesture } | Impossible;

export interface Impossible {
  readonly kind: "impossible";
  readonly message: string;
}

/** A gesture that needs one more node. */
export type Begun = Asked | { readonly kind: "picking"; readonly tool: PickTool };

export type Side = "after" | "before" | "branch";

/** The value, or the use of a block, that gestures name. */
export function namedBy(diagram: Diagram, id: string): ValueId | Impossible {
  const group = diagram.groups.find((each) => each.id === id);
  if (group?.kind === "block") return group.id;
  const node = nodeOf(diagram, id);
  if (group?.kind === "repeat" || node?.kind === "repeat")
    return impossible(
      `${(group ?? node)!.heading} is repeated in one place of the text: uncollapse it and choose one of its values.`,
    );
  if (node?.kind === "output") return impossible(`${node.heading} is an output: it is what a value is returned as.`);
  return id;
}

export function deletionOf(diagram: Diagram, selection: readonly string[]): Asked {
  const values = selectedValues(diagram, selection);
  return "kind" in values ? values : asked({ kind: "delete", values });
}

/** One of its inputs takes the place of a value or of a use of a block. */
export function deletionFor(diagram: Diagram, value: ValueId, source: string): Asked {
  const output = diagram.groups.find(({ id }) => id === source)?.output;
  const shownBy = output === undefined ? source : diagram.home.get(output);
  const given = givenTo(diagram, value).find((each) => each.node === shownBy);
  if (given) return asked({ kind: "delete", values: [value], instead: given.input });
  return impossible(`${headingOf(diagram, source)} is no input of ${headingOf(diagram, value)}.`);
}

/** Whether it is computed from several values, weights aside, so that one of them must be chosen to take its place. */
export function hasSeveralInputs(diagram: Diagram, value: string): boolean {
  return new Set(givenTo(diagram, value).map(({ node }) => node)).size > 1;
}

/** What comes into a layer, an operation or a use of a block, weights aside, and the nodes that show it. */
function givenTo(diagram: Diagram, id: string): readonly { readonly input: number; readonly node: string }[] {
  const { edges, home, uses } = diagram;
  const kindOf = (node: string) => nodeOf(diagram, node)?.kind ?? "";
  const intoUse = uses.get(id)?.map(({ input, value }) => ({ input, node: home.get(value) ?? value }));
  const intoValue = edges.flatMap(({ target, source, end }) =>
    target === id && end.kind === "input" ? [{ input: end.input, node: source }] : [],
  );
  return (intoUse ?? intoValue).filter(({ node }) => !["parameter", "constant"].includes(kindOf(node)));
}

/** What is selected, without what is in a block that is selected as well. */
export function selectedValues(diagram: Diagram, selection: readonly string[]): readonly ValueId[] | Impossible {
  if (selection.length === 0) return impossible("Nothing is selected.");
  const all = new Set(selection);
  const groups = new Map(diagram.groups.map((group) => [group.id, group]));
  const isInSelected = (group: string | undefined): boolean =>
    group !== undefined && (all.has(group) || isInSelected(groups.get(group)?.parent));
  const values: ValueId[] = [];
  for (const id of selection) {
    if (isInSelected(groups.get(id)?.parent ?? nodeOf(diagram, id)?.group)) continue;
    const value = namedBy(diagram, id);
    if (typeof value !== "string") return value;
    values.push(value);
  }
  return values;
}

/** Where a palette's Enter puts something: beside the last one selected, else at the end. */
export function placeAtSelection(diagram: Diagram, selection: readonly string[], side: Side): EditPlace | Impossible {
  const id = selection.at(-1) ?? diagram.nodes.findLast(({ kind }) => kind === "output")?.id;
  if (id === undefined) return impossible("The network has no values yet: write its `return` in the text.");
  return placeBeside(diagram, id, side);
}

export function placeBeside(diagram: Diagram, id: string, side: Side): EditPlace | Impossible {
  const output = outputName(diagram, id);
  if (output !== undefined) return { kind: "edge", edge: { kind: "output", name: output } };
  const value = namedBy(diagram, id);
  return typeof value === "string" ? { kind: side, value } : value;
}

export function placeOnEdge({ end }: DiagramEdge): EditPlace {
  return { kind: "edge", edge: end };
}

/** At a node or an edge; what takes several values needs to know the others. */
export function insertionOf(entry: PaletteEntry, at: EditPlace | Impossible, node: string): Begun {
  return at.kind === "impossible" ? at : insertionWith(entry, at, node, { before: [], behind: [] });
}

/** Of several selected values something that takes several takes all that it can, in the order they were selected. */
export function insertionAtSelection(
  diagram: Diagram,
  selection: readonly string[],
  entry: PaletteEntry,
  side: Side,
): Begun {
  const { max = Number.POSITIVE_INFINITY } = entry.inputs;
  const values = max > 1 && selection.length > 1 ? selectedValues(diagram, selection) : [];
  if ("kind" in values) return values;
  const taken = values.slice(0, max);
  if (taken.length < 2) {
    const node = selection.at(-1) ?? diagram.nodes.findLast(({ kind }) => kind === "output")?.id ?? "";
    return insertionOf(entry, placeAtSelection(diagram, selection, side), node);
  }
  if (side === "before") {
    return impossible(`${entry.call.name} takes all that is selected: it can stand behind it, or as a branch.`);
  }
  const value = lastOf(diagram, taken);
  const at = taken.indexOf(value);
  const others = { before: taken.slice(0, at), behind: taken.slice(at + 1) };
  return insertionWith(entry, { kind: side, value }, value, others);
}

export function insertionWith(entry: PaletteEntry, at: EditPlace, node: string, others: OtherInputs): Begun {
  const { call, inputs } = entry;
  const count = others.before.length + others.behind.length;
  if (count + 1 < inputs.min) {
    return { kind: "picking", tool: { kind: "pick", node, gesture: { kind: "insert", entry, at, others } } };
  }
  return asked({ kind: "insert", call, at, ...(count > 0 && { others }) });
}

/** The value that none of the others is computed from; of several the last one that something uses. */
function lastOf(diagram: Diagram, values: readonly ValueId[]): ValueId {
  const isUsed = (value: ValueId): boolean => diagram.edges.some(({ from }) => from === value);
  const ends = values.filter((value) => {
    const above = sourcesOf(diagram, value);
    return !values.some((other) => other !== value && sourcesOf(diagram, other).has(value) && !above.has(other));
  });
  return ends.findLast(isUsed) ?? ends.at(-1) ?? values.at(-1)!;
}

/** All that a value is computed from, uses of blocks included. */
function sourcesOf({ edges, nodes, groups }: Diagram, value: ValueId): ReadonlySet<string> {
  const parents = new Map(groups.map(({ id, parent }) => [id, parent]));
  const groupOf = new Map(nodes.map(({ id, group }) => [id, group]));
  const isIn = (group: string | undefined): boolean =>
    group !== undefined && (group === value || isIn(parents.get(group)));
  const found = new Set<string>();
  const waiting = [value, ...nodes.filter(({ group }) => isIn(group)).map(({ id }) => id)];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const { source, target } of edges) {
      if (target !== id || found.has(source)) continue;
      found.add(source);
      for (let group = groupOf.get(source); group !== undefined; group = parents.get(group)) found.add(group);
      waiting.push(source);
    }
  }
  return found;
}

export function pastingOf(chain: string, at: EditPlace | Impossible): Asked {
  return at.kind === "impossible" ? at : asked({ kind: "paste", chain, at });
}

/** An edge is given another source. */
export function resourcing(diagram: Diagram, { end }: DiagramEdge, id: string): Asked {
  const from = namedBy(diagram, id);
  return typeof from === "string" ? asked({ kind: "rewire", edge: end, from }) : from;
}

/** The first input of another node is given what an edge carries. */
export function retargeting(diagram: Diagram, { from }: DiagramEdge, id: string): Asked {
  const edge = inputEnd(diagram, id, 0);
  return edge.kind === "impossible" ? edge : asked({ kind: "rewire", edge, from });
}

export function inputEnd(diagram: Diagram, id: string, input: number): EdgeEnd | Impossible {
  const output = outputName(diagram, id);
  if (output !== undefined) return { kind: "output", name: output };
  const value = namedBy(diagram, id);
  if (typeof value !== "string") return value;
  const node = nodeOf(diagram, id);
  if (node?.inputCount === 0) return impossible(`${node.heading} has no input.`);
  return { kind: "input", value, input };
}

/** A residual connection. */
export function connectionOf(diagram: Diagram, fromId: string, toId: string): Asked {
  const from = namedBy(diagram, fromId);
  const to = namedBy(diagram, toId);
  if (typeof from !== "string") return from;
  return typeof to === "string" ? asked({ kind: "connect", from, to }) : to;
}

/** Of a node or of the frame of a group. */
export function headingOf(diagram: Diagram, id: string): string {
  return (nodeOf(diagram, id) ?? diagram.groups.find((group) => group.id === id))?.heading ?? id;
}

export function nodeOf({ nodes }: Diagram, id: string): DiagramNode | undefined {
  return nodes.find((node) => node.id === id);
}

export function outputName(diagram: Diagram, id: string): string | undefined {
  const node = nodeOf(diagram, id);
  return node?.kind === "output" ? node.heading : undefined;
}

export function asked(gesture: Gesture): Asked {
  return { kind: "gesture", gesture };
}

export function impossible(message: string): Impossible {
  return { kind: "impossible", message };
}
