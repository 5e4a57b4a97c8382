// A trained network on samples: which class it takes for which, where it is furthest off, and what it says between the
// samples. Weights are copied at the start, so that all of it belongs to one step while the training goes on.

import { gather } from "../data/batches";
import { DataError, type Dataset } from "../data/dataset";
import { sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Confusion, DecisionBoundary, Evaluation, SamplePart, SamplePrediction } from "../protocol/inspection";
import { Predictor } from "./predictor";
import { formatArray } from "./print";
import { isDistribution, predictedClass } from "./run";
import type { TrainingMoment } from "./training-moment";

const mostSamples = 2000;
const batchSize = 64; // Small, so that the work can be interrupted often.
const shownSamples = 12;
const gridSide = 48;
const gridMargin = 0.1; // Of the range of the samples.
const mostPoints = 400;

/** Yields after each batch. Throws DataError when there are no such samples. */
export function* evaluate(moment: TrainingMoment, part: SamplePart): Generator<undefined, Evaluation, undefined> {
  const found = moment.samplesOf(part);
  const { name, network } = moment.training;
  if (!found) throw new DataError(`${name} keeps no samples for validation: add the entry validation: 0.2`);
  const { dataset } = found;
  const samples = spread(found.samples, mostSamples);
  const predictor = new Predictor(network, moment.weights);
  const { step } = moment;
  const judge = judgeOf(dataset);
  const judged: Judged[] = [];
  for (let start = 0; start < samples.length; start += batchSize) {
    const batch = samples.subarray(start, start + batchSize);
    const [output] = predictor.predict(rowsOf(gather(dataset.inputs, batch)));
    const targets = gather(dataset.targets, batch);
    for (const [position, index] of batch.entries()) {
      const target = sampleAt(targets, position);
      judged.push({ index, ...judge({ shape: output!.shape, data: output!.sample(position).slice() }, target) });
    }
    yield;
  }
  const boundary = yield* boundaryOf(predictor, dataset, samples);
  const confusion = confusionOf(judged, dataset.summary.classes);
  const worst = judged.toSorted((a, b) => rank(b.miss) - rank(a.miss)).slice(0, shownSamples);
  const shown = (each: Judged): SamplePrediction => withInput(each, dataset);
  return {
    training: name,
    step,
    part,
    samples: samples.length,
    allSamples: found.samples.length,
    ...(confusion && { confusion }),
    worst: worst.map(shown),
    some: every(judged, shownSamples).map(shown),
    ...(boundary && { boundary }),
  };
}

interface Judgement {
  readonly output: NdArray;
  readonly expected: string;
  readonly predicted: string;
  readonly miss: number;
  /** When it decides between classes. */
  readonly classes?: readonly [expected: number, predicted: number];
}

interface Judged extends Judgement {
  readonly index: number;
}

/** NaN first: nothing is further from right. */
const rank = (miss: number): number => (Number.isNaN(miss) ? Number.POSITIVE_INFINITY : miss);

function judgeOf({ summary: { classes } }: Dataset): (output: NdArray, target: NdArray) => Judgement {
  return (output, target) => {
    const predicted = classes && predictedClass(output.data, classes);
    if (!classes || predicted === undefined) {
      const expected = classes?.[target.data[0]!] ?? formatArray(target);
      // A target may be a number where the output is a list of one.
      const isAlike = output.data.length === target.data.length;
      const given = formatArray(isAlike ? { shape: target.shape, data: output.data } : output);
      return { output, expected, predicted: given, miss: distance(output, target) };
    }
    const expected = target.data[0]!;
    return {
      output,
      expected: classes[expected]!,
      predicted,
      miss: excess(output.data, expected),
      classes: [expected, classes.indexOf(predicted)],
    };
  };
}

/** By how much the best other class exceeds the expected one; a single output is the second class's probability. */
function excess(output: Float64Array, expected: number): number {
  if (output.length === 1) return expected === 1 ? 1 - 2 * output[0]! : 2 * output[0]! - 1;
  const others = output.filter((_, index) => index !== expected);
  return Math.max(...others) - output[expected]!;
}

/** L2; NaN for a target of another shape, such as a class that the output does not decide on. */
function distance({ data: a }: NdArray, { data: b }: NdArray): number {
  return a.length === b.length ? Math.hypot(...a.map((number, at) => number - b[at]!)) : Number.NaN;
}

