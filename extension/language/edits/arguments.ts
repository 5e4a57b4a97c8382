// Numbers and words that stand in the text: arguments of layers and of uses of blocks, attributes, shapes of inputs.

import { documentation } from "../../../engine/model/catalog";
import type { ArgumentDoc, ArgumentType } from "../../../engine/protocol/catalog";
import type { WrittenArguments } from "../../../engine/protocol/editing";
import type { Block, NetworkAttribute, ValueId } from "../../../engine/protocol/network";
import type { Argument, CallExpression, Expression, NameExpression } from "../ast";
import { parse } from "../parser";
import { argumentAdded, argumentNamed } from "../written-arguments";
import { Draft } from "./draft";
import type { Intended } from "./made";
import { unchanged } from "./meaning";
import { refuse } from "./refusal";
import type { Item, Scene } from "./scene";

export function writtenArguments(scene: Scene, id: ValueId): WrittenArguments {
  const { call, name, docs, skip } = callOf(scene, scene.item(id));
  const list = call.kind === "call" ? call.arguments.slice(skip) : [];
  const withText = docs.map((doc) => {
    const range = argumentNamed(list, docs, doc.name)?.value.range;
    return range === undefined ? doc : { ...doc, written: scene.source.text.slice(range.start, range.end) };
  });
  return { callee: name, arguments: withText };
}

/** A block's attributes as arguments of its uses. */
export function attributeDocs({ attributes }: Block): readonly ArgumentDoc[] {
  return attributes.map(({ name, type, default: value }) => ({
    name,
    type: argumentTypes[type],
    summary: "",
    ...(value === undefined ? {} : { default: value }),
  }));
}

const argumentTypes: { readonly [T in NetworkAttribute["type"]]: ArgumentType } = {
  int: { kind: "integer" },
  float: { kind: "number" },
  bool: { kind: "boolean" },
  string: { kind: "string" },
};

/** Without `written` the argument is taken out. */
export function argumentChange(scene: Scene, id: ValueId, name: string, written: string | undefined): Intended {
  const draft = new Draft(scene.source.text);
  const item = scene.item(id);
  const called = callOf(scene, item);
  const { call, skip } = called;
  const docs = called.docs.map((doc) => doc.name);
  if (!docs.includes(name)) {
    const known = docs.length === 0 ? "has no arguments" : `has ${docs.join(", ")}`;
    refuse(`${called.name} (line ${scene.line(item.range)}) has no argument ${name}: it ${known}.`);
  }
  const list = call.kind === "call" ? call.arguments.slice(skip) : [];
  const argument = argumentNamed(list, called.docs, name);
  if (written === undefined) {
    if (argument === undefined) refuse(`${name} of ${item.title} is not written: it has its default already.`);
    remove(draft, call as CallExpression, argument!, list, docs);
  } else {
    requireOneExpression(written, name);
    if (argument !== undefined) draft.replace(argument.value.range, written);
    else {
      const added = argumentAdded(scene.source.text, call, `${name}: ${written}`);
      if (!added) refuse(`The call in line ${scene.line(call.range)} has no closing parenthesis: write one first.`);
      draft.replace(added.range, added.newText);
    }
  }
  const what = written === undefined ? `${item.title} without ${name}` : `${name}: ${written} of ${item.title}`;
  return { draft, what, change: called.isBlock ? undefined : unchanged, relabeled: called.name };
}

export function attributeChange(scene: Scene, name: string, written: string): Intended {
  const draft = new Draft(scene.source.text);
  const what = `${name} = ${written}`;
  requireOneExpression(written, name);
  const input = inputNamed(scene, name, "attribute");
  if (input.default) draft.replace(input.default.range, written);
  else draft.insert(input.range.end, ` = ${written}`);
  return { draft, what, change: undefined };
}

export function shapeChange(scene: Scene, id: ValueId, dimensions: readonly string[]): Intended {
  const draft = new Draft(scene.source.text);
  const shape = `[${dimensions.join(", ")}]`;
  for (const dimension of dimensions) requireOneExpression(dimension, "a dimension");
  const { annotation, name } = inputNamed(scene, id, "input");
  if (annotation.kind === "shape") draft.replace(annotation.range, shape);
  else draft.insert(name.range.end, `: ${shape}`);
  return { draft, what: `${id}: ${shape}`, change: unchanged };
}

