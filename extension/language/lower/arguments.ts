// Written arguments → bound ones: positional, then named, defaults filled in. One function for everything that can be
// called, driven by its documentation.

import { documentation, isPlanned, namesOf } from "../../../engine/model/catalog";
import { formatShape } from "../../../engine/model/shape";
import type { ArgumentDoc, ArgumentType, ArgumentValue, Call, CallableKind } from "../../../engine/protocol/catalog";
import type { Subject } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Argument, Expression, Identifier } from "../ast";
import type { Code } from "../diagnostics";
import { formatNumber } from "../format-number";
import { type AttributeScope, constant, tensorLiteral } from "./constants";
import { type Context, oneLine } from "./context";
import { rename, suggest } from "./fixes";

/** What is called, for messages and mentions. */
export interface Callee {
  readonly name: string;
  readonly range: Range;
  /** What the name of one of its arguments stands for. */
  subject(argument: string): Subject;
}

export interface BoundArguments {
  readonly values: Readonly<Record<string, ArgumentValue>>;
  /** Where each written argument's value stands. */
  readonly ranges: Readonly<Record<string, Range>>;
  /** Whether all that is needed is there and right; false without a word when a value is not known yet. */
  readonly ok: boolean;
}

export function bindArguments(
  context: Context,
  callee: Callee,
  docs: readonly ArgumentDoc[],
  written: readonly Argument[],
  attributes: AttributeScope,
): BoundArguments {
  const values: Record<string, ArgumentValue> = {};
  const ranges: Record<string, Range> = {};
  let ok = true;
  let named = false;
  let position = 0;
  for (const argument of written) {
    named ||= argument.name !== undefined;
    const doc = argument.name
      ? namedDoc(context, callee, docs, argument.name)
      : positionalDoc(context, callee, docs, argument, named ? undefined : position++);
    if (doc === undefined) {
      ok = false;
      continue;
    }
    if (doc.name in ranges) {
      context.reporter.report("duplicate-argument", argument.range, [callee.name, doc.name]);
      ok = false;
      continue;
    }
    ranges[doc.name] = argument.value.range;
    const value = argumentValue(context, doc.name, doc.type, argument.value, attributes);
    if (value === undefined) ok = false;
    else values[doc.name] = value;
  }
  // Of a value that is missing where one was begun the parser has told.
  const isBegun = written.some(({ value }) => value.kind === "missing");
  for (const doc of docs) {
    if (doc.name in ranges) continue;
    if (doc.default !== undefined) values[doc.name] = doc.default;
    else if (!doc.optional) {
      ok = false;
      if (!isBegun) context.reporter.report("missing-argument", callee.range, [callee.name, doc.name, doc.summary]);
    }
  }
  return { values, ranges, ok };
}

function namedDoc(
  context: Context,
  callee: Callee,
  docs: readonly ArgumentDoc[],
  { name, range }: Identifier,
): ArgumentDoc | undefined {
  const doc = docs.find((candidate) => candidate.name === name);
  if (doc !== undefined) {
    context.mention(range, callee.subject(name));
  } else if (name !== "") {
    const suggestion = suggest(
      context,
      name,
      docs.map((candidate) => candidate.name),
    );
    const fixes = rename(range, suggestion);
    context.reporter.report("unknown-argument", range, [callee.name, name, suggestion], { fixes });
  }
  return doc;
}

function positionalDoc(
  context: Context,
  callee: Callee,
  docs: readonly ArgumentDoc[],
  argument: Argument,
  position: number | undefined,
): ArgumentDoc | undefined {
  if (argument.value.kind === "missing") return undefined;
  if (position === undefined) {
    context.reporter.report("positional-after-named", argument.range, []);
    return undefined;
  }
  const doc = docs[position];
  if (doc === undefined) context.reporter.report("too-many-arguments", argument.range, [callee.name, docs.length]);
  return doc;
}

/** Reads one argument as its type wants it. Undefined after reporting what is wrong, or when it is not known. */
export function argumentValue(
  context: Context,
  name: string,
  type: ArgumentType,
  expression: Expression,
  attributes: AttributeScope,
): ArgumentValue | undefined {
  if (expression.kind === "missing") return undefined;
  if (type.kind === "tensor") return tensorLiteral(context, expression, attributes);
  if (type.kind === "initializer") return catalogCall(context, "initializer", expression, attributes)?.call;
  if (type.kind === "shape") return shapeValue(context, name, expression, attributes);
  if (type.kind === "choice" && expression.kind === "name" && !attributes.values.has(expression.name)) {
    return chosen(context, name, type, expression.name, expression.range);
  }
  if (expression.kind === "list" || expression.kind === "call") return mismatch(context, name, type, expression);
  const found = constant(context, expression, attributes);
  if (found.kind === "computed") context.reporter.report("not-constant", expression.range, [name]);
  if (found.kind !== "known") return undefined;
  const { value } = found;
  switch (type.kind) {
    case "integer":
      if (typeof value !== "number") return mismatch(context, name, type, expression);
      if (!Number.isInteger(value)) return mismatch(context, name, type, expression, formatNumber(value));
      return inBounds(context, name, type, value, expression.range);
    case "number":
      if (typeof value !== "number") return mismatch(context, name, type, expression);
      return inBounds(context, name, type, value, expression.range);
    case "boolean":
      return typeof value === "boolean" ? value : mismatch(context, name, type, expression);
    case "choice":
      if (type.integer !== undefined && typeof value === "number") {
        return argumentValue(context, name, { kind: "integer", ...type.integer }, expression, attributes);
      }
      if (typeof value !== "string") return mismatch(context, name, type, expression);
      return chosen(context, name, type, value, expression.range);
    case "string":
    case "file":
      return typeof value === "string" ? value : mismatch(context, name, type, expression);
    case "column":
      if (typeof value === "string" || Number.isInteger(value)) return value;
      return mismatch(context, name, type, expression);
    default:
      return type satisfies never;
  }
}

