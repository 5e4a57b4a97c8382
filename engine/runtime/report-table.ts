// The reports of a training as one table of numbers, a row each: tens of thousands of them are written in no time.

import type { NdArray } from "../protocol/array";
import type { EpochReport } from "../protocol/snapshot";

/** What the rows of a table hold besides what every report has. */
export interface ReportColumns {
  readonly metrics: readonly string[];
  readonly validation: boolean;
}

/** Of one training: all its reports have the same metrics. */
export function columnsOf(reports: readonly EpochReport[]): ReportColumns {
  const [first] = reports;
  return { metrics: Object.keys(first?.metrics ?? {}), validation: first?.validation !== undefined };
}

/** `[reports, columns]` */
export function tableOf(reports: readonly EpochReport[], columns: ReportColumns): NdArray {
  const width = widthOf(columns);
  const data = new Float64Array(reports.length * width);
  for (const [row, report] of reports.entries()) data.set(rowOf(report, columns), row * width);
  return { shape: [reports.length, width], data };
}

export function reportsIn({ shape, data }: NdArray, columns: ReportColumns): EpochReport[] {
  const width = widthOf(columns);
  return Array.from({ length: shape[0]! }, (_, row) =>
    reportOf(data.subarray(row * width, (row + 1) * width), columns),
  );
}

type FixedColumns = [number, number, number, number, number, number, number];

const fixedColumns = 7;

function widthOf({ metrics, validation }: ReportColumns): number {
  return fixedColumns + metrics.length + (validation ? 1 + metrics.length : 0);
}

function rowOf(report: EpochReport, { metrics }: ReportColumns): number[] {
  const { epoch, epochs, step, learningRate, loss, seconds, samplesPerSecond, validation } = report;
  return [
    ...[epoch, epochs, step, learningRate, loss, seconds, samplesPerSecond],
    ...metrics.map((name) => report.metrics[name]!),
    ...(validation ? [validation.loss, ...metrics.map((name) => validation.metrics[name]!)] : []),
  ];
}

function reportOf(row: Float64Array, { metrics, validation }: ReportColumns): EpochReport {
  const [epoch, epochs, step, learningRate, loss, seconds, samplesPerSecond] = [
    ...row.subarray(0, fixedColumns),
  ] as FixedColumns;
  const metricsAt = (start: number) => Object.fromEntries(metrics.map((name, index) => [name, row[start + index]!]));
  const validated = fixedColumns + metrics.length;
  return {
    epoch,
    epochs,
    step,
    learningRate,
    loss,
    metrics: metricsAt(fixedColumns),
    ...(validation && { validation: { loss: row[validated]!, metrics: metricsAt(validated + 1) } }),
    seconds,
    samplesPerSecond,
  };
}
