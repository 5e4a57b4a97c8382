// Kernels that make many elements one, and softmax. AssemblyScript.
//
// Sums are float64, of float32 sums of four: millions of numbers lose no more digits than ten do. Their order depends on
// the shape alone.

import { ReduceFunction } from "../opcodes";
import { storeUpTo4 } from "./elementwise";
import { exp4, firstLanes, log4 } from "./math";

const axisSize = 8; // Bytes: size and stride in numbers, innermost axis first.

/**
 * Each result from numbers that need not stand together. Units are results.
 * Arguments: function, y, x, how many numbers are one (for the mean), how often each counts, kept axes, reduced axes, then
 * size and stride of each.
 */
export function reduce(p: usize, from: i32, to: i32, scratch: usize): void {
  const f = load<i32>(p);
  const keptRank = load<i32>(p, 20);
  const rank = load<i32>(p, 24);
  const kept = p + 28;
  const reduced = kept + axisSize * keptRank;
  const length = load<i32>(reduced);
  const stride = load<i32>(reduced, 4);
  const runs = sizeOfAxes(reduced + axisSize, rank - 1);
  for (let unit = from; unit < to; unit++) {
    const x = load<usize>(p, 8) + offsetOf(kept, keptRank, unit);
    let total = firstOf(f);
    for (let run = 0; run < runs; run++) {
      const start = x + offsetOf(reduced + axisSize, rank - 1, run);
      if (f == ReduceFunction.max) total = max(total, largestOf(start, stride, length));
      else if (f == ReduceFunction.min) total = min(total, smallestOf(start, stride, length));
      else if (f == ReduceFunction.norm) total += sumOfSquares(start, stride, length);
      else total += sumOf(start, stride, length);
    }
    store<f32>(load<usize>(p, 4) + (<usize>unit << 2), resultOf(f, total, p));
  }
}

/**
 * Results that stand side by side as the numbers do that they are from. Units are blocks of columns.
 * Arguments: function, y, x, how many numbers are one, how often each counts, outer kept axes, reduced axes, columns, columns
 * of a unit, then size and stride of each axis. Scratch: 8 bytes for each column of a unit, rounded up to 4 columns.
 */
export function reduceColumns(p: usize, from: i32, to: i32, scratch: usize): void {
  const f = load<i32>(p);
  const keptRank = load<i32>(p, 20);
  const rank = load<i32>(p, 24);
  const columns = load<i32>(p, 28);
  const columnsOfUnit = load<i32>(p, 32);
  const kept = p + 36;
  const reduced = kept + axisSize * keptRank;
  const length = load<i32>(reduced);
  const stride = load<usize>(reduced, 4) << 2;
  const runs = sizeOfAxes(reduced + axisSize, rank - 1);
  const blocks = (columns + columnsOfUnit - 1) / columnsOfUnit;
  for (let unit = from; unit < to; unit++) {
    const outer = unit / blocks;
    const first = (unit % blocks) * columnsOfUnit;
    const width = min(columnsOfUnit, columns - first);
    const x = load<usize>(p, 8) + offsetOf(kept, keptRank, outer) + (<usize>first << 2);
    const y = load<usize>(p, 4) + (<usize>(outer * columns + first) << 2);
    if (f == ReduceFunction.max || f == ReduceFunction.min) fill(scratch, <f32>firstOf(f), width);
    else memory.fill(scratch, 0, ((<usize>width + 3) & ~3) << 3);
    for (let run = 0; run < runs; run++) {
      const start = x + offsetOf(reduced + axisSize, rank - 1, run);
      if (f == ReduceFunction.max) columnMaxima(scratch, start, stride, length, width);
      else if (f == ReduceFunction.min) columnMinima(scratch, start, stride, length, width);
      else if (f == ReduceFunction.norm) columnSquares(scratch, start, stride, length, width);
      else columnSums(scratch, start, stride, length, width);
    }
    if (f == ReduceFunction.max || f == ReduceFunction.min) {
      memory.copy(y, scratch, <usize>width << 2);
    } else {
      for (let j = 0; j < width; j++) {
        store<f32>(y + (<usize>j << 2), resultOf(f, load<f64>(scratch + (<usize>j << 3)), p));
      }
    }
  }
}

