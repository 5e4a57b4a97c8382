// An end of an edge is given another value. What it was given before stays in the text, under a name of its own.

import type { EdgeEnd } from "../../../engine/protocol/edit-intent";
import type { ValueId } from "../../../engine/protocol/network";
import type { Expression } from "../ast";
import { isAttribute } from "../navigation/names";
import { asFlow, bindPiece, isSplittable, split } from "./add";
import { type Body, type Operand, type Slot, usesOf } from "./body";
import { Draft } from "./draft";
import { endOf, locationOf, requireLastTurn, type WrittenEnd } from "./ends";
import { outputNames } from "./insert";
import type { Intended } from "./made";
import { rewiredTo } from "./meaning";
import { refuse } from "./refusal";
import { type Item, type Scene, wordOf } from "./scene";

export function rewiring(scene: Scene, edge: EdgeEnd, fromId: ValueId): Intended {
  const draft = new Draft(scene.source.text);
  const from = scene.item(fromId);
  const end = endSeenFrom(scene, from, edge);
  const { body, operand } = end;
  const what = `${from.title} as input of ${end.title}`;
  if (from.body !== body) {
    refuse(
      `${from.title} and ${end.title} are in different bodies: what passes a block's border is its inputs and its \`return\`. Expand the block first.`,
    );
  }
  requireLastTurn(scene, from);
  if (isThere(scene, edge, from)) refuse(`${end.title} is computed from ${from.title} already.`);
  const name = scene.reference(from, draft);
  const change = rewiredTo(end.located, locationOf(from));
  giveInstead(scene, draft, body, operand, name);
  return { draft, what, change, mayLoseName: [...end.names, ...outputNames(from)] };
}

/** A name stands where an operand is written. What stood there is kept. */
export function giveInstead(scene: Scene, draft: Draft, body: Body, operand: Operand, name: string): void {
  const flow = asFlow(operand);
  if (flow === undefined) replace((operand as { readonly slot: Slot }).slot);
  else if (flow.before === 0) replace(body.slotOf(flow.pipeline.source.range)!);
  else if (isSplittable(body, flow.slot)) split(scene, draft, body, flow, () => ({ text: name }));
  else {
    const { pipeline, before, slot } = flow;
    const range = { start: pipeline.range.start, end: body.pieceEnd(pipeline, before) };
    const alias = pipeline.stages[before - 1]?.alias;
    if (alias !== undefined)
      refuse(`${alias.name} is named inside of an expression: give it a statement of its own first.`);
    const bound = bindPiece(scene, draft, body, pipeline, before);
    draft.insertLineBefore(slot.statement, `${bound} = ${body.textOf(range)}`);
    draft.replace(range, name);
  }

  function replace(slot: Slot): void {
    const { expression } = slot;
    if (!isPlain(expression.kind)) {
      const kept = scene.fresh(body, wordOf(expression));
      draft.insertLineBefore(slot.statement, `${kept} = ${body.textOf(expression.range)}`);
    }
    draft.replace(body.outer(slot), name);
  }
}

/** From outside of a block, an edge to what takes the block's input ends at the use of the block. */
function endSeenFrom(scene: Scene, from: Item, edge: EdgeEnd): WrittenEnd {
  const end = endOf(scene, edge);
  if (end.body === from.body || edge.kind === "output") return end;
  const { path } = scene.network.values.find(({ id }) => id === edge.value) ??
    scene.network.blocks?.find(({ instance }) => instance === edge.value) ?? { path: undefined };
  const use = path?.at(-1);
  const name = nameAt(end.operand);
  const inputs = end.body.declaration.inputs.filter((input) => !isAttribute(input));
  const input = inputs.findIndex((each) => each.name.name === name);
  if (use === undefined || name === undefined || input < 0) return end;
  if (usesOf(end.body, name, scene.occurrences).slots.length > 1) {
    refuse(`${name} of ${use.block} is used several times inside of it: rewire the input of ${use.block} itself.`);
  }
  return endSeenFrom(scene, from, { kind: "input", value: use.instance, input });
}

function nameAt(operand: Operand): string | undefined {
  const expression = operand.kind === "slot" ? operand.slot.expression : operand.pipeline.source;
  const isFirst = operand.kind === "slot" || operand.before === 0;
  return isFirst && expression.kind === "name" ? expression.name : undefined;
}

function isThere({ network }: Scene, edge: EdgeEnd, from: Item): boolean {
  const id = from.instance ? from.instance.outputs[0]?.value : from.id;
  if (edge.kind === "output") return network.outputs.some(({ name, value }) => name === edge.name && value === id);
  const source = network.values.find((value) => value.id === edge.value)?.source;
  return (source?.kind === "layer" || source?.kind === "operation") && source.inputs[edge.input] === id;
}

/** Nothing is lost when another name stands in its place. */
export function isPlain(kind: Expression["kind"]): boolean {
  return kind === "name" || kind === "number" || kind === "list";
}
