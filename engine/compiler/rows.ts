// Rows of a table by their numbers: what the product of a one-hot matrix with it comes to, and its gradient. They come up
// behind all differentiation only, where forms are replaced that one kernel computes.

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
