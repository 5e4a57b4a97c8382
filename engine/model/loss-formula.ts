// A loss written as an expression: its values, over values of the network and the target, → one scalar. Written for one
// sample like everything in the language; what depends on no sample, such as a penalty on weights, counts once.

import type { Loss, Quantity, Value, ValueId } from "../protocol/network";
import { applyFunction } from "./functions";
import type { Graph, Tensor } from "./graph";
import { reduceBatch } from "./losses";
import { add, divide, multiply, negate, subtract } from "./ops/elementwise";
import type { Sample } from "./sample";
import { shapeOfSample } from "./sample";
import { formatShape, ShapeError } from "./shape";

export type FormulaLoss = Loss & { readonly kind: "formula" };

/**
 * Appends a formula to the graph: the sum of its terms, those of samples reduced over the batch, the others as they are.
 *
 * `leaf` gives what an observed value stands for. Throws ShapeError when shapes do not fit, or when the result is not a
 * single number for each sample.
 */
export function appendFormula(
  graph: Graph,
  formula: FormulaLoss,
  reduction: "mean" | "sum",
  leaf: (quantity: Quantity) => Sample,
): Tensor {
  const samples = new Map<ValueId, Sample>();
  for (const value of formula.values) samples.set(value.id, sampleOf(value, graph, samples, leaf));
  const result = given(samples, formula.result);
  const shape = shapeOfSample(result);
  if (shape.length > 0) {
    throw new ShapeError(
      `A loss is a single number for each sample, but ${formula.text} is ${formatShape(shape)}. Take its sum or its mean.`,
    );
  }
  const sources = new Map(formula.values.map(({ id, source }) => [id, source]));

  // Σₙ (fₙ + c) would count c once for each sample: sums are taken apart, and so are products with what has no sample.
  const total = (id: ValueId): Tensor => {
    const { tensor, batched } = given(samples, id);
    if (!batched) return tensor;
    const source = sources.get(id);
    if (source?.kind === "operation") {
      const [a, b] = source.inputs;
      const isSingle = (input: ValueId | undefined) =>
        input !== undefined && shapeOfSample(given(samples, input)).length === 0;
      const isFixed = (input: ValueId | undefined) => isSingle(input) && !given(samples, input!).batched;
      if (source.function === "add" && isSingle(a) && isSingle(b)) return add(total(a!), total(b!));
      if (source.function === "subtract" && isSingle(a) && isSingle(b)) return subtract(total(a!), total(b!));
      if (source.function === "negate") return negate(total(a!));
      if (source.function === "multiply" && isFixed(a)) return multiply(total(a!), total(b!));
      if (source.function === "multiply" && isFixed(b)) return multiply(total(a!), total(b!));
      if (source.function === "divide" && isFixed(b)) return divide(total(a!), total(b!));
    }
    return reduceBatch(tensor, reduction);
  };
  return total(formula.result);
}

/** Whether a formula compares with a target. */
export function usesTarget({ values }: FormulaLoss): boolean {
  return values.some(({ source }) => source.kind === "observed" && source.quantity.kind === "target");
}

function sampleOf(
  { source, title }: Value,
  graph: Graph,
  samples: ReadonlyMap<ValueId, Sample>,
  leaf: (quantity: Quantity) => Sample,
): Sample {
  switch (source.kind) {
    case "observed":
      return leaf(source.quantity);
    case "constant":
      return { tensor: graph.constant(source.data), batched: false };
    case "operation":
      return applyFunction(
        source.function,
        source.arguments,
        source.inputs.map((input) => given(samples, input)),
      );
    case "layer":
    case "input":
    case "parameter":
      throw new ShapeError(`${title} cannot stand in a loss: bind it to a name in the network and write that.`);
    default:
      return source satisfies never;
  }
}

function given(samples: ReadonlyMap<ValueId, Sample>, id: ValueId): Sample {
  const sample = samples.get(id);
  if (!sample) throw new ShapeError(`there is no ${id}.`);
  return sample;
}
