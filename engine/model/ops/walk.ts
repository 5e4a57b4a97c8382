// Loops over arrays of any rank, for the forwards of ops: one call per stretch in which every operand advances evenly.

import type { Shape } from "../../protocol/array";

/**
 * Visits all elements of `shape` in row-major order, in stretches as long as the strides allow.
 *
 * `strides` has one list per operand. `visit` gets the position of the stretch's first element in `shape`, the
 * operands' offsets (one array, written again each time), how far each advances per element, and the length.
 */
export function walk(
  shape: Shape,
  strides: readonly (readonly number[])[],
  visit: (start: number, offsets: readonly number[], steps: readonly number[], length: number) => void,
): void {
  const { sizes, steps } = collapse(shape, strides);
  const length = sizes[0] ?? 1;
  const innerSteps = steps[0] ?? strides.map(() => 0);
  const operands = strides.length;
  const offsets = strides.map(() => 0);
  const position = sizes.map(() => 0);
  const total = shape.reduce((product, size) => product * size, 1);
  for (let start = 0; start < total; start += length) {
    visit(start, offsets, innerSteps, length);
    // Advance like an odometer: the first outer axis that does not wrap around ends it.
    for (let axis = 1; axis < sizes.length; axis++) {
      const step = steps[axis]!;
      for (let operand = 0; operand < operands; operand++) offsets[operand]! += step[operand]!;
      position[axis]! += 1;
      if (position[axis]! < sizes[axis]!) break;
      for (let operand = 0; operand < operands; operand++) offsets[operand]! -= step[operand]! * sizes[axis]!;
      position[axis] = 0;
    }
  }
}

/** Axes innermost first, those of size 1 left out, neighbors that every operand passes evenly joined into one. */
function collapse(shape: Shape, strides: readonly (readonly number[])[]): { sizes: number[]; steps: number[][] } {
  const sizes: number[] = [];
  const steps: number[][] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const step = strides.map((stride) => stride[axis]!);
    const inner = sizes.length - 1;
    if (inner >= 0 && step.every((stride, operand) => stride === steps[inner]![operand]! * sizes[inner]!)) {
      sizes[inner]! *= size;
    } else {
      sizes.push(size);
      steps.push(step);
    }
  }
  return { sizes, steps };
}
