// Moving numbers as they are.

import { sizeOf } from "../../model/shape";
import type { Instruction } from "../instruction";
import { Opcode } from "../opcodes";
import type { View } from "../view";
import { type Axis, axesOf, operandOf, wordsOf } from "./operand";

const unit = 1024; // Numbers.
const smallTranspose = 4; // Along both axes: below, blocks of 4 × 4 do not pay.
const stripRows = 16; // As in kernels/elementwise.ts.
const outerAxes = 4;

/** Makes the contiguous y of a view of the same shape. */
export function copy(y: View, x: View): Instruction {
  const axes = axesOf(x);
  return transpose(y, x, axes) ?? gather(y, x);
}

function gather(y: View, x: View): Instruction {
  const size = sizeOf(y.shape);
  const operand = operandOf(x);
  // A single number for all is a row of them here.
  const words = wordsOf(operand.axes.length > 0 ? operand : { ...operand, axes: [{ size, stride: 0 }] }, unit);
  return {
    opcode: Opcode.copy,
    units: Math.ceil(size / unit),
    work: 0.15 * size,
    words: [{ at: y }, size, unit, ...words],
    scratch: 64,
  };
}

/** Rows of x become columns of y: undefined when the numbers of x that stand together do so in y as well. */
function transpose(y: View, x: View, axes: readonly Axis[]): Instruction | undefined {
  const [inner] = axes;
  const position = axes.findIndex(({ stride }) => stride === 1);
  const row = axes[position];
  if (!inner || !row || position !== 1) return undefined;
  const outer = axes.slice(2);
  if (outer.length > outerAxes || inner.size < smallTranspose || row.size < smallTranspose) return undefined;
  const missing = Array.from({ length: outerAxes - outer.length }, () => ({ size: 1, stride: 0 }));
  const count = outer.reduce((product, { size }) => product * size, 1);
  return {
    opcode: Opcode.transpose,
    units: count * Math.ceil(row.size / stripRows),
    work: 0.2 * count * row.size * inner.size,
    words: [
      { at: y },
      { at: x },
      row.size,
      inner.size,
      inner.stride,
      ...[...outer, ...missing].flatMap(({ size, stride }) => [size, stride]),
    ],
  };
}
