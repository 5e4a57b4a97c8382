// Snapshots, and explanations of their numbers, for tests of what the editor shows.

import type { Explanation } from "../../engine/protocol/explanation";
import type { ObservedQuantity, Snapshot, TensorSummary } from "../../engine/protocol/snapshot";

export function summary(mean: number, norm = 1, zeroFraction = 0): TensorSummary {
  return {
    shape: [32, 8],
    mean,
    standardDeviation: 0.25,
    min: -1,
    max: 2,
    norm,
    zeroFraction,
    notFinite: 0,
    histogram: { low: -1, high: 2, counts: [1, 4, 9, 2] },
  };
}

/** With a gradient of the given L2 norm, if one is given. */
export function quantity(mean: number, gradientNorm?: number, zeroFraction = 0): ObservedQuantity {
  const value = summary(mean, 5, zeroFraction);
  return gradientNorm === undefined ? { value } : { value, gradient: summary(0, gradientNorm) };
}

export function snapshotOf(training: string, quantities: Snapshot["quantities"]): Snapshot {
  return {
    training,
    version: 1,
    epoch: 3,
    step: 1200,
    batchSize: 32,
    loss: 0.31,
    learningRate: 0.01,
    samplesPerSecond: 1000,
    quantities,
  };
}

/** Of an element of the gradient of h, after the step of `snapshotOf`; nothing leads from it or to it. */
export function explanationOf(changes: Partial<Explanation>): Explanation {
  return {
    training: "Baseline",
    epoch: 3,
    step: 1200,
    id: "h",
    of: "gradient",
    name: "∂L/∂h",
    shape: [32, 8],
    element: [3, 7],
    isLargest: false,
    latex: "a < b",
    picture: { svg: '<svg width="10"/>', width: 10, height: 10 },
    terms: { all: 1, written: 1 },
    result: 0.5,
    trained: { number: 0.5, precision: "float32" },
    causes: [],
    from: [],
    to: [],
    ...changes,
  };
}
