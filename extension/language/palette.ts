// What can be put into a network: the layers of the catalog, and the file's own blocks. What must be given stands there
// with the number of the layer's example, so that every entry can be inserted as it is.

import { documentation, exampleArguments, inputCount, namesOf } from "../../engine/model/catalog";
import type { ArgumentDoc, ArgumentValue } from "../../engine/protocol/catalog";
import type { WrittenCall } from "../../engine/protocol/edit-intent";
import type { PaletteEntry } from "../../engine/protocol/editing";
import type { Block, Module } from "../../engine/protocol/network";
import { attributeDocs } from "./edits/arguments";

/** Blocks first, layers by category in the order of the catalog. */
export function paletteOf({ blocks }: Pick<Module, "blocks">): readonly PaletteEntry[] {
  return [...blocks.filter(({ inputs }) => inputs.length === 1).map(blockEntry), ...layerEntries];
}

const layerEntries: readonly PaletteEntry[] = namesOf("layer").flatMap((name) => {
  const doc = documentation("layer", name);
  if (doc === undefined || (inputCount("layer", name)?.min ?? 1) > 1) return [];
  const example = exampleArguments(name);
  const call = callOf(name, doc.arguments, (argument) => example[argument]);
  return { call, category: doc.category, summary: doc.summary };
});

function blockEntry(block: Block): PaletteEntry {
  const call = callOf(block.name, attributeDocs(block), () => smallestUseful);
  const [summary = ""] = block.documentation.split("\n");
  return { call, category: "this file", summary };
}

/** For an attribute without a default nothing else is known. */
const smallestUseful = 1;

function callOf(
  name: string,
  docs: readonly ArgumentDoc[],
  begin: (argument: string) => ArgumentValue | undefined,
): WrittenCall {
  const required = docs.filter((doc) => doc.default === undefined && doc.optional !== true);
  return {
    name,
    arguments: required.map((doc) => ({ name: doc.name, written: written(begin(doc.name) ?? smallestUseful) })),
  };
}

function written(value: ArgumentValue): string {
  return Array.isArray(value) ? `[${value.map(written).join(", ")}]` : String(value);
}
