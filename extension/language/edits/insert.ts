// Something new between values: a layer, function, operator or block of the palette, a pasted chain, one more term of a sum.

import { documentation } from "../../../engine/model/catalog";
import type { EdgeEnd, EditPlace, OtherInputs, WrittenCall } from "../../../engine/protocol/edit-intent";
import type { ValueId } from "../../../engine/protocol/network";
import { isConstant } from "../lower/constants";
import { isAttribute } from "../navigation/names";
import { isOperator } from "../operators";
import { addTo, computedFrom, isJoined, isSplittable, joinInPlace, type New, split, stagesOf } from "./add";
import type { Body, Operand } from "./body";
import { Draft, moved } from "./draft";
import { joinedText } from "./joined";
import type { Intended } from "./made";
import { addedAfter, addedBeside, addedOn, type Located, type LocatedEnd, View } from "./meaning";
import { refuse } from "./refusal";
import { type Item, type Scene, statementOf, wordFor, wordForOperator } from "./scene";

/** A call of the palette. */
export function insertion(scene: Scene, call: WrittenCall, at: EditPlace, others: OtherInputs = none): Intended {
  const draft = new Draft(scene.source.text);
  const given = [...others.before, ...others.behind].map((id) => scene.item(id));
  const body = bodyAt(scene, at);
  for (const other of given) {
    if (other.body !== body) refuseOtherBody(call.name, other);
    requireLastTurn(scene, other);
  }
  const nameOf = (id: ValueId): string => scene.reference(scene.item(id), draft);
  const before = others.before.map(nameOf);
  const added = newCall(call, { before, behind: others.behind.map(nameOf) });
  return placed(scene, draft, added, call.name, at, given);
}

/** What was copied. */
export function pasting(scene: Scene, chainFor: (body: Body) => New, at: EditPlace): Intended {
  const draft = new Draft(scene.source.text);
  return placed(scene, draft, chainFor(bodyAt(scene, at)), "What was copied", at, []);
}

const none: OtherInputs = { before: [], behind: [] };

function bodyAt(scene: Scene, at: EditPlace): Body {
  return at.kind === "edge" ? endOf(scene, at.edge).body : scene.item(at.value).body;
}

function refuseOtherBody(name: string, { title }: Item): never {
  refuse(
    `${name} would stand in another body than ${title}: what passes a block's border is its inputs and its \`return\`. Expand the block first.`,
  );
}

function newCall({ name, arguments: given }: WrittenCall, { before, behind }: Names): New {
  const written = given.map((argument) => `${argument.name}: ${argument.written}`);
  if (isOperator(name)) {
    if (before.length + behind.length !== 1) refuse(`"${name}" stands between two values: choose one more.`);
    return { kind: "operator", operator: name, before, behind };
  }
  // A layer takes its inputs from in front of it; of anything else they may also be arguments.
  const isLayer = documentation("layer", name) !== undefined;
  const arePiped = before.length > 0 || (isLayer && behind.length > 0);
  if (arePiped) return { kind: "tuple", callee: name, arguments: written.join(", "), before, behind };
  return { kind: "call", callee: name, arguments: [...behind, ...written].join(", ") };
}

