// Epoch reports and Snapshots with plausible numbers, for tests that need some.

import type { EpochReport, Snapshot, TensorSummary } from "../../engine/protocol/snapshot";

export function report(epoch: number, more: Partial<EpochReport> = {}): EpochReport {
  return {
    epoch,
    epochs: 60,
    step: epoch * 10,
    loss: 1 / epoch,
    metrics: {},
    seconds: epoch,
    learningRate: 0.01,
    samplesPerSecond: 1000,
    ...more,
  };
}

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    training: "Baseline",
    version: 1,
    epoch: 1,
    step: 3,
    batchSize: 32,
    loss: 2.345,
    learningRate: 0.01,
    samplesPerSecond: 1000,
    quantities: {},
    ...more,
  };
}

/** Of one number. */
export function summary(number: number): TensorSummary {
  return {
    shape: [1],
    mean: number,
    standardDeviation: 0,
    min: number,
    max: number,
    norm: Math.abs(number),
    zeroFraction: number === 0 ? 1 : 0,
    notFinite: 0,
    histogram: { low: number, high: number, counts: [1] },
  };
}
