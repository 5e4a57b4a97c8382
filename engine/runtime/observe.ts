// Numbers → what people look at: statistics, a histogram, and the elements themselves of small tensors.

import { histogramBins as bins } from "../compiler/layout";
import type { NdArray } from "../protocol/array";
import type { Network, ValueId } from "../protocol/network";
import type { Histogram, TensorSummary } from "../protocol/snapshot";

const smallSize = 6; // Of a side: what still reads as a table in a hover.

/** Everything of a network that can be looked at: values, and parameters that are not values themselves. */
export function observedIds({ values, parameters }: Network): ValueId[] {
  return [...new Set([...values.map(({ id }) => id), ...parameters.map(({ id }) => id)])];
}

/** All statistics leave out what is NaN or infinite, and count it. With nothing finite they are NaN. */
export function summarize({ shape, data }: NdArray): TensorSummary {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let largest = 0;
  let zeros = 0;
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Math.abs(value) > largest) largest = Math.abs(value);
    if (value === 0) zeros++;
  }
  const statistics =
    count === 0
      ? { mean: Number.NaN, standardDeviation: Number.NaN, min: Number.NaN, max: Number.NaN, norm: Number.NaN }
      : { mean: sum / count, min, max, ...spread(data, sum / count, count, largest) };
  return {
    shape,
    ...statistics,
    zeroFraction: data.length === 0 ? 0 : zeros / data.length,
    notFinite: data.length - count,
    histogram: histogramOf(data, min, max),
    ...(isSmall(shape) && { elements: [...data] }),
  };
}

/** Squares are taken of value / largest, so that nothing overflows before the result does. */
function spread(
  data: Float64Array,
  mean: number,
  count: number,
  largest: number,
): { readonly standardDeviation: number; readonly norm: number } {
  if (largest === 0) return { standardDeviation: 0, norm: 0 };
  let squares = 0;
  let deviations = 0;
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    squares += (value / largest) ** 2;
    deviations += ((value - mean) / largest) ** 2;
  }
  return { standardDeviation: largest * Math.sqrt(deviations / count), norm: largest * Math.sqrt(squares) };
}

/** Equal bins from low to high; all in the middle one when every number is the same. */
function histogramOf(data: Float64Array, low: number, high: number): Histogram {
  const counts = new Array<number>(bins).fill(0);
  if (low > high) return { low: 0, high: 0, counts };
  // Halves, because high − low may overflow.
  const half = high / 2 - low / 2;
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    const share = half === 0 ? 0.5 : (value / 2 - low / 2) / half;
    counts[Math.min(bins - 1, Math.floor(share * bins))]!++;
  }
  return { low, high, counts };
}

/** Whether its elements are shown one by one. */
export const isSmall = (shape: readonly number[]): boolean =>
  shape.length <= 2 && shape.every((size) => size <= smallSize);