interface Names {
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

/** `title` is what messages call the new thing: `ReLU`; `others` is what it takes besides what comes to its place. */
function placed(
  scene: Scene,
  draft: Draft,
  added: New,
  title: string,
  at: EditPlace,
  others: readonly Item[],
): Intended {
  const also = others.map(locationOf);
  const lost = others.flatMap(outputNames);
  if (at.kind === "edge") {
    const end = endOf(scene, at.edge);
    addTo(scene, draft, end.body, end.operand, added);
    return {
      draft,
      what: `${title} on the edge to ${end.title}`,
      change: addedOn(end.located, also),
      mayLoseName: [...end.names, ...lost],
    };
  }
  const item = scene.item(at.value);
  const what = `${title} ${at.kind === "branch" ? "beside" : at.kind} ${item.title}`;
  if (at.kind === "before") {
    const end = entryOf(scene, item);
    addTo(scene, draft, end.body, end.operand, added);
    return { draft, what, change: addedOn(end.located, also), mayLoseName: lost };
  }
  requireLastTurn(scene, item);
  const mayLoseName = [...outputNames(item), ...lost];
  if (at.kind === "branch") {
    branch(scene, draft, item, added);
    return { draft, what, change: addedBeside(locationOf(item), also), mayLoseName };
  }
  addAfter(scene, draft, item, added);
  return { draft, what, change: addedAfter(locationOf(item), also), mayLoseName };
}

/** `from + to` for what uses `to`; a sum is given one more term. */
export function connection(scene: Scene, fromId: ValueId, toId: ValueId): Intended {
  const draft = new Draft(scene.source.text);
  const from = scene.item(fromId);
  const to = scene.item(toId);
  const what = `${from.title} + ${to.title}`;
  if (from.id === to.id) refuse(`${what} would be twice the same: write 2 * ${to.title} in the text.`);
  scene.requireSameBody(from, to);
  requireLastTurn(scene, from);
  requireLastTurn(scene, to);
  const term = scene.reference(from, draft);
  const change = addedAfter(locationOf(to), [locationOf(from)]);
  const { place } = to;
  const isSum = place.kind === "expression" && place.expression.kind === "binary" && place.expression.operator === "+";
  if (!isSum) {
    addAfter(scene, draft, to, { kind: "operator", operator: "+", before: [term], behind: [] });
    return { draft, what, change, mayLoseName: [...outputNames(from), ...outputNames(to)] };
  }
  draft.insert(place.expression.range.end, ` + ${term}`, { kind: "operator", operator: "+", at: 1 });
  return { draft, what, change, mayLoseName: [...scene.namesOf(to), ...outputNames(from), ...outputNames(to)] };
}

export function locationOf({ range, instance }: Item): Located {
  return { range, isInstance: instance !== undefined };
}

/** An end of an edge where it is written. */
export interface WrittenEnd {
  readonly body: Body;
  readonly operand: Operand;
  readonly located: LocatedEnd;
  /** What uses it, in words. */
  readonly title: string;
  /** Of the thing that is there, where the place gives the name. */
  readonly names: readonly string[];
}

export function endOf(scene: Scene, edge: EdgeEnd): WrittenEnd {
  if (edge.kind === "output") {
    const { name, imported } = scene.network;
    if (imported !== undefined) refuse(`${name} stands in "${imported}": open that file to change it.`);
    const declaration = scene.callable(name);
    const body = declaration && scene.bodyOf(declaration);
    const slot = body?.output(edge.name);
    if (body === undefined || slot === undefined) return refuse(`${name} has no output ${edge.name}.`);
    const located = { kind: "output", network: name, name: edge.name } as const;
    const title = edge.name === "output" ? "the output" : `the output ${edge.name}`;
    return { body, operand: { kind: "slot", slot }, located, title, names: [edge.name] };
  }
  const item = scene.item(edge.value);
  if (item.instance !== undefined) return entryOfBlock(scene, item);
  requireFirstTurn(scene, item);
  const operand = operandAt(item, edge.input);
  if (operand === undefined) {
    return refuse(`Input ${edge.input + 1} of ${item.title} (line ${scene.line(item.range)}) is not written there.`);
  }
  const located = { kind: "input", what: locationOf(item), input: edge.input } as const;
  return { body: item.body, operand, located, title: item.title, names: [] };
}

/** Where an input of a value is written. An attribute that has no value yet is written too, but is no input. */
export function operandAt({ body, place, value }: Item, input: number): Operand | undefined {
  const operands = body.operands(place);
  if (value?.source.kind !== "operation" || operands.length <= value.source.inputs.length) return operands[input];
  const attributes = new Map(body.declaration.inputs.filter(isAttribute).map(({ name }) => [name.name, undefined]));
  const scope = { network: "", values: attributes, isValue: () => false };
  const isUnset = (operand: Operand): boolean =>
    operand.kind === "slot" &&
    !["number", "list"].includes(operand.slot.expression.kind) &&
    isConstant(operand.slot.expression, scope);
  return operands.filter((operand) => !isUnset(operand))[input];
}

/** The one edge that comes to a thing. */
function entryOf(scene: Scene, item: Item): WrittenEnd {
  if (item.instance !== undefined) return entryOfBlock(scene, item);
  const inputs = dataInputs(scene, item);
  if (inputs.length === 0)
    return refuse(`${item.title} is computed from nothing: put it behind ${item.title} instead.`);
  if (inputs.length > 1) return refuse(`${item.title} has ${inputs.length} inputs: choose the edge to put it on.`);
  return endOf(scene, { kind: "input", value: item.id, input: inputs[0]! });
}

function entryOfBlock(scene: Scene, item: Item): WrittenEnd {
  const block = scene.source.module.blocks.find(({ name }) => name === item.instance!.block);
  const [operand] = item.body.operands(item.place);
  if (operand === undefined || block?.inputs.length !== 1) {
    return refuse(
      `${item.title} (line ${scene.line(item.range)}) does not take one input by its place: change it in the text.`,
    );
  }
  const located = { kind: "entry", what: locationOf(item) } as const;
  return { body: item.body, operand, located, title: item.title, names: [] };
}

/** Which inputs of a value are computed or given, not written as numbers. */
export function dataInputs(scene: Scene, { value }: Item): number[] {
  if (value?.source.kind !== "layer" && value?.source.kind !== "operation") return [];
  const isLiteral = (id: ValueId): boolean =>
    scene.network.values.find((candidate) => candidate.id === id)?.source.kind === "constant";
  return value.source.inputs.flatMap((id, index) => (isLiteral(id) ? [] : [index]));
}

function requireFirstTurn(scene: Scene, item: Item): void {
  if (item.value === undefined || isTurn(scene, item, "first")) return;
  refuse(turnMessage(scene, item));
}

export function requireLastTurn(scene: Scene, item: Item): void {
  if (item.value !== undefined && !isTurn(scene, item, "last")) refuse(turnMessage(scene, item));
  if (item.instance === undefined || item.place.kind !== "stage") return;
  const uses = (scene.network.blocks ?? []).filter(
    ({ range, path }) =>
      range.start === item.range.start && path?.at(-1)?.instance === item.instance!.path?.at(-1)?.instance,
  );
  if (uses.at(-1)?.instance !== item.id) refuse(turnMessage(scene, item));
}

function isTurn(scene: Scene, item: Item, which: "first" | "last"): boolean {
  return new View(scene.network).things(locationOf(item)).some((thing) => thing[which] === item.id);
}

function turnMessage(scene: Scene, item: Item): string {
  const line = scene.line(item.range);
  return `${item.title} in line ${line} is written once for several values: write its turns one by one to change what is between them.`;
}

/** The names that whatever stands in a named output has. */
export function outputNames({ value, place }: Item): readonly string[] {
  const isOutput =
    place.kind === "stage" || place.kind === "expression" ? place.slot.statement.kind === "return" : false;
  return isOutput && value?.name !== undefined ? [value.name] : [];
}

// In the text.

function addAfter(scene: Scene, draft: Draft, item: Item, added: New): void {
  const { body, place } = item;
  const direct = directUse(item);
  const { slots } = scene.uses(item);
  const uses: Operand[] = slots.map((slot) => ({ kind: "slot", slot }));
  const [only, ...others] = direct ? [direct, ...uses] : uses;
  if (only === undefined) {
    branch(scene, draft, item, added);
    return;
  }
  if (others.length === 0) {
    addTo(scene, draft, body, only, added);
    return;
  }
  const [name] = scene.namesOf(item);
  const fresh = nameFor(scene, body, added);
  for (const slot of slots) draft.replace(slot.expression.range, fresh);
  if (direct === undefined || place.kind !== "stage") {
    statementBehind(draft, item, added, fresh, name!);
  } else if (isJoined(added)) {
    const flow = { kind: "flow", pipeline: place.pipeline, before: place.index + 1, slot: place.slot } as const;
    if (!isSplittable(body, place.slot)) {
      joinInPlace(draft, body, flow, added, fresh);
      return;
    }
    split(scene, draft, body, flow, (piece) => {
      const { text, mark } = joinedText(added, piece);
      const lead = `${fresh} = `;
      return { text: fresh, statement: lead + text, mark: moved(mark, lead.length) };
    });
  } else {
    draft.insertStages(body, place.pipeline, place.index + 1, `${stagesOf(added)} as ${fresh}`);
  }
}

/** What follows where a value is computed; undefined when only its name is used. */
function directUse({ place }: Item): Operand | undefined {
  if (place.kind !== "stage" && place.kind !== "expression") return undefined;
  const { slot } = place;
  if (place.kind === "stage" && place.index < place.pipeline.stages.length - 1) {
    return { kind: "flow", pipeline: place.pipeline, before: place.index + 1, slot };
  }
  return slot.whole && slot.statement.kind === "binding" ? undefined : { kind: "slot", slot };
}

function branch(scene: Scene, draft: Draft, item: Item, added: New): void {
  const name = scene.reference(item, draft);
  statementBehind(draft, item, added, nameFor(scene, item.body, added), name);
}

/** A statement that computes something new from a value, behind the one that gives the value. */
function statementBehind(draft: Draft, item: Item, added: New, fresh: string, name: string): void {
  const lead = `${fresh} = `;
  const { text: value, mark: within } = computedFrom(name, added);
  const mark = moved(within, lead.length);
  const statement = statementOf(item.place);
  const [first] = item.body.declaration.body;
  const newText = lead + value;
  if (statement !== undefined && statement.kind !== "return") draft.insertStatementAfter(statement, newText, mark);
  else if (statement ?? first) draft.insertLineBefore((statement ?? first)!, newText, mark);
  else refuse(`${item.body.declaration.name.name} has no statements yet: write its \`return\` first.`);
}

function nameFor(scene: Scene, body: Body, added: New): string {
  if (added.kind === "operator") return scene.fresh(body, wordForOperator(added.operator));
  if (added.kind !== "chain") return scene.fresh(body, wordFor(added.callee));
  return added.name ?? scene.fresh(body, /->\s*([\p{L}\p{Nd}_]+)[^>]*$/u.exec(added.stages)?.[1] ?? "pasted");
}