/** Units are rows. Arguments: y, x, numbers of a row. */
export function softmax(p: usize, from: i32, to: i32, scratch: usize): void {
  const length = load<i32>(p, 8);
  const size = <usize>length << 2;
  let y = load<usize>(p) + size * from;
  let x = load<usize>(p, 4) + size * from;
  for (let row = from; row < to; row++, x += size, y += size) {
    // exp(x − m) / Σ exp(x − m) is the same: the maximum leaves first, so nothing overflows.
    const largest = rowLargest(x, length);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let j = 0; j < length; j += 4) {
      const at = <usize>j << 2;
      const e = v128.and(exp4(f32x4.sub(v128.load(x + at), largest)), firstLanes(length - j));
      low = f64x2.add(low, lowOf(e));
      high = f64x2.add(high, highOf(e));
      storeUpTo4(y + at, e, length - j);
    }
    const scale = f32x4.splat(<f32>(1 / totalOf(low, high)));
    for (let j = 0; j < length; j += 4) {
      const at = <usize>j << 2;
      storeUpTo4(y + at, f32x4.mul(v128.load(y + at), scale), length - j);
    }
  }
}

// Rows whose logarithms are taken together, four at a time: one alone would wait for its own sum, step by step.
const rowsAtOnce = 64;

/** Units are rows. Arguments: y, x, numbers of a row. Scratch: two numbers for each of `rowsAtOnce`. */
export function logSoftmax(p: usize, from: i32, to: i32, scratch: usize): void {
  const length = load<i32>(p, 8);
  const size = <usize>length << 2;
  const maxima = scratch;
  const totals = scratch + (rowsAtOnce << 2);
  for (let first = from; first < to; first += rowsAtOnce) {
    const count = min(rowsAtOnce, to - first);
    const y = load<usize>(p) + size * first;
    const x = load<usize>(p, 4) + size * first;
    for (let row = 0; row < count; row++) {
      // log Σ exp(x) = m + log Σ exp(x − m): the maximum leaves first, so nothing overflows.
      const largest = rowLargest(x + size * row, length);
      v128.store32_lane(maxima + (<usize>row << 2), largest, 0);
      store<f32>(totals + (<usize>row << 2), <f32>sumOfExp(x + size * row, largest, length));
    }
    for (let row = 0; row < count; row += 4) {
      const at = totals + (<usize>row << 2);
      v128.store(at, log4(v128.load(at)));
    }
    for (let row = 0; row < count; row++) {
      const largest = v128.load32_splat(maxima + (<usize>row << 2));
      const logTotal = v128.load32_splat(totals + (<usize>row << 2));
      for (let j = 0; j < length; j += 4) {
        const at = size * row + (<usize>j << 2);
        // In this order a large maximum does not swallow the digits of the small logarithm.
        storeUpTo4(y + at, f32x4.sub(f32x4.sub(v128.load(x + at), largest), logTotal), length - j);
      }
    }
  }
}

/** dx = y ⊙ (dy − Σ dy ⊙ y). Units are rows. Arguments: dx, dy, y, numbers of a row. */
export function softmaxGradient(p: usize, from: i32, to: i32, scratch: usize): void {
  const length = load<i32>(p, 12);
  const size = <usize>length << 2;
  let dx = load<usize>(p) + size * from;
  let dy = load<usize>(p, 4) + size * from;
  let y = load<usize>(p, 8) + size * from;
  for (let row = from; row < to; row++, dx += size, dy += size, y += size) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let j = 0; j < length; j += 4) {
      const at = <usize>j << 2;
      const product = v128.and(f32x4.mul(v128.load(dy + at), v128.load(y + at)), firstLanes(length - j));
      low = f64x2.add(low, lowOf(product));
      high = f64x2.add(high, highOf(product));
    }
    const total = f32x4.splat(<f32>totalOf(low, high));
    for (let j = 0; j < length; j += 4) {
      const at = <usize>j << 2;
      storeUpTo4(dx + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(dy + at), total)), length - j);
    }
  }
}

