// Taking a value out: whatever uses it is given what it was computed from. Of several inputs one takes its place, and what
// the others were given stays in the text, under names of their own.

import type { ValueId } from "../../../engine/protocol/network";
import type { BindingStatement, Expression } from "../ast";
import { bindPiece } from "./add";
import { isInside, type Operand, type Place, type Slot, type Uses } from "./body";
import { Draft } from "./draft";
import { dataInputs, locationOf, operandAt, operandsOf } from "./ends";
import type { Intended } from "./made";
import { bypassed } from "./meaning";
import { refuse } from "./refusal";
import { giveInstead, isPlain } from "./rewire";
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
    return { draft, what, change: bypassed(locationOf(item), 0, { turn: false }), mayLoseName: names };
  }
  if (place.kind === "stage" && item.body.stage(place).repeat !== undefined)
    return turnDeletion(item, place, draft, what);
  const input = inputOf(scene, item, instead);
  const operand = operandAt(scene, item, input);
  refuseUsesElsewhere(scene, item, uses);
  if (instead !== undefined) keepOthers(scene, item, operand, draft);
  if (place.kind === "expression") deleteExpression(item, place.slot, place.expression, operand, uses, draft);
  else if (isArgument(item, place, operand)) deleteForArgument(scene, item, place, operand.slot, uses, draft);
  else deleteStage(item, place, operand, uses, draft);
  return { draft, what, change: bypassed(locationOf(item), input, { turn: false }), mayLoseName: names };
}

/** One turn of a repeated stage. */
function turnDeletion({ body, title, instance }: Item, place: StagePlace, draft: Draft, what: string): Intended {
  const stage = body.stage(place);
  const repeat = stage.repeat!;
  if (repeat.kind !== "number") {
    refuse(`${title} is repeated ${body.textOf(repeat.range)} times: change that number to delete one of them.`);
  }
  const change = bypassed({ range: stage.call.range, isInstance: instance !== undefined }, 0, { turn: true });
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
  if (item.instance && item.instance.outputs.length !== 1) {
    return refuse(`${item.title} gives several values: rewire what uses them before you delete it.`);
  }
  const all = dataInputs(scene, item);
  const isWeight = (value: ValueId): boolean =>
    scene.network.values.find(({ id }) => id === value)?.source.kind === "parameter";
  const data = all.filter(({ value }) => !isWeight(value));
  const candidates = data.length > 0 ? data : all;
  const [first] = candidates;
  if (first === undefined) return refuse(`${item.title} is computed from nothing that could take its place.`);
  if (instead !== undefined && candidates.some(({ input }) => input === instead)) return instead;
  if (candidates.every(({ value }) => value === first.value)) return first.input;
  return refuse(
    `${item.title} is computed from ${candidates.length} values, and one of them must take its place: delete it alone to choose which.`,
  );
}

function keepOthers(scene: Scene, item: Item, kept: Operand, draft: Draft): void {
  const { body } = item;
  for (const operand of operandsOf(scene, item)) {
    if (operand?.kind !== "slot" || (kept.kind === "slot" && operand.slot === kept.slot)) continue;
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

/** Whether what takes the place of a stage stands in the stage's parentheses. */
function isArgument(
  { body }: Item,
  place: StagePlace,
  operand: Operand,
): operand is Extract<Operand, { readonly kind: "slot" }> {
  return operand.kind === "slot" && isInside(operand.slot.expression.range, body.stage(place).range);
}

/** What flows into the stage is kept. */
function deleteForArgument(
  scene: Scene,
  item: Item,
  place: StagePlace,
  argument: Slot,
  uses: Uses,
  draft: Draft,
): void {
  const { body } = item;
  const { pipeline, index, slot } = place;
  const stage = body.stage(place);
  const { expression } = argument;
  const name = nameOf(expression) ?? scene.fresh(body, wordOf(expression));
  if (nameOf(expression) === undefined) {
    draft.insertLineBefore(slot.statement, `${name} = ${body.textOf(expression.range)}`);
  }
  replaceUses(uses, name, draft);
  const { source } = pipeline;
  const binding = bindingOf(place);
  if (binding && index === 0 && (isPlain(source.kind) || source.kind === "tuple")) {
    draft.removeStatement(binding);
    return;
  }
  if (binding) {
    draft.replace(binding.name.range, bindPiece(scene, draft, body, pipeline, index));
  } else if (index === 0 && source.kind === "tuple") {
    draft.replace(body.outer(body.slotOf(source.range)!), name);
  } else {
    giveInstead(scene, draft, body, { kind: "flow", pipeline, before: index, slot }, name);
  }
  draft.removeStage(stage.range);
}

function deleteStage(item: Item, place: StagePlace, operand: Operand, uses: Uses, draft: Draft): void {
  const { body } = item;
  const { pipeline, index } = place;
  const stage = body.stage(place);
  const alias = stage.alias;
  const before = index === 0 ? undefined : pipeline.stages[index - 1]!;
  const element = operand.kind === "slot" ? operand.slot.expression : undefined;
  const binding = bindingOf(place);
  const named = before ? before.alias?.name : nameOf(element ?? pipeline.source);
  if (uses.slots.length > 0 && named === undefined && !binding && (before === undefined || before.repeat)) {
    refuse(`${item.title} is used by its name, and what is in front of it has none: give that a name first.`);
  }
  if (binding && pipeline.stages.length === 1 && named !== undefined) {
    replaceUses(uses, named, draft);
    draft.removeStatement(binding);
    return;
  }
  if (element !== undefined) draft.replace(pipeline.source.range, body.textOf(element.range));
  if (binding) {
    // The other name of the same value stays with what is in front of it.
    const byAlias = uses.slots.filter(({ expression }) => nameOf(expression) === alias?.name);
    replaceUses({ ...uses, slots: byAlias }, binding.name.name, draft);
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

/** The binding that keeps what a stage gives, if nothing follows the stage. */
function bindingOf({ pipeline, index, slot }: StagePlace): BindingStatement | undefined {
  const { whole, statement } = slot;
  return whole && statement.kind === "binding" && index === pipeline.stages.length - 1 ? statement : undefined;
}

function replaceUses({ slots }: Uses, name: string, draft: Draft): void {
  for (const { expression } of slots) draft.replace(expression.range, name);
}

function nameOf(expression: Expression): string | undefined {
  return expression.kind === "name" ? expression.name : undefined;
}
