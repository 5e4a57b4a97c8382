// The settings of a train and a check: what each is for, how it is written, which entries of the catalog it takes.

import { namesOf } from "../../../engine/model/catalog";
import type { CallableKind } from "../../../engine/protocol/catalog";
import { trainingDefaults } from "../lower/training";
import { choice, type Draft, placeholder } from "./items";
import { type Body, runsSetting } from "./offered";

interface Setting {
  readonly summary: string;
  /** The value, as a snippet. */
  readonly value: string;
  /** What its value, or each element of it, can be called. */
  readonly takes?: CallableKind;
  readonly choices?: readonly string[];
  readonly list?: true;
}

type Settings = Readonly<Record<string, Setting>>;

const loss: Setting = { summary: "What is minimised, one number a batch.", value: "", takes: "loss" };
const optimizer: Setting = { summary: "How a step turns gradients into new weights.", value: "", takes: "optimizer" };

const settings: { readonly train: Settings; readonly check: Settings } = {
  train: {
    loss,
    optimizer,
    schedule: { summary: "How the learning rate changes over the steps.", value: "", takes: "schedule" },
    batch: { summary: "Samples in each step.", value: placeholder(1, String(trainingDefaults.batch)) },
    epochs: { summary: "Passes over all the data.", value: placeholder(1, String(trainingDefaults.epochs)) },
    steps: {
      summary: "Ends the training after so many steps, however many epochs that is.",
      value: placeholder(1, "1000"),
    },
    validation: {
      summary: "The share of the data that is held back to measure on, or a data set of its own.",
      value: placeholder(1, "0.2"),
    },
    metrics: {
      summary: "What is watched, besides the loss.",
      value: `[${choice(1, namesOf("metric"))}]`,
      takes: "metric",
      list: true,
    },
    regularize: {
      summary: "Penalties on the weights, added to the loss.",
      value: "[$1]",
      takes: "regularizer",
      list: true,
    },
    clip: { summary: "What is done to gradients that are too large.", value: "", takes: "clip" },
    stop: { summary: "What ends the training early.", value: "", takes: "stopping" },
    seed: { summary: "The same seed gives the same numbers.", value: placeholder(1, String(trainingDefaults.seed)) },
    shuffle: {
      summary: "Whether each epoch takes the samples in another order.",
      value: choice(1, ["false", "true"]),
      choices: ["true", "false"],
    },
    checkpoint: {
      summary: "After how many epochs, or into which file, the training is written down, so that it can go on later.",
      value: placeholder(1, "5"),
    },
    backend: {
      summary: "What computes: WebAssembly, in float32, on one or two threads.",
      value: "wasm",
      choices: ["wasm"],
    },
  },
  check: {
    target: { summary: "What the output should be, one row a sample.", value: `[${placeholder(1, "[0]")}]` },
    loss,
    optimizer: { ...optimizer, summary: "What `step` does." },
    reduction: {
      summary: "How the losses of the samples become one.",
      value: choice(1, ["sum", "mean"]),
      choices: ["mean", "sum"],
    },
    upstream: {
      summary: "The gradient of the output that backward starts from, when there is no loss.",
      value: `[${placeholder(1, "1")}]`,
    },
    tolerance: { summary: "The largest difference that `==` lets pass.", value: placeholder(1, "1e-4") },
  },
};

export function settingOf(body: "train" | "check", key: string): Setting | undefined {
  return Object.hasOwn(settings[body], key) ? settings[body][key] : undefined;
}

/** Those the body does not have yet and this version can run. */
export function missingSettings(body: Body, written: ReadonlySet<string>): Draft[] {
  const declaration = body === "after" ? "check" : body;
  return Object.entries(settings[declaration])
    .filter(([name]) => !written.has(name) && runsSetting(body, name))
    .map(([name, { summary, value }]) => ({
      label: name,
      kind: "setting" as const,
      detail: `setting of this ${declaration}`,
      documentation: summary,
      insertText: `${name}: ${value}`,
      ...(value === "" || value === "[$1]" ? { follow: "completions" as const } : {}),
    }));
}
