// A value or parameter of a network: kind, shape for a sample and for the batch, its layer's documentation and parameters,
// and what the last run's numbers were.

import { documentation } from "../../../engine/model/catalog";
import { formatShape, sizeOf } from "../../../engine/model/shape";
import type { CallableDoc } from "../../../engine/protocol/catalog";
import type { Initializer, Network, Parameter, Value } from "../../../engine/protocol/network";
import type { ObservedQuantity, Snapshot } from "../../../engine/protocol/snapshot";
import type { Analysis } from "../analyze";
import { formatCount, formatNumber } from "../format-number";
import type { LiveSource } from "../hover";
import { networkOf } from "../live-text";
import { code, escapeMarkdown, table } from "../markdown";
import { formatValue, formulasOf, notesOf } from "./callable";
import { explanationSection } from "./explanation";
import { numbersSection } from "./numbers";

export function valueSection(analysis: Analysis, network: Network, value: Value, live: LiveSource): string {
  const { source, documentation: comment, id } = value;
  const snapshot = snapshotOf(analysis, network, live);
  const numbers = snapshot?.quantities[id];
  const parts = [
    lines(
      `${heading(value)} · ${kindOf(value, network)}${placeOf(value, network)}`,
      shapeLine(analysis, network, value, snapshot),
      snapshot && numbers && runLine(snapshot, live.stale),
    ),
  ];
  if (comment) parts.push(escapeMarkdown(comment));
  if (source.kind === "parameter") {
    const parameter = network.parameters.find((candidate) => candidate.id === id);
    if (parameter) parts.push(initialLine(parameter));
  }
  const own = source.kind === "layer" ? network.parameters.filter(({ instance }) => instance === source.instance) : [];
  const doc = docOf(value);
  if (doc) parts.push(...formulasOf(doc, live.pictures));
  if (numbers) parts.push(...explanationSection(live), numbersSection(numbers));
  if (own.length > 0) parts.push(parameterTable(own, snapshot));
  if (doc && (source.kind === "layer" || source.kind === "operation")) {
    parts.push("---", doc.summary, ...notesOf(doc));
    const given = Object.entries(source.arguments).map(([name, argument]) => `${name}: ${formatValue(argument)}`);
    if (given.length > 0) parts.push(`Here: ${code(given.join(", "))}`);
  }
  return parts.join("\n\n");
}

function docOf({ source }: Value): CallableDoc | undefined {
  if (source.kind === "layer") return documentation("layer", source.layer);
  return source.kind === "operation" ? documentation("function", source.function) : undefined;
}

export function parameterSection(analysis: Analysis, network: Network, parameter: Parameter, live: LiveSource): string {
  const { id, shape, instance } = parameter;
  const snapshot = snapshotOf(analysis, network, live);
  const owner = instance === undefined ? "" : ` of ${code(instance)}`;
  const numbers = snapshot?.quantities[id];
  const parts = [
    lines(
      `**${escapeMarkdown(id)}** · ${kindOfParameter(parameter)}${owner}`,
      `${code(formatShape(shape))} · ${count(sizeOf(shape))}`,
      snapshot && numbers && runLine(snapshot, live.stale),
    ),
    ...(numbers ? [...explanationSection(live), numbersSection(numbers)] : []),
    initialLine(parameter),
  ];
  return parts.join("\n\n");
}

/** One under the other in one paragraph: VS Code shows the first 250 pixels of a hover, and the numbers belong there. */
function lines(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join("  \n");
}

function heading({ name, title }: Value): string {
  return name === undefined ? code(title) : `**${escapeMarkdown(name)}**`;
}

/** Of a value in a block: in which use, and that there are others. */
function placeOf({ path }: Value, { blocks = [] }: Network): string {
  const use = path?.at(-1);
  if (use === undefined) return "";
  const uses = blocks.filter(({ block }) => block === use.block).length;
  return ` of ${code(use.instance)}${uses > 1 ? `, one of ${formatCount(uses)} uses of ${code(use.block)}` : ""}`;
}

