// Matrix products y = a·b + bias. M rows, K inner dimension, N columns. AssemblyScript.

import { ProductWay } from "../opcodes";
import { finish } from "./finish";
import { packFour, packPanels } from "./packing";
import { halfTile, moveTile, tileRow, tileSize, tiles } from "./tile";

// Arguments, four bytes each: 0 y, 4 a, 8 b, 12 bias or 0, 16 mask or 0; 20 M, 24 N, 28 K; bytes from 32 row to row and
// 36 k to k of a, 40 k to k and 44 column to column of b, 48 column to column of the bias; sizes of 52 the middle and 56
// the inner dimension of matrices, bytes along the three of 60 a and 72 b; 84 what finishes, 88 whether units are columns,
// 92 the way, 96 length of parts of K, 100 rows of a block, 104 and 108 where in scratch panels and block stand.

/**
 * y [..., M, N], row after row, from a [..., M, K] and b [..., K, N] with any strides; up to three dimensions of
 * matrices.
 *
 * Units are strips of 4 rows or panels of 8 columns, matrix after matrix. Each sum runs over k in order, beginning with
 * the bias, whichever way it is computed.
 */
export function matmul(p: usize, from: i32, to: i32, scratch: usize): void {
  const y = load<usize>(p);
  const a = load<usize>(p, 4);
  const b = load<usize>(p, 8);
  const m = load<usize>(p, 16);
  const M = load<i32>(p, 20);
  const N = load<i32>(p, 24);
  const byColumns = load<i32>(p, 88);
  const way = load<i32>(p, 92);
  const parts = byColumns ? (N + 7) >> 3 : (M + 3) >> 2;
  while (from < to) {
    const matrix = from < parts ? 0 : from / parts;
    const first = from - matrix * parts;
    const last = min(parts, first + to - from);
    from += last - first;

    const ofA = matrix == 0 ? 0 : offsetOf(matrix, p, 60);
    const ofB = matrix == 0 ? 0 : offsetOf(matrix, p, 72);
    const ofY = <usize>matrix * M * N * 4;

    const row = byColumns ? 0 : first * 4;
    const rowEnd = byColumns ? M : min(M, last * 4);
    const column = byColumns ? first * 8 : 0;
    const columnEnd = byColumns ? min(N, last * 8) : N;
    if (way == ProductWay.direct) direct(p, a + ofA, b + ofB, y + ofY, row, rowEnd, column, columnEnd);
    else if (way == ProductWay.narrow) narrow(p, a + ofA, b + ofB, y + ofY, row, rowEnd, scratch);
    else blocked(p, a + ofA, b + ofB, y + ofY, row, rowEnd, column, columnEnd, scratch);
    finishPart(load<i32>(p, 84), y + ofY, m + ofY, N, row, rowEnd, column, columnEnd);
  }
}

/** Where a matrix begins, from the first, by the three distances at `steps` of the arguments. */
function offsetOf(matrix: i32, p: usize, steps: usize): usize {
  const middle = load<i32>(p, 52);
  const inner = load<i32>(p, 56);
  const ofInner = matrix / inner;
  const outer = ofInner / middle;
  return (
    outer * load<i32>(p + steps) +
    (ofInner - outer * middle) * load<i32>(p + steps, 4) +
    (matrix - ofInner * inner) * load<i32>(p + steps, 8)
  );
}

