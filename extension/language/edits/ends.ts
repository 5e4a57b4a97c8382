// The ends of edges in the text: where an input of a value, of a use of a block, or an output is written, and what is given
// there now.

import type { EdgeEnd } from "../../../engine/protocol/edit-intent";
import type { Block, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Expression } from "../ast";
import { isConstant } from "../lower/constants";
import { isAttribute } from "../navigation/names";
import { type Body, keyOf, type Operand } from "./body";
import { type Located, type LocatedEnd, View } from "./meaning";
import { refuse } from "./refusal";
import type { Item, Scene } from "./scene";

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
  if (item.instance !== undefined) return entryOfBlock(scene, item, edge.input);
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
export function entryOf(scene: Scene, item: Item): WrittenEnd {
  const inputs = item.instance ? blockOf(scene, item).inputs.map((_, index) => index) : dataInputs(scene, item);
  if (inputs.length === 0)
    return refuse(`${item.title} is computed from nothing: put it behind ${item.title} instead.`);
  if (inputs.length > 1) return refuse(`${item.title} has ${inputs.length} inputs: choose the edge to put it on.`);
  return endOf(scene, { kind: "input", value: item.id, input: inputs[0]! });
}

function blockOf(scene: Scene, { instance, title }: Item): Block {
  const block = scene.source.module.blocks.find(({ name }) => name === instance!.block);
  return block ?? refuse(`${title} uses a block that is not known.`);
}

function entryOfBlock(scene: Scene, item: Item, input: number): WrittenEnd {
  const { inputs } = blockOf(scene, item);
  const operands = item.body.operands(item.place).slice(0, inputs.length);
  const operand = operands[input];
  if (operand === undefined || operands.length < inputs.length) {
    return refuse(
      `${item.title} (line ${scene.line(item.range)}) does not take its inputs by their places: change it in the text.`,
    );
  }
  const end = { body: item.body, operand, title: item.title, names: [] };
  const what = locationOf(item);
  if (inputs.length === 1) return { ...end, located: { kind: "entry", what } };
  const sources = operands.map((each) => sourceOf(scene, item, each));
  const [source] = sources.splice(input, 1);
  if (source === undefined || sources.some((other) => other && keyOf(other.range) === keyOf(source.range))) {
    refuse(
      `It cannot be told which input of ${item.title} is meant: change it in the text (line ${scene.line(item.range)}).`,
    );
  }
  return { ...end, title: `${inputs[input]} of ${item.title}`, located: { kind: "entry", what, source: source! } };
}

/** What is given there, where it is written. */
function sourceOf(scene: Scene, { body }: Item, operand: Operand): Located | undefined {
  const placed = (range: Range): Located => ({ range, isInstance: isUse(scene, range) });
  if (operand.kind === "flow" && operand.before > 0) {
    return placed(operand.pipeline.stages[operand.before - 1]!.call.range);
  }
  const expression: Expression = operand.kind === "flow" ? operand.pipeline.source : operand.slot.expression;
  if (expression.kind === "pipeline") return placed(expression.stages.at(-1)!.call.range);
  if (expression.kind !== "name") return placed(expression.range);
  const { range, name } = expression;
  const symbol = scene.occurrences.find((occurrence) => keyOf(occurrence.range) === keyOf(range))?.symbol;
  const isNamed = (thing: { readonly nameRange?: Range }): boolean =>
    symbol !== undefined && thing.nameRange !== undefined && keyOf(thing.nameRange) === keyOf(symbol.nameRange);
  const isInput = body.declaration.inputs.some((input) => input.name.name === name && !isAttribute(input));
  if (isInput && symbol) return placed(symbol.nameRange);
  const found = (scene.network.blocks ?? []).find(isNamed) ?? scene.network.values.find(isNamed);
  return found && placed(found.range);
}

function isUse({ network }: Scene, range: Range): boolean {
  return (network.blocks ?? []).some((use) => keyOf(use.range) === keyOf(range));
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
