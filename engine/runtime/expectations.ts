// One expectation of a check: whether it holds, and if not, what differs and where.

import { formatShape } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Check, CheckStatement, Comparison, ValueId } from "../protocol/network";
import type { ExpectationReport } from "../protocol/snapshot";
import { formatArray, formatIndex, formatNumber } from "./print";

/** `formula` gives the numbers of a side. */
export function judge(
  { formulas, tolerance }: Check,
  { text, comparison, left, right }: CheckStatement & { readonly kind: "expect" },
  formula: (id: ValueId) => NdArray,
): ExpectationReport {
  const actual = formula(left);
  const expected = formula(right);
  const title = formulas.find(({ id }) => id === left)?.title ?? "the left side";
  const difference = compare(title, actual, comparison, expected, tolerance);
  // Numbers that differ should not read the same.
  const same = difference !== "" && formatArray(actual) === formatArray(expected);
  const precision = same ? allDigits : undefined;
  return {
    text,
    ok: difference === "",
    expected: formatArray(expected, precision),
    actual: formatArray(actual, precision),
    difference,
  };
}

const allDigits = 17;

const holds: { readonly [C in Comparison]: (a: number, b: number, tolerance: number) => boolean } = {
  "==": (a, b, tolerance) => a === b || Math.abs(a - b) <= tolerance,
  "!=": (a, b, tolerance) => !(a === b || Math.abs(a - b) <= tolerance),
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Empty when it holds; otherwise where it does not: `H1[0][1] is -1, expected -0.5`. */
function compare(title: string, actual: NdArray, comparison: Comparison, expected: NdArray, tolerance: number): string {
  const oneForAll =
    expected.data.length === 1 && expected.shape.length === 0 && comparison !== "==" && comparison !== "!=";
  if (!oneForAll && formatShape(actual.shape) !== formatShape(expected.shape)) {
    if (comparison === "!=") return "";
    return `${title} is ${shapeName(actual.shape)}, expected ${shapeName(expected.shape)}`;
  }
  const wrong: number[] = [];
  actual.data.forEach((value, position) => {
    if (!holds[comparison](value, expected.data[oneForAll ? 0 : position]!, tolerance)) wrong.push(position);
  });
  // Tensors are unequal as soon as one element is.
  if (comparison === "!=") {
    return wrong.length < actual.data.length ? "" : `${title} is the same as the right side, within ${tolerance}`;
  }
  const [first] = wrong;
  if (first === undefined) return "";
  const value = actual.data[first]!;
  const bound = expected.data[oneForAll ? 0 : first]!;
  const precision = formatNumber(value) === formatNumber(bound) ? allDigits : undefined;
  const sign = comparison === "==" ? "" : `${comparison} `;
  const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : "";
  return `${title}${formatIndex(actual.shape, first)} is ${formatNumber(value, precision)}, expected ${sign}${formatNumber(bound, precision)}${more}`;
}

const shapeName = (shape: readonly number[]): string => (shape.length === 0 ? "a single number" : formatShape(shape));
