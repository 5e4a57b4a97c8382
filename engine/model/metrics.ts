// Metrics: numbers that are watched, not minimised. N samples, C classes.

import type { NdArray } from "../protocol/array";
import type { Described } from "./arguments";
import { lookUp } from "./arguments";
import { formatShape, ShapeError, sameShape, sizeOf } from "./shape";

/**
 * predictions [N, …], targets [N] or [N, …] → one number over all N samples.
 * Throws ShapeError when they cannot be compared.
 */
export function metric(name: string, predictions: NdArray, targets: NdArray): number {
  const record = lookUp<Metric>(metrics, name);
  if (!record) throw new Error(`There is no metric ${name}.`);
  return record.measure(predictions, targets);
}

interface Metric extends Described {
  readonly category: string;
  measure(predictions: NdArray, targets: NdArray): number;
}

const classification =
  "The predicted class is the largest of several probabilities, or 1 where a single one is at least 0.5; targets are class indices or one probability per class.";

export const metrics = {
  accuracy: define({
    category: "classification",
    summary: `Share of samples whose class is predicted right. ${classification}`,
    equation: String.raw`\tfrac1N \sum_n [\hat c_n = c_n]`,
    source: "",
    measure: (predictions, targets) => {
      const { predicted, actual } = classesOf(predictions, targets);
      let right = 0;
      for (let n = 0; n < actual.length; n++) if (predicted[n] === actual[n]) right++;
      return right / actual.length;
    },
  }),
  f1: define({
    category: "classification",
    summary: `Harmonic mean of precision and recall, for each class and then averaged over the classes that occur (macro). ${classification}`,
    equation: String.raw`\tfrac1C \sum_c \frac{2\,TP_c}{2\,TP_c + FP_c + FN_c}`,
    source: "van Rijsbergen 1979, chapter 7; scikit-learn, f1_score(average=“macro”)",
    measure: (predictions, targets) => {
      const counts = confusion(predictions, targets);
      return averageOver(counts, ({ right, predicted, actual }) => (2 * right) / (predicted + actual));
    },
  }),
  precision: define({
    category: "classification",
    summary: `Share of a class's predictions that are right, averaged over the classes that occur; 0 for one never predicted. ${classification}`,
    equation: String.raw`\tfrac1C \sum_c \frac{TP_c}{TP_c + FP_c}`,
    source: "van Rijsbergen 1979, chapter 7; macro average",
    measure: (predictions, targets) =>
      averageOver(confusion(predictions, targets), ({ right, predicted }) => (predicted > 0 ? right / predicted : 0)),
  }),
  recall: define({
    category: "classification",
    summary: `Share of a class's samples that are found, averaged over the classes that occur; 0 for one only predicted. ${classification}`,
    equation: String.raw`\tfrac1C \sum_c \frac{TP_c}{TP_c + FN_c}`,
    source: "van Rijsbergen 1979, chapter 7; macro average",
    measure: (predictions, targets) =>
      averageOver(confusion(predictions, targets), ({ right, actual }) => (actual > 0 ? right / actual : 0)),
  }),
  mse: define({
    category: "regression",
    summary: "Mean squared error, over all elements.",
    equation: String.raw`\tfrac{1}{Nd} \sum_{n,i} (\hat y_{ni} - t_{ni})^2`,
    source: "",
    measure: (predictions, targets) => meanOf(predictions, targets, (y, t) => (y - t) ** 2),
  }),
  rmse: define({
    category: "regression",
    summary: "Square root of the mean squared error: in the target's own unit.",
    equation: String.raw`\sqrt{\tfrac{1}{Nd} \sum_{n,i} (\hat y_{ni} - t_{ni})^2}`,
    source: "",
    measure: (predictions, targets) => Math.sqrt(meanOf(predictions, targets, (y, t) => (y - t) ** 2)),
  }),
  mae: define({
    category: "regression",
    summary: "Mean absolute error, over all elements.",
    equation: String.raw`\tfrac{1}{Nd} \sum_{n,i} |\hat y_{ni} - t_{ni}|`,
    source: "",
    measure: (predictions, targets) => meanOf(predictions, targets, (y, t) => Math.abs(y - t)),
  }),
};

interface ClassCount {
  /** Samples of the class that are predicted as it. */
  right: number;
  /** Samples predicted as the class. */
  predicted: number;
  /** Samples of the class. */
  actual: number;
}

/** Counts for every class that is predicted or actual at least once. */
function confusion(predictions: NdArray, targets: NdArray): readonly ClassCount[] {
  const { predicted, actual } = classesOf(predictions, targets);
  const counts = new Map<number, ClassCount>();
  const countOf = (c: number): ClassCount => {
    const count = counts.get(c) ?? { right: 0, predicted: 0, actual: 0 };
    counts.set(c, count);
    return count;
  };
  for (let n = 0; n < actual.length; n++) {
    countOf(predicted[n]!).predicted++;
    countOf(actual[n]!).actual++;
    if (predicted[n] === actual[n]) countOf(actual[n]!).right++;
  }
  return [...counts.values()];
}

function averageOver(counts: readonly ClassCount[], measure: (count: ClassCount) => number): number {
  return counts.reduce((total, count) => total + measure(count), 0) / counts.length;
}

/** The class of each prediction and of each target; positions before the last dimension count as samples. */
function classesOf(predictions: NdArray, targets: NdArray): { predicted: Float64Array; actual: Float64Array } {
  const classes = predictions.shape.length > 1 ? predictions.shape.at(-1)! : 1;
  const samples = predictions.data.length / classes;
  const predicted =
    classes === 1 ? predictions.data.map((p) => (p >= 0.5 ? 1 : 0)) : largestOf(predictions.data, classes);
  if (targets.data.length === samples) {
    // A single probability is compared with a yes or no, which targets may also give as a probability.
    return { predicted, actual: classes === 1 ? targets.data.map((t) => (t >= 0.5 ? 1 : 0)) : targets.data };
  }
  if (sameShape(targets.shape, predictions.shape)) return { predicted, actual: largestOf(targets.data, classes) };
  throw notComparable(predictions, targets);
}

/** The position of the largest number in each row; the first one of equals. */
function largestOf(data: Float64Array, classes: number): Float64Array {
  return Float64Array.from({ length: data.length / classes }, (_, row) => {
    let best = row * classes;
    for (let i = best + 1; i < (row + 1) * classes; i++) if (data[i]! > data[best]!) best = i;
    return best - row * classes;
  });
}

function meanOf(predictions: NdArray, targets: NdArray, measure: (y: number, t: number) => number): number {
  const [one, other] = [predictions.shape.slice(1), targets.shape.slice(1)];
  if (predictions.data.length !== targets.data.length || (sizeOf(one) > 1 && !sameShape(one, other))) {
    throw notComparable(predictions, targets);
  }
  let total = 0;
  for (let i = 0; i < predictions.data.length; i++) total += measure(predictions.data[i]!, targets.data[i]!);
  return total / predictions.data.length;
}

function notComparable(predictions: NdArray, targets: NdArray): ShapeError {
  return new ShapeError(
    `Predictions ${formatShape(predictions.shape.slice(1))} cannot be compared with targets ${formatShape(targets.shape.slice(1))}.`,
    [0, 1],
  );
}

function define(record: Omit<Metric, "gradient" | "arguments">): Metric {
  return { ...record, gradient: "", arguments: {} };
}