/** Without packing: for products of few numbers, and of few rows. */
function direct(
  p: usize,
  a: usize,
  b: usize,
  y: usize,
  row: i32,
  rowEnd: i32,
  column: i32,
  columnEnd: i32,
): void {
  const bias = load<usize>(p, 12);
  const N = load<i32>(p, 24);
  const K = load<i32>(p, 28);
  const rowStep = load<usize>(p, 32);
  const aStep = load<usize>(p, 36);
  const bStep = load<usize>(p, 40);
  const columnStep = load<usize>(p, 44);
  const biasStep = load<usize>(p, 48);
  const hasVectors = columnStep == 4 && (bias == 0 || biasStep == 4);
  for (; row < rowEnd; row++) {
    const aRow = a + <usize>row * rowStep;
    let j = column;
    let to = y + <usize>(row * N + j) * 4;
    if (hasVectors) {
      for (; j + 16 <= columnEnd; j += 16, to += 64) {
        const start = bias + <usize>j * 4;
        let y0 = bias ? v128.load(start) : f32x4.splat(0);
        let y1 = bias ? v128.load(start, 16) : f32x4.splat(0);
        let y2 = bias ? v128.load(start, 32) : f32x4.splat(0);
        let y3 = bias ? v128.load(start, 48) : f32x4.splat(0);
        let left = aRow;
        let right = b + <usize>j * 4;
        for (let k = 0; k < K; k++, left += aStep, right += bStep) {
          const x = v128.load32_splat(left);
          y0 = f32x4.add(y0, f32x4.mul(x, v128.load(right)));
          y1 = f32x4.add(y1, f32x4.mul(x, v128.load(right, 16)));
          y2 = f32x4.add(y2, f32x4.mul(x, v128.load(right, 32)));
          y3 = f32x4.add(y3, f32x4.mul(x, v128.load(right, 48)));
        }
        v128.store(to, y0);
        v128.store(to, y1, 16);
        v128.store(to, y2, 32);
        v128.store(to, y3, 48);
      }
      for (; j + 4 <= columnEnd; j += 4, to += 16) {
        let sum = bias ? v128.load(bias + <usize>j * 4) : f32x4.splat(0);
        let left = aRow;
        let right = b + <usize>j * 4;
        for (let k = 0; k < K; k++, left += aStep, right += bStep) {
          sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(left), v128.load(right)));
        }
        v128.store(to, sum);
      }
    }
    for (; j < columnEnd; j++, to += 4) {
      let sum: f32 = bias ? load<f32>(bias + <usize>j * biasStep) : 0;
      let left = aRow;
      let right = b + <usize>j * columnStep;
      for (let k = 0; k < K; k++, left += aStep, right += bStep) sum += load<f32>(left) * load<f32>(right);
      store<f32>(to, sum);
    }
  }
}

/**
 * Blocks of a packed once for all columns, panels of b packed once for all rows of a block.
 * Source: Goto & van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication", section 4.
 */
function blocked(
  p: usize,
  a: usize,
  b: usize,
  y: usize,
  rowStart: i32,
  rowEnd: i32,
  columnStart: i32,
  columnEnd: i32,
  scratch: usize,
): void {
  const bias = load<usize>(p, 12);
  const N = load<i32>(p, 24);
  const K = load<i32>(p, 28);
  const rowStep = load<usize>(p, 32);
  const aStep = load<usize>(p, 36);
  const bStep = load<usize>(p, 40);
  const columnStep = load<usize>(p, 44);
  const biasStep = load<usize>(p, 48);
  const length = load<i32>(p, 96);
  const yRow = <usize>N * 4;
  const mostRows = load<i32>(p, 100);
  const edge = scratch;
  const start = edge + tileSize;
  const panels = scratch + load<usize>(p, 104);
  const block = scratch + load<usize>(p, 108);
  for (let k = 0; k < K; k += length) {
    const count = min(length, K - k);
    const strip = <usize>count * 16;
    for (let row = rowStart; row < rowEnd; row += mostRows) {
      const end = min(rowEnd, row + mostRows);
      for (let i = row, to = block; i < end; i += 4, to += strip) {
        packFour(to, 16, a + <usize>i * rowStep + <usize>k * aStep, end - i, count, rowStep, aStep);
      }
      for (let column = columnStart; column < columnEnd; column += 16) {
        // Two panels at once: a cache line of b has the columns of both.
        const from = b + <usize>k * bStep + <usize>column * columnStep;
        packPanels(panels, from, min(16, columnEnd - column), count, columnStep, bStep);
        for (let j = column, panel = panels; j < min(columnEnd, column + 16); j += 8, panel += <usize>count * 32) {
          const columns = min(8, columnEnd - j);
          if (k == 0) startPanel(start, bias + (bias ? <usize>j * biasStep : 0), biasStep, columns);
          const to = y + <usize>row * yRow + <usize>j * 4;
          const whole = columns == 8 ? (end - row) >> 2 : 0;
          if (k == 0) tiles(whole, count, block, panel, start, 0, 0, to, yRow);
          else tiles(whole, count, block, panel, to, yRow, 4 * yRow, to, yRow);
          for (let i = row + 4 * whole; i < end; i += 4) {
            const rows = min(4, end - i);
            const left = block + <usize>((i - row) >> 2) * strip;
            const part = to + <usize>(i - row) * yRow;
            if (k > 0) moveTile(edge, tileRow, part, yRow, rows, columns);
            tiles(1, count, left, panel, k == 0 ? start : edge, k == 0 ? 0 : tileRow, 0, edge, tileRow);
            moveTile(part, yRow, edge, tileRow, rows, columns);
          }
        }
      }
    }
  }
}

