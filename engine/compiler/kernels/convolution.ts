// Convolutions of images, channels first, as products of matrices. N batch, G groups, C channels and F filters of one
// group, H W height and width of x, I J of y, K L of the kernel. A tap is one of the numbers that a filter sees at one
// position. AssemblyScript.

import { correlate } from "./correlate";
import { finish } from "./finish";
import { lanesBeyond } from "./lanes";
import { packEight, packFour } from "./packing";
import { clearBorder, findSource } from "./source";
import { tileOfLines, tileRow, tileSize } from "./tile";

// All three kernels have the same arguments, four bytes each: 0 the result, 4 the image that is read, 8 the other input,
// 12 bias or 0, 16 what finishes; 20 C, 24 F, 28 G; heights and widths of 32 the image, 40 the kernel, 48 the positions;
// 56 strides down and right; 64 top and left padding of `conv2dInput`, N of `conv2dWeights`; 72 where the image begins in
// its border, 80 its size with it, 88 where in scratch that stands or 0; 92 length of parts; from 96 places in scratch.

/**
 * y [N, G·F, I, J] from x [N, G·C, H, W] and W [G·F, C, K, L], sums beginning with the bias [G·F] if there is one.
 *
 * Units are the groups of each sample.
 */
export function conv2d(p: usize, from: i32, to: i32, scratch: usize): void {
  const y = load<usize>(p);
  const W = load<usize>(p, 8);
  const bias = load<usize>(p, 12);
  const C = load<i32>(p, 20);
  const F = load<i32>(p, 24);
  const G = load<i32>(p, 28);
  const I = load<i32>(p, 48);
  const J = load<i32>(p, 52);
  const down = load<usize>(p, 56) * load<usize>(p, 84) * 4;
  const right = load<usize>(p, 60) * 4;
  const length = load<i32>(p, 92);
  const taps = scratch + load<usize>(p, 96);
  const weights = scratch + load<usize>(p, 100);
  const starts = scratch + load<usize>(p, 104);
  const panel = scratch + load<usize>(p, 108);
  const count = C * load<i32>(p, 40) * load<i32>(p, 44);
  const rows = (F + 3) & ~3;
  findTaps(p, taps);
  for (let group = 0; group < G; group++) {
    for (let k = 0; k < count; k += length) {
      const part = min(length, count - k);
      let packed = weights + <usize>((group * count + k) * rows) * 4;
      for (let f = 0; f < F; f += 4, packed += <usize>part * 16) {
        packFour(packed, 16, W + <usize>((group * F + f) * count + k) * 4, F - f, part, <usize>count * 4, 4);
      }
    }
    for (let f = 0; f < F; f++) {
      startRow(starts + <usize>(group * rows + f) * tileRow, bias ? load<f32>(bias + <usize>(group * F + f) * 4) : 0);
    }
  }
  clearBorder(p, C, scratch);
  for (let unit = from; unit < to; unit++) {
    const group = unit % G;
    const result = y + <usize>(unit * F * I * J) * 4;
    correlate(
      scratch,
      panel,
      taps,
      count,
      length,
      weights + <usize>(group * count * rows) * 4,
      F,
      starts + <usize>(group * rows) * tileRow,
      findSource(p, unit, C, scratch),
      down,
      right,
      I,
      J,
      result,
      <usize>(I * J) * 4,
      <usize>J * 4,
      4,
    );
    finish(load<i32>(p, 16), result, 0, F * I * J);
  }
}

/**
 * dx [N, G·C, H, W] from dy [N, G·F, I, J] and W [G·F, C, K, L]. Units are the groups of each sample.
 *
 * Rows of dx that are as far apart as the stride meet the same rows of the kernel, and so do columns: each of these
 * parts of dx is the cross-correlation of dy with the part of the kernel that it meets, turned around. Source: Dumoulin
 * & Visin 2016, arXiv:1603.07285, section 4.
 */
