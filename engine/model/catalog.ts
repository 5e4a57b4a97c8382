// Everything that can be called by name, in one place to look it up.

import type { CallableDoc, CallableKind } from "../protocol/catalog";
import type { Described } from "./arguments";
import { describe } from "./arguments";
import { datasets, plannedDatasets } from "./datasets";

type Entry = Described & { readonly category: string };

const tables: { readonly [Kind in CallableKind]: Readonly<Record<string, Entry>> } = {
  layer: {},
  function: {},
  loss: {},
  optimizer: {},
  initializer: {},
  metric: {},
  dataset: datasets,
};

const planned: { readonly [Kind in CallableKind]: readonly string[] } = {
  layer: [],
  function: [],
  loss: [],
  optimizer: [],
  initializer: [],
  metric: [],
  dataset: plannedDatasets,
};

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

function docsOf(kind: CallableKind, table: Readonly<Record<string, Entry>>): ReadonlyMap<string, CallableDoc> {
  return new Map(Object.entries(table).map(([name, entry]) => [name, describe(kind, name, entry.category, entry)]));
}
