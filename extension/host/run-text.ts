// Typed numbers → the array a network takes; what a network gave → a page of aligned text. No VS Code in here.

import type { NdArray, Shape } from "../../engine/protocol/array";
import type { DataSummary } from "../../engine/protocol/data";
import type { NamedArray, RunResult } from "../../engine/protocol/snapshot";
import { formatNumber } from "../language/format-number";

export type Typed =
  | { readonly kind: "array"; readonly array: NdArray }
  | { readonly kind: "problem"; readonly message: string };

/** Reads numbers separated by commas or spaces, with or without brackets, row by row. */
export function readNumbers(text: string, shape: Shape): Typed {
  const words = text.split(/[\s,;[\]]+/).filter((word) => word !== "");
  const wrong = words.find((word) => !Number.isFinite(Number(word)));
  if (wrong !== undefined) return { kind: "problem", message: `"${wrong}" is not a number.` };
  const expected = shape.reduce((product, size) => product * size, 1);
  if (words.length !== expected) {
    const wanted = `${expected} ${expected === 1 ? "number" : "numbers"}`;
    return { kind: "problem", message: `Type ${wanted} for [${shape.join(", ")}]; there are ${words.length} so far.` };
  }
  return { kind: "array", array: { shape, data: Float64Array.from(words, Number) } };
}

export function readSampleNumber(text: string, samples: number): number | undefined {
  const index = Number(text);
  return text.trim() !== "" && Number.isInteger(index) && index >= 0 && index < samples ? index : undefined;
}

export function describeRun(network: string, result: RunResult, summary: DataSummary | undefined): string {
  const { origin, weights, inputs, outputs, classes, prediction, expected } = result;
  const facts = [
    ["network", network],
    ["input", origin],
    ["weights", weights],
    ...(prediction === undefined ? [] : [["prediction", prediction + judge(prediction, expected)]]),
    ...(prediction === undefined && expected !== undefined ? [["expected", expected]] : []),
  ];
  const width = Math.max(...facts.map(([name]) => name!.length));
  return [
    ...facts.map(([name, fact]) => `${name!.padEnd(width)}  ${fact}`),
    ...outputs.flatMap((output) => section(output, classes)),
    ...inputs.flatMap((input) => section(input, summary?.features)),
    "",
  ].join("\n");
}

function judge(prediction: string, expected: string | undefined): string {
  if (expected === undefined) return "";
  return expected === prediction ? "  ✓ as expected" : `  ✗ expected ${expected}`;
}

function section({ name, array }: NamedArray, labels: readonly string[] | undefined): string[] {
  const heading = `${name}  [${array.shape.join(", ")}]`;
  return ["", heading, "─".repeat(heading.length), ...body(array, labels)];
}

/** Rows of a table are cut after this many. */
const mostRows = 64;

function body({ shape, data }: NdArray, labels: readonly string[] | undefined): string[] {
  if (shape.length <= 1) return vector(data, labels?.length === data.length ? labels : undefined);
  const columns = shape.at(-1)!;
  const rows = shape.at(-2)!;
  const planes = data.length / (rows * columns);
  const lines = Array.from({ length: planes }, (_, plane) => {
    const part = data.subarray(plane * rows * columns, (plane + 1) * rows * columns);
    const grid = rows >= 5 && columns >= 5 ? picture(part, columns) : table(part, columns);
    return planes > 1 ? [`${plane}`, ...grid] : grid;
  }).flat();
  return cut(lines);
}

/** Many numbers without names are often the pixels of a square picture; else they stand in rows of eight. */
function vector(data: Float64Array, labels: readonly string[] | undefined): string[] {
  if (labels || data.length <= 16) return list(data, labels);
  const side = Math.sqrt(data.length);
  const isSquare = Number.isInteger(side) && side >= 5;
  return isSquare ? [`  as ${side} × ${side}:`, ...picture(data, side)] : cut(table(data, 8));
}

/** One number a line; numbers that are shares of a whole get bars. */
function list(data: Float64Array, labels: readonly string[] | undefined): string[] {
  const shares = data.length > 1 && data.every((x) => x >= 0) && Math.abs(sum(data) - 1) < 1e-3;
  const names = Array.from(data, (_, index) => labels?.[index] ?? (data.length > 1 ? String(index) : ""));
  const width = Math.max(0, ...names.map((name) => name.length));
  const numbers = Array.from(data, shares ? (x) => `${(100 * x).toFixed(2)}%` : formatNumber);
  const numberWidth = Math.max(0, ...numbers.map((number) => number.length));
  return cut(
    names.map((name, index) => {
      const row = `${name.padEnd(width)}  ${numbers[index]!.padStart(numberWidth)}`;
      return `  ${shares ? `${row}  ${bar(data[index]!)}`.trimEnd() : row}`;
    }),
  );
}

function table(data: Float64Array, columns: number): string[] {
  const words = Array.from(data, formatNumber);
  const width = Math.max(...words.map((word) => word.length));
  return rowsOf(words, columns).map((row) => `  ${row.map((word) => word.padStart(width)).join("  ")}`);
}

/** Shades from the smallest to the largest number, two characters wide so that pixels are about square. */
function picture(data: Float64Array, columns: number): string[] {
  const shades = [" ", "░", "▒", "▓", "█"];
  const low = data.reduce((a, b) => Math.min(a, b));
  const high = data.reduce((a, b) => Math.max(a, b));
  const shade = (x: number): string =>
    shades[Math.min(shades.length - 1, Math.floor((shades.length * (x - low)) / (high - low || 1)))]!.repeat(2);
  const rows = rowsOf(Array.from(data, shade), columns).map((row) => row.join(""));
  return [...rows.map((row) => `  │${row}│`), `  ${formatNumber(low)} is empty, ${formatNumber(high)} is full`];
}

function rowsOf(words: readonly string[], columns: number): string[][] {
  return Array.from({ length: Math.ceil(words.length / columns) }, (_, row) =>
    words.slice(row * columns, (row + 1) * columns),
  );
}

/** Eighths of a character, 24 characters for 1. */
function bar(share: number): string {
  const eighths = Math.round(24 * 8 * share);
  return "█".repeat(Math.floor(eighths / 8)) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]!;
}

function cut(lines: string[]): string[] {
  if (lines.length <= mostRows) return lines;
  return [...lines.slice(0, mostRows), `  … ${lines.length - mostRows} more lines`];
}

function sum(data: Float64Array): number {
  return data.reduce((a, b) => a + b, 0);
}
