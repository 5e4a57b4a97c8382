// One number of an expression, without all the others where it is made of few.

import { noRandomNumbers } from "../../model/evaluate";
import { named } from "../../model/op";
import * as elementwise from "../../model/ops/elementwise";
import { reshape } from "../../model/ops/movement";
import { type Application, ArrayOnDemand, type Expression, shapeOf } from "./expression";
import { any, positionIn } from "./places";

export function numberOf(expression: Expression, position: number): number {
  const { value } = expression;
  const isCheap = expression.kind === "application" && !(value instanceof ArrayOnDemand && value.isMade);
  if (!isCheap) return value.data[position]!;
  if (expression.op === any(reshape)) return numberOf(expression.inputs[0]!, position);
  return elementwiseOps.has(expression.op) ? computed(expression, position) : value.data[position]!;
}

const elementwiseOps: ReadonlySet<unknown> = new Set(Object.values(elementwise));

/** What was computed, by position: a formula may use an expression many times. */
const known = new WeakMap<Application, Map<number, number>>();

function computed(expression: Application, position: number): number {
  const numbers = known.get(expression) ?? new Map<number, number>();
  known.set(expression, numbers);
  const done = numbers.get(position);
  if (done !== undefined) return done;
  const { op, inputs, attributes } = expression;
  const given = inputs.map((input) => {
    const at = positionIn(shapeOf(input), shapeOf(expression), position);
    return { shape: [], data: Float64Array.of(numberOf(input, at)) };
  });
  const y = { shape: [], data: new Float64Array(1) };
  op.definition.forward(y, named(op.definition.inputs, given), attributes as never, noRandomNumbers);
  numbers.set(position, y.data[0]!);
  return y.data[0]!;
}
