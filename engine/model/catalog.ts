// Everything that can be called by name, in one place to look it up.

import type { Arguments, CallableDoc, CallableKind } from "../protocol/catalog";
import type { Described } from "./arguments";
import { describe, lookUp } from "./arguments";
import { clips } from "./clips";
import { datasets, plannedDatasets } from "./datasets";
import { functions } from "./functions";
import { initializers } from "./initializers";
import type { InputCount } from "./layer";
import { layers } from "./layers";
import { plannedLayers } from "./layers/planned";
import { type Expected, losses, plannedLosses } from "./losses";
import { metrics } from "./metrics";
import { optimizers } from "./optimizers";
import { regularizers } from "./regularizers";
import { schedules } from "./schedules";
import { stoppings } from "./stopping";
import type { Traits } from "./traits";

type Entry = Described & { readonly category: string };

const tables: { readonly [Kind in CallableKind]: Readonly<Record<string, Entry>> } = {
  layer: layers,
  function: functions,
  loss: losses,
  optimizer: optimizers,
  schedule: schedules,
  regularizer: regularizers,
  clip: clips,
  stopping: stoppings,
  initializer: initializers,
  metric: metrics,
  dataset: datasets,
};

const planned: { readonly [Kind in CallableKind]: readonly string[] } = {
  layer: plannedLayers,
  function: [],
  loss: plannedLosses,
  optimizer: [],
  schedule: [],
  regularizer: [],
  clip: [],
  stopping: [],
  initializer: [],
  metric: [],
  dataset: plannedDatasets,
};

/** All there are, in the order of the reference. */
export const callableKinds = Object.keys(tables) as readonly CallableKind[];

const docs = new Map(
  Object.entries(tables).map(([kind, table]) => [kind, docsOf(kind as CallableKind, table)] as const),
);

/** Throws never; undefined when the catalog has no such entry. */
export function documentation(kind: CallableKind, name: string): CallableDoc | undefined {
  return docs.get(kind)!.get(name);
}

/** All names of a kind, in the order of the reference. */
export function namesOf(kind: CallableKind): readonly string[] {
  return [...docs.get(kind)!.keys()];
}

/** Names the language has and this version cannot run yet. */
export function isPlanned(kind: CallableKind, name: string): boolean {
  return planned[kind].includes(name);
}

/** How many values a layer or a function takes; undefined when there is none of this name. */
export function inputCount(kind: "layer" | "function", name: string): InputCount | undefined {
  return lookUp<{ readonly inputs: InputCount }>(kind === "layer" ? layers : functions, name)?.inputs;
}

/** Arguments with which a layer or a function runs: those of its example. */
export function exampleArguments(kind: "layer" | "function", name: string): Arguments {
  const table: Readonly<Record<string, { readonly example: { readonly arguments?: Arguments } }>> =
    kind === "layer" ? layers : functions;
  return lookUp(table, name)?.example.arguments ?? {};
}

/** What is known of every use of a layer or a function; nothing of one that does not exist. */
export function traitsOf(kind: "layer" | "function", name: string): Traits {
  return lookUp<{ readonly traits?: Traits }>(kind === "layer" ? layers : functions, name)?.traits ?? {};
}

/** What a loss takes the output for; undefined when there is none of this name. */
export function expectedBy(loss: string): Expected | undefined {
  return lookUp<{ readonly expects: Expected }>(losses, loss)?.expects;
}

/** The learning rate above which an optimizer hardly ever learns, if there is one. */
export function largestUsualRate(optimizer: string): number | undefined {
  return lookUp<{ readonly largestUsualRate?: number }>(optimizers, optimizer)?.largestUsualRate;
}

function docsOf(kind: CallableKind, table: Readonly<Record<string, Entry>>): ReadonlyMap<string, CallableDoc> {
  return new Map(Object.entries(table).map(([name, entry]) => [name, describe(kind, name, entry.category, entry)]));
}
