// Whether this machine has the memory for something, before any of it is allocated.

import { totalmem } from "node:os";
import { DataError } from "../data/dataset";
import {
  memoryFor,
  memoryOfParameters,
  memoryOfTraining,
  type Precision,
  type StepShape,
  shortage,
  surelyFits,
} from "../model/memory";
import type { Network, Training } from "../protocol/network";

/** Throws DataError, naming what needs the most. */
export function expectRoomToTrain(training: Training, step: StepShape): void {
  const available = memoryFor(step.precision, machineMemory());
  if (step.precision === "float32" && surelyFits(training, step.batchSize, available)) return;
  const missing = shortage(memoryOfTraining(training, step), available);
  if (missing === undefined) return;
  throw new DataError(
    `training ${training.network.name} in batches of ${step.batchSize} ${missing}. Make it or the batch smaller`,
  );
}

/** Throws DataError, naming the layer with the most parameters. */
export function expectRoomForWeights(network: Network, precision: Precision): void {
  const missing = shortage(memoryOfParameters(network, precision), memoryFor(precision, machineMemory()));
  if (missing !== undefined) throw new DataError(`${network.name} ${missing}. Make it smaller`);
}

/** Bytes: of the machine, or what a container leaves of it. */
function machineMemory(): number {
  const container = process.constrainedMemory();
  return container > 0 ? Math.min(container, totalmem()) : totalmem();
}
