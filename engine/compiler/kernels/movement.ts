// Kernels that move numbers or take them by index, and random masks. AssemblyScript.

import { faultAt, lineNumbers } from "../layout";
import { storeLanes } from "./lanes";

/** Rows of y are a row of a, then one of b: y, a, b; numbers of y; numbers in a row of a, of b. Units are lines of y. */
export function concat(p: usize, from: i32, to: i32, scratch: usize): void {
  const y = load<usize>(p);
  const first = from * lineNumbers;
  const end = min(to * lineNumbers, load<i32>(p, 12));
  const ofA = load<i32>(p, 16);
  const ofB = load<i32>(p, 20);
  const row = first / (ofA + ofB);
  let a = load<usize>(p, 4) + ((<usize>row * ofA) << 2);
  let b = load<usize>(p, 8) + ((<usize>row * ofB) << 2);
  for (let start = row * (ofA + ofB); start < end; start += ofA + ofB) {
    moveWithin(first, end, y, start, a, ofA);
    moveWithin(first, end, y, start + ofA, b, ofB);
    a += <usize>ofA << 2;
    b += <usize>ofB << 2;
  }
}

/** Rows of y are zeros, a row of x, zeros: y, x; numbers of y, before x, of a row of x, behind it. Units are lines of y. */
export function embed(p: usize, from: i32, to: i32, scratch: usize): void {
  const y = load<usize>(p);
  const first = from * lineNumbers;
  const end = min(to * lineNumbers, load<i32>(p, 8));
  const before = load<i32>(p, 12);
  const ofX = load<i32>(p, 16);
  const size = before + ofX + load<i32>(p, 20);
  const row = first / size;
  let x = load<usize>(p, 4) + ((<usize>row * ofX) << 2);
  zero(y + (<usize>first << 2), end - first);
  for (let start = row * size; start < end; start += size) {
    moveWithin(first, end, y, start + before, x, ofX);
    x += <usize>ofX << 2;
  }
}

/** y, indices; classes. Units are indices. */
export function oneHot(p: usize, from: i32, to: i32, scratch: usize): void {
  const indices = load<usize>(p, 4);
  const classes = load<i32>(p, 8);
  const rowBytes = <usize>classes << 2;
  let y = load<usize>(p) + <usize>from * rowBytes;
  zero(y, (to - from) * classes);
  for (let row = from; row < to; row++, y += rowBytes) {
    const index = indexAt(indices + (<usize>row << 2), classes);
    if (index >= 0) store<f32>(y + (<usize>index << 2), 1);
  }
}

/** Row n of y is row indices[n] of the weights: y, indices, weights; their rows, size of a row. Units are rows of y. */
export function gatherRows(p: usize, from: i32, to: i32, scratch: usize): void {
  const indices = load<usize>(p, 4);
  const weights = load<usize>(p, 8);
  const count = load<i32>(p, 12);
  const size = load<i32>(p, 16);
  const rowBytes = <usize>size << 2;
  let y = load<usize>(p) + <usize>from * rowBytes;
  for (let row = from; row < to; row++, y += rowBytes) {
    const index = indexAt(indices + (<usize>row << 2), count);
    if (index >= 0) move(y, weights + <usize>index * rowBytes, size);
  }
}

/**
 * Row i of y is the sum of the rows n of dy with indices[n] = i, in the order of n: y, indices, dy; rows of dy, rows of y,
 * size of a row. Units are rows of y: every thread goes through all indices and takes those of its own rows.
 */
export function scatterRows(p: usize, from: i32, to: i32, scratch: usize): void {
  const y = load<usize>(p);
  const indices = load<usize>(p, 4);
  let dy = load<usize>(p, 8);
  const rows = load<i32>(p, 12);
  const count = load<i32>(p, 16);
  const size = load<i32>(p, 20);
  const rowBytes = <usize>size << 2;
  zero(y + <usize>from * rowBytes, (to - from) * size);
  for (let row = 0; row < rows; row++, dy += rowBytes) {
    const index = indexAt(indices + (<usize>row << 2), count);
    if (index >= from && index < to) addTo(y + <usize>index * rowBytes, dy, size);
  }
}

/** y[n] = rows[n][indices[n]]: y, indices, rows; size of a row. Units are numbers of y. */
export function takeOfRows(p: usize, from: i32, to: i32, scratch: usize): void {
  const y = load<usize>(p);
  const indices = load<usize>(p, 4);
  const size = load<i32>(p, 12);
  let row = load<usize>(p, 8) + ((<usize>from * size) << 2);
  for (let n = from; n < to; n++, row += <usize>size << 2) {
    const index = indexAt(indices + (<usize>n << 2), size);
    if (index >= 0) store<f32>(y + (<usize>n << 2), load<f32>(row + (<usize>index << 2)));
  }
}

/**
 * Row n of y is −scale · p[n], and scale · (1 − p[n][i]) at i = indices[n]: y, indices, p; size of a row, scale. Units are
 * rows.
 */
