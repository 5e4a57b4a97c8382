// Everything that was measured → Markdown, for the terminal and for docs/performance.md.

import type { Comparison } from "./comparison";
import type { Missing } from "./contenders";
import { type Figure, type Goal, isReached } from "./figures";
import { type Timing, titleOf } from "./rounds";
import type { WorkloadName } from "./workloads";

export interface Report {
  /** ISO 8601, day only. */
  readonly date: string;
  readonly machine: Machine;
  /** Of each timed run, and how many each contender had. */
  readonly seconds: number;
  readonly rounds: number;
  readonly workloads: readonly MeasuredWorkload[];
  readonly figures: readonly Figure[];
  readonly missing: readonly Missing[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
}

export interface MeasuredWorkload {
  readonly name: WorkloadName;
  readonly title: string;
  readonly timings: readonly Timing[];
  readonly comparisons: readonly Comparison[];
}

export function markdown(report: Report): string {
  const { date, machine, seconds, rounds, workloads, figures, missing } = report;
  const { processor, cores, platform, node } = machine;
  return [
    `Measured on ${date}: ${processor}, ${cores} cores, ${platform}, Node ${node}. Rounds: ${rounds}, of ${seconds} s for each contender, in turns.`,
    ...workloads.map(workloadSection),
    figuresSection(figures),
    ...(missing.length > 0
      ? [missing.map(({ name, reason }) => `- ${name} did not take part: ${reason}.`).join("\n")]
      : []),
  ].join("\n\n");
}

function workloadSection({ name, title, timings, comparisons }: MeasuredWorkload): string {
  const rows = timings.map((timing) => [
    titleOf(timing.contender, timing.version),
    ...timeCells(timing),
    ...comparisonCells(comparisons.find(({ contender }) => contender === timing.contender)),
  ]);
  const header = ["", "µs per step", "best tenth", "ratio", "goal", ""];
  const notes = timings.flatMap(({ version, differences, result }) =>
    result.kind === "cannot"
      ? [`- ${version} cannot do it: ${result.reason}.`]
      : differences.map((difference) => `- ${version}: ${difference}.`),
  );
  return [`### ${name}: ${title}`, table([header, ...rows]), ...(notes.length > 0 ? [notes.join("\n")] : [])].join(
    "\n\n",
  );
}

function timeCells({ result }: Timing): string[] {
  if (result.kind === "cannot") return ["–", "–"];
  return [result.median, result.bestDecile].map((seconds) => significant(seconds * 1e6));
}

function comparisonCells(comparison: Comparison | undefined): string[] {
  if (!comparison) return ["", "", ""];
  const { ratio, goal, reached } = comparison;
  return [significant(ratio), goalText(goal), verdict(reached)];
}

function figuresSection(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, value, goal }) => {
    const text = `${significant(value.number)} ${value.unit}`.trim();
    return [what, text, ...(goal ? [goalText(goal), verdict(isReached(goal, value.number))] : ["", ""])];
  });
  return `### The engine\n\n${table([["", "measured", "goal", ""], ...rows])}`;
}

const verdict = (reached: boolean): string => (reached ? "reached" : "missed");

const goalText = (goal: Goal): string =>
  "atLeast" in goal ? `≥ ${significant(goal.atLeast)}` : `≤ ${significant(goal.atMost)}`;

/** Three digits that count; whole numbers from a hundred on. */
export function significant(number: number): string {
  if (number === 0) return "0";
  if (Math.abs(number) >= 100) return Math.round(number).toLocaleString("en-US");
  return String(Number(number.toPrecision(3)));
}

/** Columns line up: the first to the left, the others to the right. The first row is the header. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const [header, ...body] = rows;
  return [line(header!), rule, ...body.map(line)].join("\n");
}
