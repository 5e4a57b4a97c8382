// Inside the parentheses of a call: names of arguments that are not given yet, and values for the one at the cursor.

import { documentation } from "../../../engine/model/catalog";
import type { ArgumentDoc, ArgumentType, CallableDoc, CallableKind } from "../../../engine/protocol/catalog";
import type { InputDeclaration } from "../ast";
import { argumentSection } from "../hover/callable";
import { isAttribute, type NetworkNames } from "../navigation/names";
import { argumentDetail, callables, valuePlace } from "./callables";
import type { CallAt } from "./cursor";
import { type Draft, literal, placeholder } from "./items";

/** What a call takes: inputs first, then arguments. */
export interface Parameters {
  readonly inputs: readonly string[];
  readonly arguments: readonly ArgumentDoc[];
  /** Inputs have no names, so any number of positions without one are inputs. */
  readonly onlyNamed: boolean;
}

/** The argument that the cursor stands in: an input, a documented one, or none. */
export type Active =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "argument"; readonly doc: ArgumentDoc }
  | { readonly kind: "none" };

/** `isInput` tells for each position without a name whether what stands there is an input. */
export function activeArgument(
  { names }: Pick<CallAt, "names">,
  { inputs, arguments: docs, onlyNamed }: Parameters,
  isInput: (position: number) => boolean,
): Active {
  const position = names.length - 1;
  const name = names.at(-1);
  if (name !== undefined) {
    const doc = docs.find((candidate) => candidate.name === name);
    return doc ? { kind: "argument", doc } : { kind: "none" };
  }
  if (names.slice(0, -1).some((before) => before !== undefined)) return { kind: "none" };
  if (onlyNamed) return position < inputs.length ? { kind: "input", index: position } : { kind: "none" };
  let count = 0;
  if (inputs.length > 0) while (count < position && isInput(count)) count++;
  const more = position === 0 || (inputs.length > 1 && count === position);
  if (inputs.length > 0 && more) return { kind: "input", index: Math.min(position, inputs.length - 1) };
  const doc = docs[position - count];
  return doc ? { kind: "argument", doc } : { kind: "none" };
}

/** Arguments that have a name and are not written yet, neither by name nor by position. */
export function missingArguments(
  { names, given }: CallAt,
  docs: readonly ArgumentDoc[],
  describe: (name: string) => string | undefined,
  positional: number,
  exampleOf?: (name: string) => string | undefined,
): Draft[] {
  const current = names.at(-1);
  if (current !== undefined) return [];
  return docs.slice(positional).flatMap((doc): Draft[] => {
    if (given.has(doc.name)) return [];
    const section = describe(doc.name);
    const place = exampleOf?.(doc.name) ?? valuePlace(1, doc);
    return [
      {
        label: doc.name,
        kind: "argument",
        detail: argumentDetail(doc),
        ...(section ? { documentation: section } : {}),
        insertText: `${literal(doc.name)}: ${place}`,
        ...(place === `"${placeholder(1, "")}"` || doc.type.kind === "initializer"
          ? { follow: "completions" as const }
          : {}),
      },
    ];
  });
}

export function describeArgument(doc: CallableDoc): (name: string) => string | undefined {
  return (name) => argumentSection(doc, name);
}

/** Values of a type that are words: truth values, choices, initializers. */
export function wordsOf(type: ArgumentType, writing: { readonly nameOnly: boolean }): Draft[] {
  switch (type.kind) {
    case "boolean":
      return choices(["true", "false"]);
    case "choice":
      return choices(type.choices);
    case "initializer":
      return callables("initializer", { ...writing, piped: true });
    default:
      return [];
  }
}

export function choices(values: readonly string[]): Draft[] {
  return values.map((label) => ({ label, kind: "choice" }));
}

/** Types of attributes that can stand for a value of a type. */
export function attributeTypes(type: ArgumentType): readonly string[] {
  switch (type.kind) {
    case "boolean":
      return ["bool"];
    case "choice":
      return type.integer === undefined ? ["string"] : ["string", "int"];
    case "string":
    case "file":
    case "column":
      return ["string"];
    case "integer":
      return ["int"];
    case "number":
    case "shape":
    case "tensor":
      return ["int", "float"];
    case "initializer":
      return [];
    default:
      return type satisfies never;
  }
}

/** The arguments of a network or block as documentation. */
export function parametersOf(
  { declaration }: NetworkNames,
  text: string,
  options: { readonly inputs: boolean },
): readonly ArgumentDoc[] {
  return declaration.inputs
    .filter((input) => options.inputs || isAttribute(input))
    .filter(({ name }) => name.name !== "")
    .sort((a, b) => Number(isAttribute(a)) - Number(isAttribute(b)))
    .map((input) => docOf(input, text));
}

const typesByWord: Readonly<Record<string, ArgumentType>> = {
  int: { kind: "integer" },
  float: { kind: "number" },
  bool: { kind: "boolean" },
  string: { kind: "string" },
};

function docOf({ name, annotation, default: value }: InputDeclaration, text: string): ArgumentDoc {
  if (annotation.kind !== "type") {
    const shape = annotation.kind === "shape" ? text.slice(annotation.range.start, annotation.range.end) : "[]";
    return { name: name.name, type: { kind: "tensor" }, summary: `Input, ${shape} for one sample.` };
  }
  const type = typesByWord[annotation.type.name] ?? { kind: "number" };
  const summary = "Attribute of the network.";
  if (value === undefined) return { name: name.name, type, summary };
  const known = value.kind === "number" || value.kind === "boolean" || value.kind === "string";
  return { name: name.name, type, summary, ...(known ? { default: value.value } : { optional: true }) };
}

/** Zeros in the shape of an input, as a snippet; undefined for an attribute, or when there would be many. */
export function zerosFor({ declaration }: NetworkNames, name: string): string | undefined {
  const annotation = declaration.inputs.find((input) => input.name.name === name)?.annotation;
  if (annotation === undefined || annotation.kind === "type") return undefined;
  const sizes = annotation.kind === "shape" ? annotation.dimensions : [];
  let zeros = "0";
  for (const size of [...sizes].reverse()) {
    if (size.kind !== "number" || zeros.length * size.value > 40) return `[${placeholder(1, "0")}]`;
    zeros = `[${new Array<string>(size.value).fill(zeros).join(", ")}]`;
  }
  return placeholder(1, zeros);
}

/** The documentation of a call by its name, of the kinds that are possible there. */
export function docOfCall(name: string, kinds: readonly CallableKind[]): CallableDoc | undefined {
  for (const kind of kinds) {
    const doc = documentation(kind, name);
    if (doc !== undefined) return doc;
  }
  return undefined;
}
