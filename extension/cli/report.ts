// What the commands say, for people and as JSON lines.

import type { NdArray } from "../../engine/protocol/array";
import type { Diagnostic } from "../../engine/protocol/diagnostic";
import type { CheckReport, EpochReport, Metrics, RunResult } from "../../engine/protocol/snapshot";
import { formatArray } from "../../engine/runtime/print";
import { formatCount, formatMetric, formatNumber } from "../language/format-number";
import type { Colors } from "./colors";
import { diagnosticObject, formatDiagnostic, SourceText } from "./diagnostics";
import type { LoadedFile } from "./load";
import type { Terminal } from "./terminal";

const mostDiagnostics = 50; // Of a file; a screen or two.

/** Diagnostics go to standard error for people, and with `--json` to standard output as well. */
export function reportDiagnostics(
  { path, analysis }: LoadedFile,
  terminal: Terminal,
  colors: Colors,
  json: boolean,
): void {
  const { text, diagnostics } = analysis;
  const source = new SourceText(path, text);
  const shown = diagnostics.slice(0, mostDiagnostics);
  for (const diagnostic of shown) {
    terminal.error(`${formatDiagnostic(source, diagnostic, colors)}\n`);
    if (json) writeJson(terminal, diagnosticObject(source, diagnostic));
  }
  const rest = diagnostics.length - shown.length;
  if (rest > 0) terminal.error(`${path}: and ${count(rest, "more problem")}\n`);
}

export function writeJson(terminal: Terminal, object: object): void {
  terminal.out(`${JSON.stringify(object)}\n`);
}

/** `no problems` or `2 errors and 1 warning`. */
export function countProblems(diagnostics: readonly Diagnostic[]): string {
  const of = (severity: Diagnostic["severity"]): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const parts = [
    ...(of("error") > 0 ? [count(of("error"), "error")] : []),
    ...(of("warning") > 0 ? [count(of("warning"), "warning")] : []),
  ];
  return parts.length === 0 ? "no problems" : parts.join(" and ");
}

export function epochObject({ epoch, epochs, step, loss, metrics, validation, seconds }: EpochReport) {
  return { type: "epoch", epoch, epochs, step, loss, metrics, ...(validation && { validation }), seconds };
}

export function doneObject(
  train: string,
  { epoch, step, loss, metrics, validation, seconds, samplesPerSecond }: EpochReport,
) {
  return {
    type: "done",
    train,
    epochs: epoch,
    step,
    loss,
    metrics,
    ...(validation && { validation }),
    seconds,
    samplesPerSecond,
  };
}

/** `loss 0.04 · accuracy 98.3% · validation loss 0.05 · accuracy 96.7%` */
export function formatReport({ loss, metrics, validation }: EpochReport): string {
  const training = formatScores(loss, metrics);
  return validation ? `${training} · validation ${formatScores(validation.loss, validation.metrics)}` : training;
}

export function formatSpeed({ seconds, samplesPerSecond }: EpochReport): string {
  return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s, ${formatCount(Math.round(samplesPerSecond))} samples/s`;
}

export function checkObject(file: string, { title, ok, expectations, problem }: CheckReport) {
  return { type: "check", file, title, ok, expectations, ...(problem !== undefined && { problem }) };
}

export function formatCheck({ title, ok, expectations, problem }: CheckReport, colors: Colors): string {
  const failed = expectations.filter((expectation) => !expectation.ok);
  const mark = ok ? colors.green("✓") : colors.red("✗");
  return [
    `${mark} ${title} ${colors.dim(`(${count(expectations.length, "expectation")})`)}`,
    ...(problem === undefined ? [] : [`    ${problem}`]),
    ...failed.flatMap(({ text, expected, actual, difference }) => [
      `    ${colors.red("expect")} ${text}`,
      `      ${difference}`,
      ...(expected.includes("[") ? [`      expected ${expected}`, `      actual   ${actual}`] : []),
    ]),
  ].join("\n");
}

export function outputObject({ outputs, origin, weights, prediction, expected }: RunResult) {
  return {
    type: "output",
    values: Object.fromEntries(outputs.map(({ name, array }) => [name, nested(array)])),
    origin,
    weights,
    ...(prediction !== undefined && { prediction }),
    ...(expected !== undefined && { expected }),
  };
}

export function formatResult(result: RunResult, colors: Colors): string {
  const { origin, weights, inputs, outputs, classes, prediction, expected } = result;
  const verdict =
    prediction === undefined || expected === undefined
      ? ""
      : prediction === expected
        ? colors.green("  ✓ as expected")
        : colors.red(`  ✗ expected ${expected}`);
  return [
    `${colors.dim("input")}   ${origin}`,
    `${colors.dim("weights")} ${weights}`,
    ...inputs.map(({ name, array }) => `${name} = ${formatArray(array)}`),
    ...outputs.map(({ name, array }) => `${name} = ${formatArray(array)}`),
    ...(classes ? bars(classes, outputs[0]!.array, colors) : []),
    ...(prediction === undefined
      ? expected === undefined
        ? []
        : [`expected ${expected}`]
      : [`${colors.bold(`prediction ${prediction}`)}${verdict}`]),
  ].join("\n");
}

export const count = (number: number, noun: string): string =>
  `${formatCount(number)} ${noun}${number === 1 ? "" : "s"}`;

function formatScores(loss: number, metrics: Metrics): string {
  const scores = Object.entries(metrics).map(([name, value]) => `${name} ${formatMetric(name, value)}`);
  return [`loss ${formatNumber(loss)}`, ...scores].join(" · ");
}

const barWidth = 24; // Columns of a probability of 1.
const mostBars = 10;

function bars(classes: readonly string[], { data }: NdArray, colors: Colors): string[] {
  const ranked = [...data.keys()].sort((a, b) => data[b]! - data[a]!);
  // All in their own order if they are few, else the most probable ones.
  const shown = classes.length <= mostBars ? [...data.keys()] : ranked.slice(0, mostBars);
  const width = Math.max(...shown.map((index) => classes[index]!.length));
  return shown.map((index) => {
    const share = data[index]!;
    const bar = "█".repeat(Math.round(share * barWidth));
    const line = `  ${classes[index]!.padEnd(width)} ${bar.padEnd(barWidth)} ${(100 * share).toFixed(1).padStart(5)}%`;
    return index === ranked[0] ? line : colors.dim(line);
  });
}

type Nested = number | Nested[];

function nested({ shape, data }: NdArray): Nested {
  const build = (depth: number, offset: number, size: number): Nested => {
    if (depth === shape.length) return data[offset]!;
    const inner = size / shape[depth]!;
    return Array.from({ length: shape[depth]! }, (_, index) => build(depth + 1, offset + index * inner, inner));
  };
  return build(0, 0, data.length);
}