function confusionOf(judged: readonly Judged[], classes: readonly string[] | undefined): Confusion | undefined {
  const decided = judged.flatMap(({ classes }) => (classes ? [classes] : []));
  if (!classes || decided.length === 0) return undefined;
  const counts = classes.map(() => classes.map(() => 0));
  for (const [expected, predicted] of decided) counts[expected]![predicted]!++;
  return { classes, counts };
}

function withInput({ index, output, expected, predicted, miss }: Judged, { inputs }: Dataset): SamplePrediction {
  const input = sampleAt(gather(inputs, Int32Array.of(index)), 0);
  return { index, input, output, expected, predicted, ...(Number.isFinite(miss) && { miss }) };
}

/** Undefined unless a sample has two numbers and its output decides between classes or is a single number. */
function* boundaryOf(
  predictor: Predictor,
  dataset: Dataset,
  samples: Int32Array,
): Generator<undefined, DecisionBoundary | undefined, undefined> {
  const { inputShape, classes, features } = dataset.summary;
  if (sizeOf(inputShape) !== 2) return undefined;
  const places = gather(dataset.inputs, samples);
  const x = widened(places.data, 0);
  const y = widened(places.data, 1);
  const cells = new Float64Array(gridSide * gridSide);
  const certainty = new Float64Array(gridSide * gridSide);
  let decides = false;
  let certain = true;
  for (let row = 0; row < gridSide; row++) {
    const [output] = predictor.predict(gridRow(row, x, y));
    for (let column = 0; column < gridSide; column++) {
      const numbers = output!.sample(column);
      const predicted = classes && predictedClass(numbers, classes);
      if (predicted === undefined && numbers.length !== 1) return undefined;
      const cell = row * gridSide + column;
      decides ||= predicted !== undefined;
      cells[cell] = predicted === undefined ? numbers[0]! : classes!.indexOf(predicted);
      certain &&= numbers.length === 1 || isDistribution(numbers, classes);
      certainty[cell] = numbers.length === 1 ? Math.max(numbers[0]!, 1 - numbers[0]!) : Math.max(...numbers);
    }
    yield;
  }
  const [xName, yName] = features ?? [];
  return {
    x,
    y,
    ...(xName !== undefined && yName !== undefined && { names: [xName, yName] as const }),
    rows: gridSide,
    columns: gridSide,
    cells,
    ...(decides && certain && { certainty }),
    ...(decides && classes && { classes }),
    points: every([...samples.keys()], mostPoints).map((position) => ({
      x: places.data[2 * position]!,
      y: places.data[2 * position + 1]!,
      target: dataset.targets.data[(samples[position]! * dataset.targets.data.length) / dataset.targets.shape[0]!]!,
    })),
  };
}

/** One place after the other, from left to right; row 0 is the upper edge. */
function gridRow(row: number, x: readonly [number, number], y: readonly [number, number]): NdArray {
  const at = (index: number, [low, high]: readonly [number, number]): number =>
    low + ((high - low) * index) / (gridSide - 1);
  const data = new Float64Array(2 * gridSide);
  for (let column = 0; column < gridSide; column++) {
    data[2 * column] = at(column, x);
    data[2 * column + 1] = at(gridSide - 1 - row, y);
  }
  return { shape: [gridSide, 2], data };
}

/** From the smallest to the largest of every second number, and a little more on both sides. */
function widened(data: Float64Array, first: 0 | 1): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at: number = first; at < data.length; at += 2) {
    low = Math.min(low, data[at]!);
    high = Math.max(high, data[at]!);
  }
  const margin = high > low ? gridMargin * (high - low) : 1;
  return [low - margin, high + margin];
}

/** [n, …] → [n, width] */
function rowsOf({ shape: [rows = 0], data }: NdArray): NdArray {
  return { shape: [rows, data.length / Math.max(1, rows)], data };
}

/** A copy, without the batch dimension. */
function sampleAt({ shape: [, ...shape], data }: NdArray, position: number): NdArray {
  const size = sizeOf(shape);
  return { shape, data: data.slice(position * size, (position + 1) * size) };
}

function spread(samples: Int32Array, most: number): Int32Array {
  return Int32Array.from(every([...samples], most));
}

/** At most so many, evenly spread, the first among them. */
function every<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]!);
}
