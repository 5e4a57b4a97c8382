// Documentation of what can be called: summary, formulas, arguments. The catalog's own texts are Markdown already.

import { formatShape } from "../../../engine/model/shape";
import type {
  ArgumentDoc,
  ArgumentType,
  ArgumentValue,
  CallableDoc,
  CallableKind,
} from "../../../engine/protocol/catalog";
import { formatNumber } from "../format-number";
import { formulaText } from "../formula-text";
import { typeInWords } from "../lower/arguments";
import { code, codeBlock, escapeMarkdown, table } from "../markdown";
import { formulaPicture, type Pictures } from "../picture";

const kindInWords: { readonly [Kind in CallableKind]: string } = {
  layer: "layer",
  function: "function",
  loss: "loss",
  optimizer: "optimizer",
  schedule: "schedule",
  regularizer: "regularizer",
  clip: "clip",
  stopping: "stopping rule",
  initializer: "initializer",
  metric: "metric",
  dataset: "data source",
};

export function callableSection(doc: CallableDoc, pictures: Pictures | undefined): string {
  const head = `**${escapeMarkdown(doc.name)}** · ${kindInWords[doc.kind]}`;
  return [head, ...callableBody(doc, pictures)].join("\n\n");
}

/** Without the head line. Formulas are text where no pictures can be shown. */
export function callableBody(doc: CallableDoc, pictures?: Pictures): string[] {
  return [doc.summary, ...formulasOf(doc, pictures), ...notesOf(doc)];
}

/** Forward and backward. */
export function formulasOf({ kind, name, equation, gradient }: CallableDoc, pictures: Pictures | undefined): string[] {
  const written = [equation, gradient].filter((latex) => latex !== "");
  if (written.length === 0) return [];
  const typeset = pictures?.formulas.get(`${kind} ${name}`);
  if (pictures && typeset) return [formulaPicture(typeset, written.join("; "), pictures.ink)];
  return [codeBlock(written.map(formulaText).join("\n"))];
}

/** What stands below summary and formulas. */
export function notesOf(doc: CallableDoc): string[] {
  return [
    ...(doc.arguments.length > 0 ? [argumentTable(doc.arguments)] : []),
    ...(doc.source === "" ? [] : [`*${escapeMarkdown(doc.source)}*`]),
  ];
}

export function argumentSection(doc: CallableDoc, name: string): string | undefined {
  const argument = doc.arguments.find((candidate) => candidate.name === name);
  if (argument === undefined) return undefined;
  const head = `**${escapeMarkdown(name)}** · argument of ${code(doc.name)}`;
  return [head, argument.summary, `${allowed(argument.type)} · ${initial(argument)}`].join("\n\n");
}

function argumentTable(docs: readonly ArgumentDoc[]): string {
  const rows = docs.map((doc) => [code(doc.name), initial(doc), doc.summary.replace(/\|/g, "\\|")]);
  return table(["argument", "", ""], rows, { numbers: false });
}

function initial({ default: value, optional }: ArgumentDoc): string {
  if (value !== undefined) return `default ${code(formatValue(value))}`;
  return optional ? "optional" : "required";
}

function allowed(type: ArgumentType): string {
  const words = escapeMarkdown(typeInWords(type));
  if (type.kind !== "integer" && type.kind !== "number") return words;
  const bounds = [
    type.min === undefined ? "" : `at least ${type.min}`,
    type.max === undefined ? "" : `at most ${type.max}`,
    type.kind === "number" && type.above !== undefined ? `greater than ${type.above}` : "",
    type.kind === "number" && type.below !== undefined ? `less than ${type.below}` : "",
  ].filter((bound) => bound !== "");
  return bounds.length === 0 ? words : `${words}, ${bounds.join(" and ")}`;
}

/** As a user would write it. */
export function formatValue(value: ArgumentValue): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(formatValue).join(", ")}]`;
  if ("data" in value) return `numbers ${formatShape(value.shape)}`;
  const written = Object.entries(value.arguments).map(([name, argument]) => `${name}: ${formatValue(argument)}`);
  return written.length === 0 ? value.name : `${value.name}(${written.join(", ")})`;
}

function isList(value: ArgumentValue): value is readonly ArgumentValue[] {
  return Array.isArray(value);
}