function kindOf({ source, title, name, id }: Value, { name: network, parameters }: Network): string {
  switch (source.kind) {
    case "input":
      return `input of ${code(network)}`;
    case "parameter":
      return parameters.find((parameter) => parameter.id === id)?.trainable === false
        ? "constant"
        : "trained parameter";
    case "constant":
      return "constant";
    case "layer":
      return `layer ${code(source.layer)}`;
    case "operation":
      return name === undefined ? `function ${code(source.function)}` : code(title);
    case "observed":
      return "observed";
    default:
      return source satisfies never;
  }
}

function shapeLine(
  { module }: Analysis,
  network: Network,
  { shape, batched }: Value,
  snapshot: Snapshot | undefined,
): string {
  if (shape === undefined) return "Shape unknown: see the errors.";
  if (!batched) return `${code(formatShape(shape))}, the same for every sample · ${count(sizeOf(shape))}`;
  const batch = `[${["N", ...shape].join(", ")}]`;
  const training = module.trainings.find((candidate) => candidate.network.name === network.name);
  const size = snapshot?.batchSize ?? training?.batchSize;
  const known = size === undefined ? "" : `, N = ${formatCount(size)}`;
  return `${code(formatShape(shape))} for one sample · ${code(batch)} for a batch${known}`;
}

function count(numbers: number): string {
  return numbers === 1 ? "1 number" : `${formatCount(numbers)} numbers`;
}

function kindOfParameter({ trainable, running }: Parameter): string {
  if (running) return "running statistic";
  return `${trainable ? "trained" : "constant"} parameter`;
}

function initialLine({ initializer, trainable, running }: Parameter): string {
  const begins = beginningOf(initializer);
  if (running) return `Begins with ${begins} and follows the batches of a training; no gradient changes it.`;
  return trainable ? `Begins with ${begins}.` : `Always ${begins}.`;
}

function beginningOf(initializer: Initializer): string {
  switch (initializer.kind) {
    case "call":
      return code(formatValue(initializer.call));
    case "literal":
      return "the numbers given";
    case "file":
      return `the numbers in ${code(initializer.path)}`;
    default:
      return initializer satisfies never;
  }
}

/** Only a snapshot of this network's own training. */
function snapshotOf(analysis: Analysis, network: Network, { snapshot }: LiveSource): Snapshot | undefined {
  return snapshot && networkOf(analysis, snapshot)?.name === network.name ? snapshot : undefined;
}

function runLine({ epoch, step, loss, training }: Snapshot, stale: boolean): string {
  const where = `${code(training)}: epoch ${formatCount(epoch)}, step ${formatCount(step)}, loss ${formatNumber(loss)}`;
  return stale ? `${where} · *from before the last edit*` : where;
}

function parameterTable(own: readonly Parameter[], snapshot: Snapshot | undefined): string {
  const total = own.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const live = own.some(({ id }) => snapshot?.quantities[id] !== undefined);
  const head = ["parameter", "shape", "numbers", ...(live ? ["mean ± std", "gradient L2"] : [])];
  const rows = own.map(({ id, shape }) => [
    code(id),
    code(formatShape(shape)),
    formatCount(sizeOf(shape)),
    ...(live ? liveCells(snapshot?.quantities[id]) : []),
  ]);
  if (own.length > 1) rows.push(["total", "", formatCount(total), ...(live ? ["", ""] : [])]);
  return table(head, rows, { numbers: true });
}

function liveCells(numbers: ObservedQuantity | undefined): string[] {
  if (numbers === undefined) return ["", ""];
  const { value, gradient } = numbers;
  const spread = `${formatNumber(value.mean)} ± ${formatNumber(value.standardDeviation)}`;
  return [spread, gradient ? formatNumber(gradient.norm) : "–"];
}
