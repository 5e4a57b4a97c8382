// The user's own names as completions: what a network binds, with its shapes, and what a file declares.

import { formatShape } from "../../../engine/model/shape";
import type { Module, Network, Parameter } from "../../../engine/protocol/network";
import type { Analysis } from "../analyze";
import { formatValue } from "../hover/callable";
import { networkSection } from "../hover/declaration";
import { escapeMarkdown } from "../markdown";
import type { NameSymbol, NetworkNames, SymbolKind } from "../navigation/names";
import type { Draft, ItemKind } from "./items";

const itemKinds: { readonly [Kind in SymbolKind]: ItemKind } = {
  network: "network",
  block: "layer",
  data: "data",
  training: "training",
  input: "value",
  attribute: "attribute",
  value: "value",
  parameter: "parameter",
  constant: "attribute",
  layer: "layer",
  output: "value",
  weight: "parameter",
};

const kindInWords: { readonly [Kind in SymbolKind]: string } = {
  network: "network",
  block: "block",
  data: "data set",
  training: "training",
  input: "input",
  attribute: "attribute",
  value: "value",
  parameter: "parameter",
  constant: "constant",
  layer: "shared layer",
  output: "output",
  weight: "weight",
};

/** The network as lowering shows it; undefined for a block, or when it is in another file. */
export function loweredNetwork({ networks }: Module, names: NetworkNames | undefined): Network | undefined {
  return names && networks.find(({ nameRange }) => nameRange.start === names.declaration.name.range.start);
}

/** Names an expression can use: values, those bound last before the cursor first, then inputs, then attributes. */
export function namesInScope(
  analysis: Analysis,
  names: NetworkNames,
  { offset, without }: { readonly offset: number; readonly without: (symbol: NameSymbol) => boolean },
): Draft[] {
  const details = detailsOf(analysis, names, loweredNetwork(analysis.module, names));
  const values = [...names.names.values()].filter(({ kind }) => !["input", "attribute", "layer"].includes(kind));
  const isBefore = ({ nameRange }: NameSymbol): boolean => nameRange.end <= offset;
  const inputs = [...names.names.values()].filter(({ kind }) => kind === "input");
  return [
    ...[...values.filter(isBefore).reverse(), ...values.filter((symbol) => !isBefore(symbol)), ...inputs]
      .filter((symbol) => !without(symbol))
      .map((symbol) => draftOf(symbol, details.get(symbol.name))),
    ...attributes(analysis, names, ["int", "float"]),
  ];
}

/** Attributes, and those only of the wanted types if there are some. */
export function attributes(analysis: Analysis, names: NetworkNames | undefined, types?: readonly string[]): Draft[] {
  if (names === undefined) return [];
  const details = detailsOf(analysis, names, loweredNetwork(analysis.module, names));
  return names.declaration.inputs.flatMap(({ name, annotation }) => {
    const symbol = annotation.kind === "type" ? names.names.get(name.name) : undefined;
    const fits = annotation.kind === "type" && (types === undefined || types.includes(annotation.type.name));
    return symbol && fits ? [draftOf(symbol, details.get(name.name))] : [];
  });
}

/** Layers of its own that a pipeline can go through. */
export function sharedLayers(names: NetworkNames): Draft[] {
  return [...names.names.values()].filter(({ kind }) => kind === "layer").map((symbol) => draftOf(symbol));
}

/** `h1.W`, `W1`: every parameter that has a name. */
export function parameters(network: Network | undefined): Draft[] {
  const named = (network?.parameters ?? []).filter(({ id }) => !/[#/]/.test(id));
  return named.map((parameter) => ({
    label: parameter.id,
    kind: "parameter",
    detail: `${formatShape(parameter.shape)} · ${parameter.trainable ? "parameter" : "constant"}`,
  }));
}

/** What stands behind `owner.`; where only parameters have a place, those alone. */
export function members(
  network: Network | undefined,
  names: NetworkNames | undefined,
  owner: string,
  only?: "parameters" | "gradients",
): Draft[] {
  const symbol = names?.names.get(owner);
  const own = network ? ownParameters(network, owner) : [];
  const drafts: Draft[] = own.map(({ name, shape, id }) => ({
    label: name,
    kind: "parameter",
    detail: `${formatShape(shape)} · parameter ${id}`,
  }));
  const [W, b] = ["W", "b"].map((name) => own.find((parameter) => parameter.name === name));
  if (W && b && only !== "parameters") {
    const [inputs, outputs] = W.shape;
    drafts.push({
      label: "augmented",
      kind: "parameter",
      detail: `${W.shape.length === 2 ? `${formatShape([inputs! + 1, outputs!])} · ` : ""}the bias row on the weights, [b; W]`,
    });
  }
  if (only !== undefined || symbol?.kind === "layer" || symbol?.kind === "attribute") return drafts;
  const shape = network?.values.find(({ id, name }) => (name ?? id) === owner)?.shape;
  const transposed =
    shape && shape.length > 1 ? `${formatShape([...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!])} · ` : "";
  return [...drafts, { label: "T", kind: "function", detail: `${transposed}transposed` }];
}

function ownParameters({ values, parameters }: Network, owner: string): readonly Parameter[] {
  const value = values.find(({ id, name }) => (name ?? id) === owner);
  const instance = value?.source.kind === "layer" ? value.source.instance : owner;
  return parameters.filter((parameter) => parameter.instance === instance);
}

export function declared(symbols: Iterable<NameSymbol>, module: Module): Draft[] {
  return [...symbols].map((symbol) => {
    const section = symbol.kind === "network" ? networkSection(module, symbol.name) : undefined;
    return { ...draftOf(symbol), ...(section ? { documentation: section } : {}) };
  });
}

function draftOf(symbol: NameSymbol, detail?: string): Draft {
  const words = kindInWords[symbol.kind];
  return {
    label: symbol.name,
    kind: itemKinds[symbol.kind],
    detail: detail === undefined ? words : `${detail} · ${words}`,
    ...(symbol.documentation ? { documentation: escapeMarkdown(symbol.documentation) } : {}),
  };
}

/** Shapes of values and values of attributes, by name. */
function detailsOf(
  analysis: Analysis,
  { declaration }: NetworkNames,
  network: Network | undefined,
): Map<string, string> {
  const details = new Map<string, string>();
  for (const { name, annotation, default: value } of declaration.inputs) {
    if (annotation.kind !== "type") continue;
    const preset = value ? ` = ${analysis.text.slice(value.range.start, value.range.end)}` : "";
    details.set(name.name, `${annotation.type.name}${preset}`);
  }
  if (network === undefined) return details;
  for (const { name, type, value } of network.attributes) details.set(name, `${type} = ${formatValue(value)}`);
  const shapes = new Map<string, string>();
  for (const { id, name, shape } of network.values) {
    if (shape === undefined) continue;
    shapes.set(id, formatShape(shape));
    if (name !== undefined) details.set(name, formatShape(shape));
  }
  // `y = x` is another name for the value x.
  for (const { subject, range } of analysis.module.mentions) {
    if (subject.kind !== "value" || subject.network !== network.name) continue;
    const written = analysis.text.slice(range.start, range.end).normalize("NFC");
    const shape = shapes.get(subject.id);
    if (shape !== undefined && !details.has(written)) details.set(written, shape);
  }
  return details;
}
