// What can be put into a network: the layers and functions of the catalog, and the file's own blocks. What must be given
// stands there with the number of the entry's example, so that every one can be inserted as it is.

import { documentation, exampleArguments, inputCount, namesOf } from "../../engine/model/catalog";
import type { ArgumentDoc, ArgumentValue } from "../../engine/protocol/catalog";
import type { WrittenCall } from "../../engine/protocol/edit-intent";
import type { PaletteEntry } from "../../engine/protocol/editing";
import type { Block, Module } from "../../engine/protocol/network";
import { attributeDocs } from "./edits/arguments";
import { operatorOf } from "./operators";

/** Blocks first, then layers and functions by category, in the order of the catalog. */
export function paletteOf({ blocks }: Pick<Module, "blocks">): readonly PaletteEntry[] {
  return [...blocks.filter(({ inputs }) => inputs.length > 0).map(blockEntry), ...catalogEntries];
}

const layerWords = new Set(namesOf("layer").map((name) => name.toLowerCase()));

const catalogEntries: readonly PaletteEntry[] = [
  ...namesOf("layer").map((name) => catalogEntry("layer", name)),
  ...namesOf("function")
    // What a layer does as well is offered once, and what no gradient passes belongs into formulas.
    .filter((name) => documentation("function", name)!.gradient !== "" && !layerWords.has(name))
    .map((name) => catalogEntry("function", name)),
];

function catalogEntry(kind: "layer" | "function", name: string): PaletteEntry {
  const { category, summary, arguments: docs } = documentation(kind, name)!;
  const example = exampleArguments(kind, name);
  const call = callOf(operatorOf(name) ?? name, docs, (argument) => example[argument]);
  const { min, max } = inputCount(kind, name)!;
  // An infinite number cannot cross to the webview.
  return { call, category, summary, inputs: Number.isFinite(max) ? { min, max } : { min } };
}

function blockEntry(block: Block): PaletteEntry {
  const call = callOf(block.name, attributeDocs(block), () => smallestUseful);
  const [summary = ""] = block.documentation.split("\n");
  const { length } = block.inputs;
  return { call, category: "this file", summary, inputs: { min: length, max: length } };
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
