// A value's node in words: its title with its arguments, its tooltip, and what a screen reader says of it.

import type { NdArray, Shape } from "../../engine/protocol/array";
import type { Arguments, ArgumentValue } from "../../engine/protocol/catalog";
import type { Value, ValueId } from "../../engine/protocol/network";
import { counted, elementCount, formatShape } from "../numbers";
import type { DiagramNode, NodeKind } from "./diagram-model";
import { inputsOf, isDrawn } from "./drawn-values";

interface Words {
  readonly title: string;
  /** The arguments, where the title has none: `rate: 0.1`, and as written behind it: `(0.1)`. */
  readonly given: { readonly named: string; readonly call: string };
}

type LayerSource = Extract<Value["source"], { kind: "layer" }>;

const nothingGiven = { named: "", call: "" };

/** The language's words for what is declared; the title and the arguments for what is computed. */
export function whatItIs(value: Value, kind: NodeKind, values: ReadonlyMap<ValueId, Value>): Words {
  if (kind === "input" || kind === "parameter" || kind === "constant")
    return { title: kindInWords[kind], given: nothingGiven };
  const { source, title } = value;
  const given = source.kind === "layer" ? givenTo(source, title) : nothingGiven;
  const literals = inputsOf(value)
    .map((id) => values.get(id)?.source)
    .filter((source) => source?.kind === "constant")
    .map(({ data }) => literal(data))
    .filter((text) => !mentions(title, text));
  return { title: literals.length === 0 ? title : `${title} with ${literals.join(", ")}`, given };
}

/** `look` of a `layer` statement does not say what it is. */
function givenTo(source: LayerSource, title: string): Words["given"] {
  const given = shortArguments(source);
  if (title === source.layer) return given;
  const shared = `${source.layer}${given.call}, shared`;
  return { named: shared, call: `: ${shared}` };
}

/** Up to three arguments that are not at their defaults, as written: `(16, kernel: 3)`. The tooltip has them all. */
function shortArguments({ arguments: given, chosen }: LayerSource): Words["given"] {
  const plain = chosen
    .map((name) => [name, given[name]] as const)
    .filter(([, value]) => typeof value === "number" || typeof value === "string")
    .slice(0, 3);
  if (plain.length === 0) return nothingGiven;
  const named = plain.map(([name, value]) => `${name}: ${value}`);
  return { named: named.join(", "), call: `(${[plain[0]![1], ...named.slice(1)].join(", ")})` };
}

function allArguments(given: Arguments): string {
  return Object.entries(given)
    .map(([name, value]) => `${name}: ${argumentText(value)}`)
    .join(", ");
}

function argumentText(value: ArgumentValue): string {
  if (typeof value !== "object") return String(value);
  if (isArray(value)) return formatShape(value.map(argumentText));
  return "data" in value ? literal(value) : callText(value.name, value.arguments);
}

function layerText({ layer, arguments: given }: LayerSource, title: string): string {
  const text = callText(layer, given);
  return title === layer ? text : `${title} = ${text}, shared`;
}

/** As one would write it: `Dense(units: 64, bias: true)`, `ReLU`. */
function callText(name: string, given: Arguments): string {
  const text = allArguments(given);
  return text ? `${name}(${text})` : name;
}

/** `Array.isArray` does not narrow readonly arrays. */
function isArray(value: object): value is readonly ArgumentValue[] {
  return Array.isArray(value);
}

const longestLiteral = 6; // elements

/** A short literal as written, a long one by its shape. */
function literal({ shape, data }: NdArray): string {
  if (data.length > longestLiteral) return `${formatShape(shape)} numbers`;
  return nested([...data], shape);
}

function nested(data: readonly number[], [size, ...rest]: readonly number[]): string {
  if (size === undefined) return String(data[0]);
  const length = elementCount(rest);
  const rows = Array.from({ length: size }, (_, row) => nested(data.slice(row * length, (row + 1) * length), rest));
  return `[${rows.join(", ")}]`;
}

/** Whether `text` stands in `title` as a token of its own: `0` is in `max(0, H1)`, not in `h10`. */
function mentions(title: string, text: string): boolean {
  const partOfWord = /[\p{L}\p{N}_.]/u;
  for (let at = title.indexOf(text); at >= 0; at = title.indexOf(text, at + 1)) {
    const before = title[at - 1] ?? " ";
    const after = title[at + text.length] ?? " ";
    if (!partOfWord.test(before) && !partOfWord.test(after)) return true;
  }
  return false;
}

/** A node before it is put into words. */
type Described = Omit<DiagramNode, "tooltip" | "label">;

export function tooltipOf(value: Value, node: Described, open: ReadonlySet<ValueId>): string {
  const { source, name, title } = value;
  const what = source.kind === "layer" ? layerText(source, title) : node.detail || node.heading;
  const lines = [name === undefined || name === what ? what : `${name}: ${what}`, shapeInWords(value, open)];
  if (node.parameterCount > 0) lines.push(counted(node.parameterCount, "parameter"));
  if (value.documentation) lines.push(value.documentation);
  return lines.join("\n");
}

function shapeInWords({ id, shape, batched }: Value, open: ReadonlySet<ValueId>): string {
  if (open.has(id)) return "Its shape depends on what the block is used for.";
  if (!shape) return "Unknown shape: an error in the text hides it.";
  return batched
    ? `one sample ${formatShape(shape)}, a batch ${formatShape(["N", ...shape])}`
    : `${formatShape(shape)}, no batch dimension`;
}

export function labelOf(value: Value, node: Described, values: ReadonlyMap<ValueId, Value>): string {
  const parts = [`${kindInWords[node.kind]} ${node.heading}`];
  if (node.detail && node.detail !== kindInWords[node.kind]) parts.push(node.detail);
  parts.push(shapeInLabel(value.shape));
  if (node.parameterCount > 0) parts.push(counted(node.parameterCount, "parameter"));
  const sources = inputsOf(value).flatMap((id) => values.get(id) ?? []);
  const from = sources.filter(isDrawn).map(({ name, title }) => name ?? title);
  if (from.length > 0) parts.push(`from ${from.join(" and ")}`);
  return parts.join(", ");
}

export function shapeInLabel(shape: Shape | undefined): string {
  if (shape === undefined) return "unknown shape";
  return shape.length === 0 ? "scalar" : `shape ${shape.join(" by ")}`;
}

const kindInWords: { readonly [K in NodeKind]: string } = {
  input: "input",
  parameter: "param",
  constant: "const",
  operation: "operation",
  layer: "layer",
  block: "block",
  repeat: "repeat",
  output: "output",
};
