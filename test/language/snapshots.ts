// Snapshots for tests of what the editor shows.

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
