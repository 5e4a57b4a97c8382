// What is computed in each kind of pass of a training, whatever computes it.

import { targetId, trainableIds, trainingLoss } from "../model/build";
import type { Shape } from "../protocol/array";
import type { Training } from "../protocol/network";
import { observedIds } from "./observe";
import type { PassOptions } from "./pass";

/** A step, the loss and output in eval mode, or a batch with everything that can be looked at. */
export type Purpose = "train" | "validate" | "observe";

/** `targetShape` is of one sample. */
export function trainingPass(training: Training, targetShape: Shape, purpose: Purpose, batchSize: number): PassOptions {
  const { network } = training;
  const everything = observedIds(network);
  return {
    batchSize,
    mode: purpose === "validate" ? "eval" : "train",
    updates: purpose === "train",
    loss: trainingLoss(training, targetShape),
    values: purpose === "observe" ? everything : [network.outputs[0]!.value],
    gradients: { train: trainableIds(network), validate: [], observe: [...everything, targetId] }[purpose],
  };
}
