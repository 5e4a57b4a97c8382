// Statistics and histograms of what people look at, in float64 from float32 numbers. AssemblyScript.

import { histogramBins, summarySize } from "../layout";
import { lanesBeyond } from "./lanes";

const tableBytes = 128; // Of counts, one for each bin and one for the largest number: 25 · 4, rounded up.

/**
 * For each tensor: address of its summary, address of its numbers, n. Units are tensors. A summary is `summarySize`
 * float64s: how many numbers are finite, how many of those 0, their mean, Σ(x − mean)², Σx², least, greatest; then the
 * histogram's counts. NaN and infinite numbers are left out.
 */
export function summarize(p: usize, from: i32, to: i32, scratch: usize): void {
  for (let unit = from; unit < to; unit++) {
    const q = p + <usize>unit * 12;
    for (let at = 0; at < summarySize; at++) store<f64>(load<usize>(q) + (<usize>at << 3), 0);
    moments(load<usize>(q), load<usize>(q, 4), load<i32>(q, 8));
    spread(load<usize>(q), load<usize>(q, 4), load<i32>(q, 8), scratch);
  }
}

function moments(y: usize, x: usize, n: i32): void {
  const infinity = f32x4.splat(Infinity);
  const zero = f32x4.splat(0);
  let count = i32x4.splat(0);
  let zeros = i32x4.splat(0);
  let least = infinity;
  let greatest = f32x4.splat(-Infinity);
  let sum01 = f64x2.splat(0);
  let sum23 = sum01;
  let squares01 = sum01;
  let squares23 = sum01;
  for (let left = n; left > 0; left -= 4, x += 16) {
    const given = nanBeyond(v128.load(x), left);
    const finite = f32x4.lt(f32x4.abs(given), infinity);
    const kept = v128.and(given, finite);
    count = i32x4.sub(count, finite);
    zeros = i32x4.sub(zeros, f32x4.eq(given, zero));
    // All bits set is NaN, and a comparison with NaN keeps what was there.
    const orNaN = v128.or(kept, v128.not(finite));
    least = f32x4.pmin(least, orNaN);
    greatest = f32x4.pmax(greatest, orNaN);
    const x01 = f64x2.promote_low_f32x4(kept);
    const x23 = f64x2.promote_low_f32x4(v128.shuffle<i64>(kept, kept, 1, 1));
    sum01 = f64x2.add(sum01, x01);
    sum23 = f64x2.add(sum23, x23);
    squares01 = f64x2.add(squares01, f64x2.mul(x01, x01));
    squares23 = f64x2.add(squares23, f64x2.mul(x23, x23));
  }
  const finiteCount = <f64>sumOfInts(count);
  least = f32x4.pmin(least, v128.shuffle<i64>(least, least, 1, 1));
  greatest = f32x4.pmax(greatest, v128.shuffle<i64>(greatest, greatest, 1, 1));
  store<f64>(y, finiteCount);
  store<f64>(y, <f64>sumOfInts(zeros), 8);
  store<f64>(y, sumOfDoubles(f64x2.add(sum01, sum23)) / finiteCount, 16);
  store<f64>(y, sumOfDoubles(f64x2.add(squares01, squares23)), 32);
  store<f64>(y, <f64>min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)), 40);
  store<f64>(y, <f64>max(f32x4.extract_lane(greatest, 0), f32x4.extract_lane(greatest, 1)), 48);
}

function spread(y: usize, x: usize, n: i32, scratch: usize): void {
  const finiteCount = <i32>load<f64>(y);
  const low = load<f64>(y, 40);
  const range = load<f64>(y, 48) - low;
  const zero = f32x4.splat(0);
  const mean = v128.load64_splat(y, 16);
  const lowest = f64x2.splat(low);
  const ranges = f64x2.splat(range);
  const bins = f64x2.splat(histogramBins);
  // A table for each lane: an increment would wait for the one before it wherever two numbers share a bin.
  for (let at: usize = 0; at < 4 * tableBytes; at += 16) v128.store(scratch + at, zero);
  let sum01 = f64x2.splat(0);
  let sum23 = sum01;
  for (let left = n; left > 0; left -= 4, x += 16) {
    const given = nanBeyond(v128.load(x), left);
    // x − x is 0 where x is finite, else NaN.
    const orNaN = v128.or(given, f32x4.ne(f32x4.sub(given, given), zero));
    const x01 = f64x2.promote_low_f32x4(orNaN);
    const x23 = f64x2.promote_low_f32x4(v128.shuffle<i64>(orNaN, orNaN, 1, 1));
    const d01 = f64x2.sub(x01, mean);
    const d23 = f64x2.sub(x23, mean);
    sum01 = f64x2.add(sum01, zeroForNaN(f64x2.mul(d01, d01)));
    sum23 = f64x2.add(sum23, zeroForNaN(f64x2.mul(d23, d23)));
    // NaN becomes bin 0.
    const bin01 = i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(f64x2.div(f64x2.sub(x01, lowest), ranges), bins));
    const bin23 = i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(f64x2.div(f64x2.sub(x23, lowest), ranges), bins));
    increment(scratch, i32x4.extract_lane(bin01, 0));
    increment(scratch + tableBytes, i32x4.extract_lane(bin01, 1));
    increment(scratch + 2 * tableBytes, i32x4.extract_lane(bin23, 0));
    increment(scratch + 3 * tableBytes, i32x4.extract_lane(bin23, 1));
  }
  store<f64>(y, sumOfDoubles(f64x2.add(sum01, sum23)), 24);
  const counts = y + 56;
  if (finiteCount == 0) return;
  if (range == 0) {
    // All numbers are the same: they belong in the middle.
    store<f64>(counts + ((histogramBins / 2) << 3), <f64>finiteCount);
    return;
  }
  for (let bin = 0; bin <= histogramBins; bin++) {
    const at = scratch + (<usize>bin << 2);
    const count =
      load<i32>(at) + load<i32>(at, tableBytes) + load<i32>(at, 2 * tableBytes) + load<i32>(at, 3 * tableBytes);
    // The largest number, at the end of the last bin, belongs to it.
    const place = counts + (<usize>min(bin, histogramBins - 1) << 3);
    store<f64>(place, load<f64>(place) + <f64>count);
  }
  const lanes = (n + 3) & ~3;
  store<f64>(counts, load<f64>(counts) - <f64>(lanes - finiteCount));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function nanBeyond(x: v128, count: i32): v128 {
  return count >= 4 ? x : v128.or(x, lanesBeyond(count));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function zeroForNaN(x: v128): v128 {
  return v128.and(x, f64x2.eq(x, x));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function increment(table: usize, bin: i32): void {
  const at = table + (<usize>bin << 2);
  store<i32>(at, load<i32>(at) + 1);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function sumOfInts(x: v128): i32 {
  return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function sumOfDoubles(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}
