// Taking a value out: whatever uses it is given what it was computed from. Of several inputs one takes its place, and what
// the others were given stays in the text, under names of their own.

import type { ValueId } from "../../../engine/protocol/network";
import type { Expression } from "../ast";
import type { Operand, Place, Slot, Uses } from "./body";
import { Draft } from "./draft";
import { dataInputs, locationOf, operandAt } from "./ends";
import type { Intended } from "./made";
import { bypassed } from "./meaning";
import { refuse } from "./refusal";
import { isPlain } from "./rewire";
import { type Item, type Scene, wordOf } from "./scene";

export function deletion(scene: Scene, id: ValueId, instead?: number): Intended {
  const draft = new Draft(scene.source.text);
  const item = scene.item(id);
  const { place } = item;
  const what = `Deleting ${item.title}`;
  const names = [...scene.namesOf(item), ...(item.value?.name === undefined ? [] : [item.value.name])];
  if (place.kind === "input") {
    return refuse(`${item.title} is an input of ${item.body.declaration.name.name}: take it out of its parentheses.`);
  }
  const uses = scene.uses(item);
  if (place.kind === "parameter") {
    const [used] = [...uses.slots.map(({ expression }) => expression.range), ...uses.members, ...uses.elsewhere];
    if (used) refuse(`${item.title} is used in line ${scene.line(used)}: delete what uses it first.`);
    draft.removeStatement(place.statement);
    return { draft, what, change: bypassed(locationOf(item), undefined, { turn: false }), mayLoseName: names };
  }
  if (place.kind === "stage" && item.body.stage(place).repeat !== undefined)
    return turnDeletion(item, place, draft, what);
  const input = inputOf(scene, item, instead);
  const operand = operandAt(item, input);
  if (operand === undefined)
    refuse(`${item.title} in line ${scene.line(item.range)} has nothing in front of it that could take its place.`);
  refuseUsesElsewhere(scene, item, uses);
  if (instead !== undefined) keepOthers(scene, item, operand!, draft);
  if (place.kind === "stage") deleteStage(item, place, operand!, uses, draft);
  else deleteExpression(item, place.slot, place.expression, operand!, uses, draft);
  const change = bypassed(locationOf(item), item.instance ? undefined : input, { turn: false });
  return { draft, what, change, mayLoseName: names };
}

/** One turn of a repeated stage. */
function turnDeletion({ body, title, instance }: Item, place: StagePlace, draft: Draft, what: string): Intended {
  const stage = body.stage(place);
  const repeat = stage.repeat!;
  if (repeat.kind !== "number") {
    refuse(`${title} is repeated ${body.textOf(repeat.range)} times: change that number to delete one of them.`);
  }
  const isInstance = instance !== undefined;
  const change = bypassed({ range: stage.call.range, isInstance }, isInstance ? undefined : 0, { turn: true });
  if (repeat.value > 2) {
    draft.replace(repeat.range, String(repeat.value - 1));
    return { draft, what, change };
  }
  if (repeat.value === 2) {
    const word = /\s*\brepeat\s*$/.exec(body.text.slice(stage.range.start, repeat.range.start))![0].length;
    draft.replace({ start: repeat.range.start - word, end: repeat.range.end }, "");
    return { draft, what, change };
  }
  return refuse(`${title} is repeated once: take out "repeat ${repeat.value}" first.`);
}

type StagePlace = Extract<Place, { kind: "stage" }>;

/** Which input takes its place. */
function inputOf(scene: Scene, item: Item, instead: number | undefined): number {
  if (item.instance !== undefined) {
    const block = scene.source.module.blocks.find(({ name }) => name === item.instance!.block);
    if (block?.inputs.length === 1 && item.instance.outputs.length === 1) return 0;
    return refuse(`${item.title} has several inputs or outputs: rewire what uses it before you delete it.`);
  }
  const { value } = item;
  const all = dataInputs(scene, item);
  const source = value?.source;
  const idOf = (input: number): ValueId =>
    source?.kind === "layer" || source?.kind === "operation" ? source.inputs[input]! : "";
  const isWeight = (input: number): boolean =>
    scene.network.values.find(({ id }) => id === idOf(input))?.source.kind === "parameter";
  const data = all.filter((input) => !isWeight(input));
  const candidates = data.length > 0 ? data : all;
  if (instead !== undefined && candidates.includes(instead)) return instead;
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length === 0) return refuse(`${item.title} is computed from nothing that could take its place.`);
  return refuse(
    `${item.title} is computed from ${candidates.length} values, and one of them must take its place: delete it alone to choose which.`,
  );
}

