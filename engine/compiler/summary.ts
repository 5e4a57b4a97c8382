// Statistics and histograms of tensors, computed by a machine where they stand.

import { sizeOf } from "../model/shape";
import type { Shape } from "../protocol/array";
import type { TensorSummary } from "../protocol/snapshot";
import type { Instruction, Word } from "./instruction";
import { histogramBins, mostArguments, summarySize } from "./layout";
import { Opcode } from "./opcodes";
import type { Buffer, View } from "./view";

/** How many numbers must be kept for the summaries of so many tensors. */
export const summariesSize = (count: number): number => count * summaryNumbers;

/** Where in a machine's numbers the summary of the tensor at this position is. */
export function summaryView(summaries: Buffer, position: number): View {
  return { buffer: summaries, offset: position * summaryNumbers, shape: [summaryNumbers], strides: [1] };
}

/** Writes the summaries of contiguous tensors, in their order, into a buffer that is kept. */
export function summarize(tensors: readonly View[], summaries: Buffer): Instruction[] {
  return Array.from({ length: Math.ceil(tensors.length / mostTensors) }, (_, part) => {
    const first = part * mostTensors;
    const some = tensors.slice(first, first + mostTensors);
    return {
      opcode: Opcode.summarize,
      units: some.length,
      work: some.reduce((work, { shape }) => work + summaryTime * sizeOf(shape), 0),
      words: some.flatMap((x, position): Word[] => [
        { at: summaryView(summaries, first + position) },
        { at: x },
        sizeOf(x.shape),
      ]),
      scratch: scratchSize,
    };
  });
}

/** `numbers` are those of the tensor's `summaryView`. */
export function readSummary(shape: Shape, numbers: Float32Array): Omit<TensorSummary, "elements"> {
  const [count, zeros, mean, deviations, squares, min, max, ...rest] = new Float64Array(
    numbers.buffer,
    numbers.byteOffset,
    summarySize,
  ) as Iterable<number> as [number, number, number, number, number, number, number, ...number[]];
  const counts = rest.slice(0, histogramBins);
  const size = sizeOf(shape);
  const shared = { shape, zeroFraction: size === 0 ? 0 : zeros / size, notFinite: size - count };
  if (count === 0) {
    const none = {
      mean: Number.NaN,
      standardDeviation: Number.NaN,
      min: Number.NaN,
      max: Number.NaN,
      norm: Number.NaN,
    };
    return { ...shared, ...none, histogram: { low: 0, high: 0, counts } };
  }
  return {
    ...shared,
    mean,
    standardDeviation: Math.sqrt(deviations / count),
    min,
    max,
    norm: Math.sqrt(squares),
    histogram: { low: min, high: max, counts },
  };
}

const summaryNumbers = 2 * summarySize; // A float64 takes the room of two numbers.
const mostTensors = Math.floor(mostArguments / 3);
const summaryTime = 2; // Nanoseconds for each number.
const scratchSize = 512; // Bytes: four tables of counts.
