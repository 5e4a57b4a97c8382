// Numbers and words that stand in the text: arguments of layers and of uses of blocks, attributes, shapes of inputs.

import { documentation } from "../../../engine/model/catalog";
import type { ArgumentDoc, ArgumentType } from "../../../engine/protocol/catalog";
import type { ArgumentSubject, WrittenArguments } from "../../../engine/protocol/editing";
import type { Block, NetworkAttribute, ValueId } from "../../../engine/protocol/network";
import type { CallExpression, Expression, InputDeclaration, NameExpression } from "../ast";
import { isAttribute } from "../navigation/names";
import { argumentNamed } from "../written-arguments";
import { Draft } from "./draft";
import type { Intended } from "./made";
import { unchanged } from "./meaning";
import { refuse } from "./refusal";
import type { Item, Scene } from "./scene";
import { trainingArguments } from "./training";
import { requireOneExpression, type WrittenCallee, withWritten, writeArgument } from "./written";

export function writtenArguments(scene: Scene, subject: ArgumentSubject): WrittenArguments {
  switch (subject.kind) {
    case "value":
      return argumentsOfValue(scene, subject.value);
    case "network":
      return attributesOf(scene);
    case "training":
      return trainingArguments(scene.source, subject.name);
    default:
      return subject satisfies never;
  }
}

function argumentsOfValue(scene: Scene, id: ValueId): WrittenArguments {
  const item = scene.item(id);
  if (item.place.kind === "input") return shapeOf(item, item.place.declaration);
  const { call, name, docs, skip, shared } = callOf(scene, item);
  const list = call.kind === "call" ? call.arguments.slice(skip) : [];
  const source = item.value?.source;
  const computed = source?.kind === "layer" || source?.kind === "operation" ? source.arguments : {};
  const values = item.instance?.arguments ?? computed;
  const withText = docs.map((doc) =>
    withWritten(doc, item.body.text, argumentNamed(list, docs, doc.name)?.value, values[doc.name]),
  );
  return { callee: name, arguments: withText, ...(shared === undefined ? {} : { shared }) };
}

/** An input has a shape, one number without any dimension when none is written. */
function shapeOf({ title, body, value }: Item, { annotation }: InputDeclaration): WrittenArguments {
  const doc = {
    name: "shape",
    type: { kind: "shape" },
    summary: "Of one sample, without the batch.",
    default: [],
  } as const;
  const written = annotation.kind === "shape" ? annotation : undefined;
  return { callee: title, arguments: [withWritten(doc, body.text, written, value?.shape)] };
}

function attributesOf(scene: Scene): WrittenArguments {
  const { name, attributes } = scene.network;
  const declaration = scene.callable(name);
  if (declaration === undefined) return refuse(`${name} stands in another file: open it to change it.`);
  const docs = declaration.inputs.filter(isAttribute).flatMap((input) => {
    const type = attributeType(input);
    if (type === undefined) return [];
    const value = attributes.find((attribute) => attribute.name === input.name.name)?.value;
    return [withWritten({ name: input.name.name, type, summary: "" }, scene.source.text, input.default, value)];
  });
  return { callee: name, arguments: docs };
}

function attributeType({ annotation }: InputDeclaration): ArgumentType | undefined {
  const types: Readonly<Record<string, ArgumentType>> = argumentTypes;
  return annotation.kind === "type" && Object.hasOwn(types, annotation.type.name)
    ? types[annotation.type.name]
    : undefined;
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
  const names = called.docs.map((doc) => doc.name);
  if (!names.includes(name)) {
    const known = names.length === 0 ? "has no arguments" : `has ${names.join(", ")}`;
    refuse(`${called.name} (line ${scene.line(item.range)}) has no argument ${name}: it ${known}.`);
  }
  writeArgument(draft, scene.source.text, { ...called, title: item.title }, name, written);
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

interface Called extends Omit<WrittenCallee, "title"> {
  /** What is called, after `layer` statements are looked through. */
  readonly name: string;
  readonly isBlock: boolean;
  /** The name of the `layer` statement. */
  readonly shared?: string;
}

function callOf(scene: Scene, item: Item): Called {
  const { place, body, value } = item;
  const written =
    place.kind === "stage" ? body.stage(place).call : place.kind === "expression" ? place.expression : undefined;
  if (written?.kind !== "call" && written?.kind !== "name") {
    return refuse(`${item.title} in line ${scene.line(item.range)} is no call: it has no arguments.`);
  }
  const name = calleeOf(written);
  const shared = body.sharedLayer(name)?.layer;
  if (shared !== undefined && shared.kind !== "call" && shared.kind !== "name") {
    return refuse(`${name} shares no layer: change it in the text.`);
  }
  const call = shared ?? written;
  const callee = calleeOf(call);
  const block = scene.source.module.blocks.find((candidate) => candidate.name === callee);
  const isPiped = place.kind === "stage" || shared !== undefined;
  const sharedAs = shared === undefined ? {} : { shared: name };
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
      ...sharedAs,
    };
  }
  const doc = documentation("layer", callee) ?? documentation("function", callee);
  if (doc === undefined) return refuse(`${callee} in line ${scene.line(item.range)} is not known.`);
  const inputs = value?.source.kind === "layer" || value?.source.kind === "operation" ? value.source.inputs.length : 0;
  const skip = doc.kind === "function" ? unnamedCount(call) : isPiped ? 0 : inputs;
  return { call, name: callee, docs: doc.arguments, skip, isBlock: false, ...sharedAs };
}

export function calleeOf(call: CallExpression | NameExpression): string {
  return call.kind === "call" ? call.callee.name : call.name;
}

function unnamedCount(call: Expression): number {
  return call.kind === "call" ? call.arguments.filter(({ name }) => name === undefined).length : 0;
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