function keepOthers(scene: Scene, item: Item, kept: Operand, draft: Draft): void {
  const { body, place } = item;
  for (const operand of body.operands(place)) {
    if (operand.kind !== "slot" || (kept.kind === "slot" && operand.slot === kept.slot)) continue;
    const { expression, statement } = operand.slot;
    if (isPlain(expression.kind)) continue;
    const name = scene.fresh(body, wordOf(expression));
    draft.insertLineBefore(statement, `${name} = ${body.textOf(expression.range)}`);
  }
}

function refuseUsesElsewhere(scene: Scene, item: Item, { elsewhere, members }: Uses): void {
  const used = [...elsewhere, ...members][0];
  if (used === undefined) return;
  refuse(`${item.title} is used by its name in line ${scene.line(used)}: change that line before you delete it.`);
}

function deleteStage(item: Item, place: StagePlace, operand: Operand, uses: Uses, draft: Draft): void {
  const { body } = item;
  const { pipeline, index, slot } = place;
  const stage = body.stage(place);
  const alias = stage.alias;
  const before = index === 0 ? undefined : pipeline.stages[index - 1]!;
  const element = operand.kind === "slot" ? operand.slot.expression : undefined;
  const elements = pipeline.source.kind === "tuple" && index === 0 ? pipeline.source.elements : [];
  if (element !== undefined && !elements.includes(element)) {
    refuse(`${item.title} takes its input in parentheses: delete it in the text.`);
  }
  const isBound = slot.whole && slot.statement.kind === "binding" && index === pipeline.stages.length - 1;
  const named = before ? before.alias?.name : nameOf(element ?? pipeline.source);
  if (uses.slots.length > 0 && named === undefined && !isBound && (before === undefined || before.repeat)) {
    refuse(`${item.title} is used by its name, and what is in front of it has none: give that a name first.`);
  }
  if (isBound && pipeline.stages.length === 1 && named !== undefined) {
    replaceUses(uses, named, draft);
    draft.removeStatement(slot.statement);
    return;
  }
  if (element !== undefined) draft.replace(pipeline.source.range, body.textOf(element.range));
  if (isBound) {
    // The other name of the same value stays with what is in front of it.
    const bound = slot.statement.kind === "binding" ? slot.statement.name.name : "";
    const byAlias = uses.slots.filter(({ expression }) => nameOf(expression) === alias?.name);
    replaceUses({ ...uses, slots: byAlias }, bound, draft);
    draft.removeStage(stage.range);
    return;
  }
  if (uses.slots.length > 0 && named === undefined && alias) {
    const as = /\s*\bas\s*$/.exec(body.text.slice(stage.range.start, alias.range.start))![0].length;
    const end = alias.range.start - as;
    const blank = /\s*$/.exec(body.text.slice(0, stage.range.start))![0];
    draft.replace({ start: stage.range.start - blank.length, end }, "");
    return;
  }
  if (named !== undefined) replaceUses(uses, named, draft);
  draft.removeStage(stage.range);
}

function deleteExpression(
  item: Item,
  slot: Slot,
  expression: Expression,
  operand: Operand,
  uses: Uses,
  draft: Draft,
): void {
  const { body } = item;
  if (operand.kind !== "slot") refuse(`${item.title} is not written as a call: delete it in the text.`);
  const inner = operand.slot.expression;
  const named = nameOf(inner);
  if (slot.whole && slot.statement.kind === "binding" && named !== undefined) {
    replaceUses(uses, named, draft);
    draft.removeStatement(slot.statement);
    return;
  }
  const needsParentheses =
    inner.kind === "pipeline"
      ? slot.context !== "open"
      : slot.context !== "open" && (inner.kind === "binary" || inner.kind === "unary");
  const outer = body.outer(slot);
  const hasOwn = outer.start < slot.expression.range.start;
  const [open, close] = needsParentheses && !hasOwn ? ["(", ")"] : ["", ""];
  // Parentheses around what needs none go as well.
  const around = needsParentheses ? expression.range : outer;
  draft.replace({ start: around.start, end: inner.range.start }, open);
  draft.replace({ start: inner.range.end, end: around.end }, close);
}

function replaceUses({ slots }: Uses, name: string, draft: Draft): void {
  for (const { expression } of slots) draft.replace(expression.range, name);
}

function nameOf(expression: Expression): string | undefined {
  return expression.kind === "name" ? expression.name : undefined;
}
