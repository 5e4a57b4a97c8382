// One sample through a network: what goes in, what comes out, what it means.

import { gather } from "../data/batches";
import { DataError, type Dataset } from "../data/dataset";
import { formatShape, sameShape, sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Network, ValueId } from "../protocol/network";
import type { RunResult } from "../protocol/snapshot";
import type { RunOrder } from "../protocol/worker";
import { weightsIn } from "./checkpoint";
import type { ReadCheckpoint } from "./checkpoint-file";
import { expectComplete } from "./complete";
import type { ParameterFiles } from "./parameter-files";
import { contextOf, Pass } from "./pass";
import { formatArray } from "./print";
import type { Trainer } from "./trainer";
import { fewOf, networkDifferences, networkSubjectOf } from "./training-subject";
import { freshWeights, type Weights } from "./weights";

/** Where the weights come from. */
export interface WeightsInUse {
  readonly weights: Weights;
  /** `trained for 12 epochs (360 steps) as Baseline`. */
  readonly description: string;
  /** Class names of the data they were trained on. */
  readonly classes?: readonly string[];
}

/** `data` is the data set of an order that asks for a sample. Throws DataError when the input does not fit. */
export function run({ network, input }: RunOrder, weights: WeightsInUse, data: Dataset | undefined): RunResult {
  expectComplete(network);
  const given = input.kind === "values" ? input.values : { [onlyInput(network)]: sampleOf(data!, input.index).input };
  const inputs = inputsOf(network, given);
  const outputIds = network.outputs.map(({ value }) => value);
  const pass = new Pass(network, { batchSize: 1, mode: "eval", values: outputIds, gradients: [] });
  pass.run(weights.weights, { inputs }, contextOf(0, 0));

  const batched = new Set(network.values.filter((value) => value.batched).map(({ id }) => id));
  const outputs = network.outputs.map(({ name, value }) => ({
    name,
    array: batched.has(value) ? withoutBatch(pass.value(value)) : copy(pass.value(value)),
  }));
  const classes = data?.summary.classes ?? weights.classes;
  const prediction = classes && predictedClass(outputs[0]!.array.data, classes);
  return {
    origin: input.kind === "values" ? "typed numbers" : `sample ${input.index} of ${input.data.name}`,
    weights: weights.description,
    inputs: Object.entries(inputs).map(([name, array]) => ({ name, array: withoutBatch(array) })),
    outputs,
    ...(prediction !== undefined && isDistribution(outputs[0]!.array.data, classes) && { classes }),
    ...(prediction !== undefined && { prediction }),
    ...(input.kind === "sample" && { expected: sampleOf(data!, input.index).expected }),
  };
}

/**
 * The trainer's weights if it trains a network with the same parameters; fresh ones otherwise, which says so, and for
 * which files are read.
 */
export async function weightsFor(
  network: Network,
  seed: number,
  trainer: Trainer | undefined,
  files: ParameterFiles,
): Promise<WeightsInUse> {
  if (trainer !== undefined && trainer.step > 0 && fits(network, trainer.weights)) {
    const { training, trained, data } = trainer;
    return {
      weights: trainer.weights,
      description: `trained for ${counted(trained.epochs, "epoch")} (${counted(trained.steps, "step")}) as ${training.name}`,
      ...(data.summary.classes && { classes: data.summary.classes }),
    };
  }
  return {
    weights: freshWeights(await files.read(network), seed),
    description: `fresh from seed ${seed}, not trained`,
  };
}

/** Those of a checkpoint. Throws DataError, naming what is another, when they belong to another network. */
export function weightsOfCheckpoint(network: Network, { checkpoint, file }: ReadCheckpoint): WeightsInUse {
  const different = networkDifferences(checkpoint.subject, networkSubjectOf(network));
  if (different.length > 0) {
    throw new DataError(`${file} does not fit ${network.name}: ${fewOf(different)}. Undo that, or train it again`);
  }
  const { reports, steps } = checkpoint.state;
  return {
    weights: weightsIn(checkpoint),
    description: `of ${file}, trained for ${counted(reports.length, "epoch")} (${counted(steps, "step")}) as ${checkpoint.name}`,
  };
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function fits({ parameters }: Network, weights: Weights): boolean {
  return (
    parameters.length === weights.size &&
    parameters.every(({ id, shape }) => {
      const known = weights.get(id);
      return known !== undefined && sameShape(known.shape, shape);
    })
  );
}

function onlyInput(network: Network): ValueId {
  const inputs = network.values.filter(({ source }) => source.kind === "input").map(({ id }) => id);
  if (inputs.length !== 1) {
    throw new DataError(`${network.name} has ${inputs.length} inputs (${inputs.join(", ")}), a sample gives one`);
  }
  return inputs[0]!;
}

function sampleOf({ inputs, targets, summary }: Dataset, index: number): { input: NdArray; expected: string } {
  if (!Number.isInteger(index) || index < 0 || index >= summary.samples) {
    throw new DataError(`there is no sample ${index}: the data set has samples 0 to ${summary.samples - 1}`);
  }
  const target = withoutBatch(gather(targets, Int32Array.of(index)));
  const expected = summary.classes?.[target.data[0]!] ?? formatArray(target);
  return { input: withoutBatch(gather(inputs, Int32Array.of(index))), expected };
}

/** The given numbers with the batch dimension in front, one entry for each input of the network. */
function inputsOf(network: Network, given: Readonly<Record<ValueId, NdArray>>): Record<ValueId, NdArray> {
  const inputs = network.values.filter(({ source }) => source.kind === "input");
  const unknown = Object.keys(given).find((id) => !inputs.some((input) => input.id === id));
  if (unknown !== undefined) {
    throw new DataError(
      `${network.name} has no input ${unknown}; its inputs are ${inputs.map(({ id }) => id).join(", ")}`,
    );
  }
  return Object.fromEntries(
    inputs.map(({ id, shape = [] }) => {
      const array = given[id];
      if (array === undefined)
        throw new DataError(`${network.name} needs numbers for its input ${id}: ${formatShape(shape)}`);
      // A single number may be given as [1], and a list of one as a number.
      if (!sameShape(array.shape, shape) && !(sizeOf(shape) === 1 && array.data.length === 1)) {
        throw new DataError(`${network.name} takes ${id}: ${formatShape(shape)}, but got ${formatShape(array.shape)}`);
      }
      return [id, { shape: [1, ...shape], data: array.data }];
    }),
  );
}

/** The largest of as many outputs as classes; with two classes also a single output of at least one half. */
export function predictedClass(data: Float64Array, classes: readonly string[]): string | undefined {
  if (data.some((value) => Number.isNaN(value))) return undefined;
  if (data.length === classes.length) return classes[data.indexOf(Math.max(...data))];
  if (data.length === 1 && classes.length === 2 && isProbability(data[0]!)) return classes[data[0]! >= 0.5 ? 1 : 0];
  return undefined;
}

/** Whether these are the probabilities of all classes. */
export function isDistribution(data: Float64Array, classes: readonly string[] | undefined): boolean {
  const sum = data.reduce((total, value) => total + value, 0);
  // Softmax in float64 misses 1 by some 1e-16.
  return data.length === classes?.length && data.every(isProbability) && Math.abs(sum - 1) < 1e-6;
}

const isProbability = (value: number): boolean => value >= 0 && value <= 1;

/** A copy: the buffers of a pass are written again by its next run. */
function withoutBatch({ shape, data }: NdArray): NdArray {
  return { shape: shape.slice(1), data: Float64Array.from(data) };
}

function copy({ shape, data }: NdArray): NdArray {
  return { shape, data: Float64Array.from(data) };
}