export function classGradient(p: usize, from: i32, to: i32, scratch: usize): void {
  const indices = load<usize>(p, 4);
  const size = load<i32>(p, 12);
  const scale = load<f32>(p, 16);
  const minus = f32x4.splat(-scale);
  const rowBytes = <usize>size << 2;
  let y = load<usize>(p) + <usize>from * rowBytes;
  let x = load<usize>(p, 8) + <usize>from * rowBytes;
  for (let row = from; row < to; row++, y += rowBytes, x += rowBytes) {
    const index = indexAt(indices + (<usize>row << 2), size);
    if (index < 0) continue;
    // Before the row is written: y may stand where x does.
    const chosen = scale * (1 - load<f32>(x + (<usize>index << 2)));
    let at: usize = 0;
    let left = size;
    for (; left >= 4; left -= 4, at += 16) v128.store(y + at, f32x4.mul(minus, v128.load(x + at)));
    if (left > 0) storeLanes(y + at, f32x4.mul(minus, v128.load(x + at)), left);
    store<f32>(y + (<usize>index << 2), chosen);
  }
}

/**
 * 0 where a random number is below the rate, else `kept`: y, address of the step's seed; numbers of y, stream; the rate as
 * 27 + 26 bits behind the point; kept. Units are lines of y. The numbers are those of `randomAt` in engine/model/random.ts.
 */
export function dropoutMask(p: usize, from: i32, to: i32, scratch: usize): void {
  const first = from * lineNumbers;
  const end = min(to * lineNumbers, load<i32>(p, 8));
  const stream = load<i32>(p, 12);
  const key1 = mix(mix(load<i32>(load<usize>(p, 4))) + stream * 0x9e3779b9);
  const key2 = mix(key1 ^ stream ^ 0x85ebca6b);
  // V8 builds a literal anew in each round of a loop; what comes from memory it keeps.
  store<i32>(scratch, 0xed5ad4bb);
  store<i32>(scratch, 0xac4c1b51, 4);
  store<i32>(scratch, 0x31848bab, 8);
  const factor1 = v128.load32_splat(scratch);
  const factor2 = v128.load32_splat(scratch, 4);
  const factor3 = v128.load32_splat(scratch, 8);
  const keys = i32x4.splat(key2);
  const seconds = i32x4.splat(key1 + 0x6a09e667);
  const rateHigh = v128.load32_splat(p, 16);
  const rateLow = v128.load32_splat(p, 20);
  const kept = v128.load32_splat(p, 24);
  let counter = i32x4.add(i32x4.splat(key1 + first), i32x4(0, 1, 2, 3));
  const four = i32x4.splat(4);
  let y = load<usize>(p) + (<usize>first << 2);
  for (let left = end - first; left > 0; left -= 4, y += 16) {
    const word = mix4(v128.xor(mix4(counter, factor1, factor2, factor3), keys), factor1, factor2, factor3);
    const high = i32x4.shr_u(word, 5);
    let dropped = i32x4.lt_s(high, rateHigh);
    // The lower 26 bits decide only where the upper ones are equal: once in 2²⁷ numbers.
    const equal = i32x4.eq(high, rateHigh);
    if (v128.any_true(equal)) {
      const low = i32x4.shr_u(mix4(i32x4.add(word, seconds), factor1, factor2, factor3), 6);
      dropped = v128.or(dropped, v128.and(equal, i32x4.lt_s(low, rateLow)));
    }
    storeLanes(y, v128.andnot(kept, dropped), left);
    counter = i32x4.add(counter, four);
  }
}

/** Of `count` numbers that are to stand from y[start] on, writes those that lie in [first, end). */
function moveWithin(first: i32, end: i32, y: usize, start: i32, source: usize, count: i32): void {
  const lowest = max(first, start);
  const highest = min(end, start + count);
  move(y + (<usize>lowest << 2), source + (<usize>(lowest - start) << 2), highest - lowest);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function move(to: usize, from: usize, count: i32): void {
  let left = count;
  for (; left >= 4; left -= 4, to += 16, from += 16) v128.store(to, v128.load(from));
  if (left > 0) storeLanes(to, v128.load(from), left);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function zero(to: usize, count: i32): void {
  let left = count;
  for (; left >= 4; left -= 4, to += 16) v128.store(to, f32x4.splat(0));
  if (left > 0) storeLanes(to, f32x4.splat(0), left);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function addTo(to: usize, x: usize, count: i32): void {
  let left = count;
  for (; left >= 4; left -= 4, to += 16, x += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(x)));
  if (left > 0) storeLanes(to, f32x4.add(v128.load(to), v128.load(x)), left);
}

/** The integer that the number at the address is; −1, and the program ends, when it is none from 0 to count − 1. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function indexAt(address: usize, count: i32): i32 {
  const number = load<f32>(address);
  if (number >= 0 && number <= <f32>count) {
    const index = <i32>number;
    if (<f32>index == number && index < count) return index;
  }
  store<i32>(faultAt, 1);
  return -1;
}

// `mix` of engine/model/random.ts, alone and four times at once.

// @ts-ignore: a decorator of AssemblyScript.
@inline
function mix(word: i32): i32 {
  let x = word;
  x ^= x >>> 17;
  x *= 0xed5ad4bb;
  x ^= x >>> 11;
  x *= 0xac4c1b51;
  x ^= x >>> 15;
  x *= 0x31848bab;
  return x ^ (x >>> 14);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function mix4(word: v128, factor1: v128, factor2: v128, factor3: v128): v128 {
  let x = v128.xor(word, i32x4.shr_u(word, 17));
  x = i32x4.mul(x, factor1);
  x = v128.xor(x, i32x4.shr_u(x, 11));
  x = i32x4.mul(x, factor2);
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, factor3);
  return v128.xor(x, i32x4.shr_u(x, 14));
}
