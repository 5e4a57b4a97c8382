// Loss and metrics over the samples of one epoch, put together from its batches.

import { metric } from "../model/metrics";
import { sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Metrics } from "../protocol/snapshot";
import type { Evaluated } from "./computation";

/** Of a whole data set. */
export interface Scores {
  readonly loss: number;
  readonly metrics: Metrics;
}

export class Tally {
  private samples = 0;
  private lossSum = 0;
  private predictions: Collected | undefined;
  private targets: Collected | undefined;

  /** `capacity` is the number of samples of the epoch. */
  constructor(
    private readonly metrics: readonly string[],
    private readonly capacity: number,
  ) {}

  add({ loss, output, target }: Evaluated): void {
    const count = target.shape[0]!;
    this.samples += count;
    this.lossSum += loss * count;
    if (this.metrics.length === 0) return;
    this.predictions ??= new Collected(output.shape, this.capacity);
    this.targets ??= new Collected(target.shape, this.capacity);
    this.predictions.add(output);
    this.targets.add(target);
  }

  result(): Scores {
    const { predictions, targets } = this;
    const metrics =
      predictions && targets
        ? this.metrics.map((name) => [name, metric(name, predictions.array(), targets.array())] as const)
        : [];
    return { loss: this.lossSum / this.samples, metrics: Object.fromEntries(metrics) };
  }
}

/** Batches put together again. */
class Collected {
  private readonly sampleShape: readonly number[];
  private readonly data: Float64Array;
  private length = 0;

  constructor([, ...sampleShape]: readonly number[], capacity: number) {
    this.sampleShape = sampleShape;
    this.data = new Float64Array(capacity * sizeOf(sampleShape));
  }

  add({ data }: NdArray): void {
    this.data.set(data, this.length);
    this.length += data.length;
  }

  array(): NdArray {
    const samples = this.length / sizeOf(this.sampleShape);
    return { shape: [samples, ...this.sampleShape], data: this.data.subarray(0, this.length) };
  }
}