/** For at most four columns: a is read where it stands, because packing it would cost more than it helps. */
function narrow(p: usize, a: usize, b: usize, y: usize, rowStart: i32, rowEnd: i32, scratch: usize): void {
  const bias = load<usize>(p, 12);
  const N = load<i32>(p, 24);
  const K = load<i32>(p, 28);
  const rowStep = load<usize>(p, 32);
  const aStep = load<usize>(p, 36);
  const bStep = load<usize>(p, 40);
  const columnStep = load<usize>(p, 44);
  const length = load<i32>(p, 96);
  const yRow = <usize>N * 4;
  const edge = scratch;
  const start = edge + tileSize;
  const panel = scratch + load<usize>(p, 104);
  startPanel(start, bias, load<usize>(p, 48), N);
  for (let k = 0; k < K; k += length) {
    const count = min(length, K - k);
    packFour(panel, 16, b + <usize>k * bStep, N, count, columnStep, bStep);
    for (let row = rowStart; row < rowEnd; row += 4) {
      const rows = min(4, rowEnd - row);
      const to = y + <usize>row * yRow;
      if (k > 0) moveTile(edge, tileRow, to, yRow, rows, N);
      else moveTile(edge, tileRow, start, 0, 4, N);
      const row0 = a + <usize>row * rowStep + <usize>k * aStep;
      const row1 = rows > 1 ? row0 + rowStep : row0;
      const row2 = rows > 2 ? row1 + rowStep : row0;
      const row3 = rows > 3 ? row2 + rowStep : row0;
      halfTile(count, aStep, row0, row1, row2, row3, panel, edge);
      moveTile(to, yRow, edge, tileRow, rows, N);
    }
  }
}

/** What the sums of eight columns begin with. */
function startPanel(start: usize, bias: usize, step: usize, columns: i32): void {
  v128.store(start, f32x4.splat(0));
  v128.store(start, f32x4.splat(0), 16);
  if (bias == 0) return;
  for (let j = 0; j < columns; j++) store<f32>(start + <usize>j * 4, load<f32>(bias + <usize>j * step));
}

function finishPart(
  kind: i32,
  y: usize,
  m: usize,
  N: i32,
  row: i32,
  rowEnd: i32,
  column: i32,
  columnEnd: i32,
): void {
  if (columnEnd - column == N) {
    const at = <usize>row * N * 4;
    finish(kind, y + at, m + at, (rowEnd - row) * N);
    return;
  }
  for (; row < rowEnd; row++) {
    const at = <usize>(row * N + column) * 4;
    finish(kind, y + at, m + at, columnEnd - column);
  }
}
