// Numbers as people read them in a node, a legend or a table. Always the same characters, whatever the locale, and the
// same as in the editor (extension/language/format-number.ts), which the webview may not import: a test compares them.

import type { TensorSummary } from "../engine/protocol/snapshot";

/** Three significant digits at most, `3.2e-3` when very small or large, never `-0`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size >= 0.01 && size < 1e5) return String(rounded);
  return rounded.toExponential().replace("e+", "e");
}

/** A fraction as `41%`; what is neither nothing nor everything is never rounded to it. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.5) return "<1%";
  if (percent > 99.5 && percent < 100) return ">99%";
  return `${Math.round(percent)}%`;
}

/** `4160` → `4,160`. */
export function formatCount(count: number): string {
  return count.toString().replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `[64]`, `[N, 64]`, `[]` for a scalar. */
export function formatShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}

/** `3 parameters`, `1 parameter`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `∞` of a single number, `2 NaN, 1 -∞` of a few, `64 NaN or ∞` where the numbers themselves are not at hand. */
export function notFiniteWords({ notFinite, elements }: Pick<TensorSummary, "notFinite" | "elements">): string {
  if (!elements) return `${formatCount(notFinite)} NaN or ∞`;
  if (elements.length === 1) return formatNumber(elements[0]!);
  const counts = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((number) => ({
    number,
    count: elements.filter((element) => Object.is(element, number)).length,
  }));
  const found = counts.filter(({ count }) => count > 0);
  return found.map(({ number, count }) => `${formatCount(count)} ${formatNumber(number)}`).join(", ");
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}