interface Called {
  readonly call: CallExpression | NameExpression;
  /** What is called, after `layer` statements are looked through. */
  readonly name: string;
  /** The arguments it can be given. */
  readonly docs: readonly ArgumentDoc[];
  /** How many of the written arguments are inputs. */
  readonly skip: number;
  readonly isBlock: boolean;
}

function callOf(scene: Scene, item: Item): Called {
  const { place, body, value } = item;
  const written =
    place.kind === "stage" ? body.stage(place).call : place.kind === "expression" ? place.expression : undefined;
  if (written?.kind !== "call" && written?.kind !== "name") {
    return refuse(`${item.title} in line ${scene.line(item.range)} is no call: it has no arguments.`);
  }
  const name = calleeOf(written);
  const layer = body.declaration.body.find((statement) => statement.kind === "layer" && statement.name.name === name);
  const shared = layer?.kind === "layer" ? layer.layer : undefined;
  if (shared !== undefined && shared.kind !== "call" && shared.kind !== "name") {
    return refuse(`${name} shares no layer: change it in the text.`);
  }
  const call = shared ?? written;
  const callee = calleeOf(call);
  const block = scene.source.module.blocks.find((candidate) => candidate.name === callee);
  const isPiped = place.kind === "stage" || shared !== undefined;
  if (block !== undefined) {
    const piped = place.kind === "stage" ? item.body.operands(place).length - unnamedCount(written) : 0;
    const skip = shared !== undefined ? 0 : Math.max(0, block.inputs.length - Math.max(0, piped));
    const positional = call.kind === "call" ? Math.min(skip, unnamedCount(call)) : 0;
    return {
      call,
      name: callee,
      docs: attributeDocs(block),
      skip: positional,
      isBlock: true,
    };
  }
  const doc = documentation("layer", callee) ?? documentation("function", callee);
  if (doc === undefined) return refuse(`${callee} in line ${scene.line(item.range)} is not known.`);
  const inputs = value?.source.kind === "layer" || value?.source.kind === "operation" ? value.source.inputs.length : 0;
  const skip = doc.kind === "function" ? unnamedCount(call) : isPiped ? 0 : inputs;
  return { call, name: callee, docs: doc.arguments, skip, isBlock: false };
}

function calleeOf(call: CallExpression | NameExpression): string {
  return call.kind === "call" ? call.callee.name : call.name;
}

function unnamedCount(call: Expression): number {
  return call.kind === "call" ? call.arguments.filter(({ name }) => name === undefined).length : 0;
}

/** Arguments behind it that were known by their place are given their names. */
function remove(
  draft: Draft,
  call: CallExpression,
  argument: Argument,
  list: readonly Argument[],
  docs: readonly string[],
): void {
  const index = call.arguments.indexOf(argument);
  const next = call.arguments[index + 1];
  const previous = call.arguments[index - 1];
  if (argument.name === undefined) {
    for (const [position, other] of list.entries()) {
      if (position > list.indexOf(argument) && other.name === undefined) {
        draft.insert(other.range.start, `${docs[position]}: `);
      }
    }
  }
  if (previous !== undefined) draft.replace({ start: previous.range.end, end: argument.range.end }, "");
  else if (next !== undefined) draft.replace({ start: argument.range.start, end: next.range.start }, "");
  else draft.replace({ start: call.callee.range.end, end: call.range.end }, "");
}

function inputNamed(scene: Scene, name: string, kind: "attribute" | "input") {
  const declaration = scene.callable(scene.network.name);
  const found = declaration?.inputs.find((input) => input.name.name === name);
  const isAttribute = found?.annotation.kind === "type";
  if (found === undefined || isAttribute !== (kind === "attribute")) {
    return refuse(`${scene.network.name} has no ${kind} ${name} in this file.`);
  }
  return found;
}

/** What is written must be one value, and no more than that. */
function requireOneExpression(written: string, name: string): void {
  const { declarations, problems, comments } = parse(`data D = F(value: ${written})`);
  const source = declarations[0]?.kind === "data" ? declarations[0].source : undefined;
  const isOne = source?.kind === "call" && source.arguments.length === 1 && declarations.length === 1;
  if (problems.length > 0 || comments.length > 0 || !isOne || written.trim() === "") {
    refuse(`"${written}" is no value for ${name}: ${problems[0]?.message ?? "write one number, word or text."}`);
  }
}
