// Numbers and tensors in messages, written as in the language: `[[2, -1], [0, 1]]`.

import type { NdArray } from "../protocol/array";

const digits = 6; // Significant; `tolerance: 1e-4` and values around 1 need no more.

export function formatNumber(value: number, precision: number = digits): string {
  if (!Number.isFinite(value)) return String(value);
  // + 0 turns -0 into 0.
  const rounded = Number(value.toPrecision(precision)) + 0;
  return (Math.abs(rounded) < longestWhole ? String(rounded) : rounded.toExponential()).replace("e+", "e");
}

const longestWhole = 1e15; // What is longer is read as a row of zeros.

/** Long tensors are cut with `…`. */
export function formatArray({ shape, data }: NdArray, precision: number = digits): string {
  const write = (depth: number, offset: number, size: number): string => {
    if (depth === shape.length) return formatNumber(data[offset]!, precision);
    const length = shape[depth]!;
    const inner = length === 0 ? 0 : size / length;
    const shown = Math.min(length, longest);
    const parts = Array.from({ length: shown }, (_, index) => write(depth + 1, offset + index * inner, inner));
    return `[${[...parts, ...(shown < length ? ["…"] : [])].join(", ")}]`;
  };
  return write(0, 0, data.length);
}

const longest = 12;

/** `[0][1]` for the element at a position in row-major order. */
export function formatIndex(shape: readonly number[], position: number): string {
  let rest = position;
  const indices: number[] = [];
  for (const size of [...shape].reverse()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices.map((index) => `[${index}]`).join("");
}