function shapeValue(
  context: Context,
  name: string,
  expression: Expression,
  attributes: AttributeScope,
): readonly number[] | undefined {
  if (expression.kind !== "list") return mismatch(context, name, { kind: "shape" }, expression);
  const sizes = expression.elements.map((element) =>
    argumentValue(context, name, { kind: "integer", min: 1 }, element, attributes),
  );
  return sizes.every((size) => typeof size === "number") ? sizes : undefined;
}

function chosen(
  context: Context,
  name: string,
  type: ArgumentType & { readonly kind: "choice" },
  given: string,
  range: Range,
): string | undefined {
  if (type.choices.includes(given)) return given;
  const fixes = rename(range, suggest(context, given, type.choices));
  context.reporter.report("argument-type", range, [name, typeInWords(type), `${given} was given`], {
    fixes,
  });
  return undefined;
}

function inBounds(
  context: Context,
  name: string,
  { min, max, above, below }: Bounds,
  value: number,
  range: Range,
): number | undefined {
  const bound =
    min !== undefined && value < min
      ? `at least ${min}`
      : max !== undefined && value > max
        ? `at most ${max}`
        : above !== undefined && value <= above
          ? `greater than ${above}`
          : below !== undefined && value >= below
            ? `less than ${below}`
            : Number.isFinite(value)
              ? undefined
              : "a finite number";
  if (bound === undefined) return value;
  context.reporter.report("argument-range", range, [name, bound, String(value)]);
  return undefined;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

function mismatch(
  context: Context,
  name: string,
  type: ArgumentType,
  expression: Expression,
  given = oneLine(context.text, expression.range, 30),
): undefined {
  context.reporter.report("argument-type", expression.range, [name, typeInWords(type), `${given} was given`]);
  return undefined;
}

/** As messages and hovers say it: `a whole number`. */
export function typeInWords(type: ArgumentType): string {
  switch (type.kind) {
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${type.choices.join(", ")}${type.integer === undefined ? "" : " or a whole number"}`;
    case "string":
      return 'a text in quotes, "…"';
    case "file":
      return 'a path in quotes, "data/file.csv"';
    case "column":
      return 'a column: its name in quotes or its number, "kind" or -1';
    case "shape":
      return `a shape, ${formatShape([8, 8])}`;
    case "tensor":
      return "a literal, [[1, 2], [3, 4]]";
    case "initializer":
      return "an initializer";
    default:
      return type satisfies never;
  }
}

export interface CatalogCall {
  readonly call: Call;
  readonly ranges: Readonly<Record<string, Range>>;
  readonly nameRange: Range;
}

/** `Adam(rate: 0.01)` or `Adam`: an entry of the catalog with its arguments. Undefined after reporting what is wrong. */
export function catalogCall(
  context: Context,
  kind: Exclude<CallableKind, "layer" | "function" | "metric">,
  expression: Expression,
  attributes: AttributeScope,
): CatalogCall | undefined {
  if (expression.kind !== "call" && expression.kind !== "name") {
    if (expression.kind !== "missing") {
      context.reporter.report("argument-type", expression.range, [
        kind === "dataset" ? "the source" : `the ${kind}`,
        `one of ${namesOf(kind).join(", ")}`,
        `${oneLine(context.text, expression.range, 30)} was given`,
      ]);
    }
    return undefined;
  }
  const callee = calleeOf(expression);
  if (callee.name === "") return undefined;
  const doc = documentation(kind, callee.name);
  if (doc === undefined) {
    reportUnknown(context, kind, callee, namesOf(kind));
    return undefined;
  }
  context.mention(callee.range, { kind: "callable", callable: kind, name: doc.name });
  const bound = bindArguments(
    context,
    catalogCallee(kind, callee),
    doc.arguments,
    expression.kind === "call" ? expression.arguments : [],
    attributes,
  );
  if (!bound.ok) return undefined;
  return { call: { name: doc.name, arguments: bound.values }, ranges: bound.ranges, nameRange: callee.range };
}

export function calleeOf(expression: Extract<Expression, { kind: "call" | "name" }>): NamedPlace {
  return expression.kind === "call" ? expression.callee : { name: expression.name, range: expression.range };
}

export interface NamedPlace {
  readonly name: string;
  readonly range: Range;
}

export function catalogCallee(kind: CallableKind, { name, range }: NamedPlace): Callee {
  return { name, range, subject: (argument) => ({ kind: "callable", callable: kind, name, argument }) };
}

/** Says that a name is planned, or unknown with the nearest one there is. */
export function reportUnknown(
  context: Context,
  kind: CallableKind,
  { name, range }: NamedPlace,
  candidates: Iterable<string>,
): void {
  if (isPlanned(kind, name)) {
    context.reporter.report("not-supported", range, [`\`${name}\` is`]);
    return;
  }
  const suggestion = suggest(context, name, candidates);
  const code: Code = `unknown-${kind}`;
  context.reporter.report(code, range, [name, suggestion], { fixes: rename(range, suggestion) });
}
