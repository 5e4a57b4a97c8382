// Matrix products and transposes. M rows, K inner dimension, N columns.

import type { Tensor } from "../graph";
import type { Op, Written } from "../op";
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
  notation: { latex: String.raw`#a \cdot #b`, binds: "product", inputs: { a: "product", b: "product" } },
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
  notation: {
    latex: ({ attributes: { order } }: Written<"x", { order: readonly number[] }>) =>
      order.at(-1) === order.length - 2 && order.slice(0, -2).every((axis, position) => axis === position)
        ? String.raw`#x^{\top}`
        : `#x^{(${order.map((axis) => axis + 1).join(" ")})}`,
    binds: "power",
    inputs: { x: "atom" },
    kind: "move",
  },
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

/**
 * y = a·b for one pair of matrices at the given offsets; each sum runs over k in order.
 *
 * Tiles of two rows and four columns stay in registers over all k: 1.6 times as fast as adding row after row of b.
 */
export function product(
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
  const pairedRows = rows - (rows % 2);
  const tiledColumns = columns - (columns % 4);
  for (let row = 0; row < pairedRows; row += 2) {
    const a0 = ofA + row * inner;
    const a1 = a0 + inner;
    const y0 = ofY + row * columns;
    const y1 = y0 + columns;
    for (let column = 0; column < tiledColumns; column += 4) {
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let k = 0, fromB = ofB + column; k < inner; k++, fromB += columns) {
        const left0 = a[a0 + k]!;
        const left1 = a[a1 + k]!;
        const b0 = b[fromB]!;
        const b1 = b[fromB + 1]!;
        const b2 = b[fromB + 2]!;
        const b3 = b[fromB + 3]!;
        s00 += left0 * b0;
        s01 += left0 * b1;
        s02 += left0 * b2;
        s03 += left0 * b3;
        s10 += left1 * b0;
        s11 += left1 * b1;
        s12 += left1 * b2;
        s13 += left1 * b3;
      }
      y[y0 + column] = s00;
      y[y0 + column + 1] = s01;
      y[y0 + column + 2] = s02;
      y[y0 + column + 3] = s03;
      y[y1 + column] = s10;
      y[y1 + column + 1] = s11;
      y[y1 + column + 2] = s12;
      y[y1 + column + 3] = s13;
    }
    for (let column = tiledColumns; column < columns; column++) {
      y[y0 + column] = dot(a, a0, b, ofB + column, columns, inner);
      y[y1 + column] = dot(a, a1, b, ofB + column, columns, inner);
    }
  }
  if (pairedRows < rows) {
    const fromA = ofA + pairedRows * inner;
    const toY = ofY + pairedRows * columns;
    for (let column = 0; column < columns; column++) {
      y[toY + column] = dot(a, fromA, b, ofB + column, columns, inner);
    }
  }
}

/** Row of a times column of b. */
function dot(a: Float64Array, ofA: number, b: Float64Array, ofB: number, stride: number, length: number): number {
  let total = 0;
  for (let k = 0; k < length; k++) total += a[ofA + k]! * b[ofB + k * stride]!;
  return total;
}
