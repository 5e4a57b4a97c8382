// The numbers of a check's target that stand for classes, where they can be proven to name none.

import { expectedBy } from "../../../engine/model/catalog";
import { sameShape } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Loss } from "../../../engine/protocol/network";
import type { Expression } from "../ast";
import type { Context } from "./context";

/**
 * Whether every class index of a target that fits the loss is one of the output's, after reporting those that are not.
 * `output` is the shape of one sample's, `target` has the batch dimension in front, `written` is its literal.
 */
export function namesClasses(
  context: Context,
  loss: Loss,
  output: Shape,
  target: NdArray,
  written: Expression,
): boolean {
  const classes = output.at(-1);
  if (loss.kind !== "call" || expectedBy(loss.call.name) !== "probabilities" || classes === undefined) return true;
  // Otherwise a probability for each class.
  if (sameShape(target.shape.slice(1), output)) return true;
  const wrong = elementsOf(written).filter((_, index) => !isIndex(target.data[index]!, classes));
  for (const { range } of wrong) {
    context.reporter.report("class-index", range, [context.text.slice(range.start, range.end), classes]);
  }
  return wrong.length === 0;
}

/** In the order of the literal's numbers. */
function elementsOf(literal: Expression): readonly Expression[] {
  return literal.kind === "list" ? literal.elements.flatMap(elementsOf) : [literal];
}

function isIndex(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count;
}
