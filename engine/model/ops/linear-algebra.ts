// Matrix products and transposes. M rows, K inner dimension, N columns.

import type { Tensor } from "../graph";
import type { Op } from "../op";
import { op } from "../op";
import { axesOf, broadcastShapes, broadcastStrides, formatShape, ShapeError, stridesOf } from "../shape";
import { walk } from "./walk";

/**
 * Matrix product of the last two dimensions; the ones before broadcast as in NumPy.
 *
 * a [..., M, K], b [..., K, N] → [..., M, N].
 * Throws ShapeError when an input has fewer than two dimensions or the K differ.
 */
export const matmul: Op<readonly ["a", "b"]> = op({
  name: "matmul",
  inputs: ["a", "b"],
  shape: ({ a, b }) => {
    if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2)) {
      throw new ShapeError(`${formatShape(a)} @ ${formatShape(b)} does not fit.`, [0, 1]);
    }
    return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), a.at(-2)!, b.at(-1)!];
  },
  forward: (y, { a, b }) => {
    const rows = a.shape.at(-2)!;
    const inner = a.shape.at(-1)!;
    const columns = b.shape.at(-1)!;
    const outer = y.shape.slice(0, -2);
    const strides = [a, b].map(({ shape }) => broadcastStrides(shape.slice(0, -2), outer));
    walk(outer, strides, (start, [ofA, ofB], [aStep, bStep], length) => {
      for (let i = 0; i < length; i++) {
        const fromA = (ofA! + i * aStep!) * rows * inner;
        const fromB = (ofB! + i * bStep!) * inner * columns;
        product(y.data, (start + i) * rows * columns, a.data, fromA, b.data, fromB, rows, inner, columns);
      }
    });
  },
  backward: {
    a: (dy, { b }) => matmul(dy, transposeLastTwo(b)),
    b: (dy, { a }) => matmul(transposeLastTwo(a), dy),
  },
  example: { shapes: { a: [2, 3, 4], b: [4, 2] } },
});

/** Axis `order[i]` of x becomes axis i. */
export const transpose: Op<readonly ["x"], { order: readonly number[] }> = op({
  name: "transpose",
  inputs: ["x"],
  shape: ({ x }, { order }: { order: readonly number[] }) => {
    if (order.length !== x.length || axesOf(x).some((axis) => !order.includes(axis))) {
      throw new ShapeError(`${formatShape(order)} does not order the dimensions of ${formatShape(x)}.`);
    }
    return order.map((axis) => x[axis]!);
  },
  forward: (y, { x }, { order }) => {
    const strides = stridesOf(x.shape);
    walk(y.shape, [order.map((axis) => strides[axis]!)], (start, [from], [step], length) => {
      for (let i = 0; i < length; i++) y.data[start + i] = x.data[from! + i * step!]!;
    });
  },
  backward: {
    x: (dy, _, { order }) => transpose(dy, { order: order.map((_, axis) => order.indexOf(axis)) }),
  },
  example: { shapes: { x: [2, 3, 4] }, attributes: { order: [2, 0, 1] } },
});

/** [..., M, N] → [..., N, M]. */
export function transposeLastTwo(x: Tensor): Tensor {
  const axes = axesOf(x.shape);
  return transpose(x, { order: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] });
}

/** y = a·b for one pair of matrices at the given offsets. */
function product(
  y: Float64Array,
  ofY: number,
  a: Float64Array,
  ofA: number,
  b: Float64Array,
  ofB: number,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    const toY = ofY + row * columns;
    const fromA = ofA + row * inner;
    y.fill(0, toY, toY + columns);
    let k = 0;
    // Four rows of b at a time: y is read and written once for four multiply-adds.
    for (; k + 3 < inner; k += 4) {
      const a0 = a[fromA + k]!;
      const a1 = a[fromA + k + 1]!;
      const a2 = a[fromA + k + 2]!;
      const a3 = a[fromA + k + 3]!;
      const b0 = ofB + k * columns;
      const b1 = b0 + columns;
      const b2 = b1 + columns;
      const b3 = b2 + columns;
      for (let j = 0; j < columns; j++) {
        y[toY + j]! += a0 * b[b0 + j]! + a1 * b[b1 + j]! + (a2 * b[b2 + j]! + a3 * b[b3 + j]!);
      }
    }
    for (; k < inner; k++) {
      const a0 = a[fromA + k]!;
      const b0 = ofB + k * columns;
      for (let j = 0; j < columns; j++) y[toY + j]! += a0 * b[b0 + j]!;
    }
  }
}
