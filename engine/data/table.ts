// Numbers written in the `.nnet` file itself → Dataset.

import type { NdArray } from "../protocol/array";
import { classesOfIntegers } from "./classes";
import { DataError, type Dataset } from "./dataset";

/** inputs [samples, …], targets [samples] or [samples, …]; a plain list of inputs is one number for each sample. */
export function table(inputs: NdArray, targets: NdArray): Dataset {
  const [samples = 0, ...inputShape] = inputs.shape;
  const [rows = 0, ...targetShape] = targets.shape;
  if (inputs.shape.length === 0 || samples === 0) throw new DataError("inputs must hold at least one sample", "inputs");
  if (targets.shape.length === 0)
    throw new DataError("targets must be a list with one entry for each sample", "targets");
  if (rows !== samples) {
    throw new DataError(`inputs has ${samples} samples, but targets has ${rows}: each sample needs one`, "targets");
  }
  const classes = targetShape.length === 0 ? classesOfIntegers(targets.data) : undefined;
  return { inputs, targets, summary: { samples, inputShape, targetShape, ...(classes && { classes }) } };
}
