// The user's own names as completions: what a network binds, with its shapes, and what a file declares.

import { formatShape } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { BlockInstance, Module, Network, Parameter, Value } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
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

/** A network or an instance of a block, as far as it is lowered: what it computes, and how its names begin. */
export interface Body {
  readonly network: Network;
  /** `r1/` for the values of the instance r1. */
  readonly prefix: string;
}

/** Of a block, the first instance there is. Undefined when it is in another file. */
export function loweredBody({ networks, blocks }: Module, names: NetworkNames | undefined): Body | undefined {
  if (names === undefined) return undefined;
  const { kind, name } = names.declaration;
  const isIt = ({ nameRange }: { readonly nameRange: Range }): boolean => nameRange.start === name.range.start;
  if (kind === "network") {
    const network = networks.find((candidate) => candidate.imported === undefined && isIt(candidate));
    return network && { network, prefix: "" };
  }
  const unused = blocks.find((candidate) => candidate.imported === undefined && isIt(candidate))?.unused;
  if (unused !== undefined) return { network: unused, prefix: "" };
  for (const network of networks) {
    const instance = network.blocks?.find(({ block }) => block === name.name)?.instance;
    if (instance !== undefined) return { network, prefix: `${instance}/` };
  }
  return undefined;
}

/** Names an expression can use: values, those bound last before the cursor first, then inputs, then attributes. */
export function namesInScope(
  analysis: Analysis,
  names: NetworkNames,
  { offset, without }: { readonly offset: number; readonly without: (symbol: NameSymbol) => boolean },
): Draft[] {
  const details = detailsOf(analysis, names);
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
  const details = detailsOf(analysis, names);
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

/** `h1.W`, `r1.h.W`, `W1`: every parameter whose owner has a name. */
export function parameters(body: Body | undefined): Draft[] {
  const named = (body?.network.parameters ?? []).filter(({ id }) => !id.includes("#"));
  return named.map(({ id, shape, trainable, running }) => ({
    label: id.replaceAll("/", "."),
    kind: "parameter",
    detail: `${formatShape(shape)} · ${running ? "running statistic" : trainable ? "parameter" : "constant"}`,
  }));
}

/** What stands behind `owner.`; where only parameters have a place, those alone. */
export function members(
  body: Body | undefined,
  names: NetworkNames | undefined,
  owner: readonly string[],
  only?: "parameters" | "gradients",
): Draft[] {
  const id = (body?.prefix ?? "") + owner.join("/");
  const instance = body?.network.blocks?.find((candidate) => candidate.instance === id);
  const inner = body && instance ? namesInside(body.network, instance) : [];
  const value = body && valueBehind(body.network, id, instance);
  const own = body ? parametersOf(body.network, value, id) : [];
  const drafts: Draft[] = [
    ...(only === "parameters" ? inner.filter(({ kind }) => kind !== "value") : inner),
    ...own.map(({ name, shape, id: parameter }): Draft => {
      return {
        label: name,
        kind: "parameter",
        detail: `${formatShape(shape)} · parameter ${parameter.replaceAll("/", ".")}`,
      };
    }),
  ];
  const [W, b] = ["W", "b"].map((name) => own.find((parameter) => parameter.name === name));
  if (W && b && only !== "parameters") {
    const [inputs, outputs] = W.shape;
    const shape = W.shape.length === 2 ? `${formatShape([inputs! + 1, outputs!])} · ` : "";
    drafts.push({ label: "augmented", kind: "parameter", detail: `${shape}the bias row on the weights, [b; W]` });
  }
  const kind = owner.length === 1 ? names?.names.get(owner[0]!)?.kind : undefined;
  const isNoValue = kind === "layer" || kind === "attribute" || (instance && instance.outputs.length > 1);
  if (only !== undefined || isNoValue) return drafts;
  const shape = value?.shape;
  const transposed =
    shape && shape.length > 1 ? `${formatShape([...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!])} · ` : "";
  return [...drafts, { label: "T", kind: "function", detail: `${transposed}transposed` }];
}

/** Outputs, and everything with a name, of one use of a block. */
function namesInside({ values, blocks, parameters: all }: Network, { instance, outputs }: BlockInstance): Draft[] {
  const draft = (label: string, shape: Shape | undefined, kind: string): Draft => ({
    label,
    kind: "value",
    detail: shape === undefined ? kind : `${formatShape(shape)} · ${kind}`,
  });
  const shapeOf = (id: string): Shape | undefined => values.find((value) => value.id === id)?.shape;
  const inside = (id: string): string | undefined => {
    const name = id.startsWith(`${instance}/`) ? id.slice(instance.length + 1) : "";
    return name === "" || /[#/.]/.test(name) ? undefined : name;
  };
  const several = outputs.length > 1 ? outputs : [];
  return [
    ...several.map(({ name, value }) => draft(name, shapeOf(value), "output")),
    ...values.flatMap(({ id, shape, name }) =>
      name !== undefined && inside(id) ? [draft(inside(id)!, shape, "value")] : [],
    ),
    ...(blocks ?? []).flatMap((block) =>
      inside(block.instance) ? [draft(inside(block.instance)!, undefined, block.block)] : [],
    ),
    ...all.flatMap(({ id, shape, instance: layer }): Draft[] => {
      const name = layer === undefined ? inside(id) : undefined;
      return name ? [{ label: name, kind: "parameter", detail: `${formatShape(shape)} · parameter` }] : [];
    }),
  ];
}

/** The value of a name; of an instance of a block, what it gives. */
function valueBehind({ values }: Network, id: string, instance: BlockInstance | undefined): Value | undefined {
  const single = instance?.outputs.length === 1 ? instance.outputs[0]!.value : undefined;
  return values.find((value) => value.id === (single ?? id));
}

function parametersOf({ parameters: all }: Network, value: Value | undefined, id: string): readonly Parameter[] {
  const instance = value?.source.kind === "layer" ? value.source.instance : id;
  return all.filter((parameter) => parameter.instance === instance);
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
function detailsOf(analysis: Analysis, names: NetworkNames): Map<string, string> {
  const details = new Map<string, string>();
  for (const { name, annotation, default: value } of names.declaration.inputs) {
    if (annotation.kind !== "type") continue;
    const preset = value ? ` = ${analysis.text.slice(value.range.start, value.range.end)}` : "";
    details.set(name.name, `${annotation.type.name}${preset}`);
  }
  const body = loweredBody(analysis.module, names);
  if (body === undefined) return details;
  const { network, prefix } = body;
  for (const { name, type, value } of network.attributes) details.set(name, `${type} = ${formatValue(value)}`);
  const shapes = new Map<string, string>();
  for (const { id, name, shape } of network.values) {
    if (shape === undefined) continue;
    shapes.set(id, formatShape(shape));
    if (name !== undefined && id === prefix + name) details.set(name, formatShape(shape));
  }
  // `y = x` is another name for the value x, and an instance of a block one for what it gives.
  for (const { subject, range } of analysis.module.mentions) {
    if (subject.kind !== "value" || subject.network !== network.name) continue;
    if (range.start < names.declaration.range.start || range.end > names.declaration.range.end) continue;
    const written = analysis.text.slice(range.start, range.end).normalize("NFC");
    const shape = shapes.get(subject.id);
    if (shape !== undefined && !details.has(written)) details.set(written, shape);
  }
  return details;
}
