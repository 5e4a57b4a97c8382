// What a checkpoint's numbers belong to: the network and the order of its samples. How the weights are moved from here on
// is not part of it, so that a training may go on for longer, or with another learning rate.

import type { Dataset } from "../data/dataset";
import { meaningOf } from "../model/meaning";
import { optimizer } from "../model/optimizers";
import { formatShape } from "../model/shape";
import type { ArgumentValue, Call } from "../protocol/catalog";
import type { Network, Training, ValueId } from "../protocol/network";

export interface TrainingSubject extends NetworkSubject {
  /** Entries of the training. */
  readonly entries: readonly Described[];
}

export interface NetworkSubject {
  readonly parameters: readonly Described[];
  readonly values: readonly Described[];
}

/** `text` is for people; `meaning` is equal for what computes the same. */
interface Described {
  readonly id: ValueId;
  readonly text: string;
  readonly meaning: string;
}

export function subjectOf(training: Training, data: Dataset, validation: Dataset | undefined): TrainingSubject {
  const { network, batchSize, seed, shuffle, metrics } = training;
  return {
    ...networkSubjectOf(network),
    entries: [
      entry("data", ...dataOf(training.data, data)),
      entry("loss", ...lossOf(training)),
      entry("optimizer", ...optimizerOf(training.optimizer)),
      entry("batch", batchSize),
      entry("seed", seed),
      entry("shuffle", shuffle),
      entry("validation", ...validationOf(training, validation)),
      entry("metrics", `[${metrics.join(", ")}]`),
    ],
  };
}

export function networkSubjectOf({ parameters, values, outputs }: Network): NetworkSubject {
  return {
    parameters: parameters.map(({ id, shape, trainable }) => {
      const text = `${formatShape(shape)}${trainable ? "" : " and not trained"}`;
      return { id, text, meaning: text };
    }),
    values: [
      ...values.map(({ id, title, source }) => ({ id, text: title, meaning: meaningOf(source) })),
      ...outputs.map(({ name, value }) =>
        entry(name === "output" ? "what is returned" : `what ${name} returns`, value),
      ),
    ],
  };
}

/** The first of the differences, for one message: `h.W is [2, 9], and was [2, 8]; z is new, and 4 more`. */
export function fewOf(differences: readonly string[]): string {
  const rest = differences.length - mostNamed;
  return `${differences.slice(0, mostNamed).join("; ")}${rest > 0 ? `, and ${rest} more` : ""}`;
}

const mostNamed = 3;

/** What is another now, in words; the network first. Nothing when the numbers still belong to it. */
export function differences(before: TrainingSubject, now: TrainingSubject): string[] {
  return [...networkDifferences(before, now), ...differing(before.entries, now.entries)];
}

export function networkDifferences(before: NetworkSubject, now: NetworkSubject): string[] {
  const parameters = differing(before.parameters, now.parameters);
  // Another shape of a parameter comes from a value that is another: one of both says it.
  return parameters.length > 0 ? parameters : differing(before.values, now.values);
}

function differing(before: readonly Described[], now: readonly Described[]): string[] {
  const known = new Map(before.map((described) => [described.id, described]));
  const changed = now.flatMap(({ id, text, meaning }) => {
    const was = known.get(id);
    known.delete(id);
    if (was === undefined) return [`${id} is new`];
    if (was.meaning === meaning) return [];
    return [was.text === text ? `${id} (${text}) has changed` : `${id} is ${text}, and was ${was.text}`];
  });
  return [...changed, ...[...known.keys()].map((id) => `${id} is gone`)];
}

const entry = (id: string, value: string | number | boolean, meaning = String(value)): Described => ({
  id,
  text: String(value),
  meaning,
});

function dataOf({ name, source, folder }: Training["data"], { summary }: Dataset): [text: string, meaning: string] {
  const { samples, inputShape, targetShape } = summary;
  return [`${name} with ${samples} samples`, meaningOf([source, folder, samples, inputShape, targetShape])];
}

function lossOf({ loss }: Training): [text: string, meaning: string] {
  return [loss.kind === "call" ? textOf(loss.call) : loss.text, meaningOf(loss)];
}

/** The arrays that it keeps, and what they mean, are its own; its rates may change. */
function optimizerOf(call: Call): [text: string, meaning: string] {
  return [textOf(call), `${call.name} ${optimizer(call).slots}`];
}

function validationOf({ validation }: Training, data: Dataset | undefined): [text: string, meaning: string] {
  switch (validation.kind) {
    case "none":
      return ["none", "none"];
    case "fraction":
      return [String(validation.fraction), `fraction ${validation.fraction}`];
    case "data":
      return data ? dataOf(validation.data, data) : [validation.data.name, meaningOf(validation.data)];
    default:
      return validation satisfies never;
  }
}

function textOf({ name, arguments: args }: Call): string {
  const written = Object.entries(args).map(([argument, value]) => `${argument}: ${valueText(value)}`);
  return written.length === 0 ? name : `${name}(${written.join(", ")})`;
}

function valueText(value: ArgumentValue): string {
  if (typeof value !== "object") return String(value);
  if ("name" in value) return textOf(value);
  return "shape" in value ? `numbers of shape ${formatShape(value.shape)}` : `[${value.map(valueText).join(", ")}]`;
}
