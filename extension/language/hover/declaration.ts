// Networks, data sets, trainings, checks and attributes, as their names show them.

import { documentation } from "../../../engine/model/catalog";
import { formatShape, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Module } from "../../../engine/protocol/network";
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
  const { network, data, loss, optimizer, batchSize, epochs, validation, metrics, seed } = training;
  const held =
    validation.kind === "fraction"
      ? ` · ${escapeMarkdown(formatShare(validation.fraction))} held back for validation`
      : validation.kind === "data"
        ? ` · validated on ${code(validation.data.name)}`
        : "";
  return joined([
    `**${escapeMarkdown(name)}** · training of ${code(network.name)} on ${code(data.name)}`,
    escapeMarkdown(training.documentation),
    `Loss ${code(loss.kind === "call" ? formatValue(loss.call) : loss.text)} · optimizer ${code(formatValue(optimizer))}`,
    `${formatCount(epochs)} epochs in batches of ${formatCount(batchSize)} · seed ${seed}${held}`,
    metrics.length === 0 ? "" : `Watches ${metrics.map(code).join(", ")}`,
  ]);
}

export function checkSection({ checks }: Module, title: string): string | undefined {
  const check = checks.find((candidate) => candidate.title === title);
  if (check === undefined) return undefined;
  const expectations = check.statements.filter(({ kind }) => kind === "expect").length;
  const given = check.singleSample ? "one sample" : `a batch of ${formatCount(check.batchSize)}`;
  return joined([
    `**${escapeMarkdown(title)}** · check of ${code(check.network.name)}`,
    escapeMarkdown(check.documentation),
    `${expectations} ${expectations === 1 ? "expectation" : "expectations"} on ${given}`,
  ]);
}

export function attributeSection({ networks }: Module, network: string, name: string): string | undefined {
  const attribute = networks
    .find((candidate) => candidate.name === network)
    ?.attributes.find((candidate) => candidate.name === name);
  const head = `**${escapeMarkdown(name)}** · attribute of ${code(network)}`;
  if (attribute === undefined) return head;
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
