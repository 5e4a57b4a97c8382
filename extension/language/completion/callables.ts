// Entries of the catalog as completions: documentation as in the hover, required arguments as places to fill in.

import { documentation, inputCount, namesOf } from "../../../engine/model/catalog";
import type {
  ArgumentDoc,
  ArgumentType,
  ArgumentValue,
  CallableDoc,
  CallableKind,
} from "../../../engine/protocol/catalog";
import { callableBody, formatValue } from "../hover/callable";
import { typeInWords } from "../lower/arguments";
import { choice, type Draft, type ItemKind, literal, placeholder } from "./items";

/** How a call is written where it is proposed. */
export interface Writing {
  /** The input comes through a pipe, so it is no argument. */
  readonly piped: boolean;
  /** Parentheses follow already: the name alone is written. */
  readonly nameOnly: boolean;
}

export function callables(kind: CallableKind, writing: Writing): Draft[] {
  return namesOf(kind)
    .filter((name) => !hasOperator.has(name))
    .map((name) => ofDoc(documentation(kind, name)!, writing));
}

/** Functions that are written with an operator, an index or a member. */
const hasOperator: ReadonlySet<string> = new Set(
  "add subtract multiply divide power matmul transpose negate equal notEqual less lessEqual greater greaterEqual index slice augmented".split(
    " ",
  ),
);

const itemKinds: { readonly [Kind in CallableKind]?: ItemKind } = {
  layer: "layer",
  function: "function",
  metric: "metric",
};

function ofDoc(doc: CallableDoc, { piped, nameOnly }: Writing): Draft {
  const { name, kind, category } = doc;
  const inputs = piped ? [] : inputNames(doc);
  const required = requiredPlaces(doc, inputs.length);
  const places = [...inputs.map((input, index) => placeholder(index + 1, input)), ...required];
  const insertText = nameOnly || places.length === 0 ? literal(name) : `${literal(name)}(${places.join(", ")})`;
  return {
    label: name,
    kind: itemKinds[kind] ?? "callable",
    detail: category === "" || category === kind ? kind : `${category} ${kind === "dataset" ? "data" : kind}`,
    documentation: callableBody(doc).join("\n\n"),
    insertText,
    ...(!nameOnly && places.length > 0 ? { follow: "signature" as const } : {}),
  };
}

/** What a call without a pipe takes first. */
export function inputNames({ kind, name }: CallableDoc): string[] {
  const count = kind === "layer" || kind === "function" ? inputCount(kind, name) : undefined;
  if (count === undefined || count.max === 0) return [];
  return count.max === 1 ? ["x"] : ["a", "b"];
}

/** One required argument stands alone, several have their names. An optimizer is always asked for its first argument. */
function requiredPlaces({ arguments: docs, kind }: CallableDoc, inputs: number): string[] {
  const required = docs.filter((doc) => doc.default === undefined && !doc.optional);
  const [first] = docs;
  const asked = required.length === 0 && kind === "optimizer" && first ? [first] : required;
  const needNames = asked.length > 1 || required.length === 0;
  return asked.map((doc, index) => {
    const place = valuePlace(inputs + index + 1, doc);
    return needNames ? `${literal(doc.name)}: ${place}` : place;
  });
}

/** Where an argument's value is filled in, with its default or an example of its type. */
export function valuePlace(index: number, { name, type, default: value }: ArgumentDoc): string {
  switch (type.kind) {
    case "boolean":
      // The other value is why one writes it at all.
      return choice(index, value === true ? ["false", "true"] : ["true", "false"]);
    case "choice":
      return choice(
        index,
        typeof value === "string" ? [value, ...type.choices.filter((each) => each !== value)] : type.choices,
      );
    case "string":
    case "file":
    case "column":
      return `"${placeholder(index, typeof value === "string" ? value : "")}"`;
    case "shape":
      return `[${placeholder(index, "8, 8")}]`;
    case "tensor":
      return placeholder(index, "[[0, 1]]");
    case "initializer":
    case "integer":
    case "number":
      return placeholder(index, value === undefined ? name : formatValue(value));
    default:
      return type satisfies never;
  }
}

/** `a whole number, at least 1 · default 3` */
export function argumentDetail({ type, default: value, optional }: ArgumentDoc): string {
  return `${typeInWords(type)}${bounds(type)} · ${initial(value, optional)}`;
}

function initial(value: ArgumentValue | undefined, optional: boolean | undefined): string {
  if (value !== undefined) return `default ${formatValue(value)}`;
  return optional ? "optional" : "required";
}

function bounds(type: ArgumentType): string {
  if (type.kind !== "integer" && type.kind !== "number") return "";
  const above = type.kind === "number" ? type.above : undefined;
  const below = type.kind === "number" ? type.below : undefined;
  const parts = [
    type.min === undefined ? "" : `at least ${type.min}`,
    type.max === undefined ? "" : `at most ${type.max}`,
    above === undefined ? "" : `greater than ${above}`,
    below === undefined ? "" : `less than ${below}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `, ${parts.join(" and ")}`;
}
