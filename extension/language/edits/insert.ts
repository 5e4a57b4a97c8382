// Something new between values: a layer, function, operator or block of the palette, a pasted chain, one more term of a sum.

import { documentation } from "../../../engine/model/catalog";
import type { EditPlace, OtherInputs, WrittenCall } from "../../../engine/protocol/edit-intent";
import type { ValueId } from "../../../engine/protocol/network";
import { isCallable } from "../navigation/names";
import { isOperator } from "../operators";
import { addTo, computedFrom, isJoined, isSplittable, joinInPlace, type New, split, stagesOf } from "./add";
import { calleeOf } from "./arguments";
import { type Body, type Operand, sharedLayerIn } from "./body";
import { Draft, moved } from "./draft";
import { endOf, entryOf, locationOf, requireLastTurn } from "./ends";
import { joinedText } from "./joined";
import type { Intended } from "./made";
import { addedAfter, addedBeside, addedOn } from "./meaning";
import { refuse } from "./refusal";
import { type Item, type Scene, statementOf, wordFor, wordForOperator } from "./scene";

/** A call of the palette. */
export function insertion(scene: Scene, call: WrittenCall, at: EditPlace, others: OtherInputs = none): Intended {
  const draft = new Draft(scene.source.text);
  const given = [...others.before, ...others.behind].map((id) => scene.item(id));
  const body = bodyAt(scene, at);
  requireKnown(scene, body, call.name);
  for (const other of given) {
    if (other.body !== body) refuseOtherBody(call.name, other);
    requireLastTurn(scene, other);
  }
  const nameOf = (id: ValueId): string => scene.reference(scene.item(id), draft);
  const before = others.before.map(nameOf);
  const added = newCall(body, call, { before, behind: others.behind.map(nameOf) });
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

/** A layer that values of another body share cannot be used in this one. */
function requireKnown({ source }: Scene, body: Body, name: string): void {
  const isBlock = source.module.blocks.some((block) => block.name === name);
  if (isBlock || body.sharedLayer(name) || documentation("layer", name)) return;
  const owner = source.file.declarations.filter(isCallable).find((each) => sharedLayerIn(each, name));
  if (owner === undefined) return;
  refuse(`${name} is shared by the values of ${owner.name.name}: it cannot stand in ${body.declaration.name.name}.`);
}

function newCall(body: Body, { name, arguments: given }: WrittenCall, { before, behind }: Names): New {
  const written = given.map((argument) => `${argument.name}: ${argument.written}`);
  if (isOperator(name)) {
    if (before.length + behind.length !== 1) refuse(`"${name}" stands between two values: choose one more.`);
    return { kind: "operator", operator: name, before, behind };
  }
  // A layer takes its inputs from in front of it; of anything else they may also be arguments.
  const shared = body.sharedLayer(name)?.layer;
  const layer = shared?.kind === "call" || shared?.kind === "name" ? calleeOf(shared) : name;
  const isLayer = documentation("layer", layer) !== undefined;
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
  const { body } = item.body.declaration;
  // What is shared and what is trained is declared in front of what is computed.
  const first = body.find(({ kind }) => kind !== "layer" && kind !== "parameter") ?? body[0];
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
