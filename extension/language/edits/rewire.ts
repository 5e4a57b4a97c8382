// An end of an edge is given another value. What it was given before stays in the text, under a name of its own.

import type { EdgeEnd } from "../../../engine/protocol/edit-intent";
import type { ValueId } from "../../../engine/protocol/network";
import { asFlow, bindPiece, isSplittable, split } from "./add";
import type { Slot } from "./body";
import { Draft } from "./draft";
import { endOf, locationOf, outputNames, requireLastTurn } from "./insert";
import type { Intended } from "./made";
import { rewiredTo } from "./meaning";
import { refuse } from "./refusal";
import { type Item, type Scene, wordOf } from "./scene";

export function rewiring(scene: Scene, edge: EdgeEnd, fromId: ValueId): Intended {
  const draft = new Draft(scene.source.text);
  const end = endOf(scene, edge);
  const { body, operand } = end;
  const from = scene.item(fromId);
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
  return { draft, what, change, mayLoseName: [...end.names, ...outputNames(from)] };

  function replace(slot: Slot): void {
    const { expression } = slot;
    if (!isPlain(expression.kind)) {
      const kept = scene.fresh(body, wordOf(expression));
      draft.insertLineBefore(slot.statement, `${kept} = ${body.textOf(expression.range)}`);
    }
    draft.replace(body.outer(slot), name);
  }
}

function isThere({ network }: Scene, edge: EdgeEnd, from: Item): boolean {
  const id = from.instance ? from.instance.outputs[0]?.value : from.id;
  if (edge.kind === "output") return network.outputs.some(({ name, value }) => name === edge.name && value === id);
  const source = network.values.find((value) => value.id === edge.value)?.source;
  return (source?.kind === "layer" || source?.kind === "operation") && source.inputs[edge.input] === id;
}

/** Nothing is lost when another name stands in its place. */
function isPlain(kind: string): boolean {
  return kind === "name" || kind === "number" || kind === "list";
}