export function conv2dInput(p: usize, from: i32, to: i32, scratch: usize): void {
  const dx = load<usize>(p);
  const W = load<usize>(p, 8);
  const C = load<i32>(p, 20);
  const F = load<i32>(p, 24);
  const G = load<i32>(p, 28);
  const K = load<i32>(p, 40);
  const L = load<i32>(p, 44);
  const height = load<i32>(p, 48);
  const width = load<i32>(p, 52);
  const down = load<i32>(p, 56);
  const right = load<i32>(p, 60);
  const pitch = load<usize>(p, 84) * 4;
  const length = load<i32>(p, 92);
  const taps = scratch + load<usize>(p, 96);
  const weights = scratch + load<usize>(p, 100);
  const starts = scratch + load<usize>(p, 104);
  const panel = scratch + load<usize>(p, 108);
  const rows = (C + 3) & ~3;
  const size = F * K * L;
  const places = taps + <usize>size * 4;
  for (let c = 0; c < rows; c++) startRow(starts + <usize>c * tileRow, 0);
  for (let row = 0, part = 0; row < down; row++) {
    for (let column = 0; column < right; column++) {
      const count = findTurnedTaps(p, taps + <usize>part * 4, places, row, column);
      for (let group = 0; group < G; group++) {
        const packed = weights + <usize>((group * size + part) * rows) * 4;
        packTurned(packed, W + <usize>(group * C * size) * 4, places, count, length, C, <usize>(K * L) * 4);
      }
      part += count;
    }
  }
  clearBorder(p, F, scratch);
  for (let unit = from; unit < to; unit++) {
    const image = findSource(p, unit, F, scratch);
    const result = dx + <usize>(unit * C * height * width) * 4;
    const ofGroup = weights + <usize>((unit % G) * size * rows) * 4;
    for (let row = 0, part = 0; row < down; row++) {
      const along = tapsAlong(row + load<i32>(p, 64), K, down);
      for (let column = 0; column < right; column++) {
        const count = F * along * tapsAlong(column + load<i32>(p, 68), L, right);
        if (row < height && column < width) {
          correlate(
            scratch,
            panel,
            taps + <usize>part * 4,
            count,
            length,
            ofGroup + <usize>(part * rows) * 4,
            C,
            starts,
            image,
            pitch,
            4,
            (height - row + down - 1) / down,
            (width - column + right - 1) / right,
            result + <usize>(row * width + column) * 4,
            <usize>(height * width) * 4,
            <usize>(down * width) * 4,
            <usize>right * 4,
          );
        }
        part += count;
      }
    }
  }
}

/**
 * dW [G·F, C, K, L] from x [N, G·C, H, W] and dy [N, G·F, I, J]: the transpose of taps · dyᵀ, whose rows are read from
 * the image as they stand, for eight filters at a time. Units are strips of four taps, of eight filters after eight
 * filters.
 */
