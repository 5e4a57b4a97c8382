// Which samples a step sees, in which order. Depends on seed and epoch only; holds indices, not numbers.

import { permutation, randomStream, streamOf } from "../model/random";
import type { NdArray } from "../protocol/array";
import { DataError, type Dataset } from "./dataset";

export interface Split {
  /** Positions in the data set. */
  readonly training: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Splits off a share of the samples for validation: the first of them in an order shuffled by the seed, so a file sorted
 * by class still gives every class to both sides. Classes are not balanced. Each side keeps the data set's own order
 * and has at least one sample. Throws DataError when there are fewer than two samples.
 */
export function split(samples: number, fraction: number, seed: number): Split {
  if (samples < 2) throw new DataError("a data set of one sample has nothing to split off for validation");
  const size = Math.min(samples - 1, Math.max(1, Math.round(samples * fraction)));
  const order = shuffled(identity(samples), seed, "split");
  return { validation: order.slice(0, size).sort(), training: order.slice(size).sort() };
}

export interface OrderOptions {
  readonly seed: number;
  /** 1 for the first pass. */
  readonly epoch: number;
  readonly shuffle: boolean;
}

/** The samples in the order of one epoch. */
export function epochOrder(samples: Int32Array, { seed, epoch, shuffle }: OrderOptions): Int32Array {
  return shuffle ? shuffled(samples, seed, `epoch ${epoch}`) : samples;
}

/** How many batches an epoch has; the last one may be smaller. */
export function batchCount(samples: number, batchSize: number): number {
  return Math.ceil(samples / batchSize);
}

/** The samples of one batch, counted from 0; never empty. */
export function batchAt(order: Int32Array, batchSize: number, batch: number): Int32Array {
  return order.subarray(batch * batchSize, Math.min(order.length, (batch + 1) * batchSize));
}

/** Copies samples, one after the other. */
export function gather(array: NdArray, samples: Int32Array): NdArray {
  const [all = 1, ...shape] = array.shape;
  const size = array.data.length / all;
  const data = new Float64Array(samples.length * size);
  samples.forEach((sample, position) => {
    data.set(array.data.subarray(sample * size, (sample + 1) * size), position * size);
  });
  return { shape: [samples.length, ...shape], data };
}

/** Positions 0 … samples − 1. */
export function identity(samples: number): Int32Array {
  return Int32Array.from({ length: samples }, (_, index) => index);
}

/** All samples of a data set, as one side of a split. */
export function allOf(dataset: Dataset): Int32Array {
  return identity(dataset.summary.samples);
}

function shuffled(samples: Int32Array, seed: number, purpose: string): Int32Array {
  return Int32Array.from(permutation(samples.length, randomStream(seed, streamOf(purpose))), (at) => samples[at]!);
}
