// Two arrays, one of inputs and one of targets → Dataset. What every source of arrays does once it has read them.

import { formatShape, sizeOf } from "../model/shape";
import type { NdArray, Shape } from "../protocol/array";
import { classesOfIntegers } from "./classes";
import { DataError, type Dataset } from "./dataset";

/** An array as it was read, [samples, …]. */
export interface ReadArray {
  readonly array: NdArray;
  /** The file it came from, or its place in one: for messages. */
  readonly name: string;
  /** Argument of the source to blame. */
  readonly argument: string;
  /** Whether [samples, height, width] are images of one channel, [samples, 1, height, width]. */
  readonly isImages?: boolean;
}

/** What arguments ask to do with the inputs. */
export interface InputOptions {
  /** For one sample. */
  readonly shape: Shape | undefined;
  readonly scale: number;
}

/**
 * Takes the arrays over: what was read for this is scaled in its place, for it may be large.
 *
 * Throws DataError when there are no samples, their numbers differ, the shape does not fit or a number
 * is not finite.
 */
export function datasetOf(inputs: ReadArray, targets: ReadArray, options: InputOptions): Dataset {
  const samples = countOf(inputs);
  const others = countOf(targets);
  if (samples !== others) {
    throw new DataError(
      `${inputs.name} has ${samples} samples, but ${targets.name} has ${others}: each sample needs a target`,
      targets.argument,
    );
  }
  expectFinite(inputs);
  expectFinite(targets);
  const inputShape = shapeOf(inputs, options.shape);
  multiply(inputs.array.data, options.scale);
  const targetShape = targets.array.shape.slice(1);
  const classes = targetShape.length === 0 ? classesOfIntegers(targets.array.data) : undefined;
  return {
    inputs: { shape: [samples, ...inputShape], data: inputs.array.data },
    targets: targets.array,
    summary: { samples, inputShape, targetShape, ...(classes && { classes }) },
  };
}

function countOf({ array: { shape }, name, argument }: ReadArray): number {
  const [samples] = shape;
  if (samples === undefined) throw new DataError(`${name} is a single number, not one for each sample`, argument);
  if (sizeOf(shape) === 0) throw new DataError(`${name} is empty: its shape is ${formatShape(shape)}`, argument);
  return samples;
}

function shapeOf({ array, name, isImages }: ReadArray, wanted: Shape | undefined): Shape {
  const sample = array.shape.slice(1);
  const found = isImages && sample.length === 2 ? [1, ...sample] : sample;
  if (wanted === undefined) return found;
  if (sizeOf(wanted) !== sizeOf(found)) {
    throw new DataError(
      `${name} has samples ${formatShape(found)}, ${sizeOf(found)} numbers each, but shape ${formatShape(wanted)} needs ${sizeOf(wanted)}`,
      "shape",
    );
  }
  return wanted;
}

function expectFinite({ array: { data, shape }, name, argument }: ReadArray): void {
  // 0 · NaN and 0 · ∞ are NaN, and NaN stays: one pass without a branch over what may be millions of pixels.
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += 0 * data[i]!;
  if (zero === 0) return;
  const position = data.findIndex((value) => !Number.isFinite(value));
  const size = sizeOf(shape.slice(1));
  const sample = Math.floor(position / size);
  const place = shape.length > 1 ? `, number ${position % size} of it,` : "";
  throw new DataError(`${name}: sample ${sample} (from 0)${place} is ${data[position]}`, argument);
}

function multiply(data: Float64Array, scale: number): void {
  if (scale === 1) return;
  for (let i = 0; i < data.length; i++) data[i]! *= scale;
}