/** dx = dy − exp(y) Σ dy. Units are rows. Arguments: dx, dy, y, numbers of a row. */
export function logSoftmaxGradient(p: usize, from: i32, to: i32, scratch: usize): void {
  const length = load<i32>(p, 12);
  const size = <usize>length << 2;
  let dx = load<usize>(p) + size * from;
  let dy = load<usize>(p, 4) + size * from;
  let y = load<usize>(p, 8) + size * from;
  for (let row = from; row < to; row++, dx += size, dy += size, y += size) {
    const total = f32x4.splat(<f32>sumOf(dy, 1, length));
    for (let j = 0; j < length; j += 4) {
      const at = <usize>j << 2;
      const share = f32x4.mul(exp4(v128.load(y + at)), total);
      storeUpTo4(dx + at, f32x4.sub(v128.load(dy + at), share), length - j);
    }
  }
}

/** Σ exp(x − m) along a row. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function sumOfExp(x: usize, m: v128, length: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; length > 0; length -= 4, x += 16) {
    const e = v128.and(exp4(f32x4.sub(v128.load(x), m)), firstLanes(length));
    low = f64x2.add(low, lowOf(e));
    high = f64x2.add(high, highOf(e));
  }
  return totalOf(low, high);
}

/** Bytes from the first number to that of the given index. */
function offsetOf(axes: usize, rank: i32, index: i32): usize {
  if (rank == 0) return 0;
  let offset = 0;
  for (; rank > 1; rank--, axes += axisSize) {
    const size = load<i32>(axes);
    offset += (index % size) * load<i32>(axes, 4);
    index /= size;
  }
  return (offset + index * load<i32>(axes, 4)) << 2;
}

function sizeOfAxes(axes: usize, rank: i32): i32 {
  let size = 1;
  for (; rank > 0; rank--, axes += axisSize) size *= load<i32>(axes);
  return size;
}

function firstOf(f: i32): f64 {
  if (f == ReduceFunction.max) return -Infinity;
  if (f == ReduceFunction.min) return Infinity;
  return 0;
}

function resultOf(f: i32, total: f64, p: usize): f32 {
  const times = <f64>load<i32>(p, 16);
  if (f == ReduceFunction.sum) return <f32>(total * times);
  if (f == ReduceFunction.mean) return <f32>((total * times) / <f64>load<i32>(p, 12));
  if (f == ReduceFunction.norm) return <f32>sqrt(total * times);
  return <f32>total;
}

function sumOf(x: usize, stride: i32, length: i32): f64 {
  let total: f64 = 0;
  if (stride == 1) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (; length >= 16; length -= 16, x += 64) {
      const front = f32x4.add(v128.load(x), v128.load(x, 16));
      const four = f32x4.add(front, f32x4.add(v128.load(x, 32), v128.load(x, 48)));
      low = f64x2.add(low, lowOf(four));
      high = f64x2.add(high, highOf(four));
    }
    for (; length >= 4; length -= 4, x += 16) {
      low = f64x2.add(low, lowOf(v128.load(x)));
      high = f64x2.add(high, highOf(v128.load(x)));
    }
    total = totalOf(low, high);
  }
  const step = stride << 2;
  for (; length > 0; length--, x += step) total += <f64>load<f32>(x);
  return total;
}

function sumOfSquares(x: usize, stride: i32, length: i32): f64 {
  let total: f64 = 0;
  if (stride == 1) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (; length >= 4; length -= 4, x += 16) {
      const a = lowOf(v128.load(x));
      const b = highOf(v128.load(x));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    total = totalOf(low, high);
  }
  const step = stride << 2;
  for (; length > 0; length--, x += step) {
    const value = <f64>load<f32>(x);
    total += value * value;
  }
  return total;
}

