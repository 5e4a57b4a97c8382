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

/** What is known of an epoch so far. Predictions and targets are there when metrics need them. */
export interface TallyState {
  readonly samples: number;
  readonly lossSum: number;
  readonly predictions?: NdArray;
  readonly targets?: NdArray;
}

export const nothingTallied: TallyState = { samples: 0, lossSum: 0 };

export class Tally {
  private samples: number;
  private lossSum: number;
  private predictions: Collected | undefined;
  private targets: Collected | undefined;

  /** `capacity` is the number of samples of the epoch. */
  constructor(
    private readonly metrics: readonly string[],
    private readonly capacity: number,
    { samples, lossSum, predictions, targets }: TallyState = nothingTallied,
  ) {
    this.samples = samples;
    this.lossSum = lossSum;
    this.predictions = predictions && this.collected(predictions);
    this.targets = targets && this.collected(targets);
  }

  add({ loss, output, target }: Evaluated): void {
    const count = target.shape[0]!;
    this.samples += count;
    this.lossSum += loss * count;
    if (this.metrics.length === 0) return;
    if (this.predictions) this.predictions.add(output);
    else this.predictions = this.collected(output);
    if (this.targets) this.targets.add(target);
    else this.targets = this.collected(target);
  }

  /** A copy. */
  state(): TallyState {
    const { samples, lossSum, predictions, targets } = this;
    return {
      samples,
      lossSum,
      ...(predictions && { predictions: predictions.copy() }),
      ...(targets && { targets: targets.copy() }),
    };
  }

  result(): Scores {
    const { predictions, targets } = this;
    const metrics =
      predictions && targets
        ? this.metrics.map((name) => [name, metric(name, predictions.array(), targets.array())] as const)
        : [];
    return { loss: this.lossSum / this.samples, metrics: Object.fromEntries(metrics) };
  }

  private collected(first: NdArray): Collected {
    const collected = new Collected(first.shape, this.capacity);
    collected.add(first);
    return collected;
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

  copy(): NdArray {
    const { shape, data } = this.array();
    return { shape, data: data.slice() };
  }
}
