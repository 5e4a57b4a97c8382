// What products with a one-hot matrix come to, without the ones and zeros: rows of a table and their gradient, numbers out
// of rows, the gradient of a cross-entropy. They come up behind all differentiation only, where forms are replaced that one
// kernel computes.

import { type Op, op } from "../model/op";
import { expectIndex } from "../model/ops/indices";

/**
 * Row i of the weights for each index i: matmul(oneHot(indices), weights).
 *
 * indices [...], weights [count, size] → [..., size]. Throws at run time as oneHot does.
 */
export const gatherRows: Op<readonly ["indices", "weights"]> = op({
  name: "gatherRows",
  inputs: ["indices", "weights"],
  shape: ({ indices, weights }) => [...indices, weights[1]!],
  forward: (y, { indices, weights }) => {
    const [count, size] = weights.shape as readonly [number, number];
    for (const [row, index] of indices.data.entries()) {
      expectIndex(index, count);
      y.data.set(weights.data.subarray(index * size, (index + 1) * size), row * size);
    }
  },
  backward: { indices: null, weights: null },
  example: { shapes: { indices: [2, 3], weights: [4, 2] }, range: [1, 1] },
});

/**
 * The gradient of gatherRows: row i is the sum of the rows of dy whose index is i.
 *
 * indices [...], dy [..., size] → [count, size]. Throws at run time as oneHot does.
 */
export const scatterRows: Op<readonly ["indices", "dy"], { count: number }> = op({
  name: "scatterRows",
  inputs: ["indices", "dy"],
  shape: ({ dy }, { count }: { count: number }) => [count, dy.at(-1)!],
  forward: (y, { indices, dy }) => {
    const [count, size] = y.shape as readonly [number, number];
    y.data.fill(0);
    for (const [row, index] of indices.data.entries()) {
      expectIndex(index, count);
      for (let i = 0; i < size; i++) y.data[index * size + i]! += dy.data[row * size + i]!;
    }
  },
  backward: { indices: null, dy: null },
  example: { shapes: { indices: [2, 3], dy: [2, 3, 2] }, attributes: { count: 4 }, range: [1, 1] },
});

/**
 * The number at each index, out of the row that belongs to it: sum(oneHot(indices) ⊙ rows). What else a row has does not
 * count, even where 0 · ∞ would be NaN.
 *
 * indices [...], rows [..., size] → [...]. Throws at run time as oneHot does.
 */
export const takeOfRows: Op<readonly ["indices", "rows"]> = op({
  name: "takeOfRows",
  inputs: ["indices", "rows"],
  shape: ({ indices }) => indices,
  forward: (y, { indices, rows }) => {
    const size = rows.shape.at(-1)!;
    for (const [row, index] of indices.data.entries()) {
      expectIndex(index, size);
      y.data[row] = rows.data[row * size + index]!;
    }
  },
  backward: { indices: null, rows: null },
  example: { shapes: { indices: [2, 3], rows: [2, 3, 4] }, range: [1, 1] },
});

/**
 * scale · (oneHot(indices) − p): the gradient of scale · Σ log p[index] by the logits whose softmax is p.
 *
 * indices [...], p [..., classes] → [..., classes]. Throws at run time as oneHot does.
 */
export const classGradient: Op<readonly ["indices", "p"], { scale: number }> = op({
  name: "classGradient",
  inputs: ["indices", "p"],
  shape: ({ p }) => p,
  forward: (y, { indices, p }, { scale }) => {
    const classes = p.shape.at(-1)!;
    for (const [i, probability] of p.data.entries()) y.data[i] = -scale * probability;
    for (const [row, index] of indices.data.entries()) {
      expectIndex(index, classes);
      y.data[row * classes + index] = scale * (1 - p.data[row * classes + index]!);
    }
  },
  backward: { indices: null, p: null },
  example: { shapes: { indices: [2, 3], p: [2, 3, 4] }, attributes: { scale: -0.5 }, range: [1, 1] },
});
