// Values as the language means them: written for one sample, with the batch dimension N in front when they run.

import type { Shape } from "../protocol/array";
import type { Tensor } from "./graph";
import { broadcastTo, reshape } from "./ops/movement";
import { sameShape } from "./shape";

/** A tensor that is [N, …sample shape] when `batched`, else just [… sample shape]. */
export interface Sample {
  readonly tensor: Tensor;
  readonly batched: boolean;
}

/** Shape for one sample. */
export function shapeOfSample({ tensor, batched }: Sample): Shape {
  return batched ? tensor.shape.slice(1) : tensor.shape;
}

/** The batch dimension: [N] or nothing. */
export function batchOf({ tensor, batched }: Sample): Shape {
  return batched ? tensor.shape.slice(0, 1) : [];
}

/** The same numbers with another shape for one sample. */
export function reshapeSample(sample: Sample, shape: Shape): Sample {
  return { tensor: reshaped(sample.tensor, [...batchOf(sample), ...shape]), batched: sample.batched };
}

/** Gives a batched sample at least `rank` dimensions by ones in front, so that it broadcasts within the sample only. */
export function withRank(sample: Sample, rank: number): Sample {
  const shape = shapeOfSample(sample);
  if (!sample.batched || shape.length >= rank) return sample;
  return reshapeSample(sample, [...new Array<number>(rank - shape.length).fill(1), ...shape]);
}

/** The tensor repeated for each of `batchSize` samples, unless it has them already. */
export function withBatch({ tensor, batched }: Sample, batchSize: number): Tensor {
  return batched ? tensor : broadcastTo(tensor, { shape: [batchSize, ...tensor.shape] });
}

/** Appends nothing when the shape is the same already. */
export function reshaped(tensor: Tensor, shape: Shape): Tensor {
  return sameShape(tensor.shape, shape) ? tensor : reshape(tensor, { shape });
}
