// Expression → what is known before anything runs: numbers, texts, attributes and arithmetic of them.

import type { NdArray } from "../../../engine/protocol/array";
import type { Range } from "../../../engine/protocol/text";
import type { BinaryOperator, Expression, ListLiteral } from "../ast";
import type { Context } from "./context";
import { rename, suggest } from "./fixes";

export type Scalar = number | boolean | string;

/** Attributes in scope by name; undefined when their value is not known, which is no error of those who use them. */
export interface AttributeScope {
  readonly network: string;
  readonly values: ReadonlyMap<string, Scalar | undefined>;
  /** Whether a name stands for a value of the running network. */
  isValue(name: string): boolean;
}

export const noAttributes: AttributeScope = { network: "", values: new Map(), isValue: () => false };

export type Constant =
  | { readonly kind: "known"; readonly value: Scalar }
  /** Depends on an attribute without a value, or on text that is missing. */
  | { readonly kind: "unknown" }
  /** An error has been reported. */
  | { readonly kind: "wrong" }
  /** Needs a running network. */
  | { readonly kind: "computed" };

/** Reports unknown names only: what type is needed is the caller's business. */
export function constant(context: Context, expression: Expression, attributes: AttributeScope): Constant {
  switch (expression.kind) {
    case "number":
    case "boolean":
    case "string":
      return { kind: "known", value: expression.value };
    case "name":
      return attribute(context, expression, attributes);
    case "unary":
      return arithmetic([constant(context, expression.operand, attributes)], ([value]) => -value!);
    case "binary": {
      const operation = operations[expression.operator];
      if (operation === undefined) return { kind: "computed" };
      const left = constant(context, expression.left, attributes);
      const right = constant(context, expression.right, attributes);
      return arithmetic([left, right], ([a, b]) => operation(a!, b!));
    }
    case "missing":
      return { kind: "unknown" };
    default:
      return { kind: "computed" };
  }
}

/** Whether an expression is made of literals, attributes and arithmetic alone. */
export function isConstant(expression: Expression, attributes: AttributeScope): boolean {
  switch (expression.kind) {
    case "number":
    case "boolean":
    case "string":
    case "missing":
      return true;
    case "name":
      return attributes.values.has(expression.name);
    case "unary":
      return isConstant(expression.operand, attributes);
    case "binary":
      return isConstant(expression.left, attributes) && isConstant(expression.right, attributes);
    case "list":
      return expression.elements.every((element) => isConstant(element, attributes));
    default:
      return false;
  }
}

/** A literal `[[1, 2], [3, 4]]`, a number being a scalar. Undefined after reporting what is wrong, or when unknown. */
export function tensorLiteral(
  context: Context,
  expression: Expression,
  attributes: AttributeScope,
): NdArray | undefined {
  const numbers: number[] = [];
  const shape = readTensor(context, expression, attributes, numbers);
  return shape && { shape, data: Float64Array.from(numbers) };
}

function readTensor(
  context: Context,
  expression: Expression,
  attributes: AttributeScope,
  numbers: number[],
): number[] | undefined {
  if (expression.kind === "list") return readRows(context, expression, attributes, numbers);
  const found = constant(context, expression, attributes);
  if (found.kind === "known" && typeof found.value === "number") {
    numbers.push(found.value);
    return [];
  }
  if (found.kind === "known" || found.kind === "computed") {
    context.reporter.report("not-a-number", expression.range, []);
  }
  return undefined;
}

function readRows(
  context: Context,
  list: ListLiteral,
  attributes: AttributeScope,
  numbers: number[],
): number[] | undefined {
  if (list.elements.length === 0) {
    context.reporter.report("empty-literal", list.range, []);
    return undefined;
  }
  let row: number[] | undefined;
  for (const element of list.elements) {
    const shape = readTensor(context, element, attributes, numbers);
    if (shape === undefined) return undefined;
    if (row !== undefined && (row.length !== shape.length || row.some((size, axis) => size !== shape[axis]))) {
      context.reporter.report("ragged-literal", element.range, []);
      return undefined;
    }
    row = shape;
  }
  return [list.elements.length, ...row!];
}

function attribute(
  context: Context,
  { name, range }: { readonly name: string; readonly range: Range },
  { network, values, isValue }: AttributeScope,
): Constant {
  if (values.has(name)) {
    context.mention(range, { kind: "attribute", network, name });
    const value = values.get(name);
    return value === undefined ? { kind: "unknown" } : { kind: "known", value };
  }
  if (isValue(name)) return { kind: "computed" };
  const suggestion = suggest(context, name, values.keys());
  context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
  return { kind: "wrong" };
}

const operations: { readonly [Operator in BinaryOperator]?: (a: number, b: number) => number } = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

function arithmetic(operands: readonly Constant[], compute: (values: readonly number[]) => number): Constant {
  const values: number[] = [];
  for (const operand of operands) {
    if (operand.kind !== "known") return operand;
    if (typeof operand.value !== "number") return { kind: "computed" };
    values.push(operand.value);
  }
  return { kind: "known", value: compute(values) };
}
