// The ends of edges in the text: where an input of a value, of a use of a block, or an output is written, and what is given
// there now.

import type { EdgeEnd } from "../../../engine/protocol/edit-intent";
import type { Block, BlockInstance, ValueId } from "../../../engine/protocol/network";
import { isConstant } from "../lower/constants";
import { isAttribute } from "../navigation/names";
import type { Body, Operand } from "./body";
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
  const operand = operandAt(scene, item, edge.input);
  const located = { kind: "input", what: locationOf(item), input: edge.input } as const;
  return { body: item.body, operand, located, title: item.title, names: [] };
}

/** Where an input of a value or of a use of a block is written. */
export function operandAt(scene: Scene, item: Item, input: number): Operand {
  const operand = operandsOf(scene, item)[input];
  if (operand !== undefined) return operand;
  return refuse(`Input ${input + 1} of ${item.title} (line ${scene.line(item.range)}) is not written there.`);
}

/** Where each input is written. An attribute that has no value yet is written too, but is no input. */
export function operandsOf(scene: Scene, item: Item): readonly (Operand | undefined)[] {
  const { body, place, value, instance } = item;
  if (instance !== undefined) return operandsOfUse(scene, item);
  const operands = body.operands(place);
  if (value?.source.kind !== "operation" || operands.length <= value.source.inputs.length) return operands;
  const attributes = new Map(body.declaration.inputs.filter(isAttribute).map(({ name }) => [name.name, undefined]));
  const scope = { network: "", values: attributes, isValue: () => false };
  const isUnset = (operand: Operand): boolean =>
    operand.kind === "slot" &&
    !["number", "list"].includes(operand.slot.expression.kind) &&
    isConstant(operand.slot.expression, scope);
  return operands.filter((operand) => !isUnset(operand));
}

/** The one edge that comes to a thing. */
export function entryOf(scene: Scene, item: Item): WrittenEnd {
  const inputs = dataInputs(scene, item);
  if (inputs.length === 0)
    return refuse(`${item.title} is computed from nothing: put it behind ${item.title} instead.`);
  if (inputs.length > 1) return refuse(`${item.title} has ${inputs.length} inputs: choose the edge to put it on.`);
  return endOf(scene, { kind: "input", value: item.id, input: inputs[0]!.input });
}

function blockOf(scene: Scene, { instance, title }: Item): Block {
  const block = scene.source.module.blocks.find(({ name }) => name === instance!.block);
  return block ?? refuse(`${title} uses a block that is not known.`);
}

function entryOfBlock(scene: Scene, item: Item, input: number): WrittenEnd {
  const { inputs } = blockOf(scene, item);
  const operand = operandAt(scene, item, input);
  const end = { body: item.body, operand, title: item.title, names: [] };
  const what = locationOf(item);
  if (inputs.length === 1) return { ...end, located: { kind: "entry", what } };
  const given = item.instance!.inputs;
  const source = given.find((each) => each.input === input)?.value;
  if (source === undefined || given.some((each) => each.input !== input && each.value === source)) {
    refuse(
      `It cannot be told which input of ${item.title} is meant: change it in the text (line ${scene.line(item.range)}).`,
    );
  }
  return { ...end, title: `${inputs[input]} of ${item.title}`, located: { kind: "entry", what, input } };
}

/** What a use of a block is given, by place or by name, in the order of the block's inputs. */
function operandsOfUse(scene: Scene, item: Item): (Operand | undefined)[] {
  const { body, place } = item;
  const call =
    place.kind === "stage" ? body.stage(place).call : place.kind === "expression" ? place.expression : undefined;
  const named = call?.kind === "call" ? call.arguments.filter(({ name }) => name !== undefined) : [];
  const byPlace = body.operands(place);
  return blockOf(scene, item).inputs.map((input, index) => {
    const argument = named.find(({ name }) => name!.name === input);
    const slot = argument && body.slotOf(argument.value.range);
    return slot ? { kind: "slot", slot } : byPlace[index];
  });
}

/** What it is computed from, numbers that are written there aside. */
export function dataInputs(scene: Scene, item: Item): readonly { readonly input: number; readonly value: ValueId }[] {
  const isLiteral = (id: ValueId): boolean =>
    scene.network.values.find((candidate) => candidate.id === id)?.source.kind === "constant";
  return inputsOf(item).filter(({ value }) => !isLiteral(value));
}

function inputsOf({ value, instance }: Item): BlockInstance["inputs"] {
  if (instance !== undefined) return instance.inputs;
  if (value?.source.kind !== "layer" && value?.source.kind !== "operation") return [];
  return value.source.inputs.map((id, input) => ({ input, value: id }));
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
