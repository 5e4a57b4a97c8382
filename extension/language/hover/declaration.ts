// Networks, data sets, trainings, checks and attributes, as their names show them.

import { documentation } from "../../../engine/model/catalog";
import { formatShape, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Call } from "../../../engine/protocol/catalog";
import type { Module, Training } from "../../../engine/protocol/network";
import { formatCount, formatShare } from "../format-number";
import type { LiveSource } from "../hover";
import { code, escapeMarkdown } from "../markdown";
import { formatValue } from "./callable";

export function networkSection({ networks }: Module, name: string): string | undefined {
  const network = networks.find((candidate) => candidate.name === name);
  if (network === undefined) return undefined;
  const { values, parameters, outputs, attributes } = network;
  const shapeOf = (shape: Shape | undefined): string => (shape === undefined ? "[?]" : formatShape(shape));
  const inputs = values.filter(({ source }) => source.kind === "input");
  const given = inputs.map(({ id, shape }) => code(`${id}: ${shapeOf(shape)}`)).join(", ");
  const returned = outputs.map((output) => {
    const shape = shapeOf(values.find(({ id }) => id === output.value)?.shape);
    return code(output.name === "output" ? shape : `${output.name}: ${shape}`);
  });
  const trained = parameters.filter(({ trainable }) => trainable);
  const numbers = trained.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return joined([
    `**${escapeMarkdown(name)}** · network`,
    escapeMarkdown(network.documentation),
    `${given || "no input"} → ${returned.join(", ") || "nothing"} for one sample`,
    attributes.map(({ name: attribute, value }) => code(`${attribute} = ${formatValue(value)}`)).join(", "),
    `${formatCount(numbers)} trained numbers in ${trained.length} ${trained.length === 1 ? "parameter" : "parameters"}`,
  ]);
}

export function dataSection({ data }: Module, name: string, live: LiveSource): string | undefined {
  const declaration = data.find((candidate) => candidate.name === name);
  if (declaration === undefined) return undefined;
  const { source } = declaration;
  const summary = live.summaryOf(declaration);
  const lines: string[] = [];
  if (summary !== undefined) {
    const { samples, inputShape, targetShape, classes, features } = summary;
    lines.push(
      `${formatCount(samples)} samples · input ${code(formatShape(inputShape))} · target ${code(formatShape(targetShape))}`,
    );
    if (classes) lines.push(`${classes.length} classes: ${listed(classes)}`);
    if (features) lines.push(`Columns: ${listed(features)}`);
  }
  return joined([
    `**${escapeMarkdown(name)}** · data from ${code(formatValue(source))}`,
    escapeMarkdown(declaration.documentation),
    ...lines,
    documentation("dataset", source.name)?.summary ?? "",
  ]);
}

export function trainingSection({ trainings }: Module, name: string): string | undefined {
  const training = trainings.find((candidate) => candidate.name === name);
  if (training === undefined) return undefined;
  const { network, data, loss, optimizer, schedule, batchSize, metrics, seed, regularize = [], clip, stop } = training;
  const calls = (label: string, given: readonly (Call | undefined)[]): string[] => {
    const written = given.flatMap((call) => (call ? [code(formatValue(call))] : []));
    return written.length === 0 ? [] : [`${label} ${written.join(", ")}`];
  };
  const [output] = network.outputs;
  // Of several outputs the first is compared with the targets, as Keras does with one loss.
  const compared =
    network.outputs.length > 1 && loss.kind === "call" ? ` on the first output, ${code(output!.name)}` : "";
  return joined([
    `**${escapeMarkdown(name)}** · training of ${code(network.name)} on ${code(data.name)}`,
    escapeMarkdown(training.documentation),
    [
      `Loss ${code(loss.kind === "call" ? formatValue(loss.call) : loss.text)}${compared}`,
      ...calls("optimizer", [optimizer]),
      ...calls("schedule", [schedule]),
    ].join(" · "),
    `${lengthOf(training)} in batches of ${formatCount(batchSize)} · seed ${seed}${heldBack(training)}`,
    [
      ...calls("regularized by", regularize),
      ...calls("gradients clipped by", [clip]),
      ...calls("ended by", [stop]),
    ].join(" · "),
    metrics.length === 0 ? "" : `Watches ${metrics.map(code).join(", ")}`,
  ]);
}

function lengthOf({ epochs, steps }: Training): string {
  return steps === undefined ? `${formatCount(epochs)} epochs` : `${formatCount(steps)} steps`;
}

function heldBack({ validation }: Training): string {
  switch (validation.kind) {
    case "none":
      return "";
    case "fraction":
      return ` · ${escapeMarkdown(formatShare(validation.fraction))} held back for validation`;
    case "data":
      return ` · validated on ${code(validation.data.name)}`;
    default:
      return validation satisfies never;
  }
}

export function checkSection({ checks }: Module, title: string): string | undefined {
  const check = checks.find((candidate) => candidate.title === title);
  if (check === undefined) return undefined;
  const expectations = check.statements.filter(({ kind }) => kind === "expect").length;
  const given = check.singleSample ? "one sample" : `a batch of ${formatCount(check.batchSize)}`;
  const on = check.after ? `after ${code(check.after.name)}` : `on ${given}`;
  return joined([
    `**${escapeMarkdown(title)}** · check of ${code(check.network.name)}`,
    escapeMarkdown(check.documentation),
    `${expectations} ${expectations === 1 ? "expectation" : "expectations"} ${on}`,
  ]);
}

export function attributeSection({ networks, blocks }: Module, network: string, name: string): string | undefined {
  const attribute = networks
    .find((candidate) => candidate.name === network)
    ?.attributes.find((candidate) => candidate.name === name);
  const head = `**${escapeMarkdown(name)}** · attribute of ${code(network)}`;
  if (attribute === undefined) {
    const declared = blocks
      .find((block) => block.name === network)
      ?.attributes.find((candidate) => candidate.name === name);
    if (declared === undefined) return head;
    const preset = declared.default === undefined ? "" : ` = ${formatValue(declared.default)}`;
    return joined([head, code(`${name}: ${declared.type}${preset}`)]);
  }
  return joined([head, code(`${name}: ${attribute.type} = ${formatValue(attribute.value)}`)]);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The first of many. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => code(name));
  return shown.join(", ") + (names.length > shown.length ? ", …" : "");
}
