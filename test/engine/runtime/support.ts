// Programs for the runtime's tests, written in the language.

import type { Dataset } from "../../../engine/data/dataset";
import { filesOf } from "../../../engine/data/files";
import { readDataset } from "../../../engine/data/readers";
import type { DataDescription } from "../../../engine/protocol/data";
import type { Check, Module, Training } from "../../../engine/protocol/network";
import type { CheckEnvironment } from "../../../engine/runtime/check";
import type { ComputationOptions } from "../../../engine/runtime/computation";
import { Float64Computation } from "../../../engine/runtime/float64-computation";
import type { Pacing } from "../../../engine/runtime/pacing";
import { ParameterFiles } from "../../../engine/runtime/parameter-files";
import { type Progress, Trainer, type TrainerOptions } from "../../../engine/runtime/trainer";
import { analyze } from "../../../extension/language/analyze";

/** A module without a single diagnostic; data comes from generators only. */
export async function moduleOf(text: string): Promise<Module> {
  const datasets = await datasetsOf(text);
  const describeData = (data: { readonly name: string }): DataDescription | undefined => {
    const dataset = datasets.get(data.name);
    return dataset && { kind: "ready", summary: dataset.summary };
  };
  const { module, diagnostics } = analyze(text, { describeData });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return module;
}

export async function datasetsOf(text: string): Promise<ReadonlyMap<string, Dataset>> {
  const data = analyze(text).module.data.map(
    async ({ name, source }) => [name, await readDataset(source, filesOf("/nowhere"))] as const,
  );
  return new Map(await Promise.all(data));
}

export async function trainingOf(text: string): Promise<Training> {
  return (await moduleOf(text)).trainings[0]!;
}

export async function checkOf(text: string): Promise<Check> {
  return (await moduleOf(text)).checks[0]!;
}

export async function trainerOf(
  text: string,
  changes: Partial<Training> = {},
  options: Pick<TrainerOptions, "computation"> = {},
): Promise<Trainer> {
  const training = { ...(await trainingOf(text)), ...changes };
  const datasets = await datasetsOf(text);
  const { validation } = training;
  return new Trainer({
    training,
    data: datasets.get(training.data.name)!,
    ...(validation.kind === "data" && { validation: datasets.get(validation.data.name)! }),
    now: () => 0,
    ...options,
  });
}

/** What is worked out by hand comes out to the last digits. */
export const inFloat64 = { computation: (options: ComputationOptions) => new Float64Computation(options) };

/** Work is never interrupted. */
export const unhurried: Pacing = { now: () => 0, pause: () => Promise.resolve() };

export const withoutFiles = new ParameterFiles(filesOf, "/nowhere");

/** For checks on given inputs. */
export const withoutTraining: CheckEnvironment = {
  files: withoutFiles,
  ...unhurried,
  train: () => Promise.reject(new Error("nothing is to be trained")),
};

/** Advances until nothing is left to do; gives everything that happened, the end included. */
export function trainToEnd(trainer: Trainer): Progress[] {
  const done: Progress[] = [];
  do done.push(trainer.advance());
  while (done.at(-1)!.kind !== "finished" && done.at(-1)!.kind !== "failed");
  return done;
}

export const xor = `
  data Truth = Table(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0])
  network Xor(bits: [2]) { return bits -> Dense(8) as h -> Tanh as a -> Dense(1) as logit -> Sigmoid as p }
  train Xor on Truth {
    loss: BinaryCrossEntropy
    optimizer: SGD(rate: 0.5, momentum: 0.9)
    batch: 4
    epochs: 200
    metrics: [accuracy]
    seed: 1
  }`;

/** Ten samples in batches of four, with dropout, Adam and validation: everything that could depend on order or time. */
export const noisy = `
  data Points = Moons(samples: 13, noise: 0.1, seed: 2)
  network Small(x: [2]) {
    return x -> Dense(6) as h -> ReLU as r -> Dropout(0.3) as d -> Dense(2) as z -> Softmax as p
  }
  train Small on Points {
    loss: CrossEntropy
    optimizer: Adam(rate: 0.01)
    batch: 4
    epochs: 5
    validation: 0.25
    metrics: [accuracy]
    seed: 9
  }`;
