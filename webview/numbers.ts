// Numbers as people read them in a node, a legend or a table. Always the same characters, whatever the locale.

/** Three significant digits; beyond four digits, or below a hundredth, as `3.2e-3`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 0.01 && size < 9999.5 ? plain(value, size) : value.toExponential(1);
  return text.replaceAll("-", "−").replace("e−", "e-").replace("e+", "e");
}

function plain(value: number, size: number): string {
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value.toFixed(3);
}

/** A fraction as `41 %`; what is neither nothing nor everything is never rounded to it. */
export function formatShare(fraction: number): string {
  if (fraction > 0 && fraction < 0.01) return "<1 %";
  if (fraction < 1 && fraction > 0.99) return ">99 %";
  return `${Math.round(fraction * 100)} %`;
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
