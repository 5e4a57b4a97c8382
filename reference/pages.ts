// The catalog and the diagnostics → the pages of `docs/`. Gives texts; writes nothing.

import { documentation, inputCount, isPlanned, namesOf } from "../engine/model/catalog";
import { layers } from "../engine/model/layers";
import { plannedLayers } from "../engine/model/layers/planned";
import type { ArgumentDoc, ArgumentType, ArgumentValue, CallableDoc, CallableKind } from "../engine/protocol/catalog";
import type { Diagnostic, Fix, Severity } from "../engine/protocol/diagnostic";
import { analyze, type Environment } from "../extension/language/analyze";
import { messages } from "../extension/language/diagnostics";
import { formatNumber } from "../extension/language/format-number";
import { formatValue } from "../extension/language/hover/callable";
import { adviceMessages } from "../extension/language/lint/messages";
import { code, table } from "../extension/language/markdown";
import type { Explanation } from "./explanation";
import { explanations } from "./explanations";
import type { Known } from "./known";

const generatedNote = "<!-- Written by `npm run reference` from the sources. Changes made here are lost. -->";

// Layers.

export function layersPage(): string {
  const groups = new Map<string, CallableDoc[]>();
  for (const name of namesOf("layer")) {
    const doc = documentation("layer", name)!;
    groups.set(doc.category, [...(groups.get(doc.category) ?? []), doc]);
  }
  const contents = [...groups].map(
    ([category, docs]) =>
      `- ${heading(category)}: ${docs.map(({ name }) => `[${name}](#${name.toLowerCase()})`).join(", ")}`,
  );
  return page(
    "# Layers and activations",
    generatedNote,
    "Shapes are those of one sample; the batch dimension is added when the network runs. $x$ is the input, $y$ the output, $L$ the loss.",
    contents.join("\n"),
    ...[...groups].flatMap(([category, docs]) => [`## ${heading(category)}`, ...docs.flatMap(layerSection)]),
    ...(plannedLayers.length === 0
      ? []
      : [
          "## Not yet",
          `The language has these too, and this version cannot run them yet: ${plannedLayers.map(code).join(", ")}.`,
        ]),
  );
}

function heading(category: string): string {
  return category === "activation" ? "Activations" : category.charAt(0).toUpperCase() + category.slice(1);
}

function layerSection(doc: CallableDoc): string[] {
  const example = layerExample(doc.name);
  return [
    `### ${doc.name}`,
    doc.summary,
    ...formulas(doc),
    ...(doc.arguments.length === 0 ? [] : [argumentTable(doc.arguments)]),
    example,
    ...(doc.source === "" ? [] : [`Source: ${doc.source}.`]),
  ];
}

/** A whole file that uses the layer as its record's example does, and the shape that comes out. */
function layerExample(name: string): string {
  const { inputs, arguments: args = {} } = layers[name]!.example;
  const letters = ["a", "b", "c", "d"];
  const names = inputs.length === 1 ? ["x"] : letters.slice(0, inputs.length);
  const signature = names.map((input, position) => `${input}: [${inputs[position]!.join(", ")}]`).join(", ");
  const types = new Map(documentation("layer", name)!.arguments.map((doc) => [doc.name, doc.type]));
  const given = Object.entries(args).map(([argument, value]) => `${argument}: ${written(types.get(argument)!, value)}`);
  const call = given.length === 0 ? name : `${name}(${given.join(", ")})`;
  const source = (inputCount("layer", name)?.min ?? 1) > 1 ? `(${names.join(", ")})` : names[0];
  const text = `network Example(${signature}) {\n  return ${source} -> ${call} as y\n}\n`;
  const value = analyze(text).module.networks[0]?.values.find(({ id }) => id === "y");
  const shape = value?.shape === undefined ? "" : `\n\n${code("y")} is ${code(`[${value.shape.join(", ")}]`)}.`;
  return `${block(text)}${shape}`;
}

function formulas({ equation, gradient }: CallableDoc): string[] {
  const lines = [equation, ...gradient.split("\n")].filter((line) => line !== "");
  return lines.map((line) => `$$${line}$$`);
}

function argumentTable(docs: readonly ArgumentDoc[]): string {
  const rows = docs.map((doc) => [code(doc.name), typeName(doc.type), initial(doc), cell(doc.summary)]);
  return table(["argument", "type", "default", ""], rows, { numbers: false, gap: "" });
}

function initial({ type, default: value, optional }: ArgumentDoc): string {
  if (value !== undefined) return code(written(type, value));
  return optional ? "none" : "required";
}

/** One of some words stands without quotes. */
function written(type: ArgumentType, value: ArgumentValue): string {
  return type.kind === "choice" && typeof value === "string" ? value : formatValue(value);
}

function typeName(type: ArgumentType): string {
  switch (type.kind) {
    case "integer":
      return `whole number${bounds(type)}`;
    case "number":
      return `number${bounds(type)}`;
    case "boolean":
      return "`true` or `false`";
    case "choice":
      return [...type.choices.map(code), ...(type.integer === undefined ? [] : ["a whole number"])].join(" or ");
    default:
      return type.kind;
  }
}

function bounds(type: {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}) {
  const parts = [
    type.min === undefined ? "" : `≥ ${type.min}`,
    type.max === undefined ? "" : `≤ ${type.max}`,
    type.above === undefined ? "" : `> ${type.above}`,
    type.below === undefined ? "" : `< ${type.below}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` ${parts.join(", ")}`;
}

/** Text inside of a table's cell. */
function cell(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\n/g, " ");
}

// The generated parts of the language page.

const sections: Readonly<Record<string, CallableKind>> = {
  functions: "function",
  losses: "loss",
  optimizers: "optimizer",
  schedules: "schedule",
  regularizers: "regularizer",
  clips: "clip",
  stopping: "stopping",
  initializers: "initializer",
  metrics: "metric",
  "data-sources": "dataset",
};

/** The page with everything between `<!-- begin NAME -->` and `<!-- end -->` written anew. Throws when a part is missing. */
export function languagePage(current: string): string {
  let result = current;
  for (const [name, kind] of Object.entries(sections)) {
    const part = new RegExp(`(<!-- begin ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`);
    if (!part.test(result)) throw new Error(`docs/language.md has no part "<!-- begin ${name} -->".`);
    result = result.replace(part, (_, begin: string, end: string) => `${begin}\n${catalogTable(kind)}\n\n${end}`);
  }
  const part = /(<!-- begin layers -->\n)[\s\S]*?(<!-- end -->)/;
  return result.replace(part, (_, begin: string, end: string) => `${begin}\n${layerList()}\n\n${end}`);
}

function catalogTable(kind: CallableKind): string {
  const rows = namesOf(kind).map((name) => {
    const doc = documentation(kind, name)!;
    const equation = doc.equation === "" ? "" : `$${cell(doc.equation)}$`;
    return kind === "metric" || kind === "dataset"
      ? [code(signature(doc)), cell(doc.summary)]
      : [code(signature(doc)), cell(doc.summary), equation];
  });
  const head = kind === "metric" || kind === "dataset" ? ["", ""] : ["", "", "formula"];
  return table(head, rows, { numbers: false, gap: "" });
}

/** `Adam(rate: 0.001, …)`; what must be given has no value. */
function signature({ kind, name, arguments: docs }: CallableDoc): string {
  if (docs.length === 0) return name;
  const list = docs.map(({ name: argument, type, default: value, optional }) =>
    value === undefined ? `${argument}${optional ? "?" : ""}` : `${argument}: ${written(type, value)}`,
  );
  return kind === "function" ? `${name}(x, ${list.join(", ")})` : `${name}(${list.join(", ")})`;
}

function layerList(): string {
  const names = namesOf("layer").filter((name) => !isPlanned("layer", name));
  return names.map((name) => `[${name}](layers.md#${name.toLowerCase()})`).join(" · ");
}

// Diagnostics.

const severityInWords: Readonly<Record<Severity, string>> = {
  error: "error: nothing that depends on it can run",
  warning: "warning: it runs, and is hardly ever meant",
  information: "information: it may be meant",
};

export interface DocumentedCode {
  readonly code: string;
  readonly severity: Severity;
}

/** Errors of lowering, then advice, in the order of their tables. */
export function documentedCodes(): readonly DocumentedCode[] {
  return [...Object.entries(messages), ...Object.entries(adviceMessages)].map(([name, { severity }]) => ({
    code: name,
    severity,
  }));
}

export function diagnosticsPage(known: Known): string {
  const codes = documentedCodes();
  const inTables = new Set(codes.map((entry) => entry.code));
  const others = Object.keys(explanations).filter((name) => !inTables.has(name));
  const section = (name: string, severity: Severity): string[] => {
    const explanation = explanations[name];
    if (explanation === undefined) return [];
    return [
      `## ${name}`,
      `*${explanation.mended === undefined ? severityInWords[severity] : "error: the training ends there"}*`,
      explanation.means,
      ...example(name, explanation, known),
      `**What to do.** ${explanation.repair}`,
      ...mended(explanation, known),
    ];
  };
  return page(
    "# Diagnostics",
    generatedNote,
    "What each message means, a text that raises it, and what to do. In the editor the code behind a message leads here; 💡 (Ctrl+.) offers the quick fixes.",
    ...codes.flatMap((entry) => section(entry.code, entry.severity)),
    ...others.flatMap((name) => section(name, "information")),
  );
}

function example(name: string, explanation: Explanation, known: Known): string[] {
  if (explanation.example === undefined) return [];
  const found = raised(name, explanation, known);
  const files = Object.entries(explanation.files ?? {}).map(([path, text]) => `with ${code(path)}:\n\n${block(text)}`);
  if (found === undefined) return [block(explanation.example), ...files];
  const line = explanation.example.slice(0, found.range.start).split("\n").length;
  const fixes = found.fixes.map((fix) => fixInWords(explanation.example!, fix));
  return [
    block(explanation.example),
    ...files,
    `> line ${line}: ${escapeProse(found.message)}`,
    ...(fixes.length === 0 ? [] : [`Quick fix: ${fixes.join("; ")}.`]),
  ];
}

/** With the losses that show that it is. */
function mended({ mended: text }: Explanation, { trained }: Known): string[] {
  if (text === undefined) return [];
  const { losses } = trained.get(text)!;
  const [first, last] = [losses[0]!, losses.at(-1)!].map((loss) => formatNumber(loss));
  return ["So it learns:", block(text), `The loss falls from ${first} to ${last}.`];
}

/** Text in which only code spans are Markdown. */
function escapeProse(text: string): string {
  return text
    .replace(/\n/g, " ")
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/[<*_[\]]/g, "\\$&")))
    .join("");
}

function fixInWords(text: string, { title, edits }: Fix): string {
  const changed = [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((result, { range, newText }) => result.slice(0, range.start) + newText + result.slice(range.end), text);
  const before = new Set(text.split("\n"));
  const lines = changed
    .split("\n")
    .filter((line) => !before.has(line))
    .map((line) => line.trim());
  return lines.length === 0 ? `*${title}*` : `*${title}*, which gives ${lines.map(code).join(" and ")}`;
}

/** What an example raises, if it does. */
export function raised(name: string, explanation: Explanation, known: Known): Diagnostic | undefined {
  if (explanation.example === undefined) return undefined;
  const { describe, trained } = known;
  const environment: Environment = {
    describeData: ({ source }) => describe(source),
    readFile: (path) => {
      const file = explanation.files?.[path];
      return file === undefined ? { problem: `${path} does not exist` } : { text: file };
    },
  };
  const { diagnostics } = analyze(explanation.example, environment);
  const breakdown = trained.get(explanation.example)?.breakdown;
  return [...diagnostics, ...(breakdown ? [breakdown] : [])].find((diagnostic) => diagnostic.code === name);
}

function block(text: string): string {
  return `\`\`\`nnet\n${text.trimEnd()}\n\`\`\``;
}

function page(...parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}
