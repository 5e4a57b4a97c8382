// Numbers as people read them, the same in hovers, hints, the status bar and the terminal. The webview, which may import
// nothing of this, has its own copies of some (webview/numbers.ts); a test compares them.

/** Four significant digits at most, `3.2e-3` when very small or large, never `-0`. */
export function formatNumber(value: number): string {
  return format(value, 4);
}

/** The same in three digits, where numbers change while one looks at them. */
export function formatBrief(value: number): string {
  return format(value, 3);
}

/** Two significant digits and no leading zero, for narrow places: `.31`, `3.2e-3`. */
export function formatShort(value: number): string {
  return format(value, 2).replace(/^(-?)0\./, "$1.");
}

/** `41%`, with a digit after the point only where it would read as 0% or 100%. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.5) return "<1%";
  if (percent > 99.5 && percent < 100) return ">99%";
  return `${Math.round(percent)}%`;
}

/** What a metric gave: `accuracy` and others that are shares of 1 as `98.3%`, the rest as numbers. */
export function formatMetric(name: string, value: number): string {
  if (!shares.has(name) || !Number.isFinite(value)) return formatNumber(value);
  const percent = Number((100 * value).toFixed(1));
  // What is neither nothing nor everything never reads as either.
  if (percent === 0 && value > 0) return "<0.1%";
  if (percent === 100 && value < 1) return ">99.9%";
  return `${percent}%`;
}

const shares: ReadonlySet<string> = new Set(["accuracy", "f1", "precision", "recall"]);

/** `1,797`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `12.3k`, for what nobody wants to know exactly. */
export function formatRoughly(value: number): string {
  if (value < 1000) return value.toFixed(0);
  if (value < 1e6) return `${(value / 1e3).toFixed(value < 1e4 ? 1 : 0)}k`;
  return `${(value / 1e6).toFixed(1)}M`;
}

function format(value: number, digits: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size >= 0.01 && size < 1e5) return String(rounded);
  return rounded.toExponential().replace("e+", "e");
}
