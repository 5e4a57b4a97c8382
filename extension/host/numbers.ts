// Numbers as people read them in the status bar, notifications and results.

import type { EpochReport, Metrics } from "../../engine/protocol/snapshot";

/** Four significant digits, exponents only where a plain number would be long. */
export function short(value: number): string {
  return withDigits(value, 4);
}

/** The same in three digits, where there is little room. */
export function brief(value: number): string {
  return withDigits(value, 3);
}

function withDigits(value: number, digits: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(digits)));
}

/** `12.3k` */
export function count(value: number): string {
  if (value < 1000) return value.toFixed(0);
  if (value < 1e6) return `${(value / 1e3).toFixed(value < 1e4 ? 1 : 0)}k`;
  return `${(value / 1e6).toFixed(1)}M`;
}

/** Metrics that are shares in [0, 1] read best as percentages. */
export function metric(name: string, value: number): string {
  return shares.has(name) ? `${(100 * value).toFixed(1)}%` : short(value);
}

const shares = new Set(["accuracy", "f1", "precision", "recall"]);

export function metrics(values: Metrics): string[] {
  return Object.entries(values).map(([name, value]) => `${name} ${metric(name, value)}`);
}

/** `epoch 12 of 100 · loss 0.1234`: fits on one line of a notification. */
export function describeEpoch({ epoch, epochs, loss }: EpochReport): string {
  return `epoch ${epoch} of ${epochs} · loss ${short(loss)}`;
}
