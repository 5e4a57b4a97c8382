// Parts of tensors: the elements where they are few, exact means where they are many.

import { expect, test } from "vitest";
import type { NdArray } from "../../../engine/protocol/array";
import type { SliceOrder } from "../../../engine/protocol/inspection";
import type { Inspection } from "../../../engine/runtime/computation";
import { sliceOf } from "../../../engine/runtime/tensor-slice";

/** Elements 0, 1, 2, … */
function counting(...shape: number[]): NdArray {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, at) => at) };
}

function slice(array: NdArray, order: Partial<SliceOrder> = {}) {
  const inspection: Inspection = {
    loss: 0,
    value: () => array,
    gradient: () => undefined,
    quantity: () => {
      throw new Error("not asked for");
    },
  };
  return sliceOf(inspection, { id: "x", of: "value", at: [], ...order });
}

test("a matrix is given as it is", () =>
  expect(slice(counting(2, 3))).toEqual({
    shape: [2, 3],
    at: [],
    tiles: 1,
    allTiles: 1,
    rows: 2,
    columns: 3,
    block: [1, 1],
    numbers: Float64Array.of(0, 1, 2, 3, 4, 5),
  }));

test("a vector is one row, a scalar one number", () => {
  expect(slice(counting(4))).toMatchObject({ rows: 1, columns: 4 });
  expect(slice(counting())).toMatchObject({ rows: 1, columns: 1, numbers: Float64Array.of(0) });
});

test("indices choose among the first dimensions", () =>
  expect([...slice(counting(2, 3, 2, 2), { at: [1, 2] }).numbers]).toEqual([20, 21, 22, 23]));

test("without indices all matrices come as tiles", () =>
  expect(slice(counting(2, 3, 2, 2))).toMatchObject({ tiles: 6, allTiles: 6, rows: 2, columns: 2 }));

test("the tiles of one index are those that follow it", () =>
  expect([...slice(counting(2, 2, 1, 2), { at: [1] }).numbers]).toEqual([4, 5, 6, 7]));

test("no more tiles come than 128 × 128 numbers", () =>
  expect(slice(counting(100, 20, 20))).toMatchObject({ tiles: 40, allTiles: 100 }));

test("a large matrix comes as the means of blocks, smaller ones at its edges", () => {
  const { rows, columns, block, numbers } = slice(counting(2, 257));
  expect({ rows, columns, block }).toEqual({ rows: 2, columns: 86, block: [1, 3] });
  expect([numbers[0], numbers[85], numbers[86]]).toEqual([1, 255.5, 258]);
});

test("what is not there is refused with the shape there is", () => {
  expect(() => slice(counting(2, 3, 4), { at: [2] })).toThrow("shape [2, 3, 4]: there is no part of it at [2]");
  expect(() => slice(counting(2, 3), { of: "gradient" })).toThrow("no gradient of the loss flows into x");
});
