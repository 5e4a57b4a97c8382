// One number of an expression, without all the others where it is made of few.

import { noRandomNumbers } from "../../model/evaluate";
import { named } from "../../model/op";
import * as elementwise from "../../model/ops/elementwise";
import { reshape } from "../../model/ops/movement";
import { type Application, ArrayOnDemand, type Expression, shapeOf } from "./expression";
import { any, factorsOf, isProductSum, positionIn } from "./places";

export function numberOf(expression: Expression, position: number): number {
  const { value } = expression;
  if (expression.kind === "quantity" && expression.resultOf) return numberOf(expression.resultOf, position);
  const isCheap = expression.kind === "application" && !(value instanceof ArrayOnDemand && value.isMade);
  if (!isCheap) return value.data[position]!;
  if (expression.op === any(reshape)) return numberOf(expression.inputs[0]!, position);
  const known = knownOf(expression);
  const number = known.get(position) ?? computed(expression, position) ?? value.data[position]!;
  known.set(position, number);
  return number;
}

const mostFactors = 512; // Of a sum that is added up by itself: of a longer one the others are not far.

const elementwiseOps: ReadonlySet<unknown> = new Set(Object.values(elementwise));

const numbers = new WeakMap<Application, Map<number, number>>();

/** By position: a formula may use an expression many times. */
function knownOf(expression: Application): Map<number, number> {
  const known = numbers.get(expression) ?? new Map<number, number>();
  numbers.set(expression, known);
  return known;
}

/** Undefined for what is not made of few numbers. */
function computed(expression: Application, position: number): number | undefined {
  const { op, inputs, attributes } = expression;
  if (elementwiseOps.has(op)) {
    const given = inputs.map((input) => {
      const at = positionIn(shapeOf(input), shapeOf(expression), position);
      return { shape: [], data: Float64Array.of(numberOf(input, at)) };
    });
    const y = { shape: [], data: new Float64Array(1) };
    op.definition.forward(y, named(op.definition.inputs, given), attributes as never, noRandomNumbers);
    return y.data[0]!;
  }
  if (!isProductSum(expression)) return undefined;
  const factors = factorsOf(expression, position);
  if (factors.length > mostFactors) return undefined;
  const [a, b] = inputs as readonly [Expression, Expression];
  return factors.reduce((sum, [ofA, ofB]) => sum + numberOf(a, ofA) * numberOf(b, ofB), 0);
}
