// Epoch reports and Snapshots with plausible numbers, for tests that need some.

import type { EpochReport, Snapshot } from "../../engine/protocol/snapshot";

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
