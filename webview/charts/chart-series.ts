// Epoch reports → the curves of the chart and the rows of its table, as plain data.

import type { EpochReport, Metrics } from "../../engine/protocol/snapshot";
import type { EarlierRun } from "../../engine/protocol/webview";

export interface Curve {
  /** `loss`, `validation accuracy`. */
  readonly label: string;
  /** Losses and other quantities of any size are on the left, metrics on the right. */
  readonly axis: "left" | "right";
  readonly phase: "training" | "validation" | "earlier";
  /** Which quantity it shows: 0 is the loss, then the metrics in order; all phases of one share a colour. */
  readonly quantity: number;
  /** One for each place; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface Curves {
  /** What `places` count. */
  readonly over: "epoch" | "step";
  readonly places: readonly number[];
  readonly curves: readonly Curve[];
}

export function curvesOf(reports: readonly EpochReport[]): Curves {
  const metrics = metricNames(reports);
  const validated = reports.some(({ validation }) => validation !== undefined);
  const curves = ["loss", ...metrics].flatMap((name, quantity) => {
    const training = curve(name, quantity, "training", reports);
    return validated ? [training, curve(name, quantity, "validation", reports)] : [training];
  });
  return { over: "epoch", places: reports.map(({ epoch }) => epoch), curves };
}

function metricNames(reports: readonly EpochReport[]): readonly string[] {
  return [...new Set(reports.flatMap(({ metrics }) => Object.keys(metrics)))];
}

function curve(
  name: string,
  quantity: number,
  phase: "training" | "validation",
  reports: readonly EpochReport[],
): Curve {
  const isLoss = quantity === 0;
  return {
    label: phase === "validation" ? `validation ${name}` : name,
    axis: isLoss ? "left" : "right",
    phase,
    quantity,
    values: reports.map((report) => {
      const measured: { loss: number; metrics: Metrics } | undefined =
        phase === "validation" ? report.validation : report;
      return (isLoss ? measured?.loss : measured?.metrics[name]) ?? null;
    }),
  };
}

/** The losses of earlier runs behind the curves: of their validation where they have one, since that compares. */
export function withEarlier(current: Curves, runs: readonly EarlierRun[]): Curves {
  if (runs.length === 0) return current;
  const places = [...new Set([...current.places, ...runs.flatMap(({ reports }) => reports.map(({ epoch }) => epoch))])];
  places.sort((a, b) => a - b);
  const at = (from: readonly number[], values: readonly (number | null)[]) => {
    const known = new Map(from.map((place, index) => [place, values[index] ?? null]));
    return places.map((place) => known.get(place) ?? null);
  };
  const earlier = runs.map(({ name, reports }): Curve => {
    const validated = reports.some(({ validation }) => validation !== undefined);
    const losses = reports.map(({ loss, validation }) => (validated ? validation?.loss : loss) ?? null);
    const epochs = reports.map(({ epoch }) => epoch);
    const label = validated ? `${name} validation loss` : `${name} loss`;
    return { label, axis: "left", phase: "earlier", quantity: 0, values: at(epochs, losses) };
  });
  const curves = current.curves.map((each) => ({ ...each, values: at(current.places, each.values) }));
  return { ...current, places, curves: [...earlier, ...curves] };
}

export const smoothedPlaces = 10;

/** Each number is the mean of itself and those before it, ten in all; what is not finite stays what it is, and counts for nothing. */
export function smoothed(current: Curves): Curves {
  const curves = current.curves.map((each) => ({
    ...each,
    values: each.values.map((value, index) => {
      if (!isFiniteNumber(value)) return value;
      const near = each.values.slice(Math.max(0, index - smoothedPlaces + 1), index + 1).filter(isFiniteNumber);
      return near.reduce((sum, one) => sum + one, 0) / near.length;
    }),
  }));
  return { ...current, curves };
}

/** For a logarithmic left axis: what is not above 0 has no place on it. */
export function positiveOnly(current: Curves): Curves {
  const curves = current.curves.map((each) =>
    each.axis === "left"
      ? { ...each, values: each.values.map((value) => (value !== null && value <= 0 ? null : value)) }
      : each,
  );
  return { ...current, curves };
}

/** Whether it has a place on an axis. */
export function isFiniteNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

/** 0…1 for shares such as accuracy; a metric that leaves it, such as a squared error, widens it. */
export function rightRange(low: number | null, high: number | null): [number, number] {
  return [Math.min(0, low ?? 0), Math.max(1, high ?? 1)];
}

/** From 0 to a little above the highest loss, so that falling looks like falling. */
export function leftRange(low: number | null, high: number | null): [number, number] {
  const top = high ?? 1;
  const bottom = Math.min(0, low ?? 0);
  return top > bottom ? [bottom, top + (top - bottom) * 0.05] : [bottom, bottom + 1];
}

/** Whole powers of ten around all of it. */
export function logRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low <= 0) return [0.1, 1];
  const bottom = 10 ** Math.floor(Math.log10(low));
  return [bottom, Math.max(10 * bottom, 10 ** Math.ceil(Math.log10(high)))];
}

/** The powers of ten in a range; of more than `most` every second, third … one, 1 among them where it is in the range. */
export function decades(low: number, high: number, most: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const stride = Math.ceil((last - first + 1) / Math.max(1, most));
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return powers.filter((power) => power % stride === 0).map((power) => Number(`1e${power}`)); // 10 ** -5 is not 1e-5.
}