export function conv2dWeights(p: usize, from: i32, to: i32, scratch: usize): void {
  const dW = load<usize>(p);
  const dy = load<usize>(p, 8);
  const C = load<i32>(p, 20);
  const F = load<i32>(p, 24);
  const G = load<i32>(p, 28);
  const I = load<i32>(p, 48);
  const J = load<i32>(p, 52);
  const right = load<usize>(p, 60) * 4;
  const down = load<usize>(p, 56) * load<usize>(p, 84) * 4;
  const N = load<i32>(p, 64);
  const lines = load<i32>(p, 92);
  const taps = scratch + load<usize>(p, 96);
  const sums = scratch + load<usize>(p, 100);
  const panel = scratch + load<usize>(p, 104);
  const count = C * load<i32>(p, 40) * load<i32>(p, 44);
  const strips = (count + 3) >> 2;
  const panels = (F + 7) >> 3;
  const plane = <usize>(I * J) * 4;
  // With a single filter, four positions are taken at a time instead of eight filters: a tap's row of its tile holds four sums.
  const isAlone = F == 1 && right == 4;
  findTaps(p, taps);
  clearBorder(p, C, scratch);
  while (from < to) {
    const part = from / strips;
    const first = from - part * strips;
    const last = min(strips, first + to - from);
    from += last - first;
    const group = part / panels;
    const filter = (part - group * panels) * 8;
    const filters = min(8, F - filter);
    memory.fill(sums, 0, <usize>(last - first) * tileSize);
    for (let n = 0; n < N; n++) {
      const unit = n * G + group;
      const image = findSource(p, unit, C, scratch);
      const ofFilters = dy + <usize>(unit * F + filter) * plane;
      if (isAlone) {
        for (let strip = first, sum = sums; strip < last; strip++, sum += tileSize) {
          const tap = taps + <usize>strip * 16;
          const rest = count - 4 * strip;
          addProducts(
            sum,
            ofFilters,
            image + load<usize>(tap),
            image + load<usize>(rest > 1 ? tap + 4 : tap),
            image + load<usize>(rest > 2 ? tap + 8 : tap),
            image + load<usize>(rest > 3 ? tap + 12 : tap),
            down,
            I,
            J,
          );
        }
        continue;
      }
      for (let line = 0; line < I; line += lines) {
        const most = min(lines, I - line);
        packEight(panel, ofFilters + <usize>(line * J) * 4, filters, most * J, plane, 4);
        const begin = image + <usize>line * down;
        let sum = sums;
        for (let strip = first; strip < last; strip++, sum += tileSize) {
          const tap = taps + <usize>strip * 16;
          const rest = count - 4 * strip;
          tileOfLines(
            most,
            J,
            right,
            down - <usize>J * right,
            begin + load<usize>(tap),
            begin + load<usize>(rest > 1 ? tap + 4 : tap),
            begin + load<usize>(rest > 2 ? tap + 8 : tap),
            begin + load<usize>(rest > 3 ? tap + 12 : tap),
            panel,
            sum,
          );
        }
      }
    }
    const result = dW + <usize>((group * F + filter) * count) * 4;
    for (let tap = 4 * first; tap < min(count, 4 * last); tap++) {
      const sum = sums + <usize>(tap - 4 * first) * tileRow;
      if (isAlone) store<f32>(sum, load<f32>(sum) + load<f32>(sum, 4) + (load<f32>(sum, 8) + load<f32>(sum, 12)));
      for (let f = 0; f < filters; f++) {
        store<f32>(result + <usize>(f * count + tap) * 4, load<f32>(sum + <usize>f * 4));
      }
    }
  }
}

/** Adds dy ⊙ x to the sums of four taps; x of the first position stands at x0 … x3. */
function addProducts(
  sum: usize,
  dy: usize,
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  down: usize,
  I: i32,
  J: i32,
): void {
  let sum0 = v128.load(sum);
  let sum1 = v128.load(sum + tileRow);
  let sum2 = v128.load(sum + 2 * tileRow);
  let sum3 = v128.load(sum + 3 * tileRow);
  const whole = <usize>(J & ~3) * 4;
  const rest = J & 3;
  const beyond = lanesBeyond(rest);
  for (let i = 0; i < I; i++, dy += <usize>J * 4, x0 += down, x1 += down, x2 += down, x3 += down) {
    for (let at: usize = 0; at < whole; at += 16) {
      const four = v128.load(dy + at);
      sum0 = f32x4.add(sum0, f32x4.mul(four, v128.load(x0 + at)));
      sum1 = f32x4.add(sum1, f32x4.mul(four, v128.load(x1 + at)));
      sum2 = f32x4.add(sum2, f32x4.mul(four, v128.load(x2 + at)));
      sum3 = f32x4.add(sum3, f32x4.mul(four, v128.load(x3 + at)));
    }
    if (rest > 0) {
      // What stands behind a row may be anything, so products are left out, not factors.
      const four = v128.load(dy + whole);
      sum0 = f32x4.add(sum0, v128.andnot(f32x4.mul(four, v128.load(x0 + whole)), beyond));
      sum1 = f32x4.add(sum1, v128.andnot(f32x4.mul(four, v128.load(x1 + whole)), beyond));
      sum2 = f32x4.add(sum2, v128.andnot(f32x4.mul(four, v128.load(x2 + whole)), beyond));
      sum3 = f32x4.add(sum3, v128.andnot(f32x4.mul(four, v128.load(x3 + whole)), beyond));
    }
  }
  v128.store(sum, sum0);
  v128.store(sum + tileRow, sum1);
  v128.store(sum + 2 * tileRow, sum2);
  v128.store(sum + 3 * tileRow, sum3);
}

