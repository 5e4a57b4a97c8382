// A part of a tensor that is small enough to be looked at, or an average of it that is.

import { DataError } from "../data/dataset";
import { formatShape, sizeOf } from "../model/shape";
import type { SliceOrder, TensorSlice } from "../protocol/inspection";
import type { Inspection } from "./computation";

const mostNumbers = 128 * 128;
const longestSide = 128;

/** Throws DataError when there is no such gradient or no such index. */
export function sliceOf(inspection: Inspection, { id, of, at }: SliceOrder): Omit<TensorSlice, "step"> {
  const array = of === "value" ? inspection.value(id) : inspection.gradient(id);
  if (!array) throw new DataError(`no gradient of the loss flows into ${id}`);
  const { shape } = array;
  const leading = shape.slice(0, -2);
  if (at.length > leading.length || at.some((index, dimension) => !(index >= 0 && index < leading[dimension]!))) {
    throw new DataError(`${id} has the shape ${formatShape(shape)}: there is no part of it at [${at.join(", ")}]`);
  }
  const [rows, columns] = shape.length < 2 ? [1, shape[0] ?? 1] : (shape.slice(-2) as [number, number]);
  const allTiles = sizeOf(leading.slice(at.length));
  const block = [Math.ceil(rows / longestSide), Math.ceil(columns / longestSide)] as const;
  const size = { rows: Math.ceil(rows / block[0]), columns: Math.ceil(columns / block[1]) };
  const tiles = Math.min(allTiles, Math.max(1, Math.floor(mostNumbers / (size.rows * size.columns))));
  // The offset of the first matrix, in matrices.
  const first = leading.reduce((offset, extent, dimension) => offset * extent + (at[dimension] ?? 0), 0);
  const numbers = new Float64Array(tiles * size.rows * size.columns);
  for (let tile = 0; tile < tiles; tile++) {
    const start = (first + tile) * rows * columns;
    const matrix = { rows, columns, data: array.data.subarray(start, start + rows * columns) };
    numbers.set(means(matrix, block, size), tile * size.rows * size.columns);
  }
  return { shape, at, tiles, allTiles, ...size, block, numbers };
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** The mean of each block; those at the lower and the right edge may be smaller. */
function means(
  { rows, columns, data }: Matrix,
  [high, wide]: readonly [number, number],
  size: { readonly rows: number; readonly columns: number },
): Float64Array {
  if (high === 1 && wide === 1) return data;
  const result = new Float64Array(size.rows * size.columns);
  for (let row = 0; row < size.rows; row++) {
    for (let column = 0; column < size.columns; column++) {
      const lastRow = Math.min(rows, (row + 1) * high);
      const lastColumn = Math.min(columns, (column + 1) * wide);
      let sum = 0;
      for (let y = row * high; y < lastRow; y++) {
        for (let x = column * wide; x < lastColumn; x++) sum += data[y * columns + x]!;
      }
      const elements = (lastRow - row * high) * (lastColumn - column * wide);
      result[row * size.columns + column] = sum / elements;
    }
  }
  return result;
}
