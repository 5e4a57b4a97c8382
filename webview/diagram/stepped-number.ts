// A number that is written, one step further: what the arrow keys do in a field.

import type { ArgumentType } from "../../engine/protocol/catalog";

/** By one unit of its last digit: `8` → `9`, `0.01` → `0.02`. Undefined for an expression, and beyond the bounds. */
export function steppedNumber(written: string, by: 1 | -1, type: ArgumentType): string | undefined {
  const digits = /^\s*-?\d+(?:\.(\d+))?\s*$/.exec(written);
  if (!digits || (type.kind !== "integer" && type.kind !== "number")) return undefined;
  const decimals = digits[1]?.length ?? 0;
  const next = (Number(written) + by * 10 ** -decimals).toFixed(decimals);
  const value = Number(next);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = type;
  if (value < min || value > max) return undefined;
  if (type.kind === "number") {
    const { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = type;
    if (value <= above || value >= below) return undefined;
  }
  return next;
}
