// What is selected or pointed at in a diagram → what the text is asked for. Pure; a sentence where there is nothing to ask.

import type { EdgeEnd, EditPlace, Gesture } from "../../engine/protocol/edit-intent";
import type { PaletteEntry } from "../../engine/protocol/editing";
import type { ValueId } from "../../engine/protocol/network";
import type { Diagram, DiagramEdge, DiagramNode } from "./diagram-model";

export type Asked = { readonly kind: "gesture"; readonly gesture: Gesture } | Impossible;

export interface Impossible {
  readonly kind: "impossible";
  readonly message: string;
}

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

export function insertionOf({ call }: PaletteEntry, at: EditPlace | Impossible): Asked {
  return at.kind === "impossible" ? at : asked({ kind: "insert", call, at });
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
