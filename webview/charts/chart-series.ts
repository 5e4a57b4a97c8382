// Epoch reports → the curves of the chart and the rows of its table, as plain data.

import type { EpochReport, Metrics } from "../../engine/protocol/snapshot";

export interface Curve {
  /** `loss`, `validation accuracy`. */
  readonly label: string;
  readonly axis: "loss" | "metric";
  readonly phase: "training" | "validation";
  /** Which quantity it shows: 0 is the loss, then the metrics in order; both phases of one share a colour. */
  readonly quantity: number;
  /** One for each epoch; null where there is none or it is not finite. */
  readonly values: readonly (number | null)[];
}

export interface Curves {
  readonly epochs: readonly number[];
  readonly curves: readonly Curve[];
}

export function curvesOf(reports: readonly EpochReport[]): Curves {
  const metrics = metricNames(reports);
  const validated = reports.some(({ validation }) => validation !== undefined);
  const curves = ["loss", ...metrics].flatMap((name, quantity) => {
    const training = curve(name, quantity, "training", reports);
    return validated ? [training, curve(name, quantity, "validation", reports)] : [training];
  });
  return { epochs: reports.map(({ epoch }) => epoch), curves };
}

function metricNames(reports: readonly EpochReport[]): readonly string[] {
  return [...new Set(reports.flatMap(({ metrics }) => Object.keys(metrics)))];
}

function curve(name: string, quantity: number, phase: Curve["phase"], reports: readonly EpochReport[]): Curve {
  const isLoss = quantity === 0;
  return {
    label: phase === "validation" ? `validation ${name}` : name,
    axis: isLoss ? "loss" : "metric",
    phase,
    quantity,
    values: reports.map((report) => {
      const measured: { loss: number; metrics: Metrics } | undefined =
        phase === "validation" ? report.validation : report;
      const value = isLoss ? measured?.loss : measured?.metrics[name];
      return value !== undefined && Number.isFinite(value) ? value : null;
    }),
  };
}

/** 0…1 for shares such as accuracy; a metric that leaves it, such as a squared error, widens it. */
export function metricRange(low: number | null, high: number | null): [number, number] {
  return [Math.min(0, low ?? 0), Math.max(1, high ?? 1)];
}

/** From 0 to a little above the highest loss, so that falling looks like falling. */
export function lossRange(low: number | null, high: number | null): [number, number] {
  const top = high ?? 1;
  const bottom = Math.min(0, low ?? 0);
  return top > bottom ? [bottom, top + (top - bottom) * 0.05] : [bottom, bottom + 1];
}