/** How far each tap is from its position, in bytes: channel after channel, each in reading order. */
function findTaps(p: usize, taps: usize): void {
  const C = load<i32>(p, 20);
  const K = load<i32>(p, 40);
  const L = load<i32>(p, 44);
  const height = load<i32>(p, 80);
  const width = load<i32>(p, 84);
  for (let c = 0; c < C; c++) {
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < L; l++, taps += 4) store<i32>(taps, ((c * height + k) * width + l) * 4);
    }
  }
}

/**
 * The taps of dy that dx has at row + i·stride, column + j·stride, and where their weights stand, from those of the
 * channel. Gives their number.
 */
function findTurnedTaps(p: usize, taps: usize, places: usize, row: i32, column: i32): i32 {
  const C = load<i32>(p, 20);
  const F = load<i32>(p, 24);
  const K = load<i32>(p, 40);
  const L = load<i32>(p, 44);
  const down = load<i32>(p, 56);
  const right = load<i32>(p, 60);
  const above = load<i32>(p, 72);
  const before = load<i32>(p, 76);
  const height = load<i32>(p, 80);
  const width = load<i32>(p, 84);
  // The kernel's row k lay on this row of x when its first lay at i, where i · stride − top + k is the row.
  row += load<i32>(p, 64);
  column += load<i32>(p, 68);
  const start = taps;
  for (let f = 0; f < F; f++) {
    for (let k = row % down; k < K; k += down) {
      const i = (row - k) / down + above;
      for (let l = column % right; l < L; l += right, taps += 4, places += 4) {
        const j = (column - l) / right + before;
        store<i32>(taps, ((f * height + i) * width + j) * 4);
        store<i32>(places, ((f * C * K + k) * L + l) * 4);
      }
    }
  }
  return <i32>((taps - start) >> 2);
}

/** How many rows of the kernel, or columns, meet what `findTurnedTaps` looks at. */
function tapsAlong(shifted: i32, size: i32, stride: i32): i32 {
  const first = shifted % stride;
  return first < size ? (size - first + stride - 1) / stride : 0;
}

/** As `packFour` for each four channels, which are `apart` bytes apart, and each `length` taps. */
function packTurned(to: usize, W: usize, places: usize, count: i32, length: i32, C: i32, apart: usize): void {
  for (let k = 0; k < count; k += length) {
    const end = min(count, k + length);
    for (let c = 0; c < C; c += 4) {
      const from0 = W + <usize>c * apart;
      const from1 = C - c > 1 ? from0 + apart : from0;
      const from2 = C - c > 2 ? from1 + apart : from1;
      const from3 = C - c > 3 ? from2 + apart : from2;
      for (let tap = k; tap < end; tap++, to += 16) {
        const place = load<usize>(places + <usize>tap * 4);
        store<f32>(to, load<f32>(from0 + place));
        store<f32>(to, load<f32>(from1 + place), 4);
        store<f32>(to, load<f32>(from2 + place), 8);
        store<f32>(to, load<f32>(from3 + place), 12);
      }
    }
  }
}

/** What the sums of a filter begin with. */
function startRow(to: usize, value: f32): void {
  v128.store(to, f32x4.splat(value));
  v128.store(to, f32x4.splat(value), 16);
}
