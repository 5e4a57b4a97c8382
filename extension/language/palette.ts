// What can be put into a network: the layers and functions of the catalog, the file's own blocks, and the layers that the
// network's values share. What must be given stands there with the number of the entry's example, so that every one can be
// inserted as it is.

import { documentation, exampleArguments, inputCount, namesOf } from "../../engine/model/catalog";
import type { ArgumentDoc, ArgumentValue } from "../../engine/protocol/catalog";
import type { WrittenCall } from "../../engine/protocol/edit-intent";
import type { PaletteEntry } from "../../engine/protocol/editing";
import type { Block } from "../../engine/protocol/network";
import type { Analysis } from "./analyze";
import type { LayerStatement } from "./ast";
import { attributeDocs, calleeOf } from "./edits/arguments";
import { type Callable, isCallable } from "./navigation/names";
import { operatorOf } from "./operators";
import { drawableIn } from "./value-at";

/**
 * Blocks first, then the layers that are shared in the network or in blocks that it uses, then layers and functions by
 * category, in the order of the catalog.
 */
export function paletteOf(analysis: Analysis, network: string | undefined): readonly PaletteEntry[] {
  const { blocks } = analysis.module;
  return [
    ...blocks.filter(({ inputs }) => inputs.length > 0).map(blockEntry),
    ...bodiesOf(analysis, network).flatMap((body) => sharedEntries(analysis, body)),
    ...catalogEntries,
  ];
}

/** The network's own, then those of the blocks it uses. */
function bodiesOf({ file, module }: Analysis, name: string | undefined): readonly Callable[] {
  const network = drawableIn(module).find((each) => each.name === name);
  const names = new Set([name, ...(network?.blocks ?? []).map(({ block }) => block)]);
  const bodies = file.declarations.filter(isCallable).filter((each) => names.has(each.name.name));
  return bodies.toSorted((one, other) => Number(other.name.name === name) - Number(one.name.name === name));
}

function sharedEntries(analysis: Analysis, { name, body }: Callable): readonly PaletteEntry[] {
  return body.flatMap((statement) => {
    const entry = statement.kind === "layer" ? sharedEntry(analysis, statement, `shared in ${name.name}`) : undefined;
    return entry ? [entry] : [];
  });
}

/** Undefined for what is no layer and no block. */
function sharedEntry(
  { module, text }: Analysis,
  { name, layer, documentation: doc }: LayerStatement,
  category: string,
): PaletteEntry | undefined {
  if ((layer.kind !== "call" && layer.kind !== "name") || name.name === "") return undefined;
  const callee = calleeOf(layer);
  const length = module.blocks.find((block) => block.name === callee)?.inputs.length;
  const count = length === undefined ? inputCount("layer", callee) : { min: length, max: length };
  if (count === undefined) return undefined;
  const what = text.slice(layer.range.start, layer.range.end);
  const [first = ""] = doc.split("\n");
  const summary = first === "" ? what : `${what}: ${first}`;
  return { call: { name: name.name, arguments: [] }, category, summary, inputs: crossing(count) };
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
  return { call, category, summary, inputs: crossing(inputCount(kind, name)!) };
}

/** An infinite number cannot cross to the webview. */
function crossing({ min, max }: { readonly min: number; readonly max: number }): PaletteEntry["inputs"] {
  return Number.isFinite(max) ? { min, max } : { min };
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