/** NaN when there is one, as Math.max. */
function largestOf(x: usize, stride: i32, length: i32): f64 {
  let largest: f32 = -Infinity;
  if (stride == 1 && length >= 4) {
    let four = v128.load(x);
    for (; length >= 4; length -= 4, x += 16) four = f32x4.max(four, v128.load(x));
    const a = max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
    largest = max(a, max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)));
  }
  const step = stride << 2;
  for (; length > 0; length--, x += step) largest = max(largest, load<f32>(x));
  return largest;
}

/** NaN when there is one, as Math.min. */
function smallestOf(x: usize, stride: i32, length: i32): f64 {
  let smallest: f32 = Infinity;
  if (stride == 1 && length >= 4) {
    let four = v128.load(x);
    for (; length >= 4; length -= 4, x += 16) four = f32x4.min(four, v128.load(x));
    const a = min(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
    smallest = min(a, min(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)));
  }
  const step = stride << 2;
  for (; length > 0; length--, x += step) smallest = min(smallest, load<f32>(x));
  return smallest;
}

/** Adds rows to the float64 totals of their columns. */
function columnSums(totals: usize, x: usize, stride: usize, rows: i32, width: i32): void {
  for (; rows >= 4; rows -= 4, x += 4 * stride) {
    let row = x;
    let at = totals;
    for (let j = 0; j < width; j += 4, row += 16, at += 32) {
      const front = f32x4.add(v128.load(row), v128.load(row + stride));
      addTo(at, f32x4.add(front, f32x4.add(v128.load(row + 2 * stride), v128.load(row + 3 * stride))));
    }
  }
  for (; rows > 0; rows--, x += stride) {
    for (let j = 0; j < width; j += 4) addTo(totals + (<usize>j << 3), v128.load(x + (<usize>j << 2)));
  }
}

function columnSquares(totals: usize, x: usize, stride: usize, rows: i32, width: i32): void {
  for (; rows > 0; rows--, x += stride) {
    for (let j = 0; j < width; j += 4) {
      const at = totals + (<usize>j << 3);
      const four = v128.load(x + (<usize>j << 2));
      const a = lowOf(four);
      const b = highOf(four);
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(a, a)));
      v128.store(at, f64x2.add(v128.load(at, 16), f64x2.mul(b, b)), 16);
    }
  }
}

function columnMaxima(found: usize, x: usize, stride: usize, rows: i32, width: i32): void {
  for (; rows > 0; rows--, x += stride) {
    for (let j = 0; j < width; j += 4) {
      const at = <usize>j << 2;
      v128.store(found + at, f32x4.max(v128.load(found + at), v128.load(x + at)));
    }
  }
}

function columnMinima(found: usize, x: usize, stride: usize, rows: i32, width: i32): void {
  for (; rows > 0; rows--, x += stride) {
    for (let j = 0; j < width; j += 4) {
      const at = <usize>j << 2;
      v128.store(found + at, f32x4.min(v128.load(found + at), v128.load(x + at)));
    }
  }
}

function fill(x: usize, value: f32, length: i32): void {
  for (let j = 0; j < length; j += 4) v128.store(x + (<usize>j << 2), f32x4.splat(value));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function addTo(totals: usize, four: v128): void {
  v128.store(totals, f64x2.add(v128.load(totals), lowOf(four)));
  v128.store(totals, f64x2.add(v128.load(totals, 16), highOf(four)), 16);
}

/** The largest number of a row, four times; NaN does not count: with one, softmax is NaN anyway. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function rowLargest(x: usize, length: i32): v128 {
  const none = f32x4.splat(-Infinity);
  let four = none;
  for (; length > 0; length -= 4, x += 16) {
    four = f32x4.pmax(four, v128.bitselect(v128.load(x), none, firstLanes(length)));
  }
  four = f32x4.pmax(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1));
  return f32x4.pmax(four, v128.shuffle<i32>(four, four, 1, 0, 3, 2));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function lowOf(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function highOf(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function totalOf(low: v128, high: v128): f64 {
  const two = f64x2.add(low, high);
  return f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1);
}
