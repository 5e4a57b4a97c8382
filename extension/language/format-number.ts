// Numbers as people read them, the same in hovers, hints and messages.

/** Four significant digits at most, `3.2e-3` when very small or large, never `-0`. */
export function formatNumber(value: number): string {
  return format(value, 4);
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

/** `1,797`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function format(value: number, digits: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size >= 0.01 && size < 1e5) return String(rounded);
  const [mantissa, exponent] = rounded.toExponential().split("e");
  return `${mantissa}e${Number(exponent)}`;
}
