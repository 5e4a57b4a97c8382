// What happens to gradients and weights after the backward pass. All of a kind stand one after another in whole lines, so
// each kernel goes through flat runs of numbers; units are lines where nothing else is said. AssemblyScript.
//
// w weights, g gradient, m mean of gradients, v of their squares or the velocity, s sum of squares; η the
// learning rate. Numbers too small for the full precision of a float32 slow the processor down several times, and a mean
// that decays towards 0 would stay among them for long. So the guards: all bits but the sign's; `leastGradient`, below
// which a gradient counts as 0 in a mean; `leastMean`, below which a mean becomes 0.

import { faultAt, lineNumbers, sumsAt } from "../layout";
import { lanesBeyond } from "./lanes";

/** The program ends here when a number is NaN or infinite: how many runs; for each its address and how many numbers. */
export function expectFinite(p: usize, from: i32, to: i32, scratch: usize): void {
  const runs = load<i32>(p);
  let line = 0; // Lines of the runs before this one.
  for (let run = 0; run < runs; run++) {
    p += 8;
    const n = load<i32>(p);
    const first = max(from - line, 0) * lineNumbers;
    const end = min((to - line) * lineNumbers, n);
    if (first < end && !isFiniteRun(load<usize>(p - 4) + (<usize>first << 2), end - first)) store<i32>(faultAt, 1);
    line += (n + lineNumbers - 1) / lineNumbers;
  }
}

/** 0 · NaN and 0 · ∞ are NaN, and NaN stays in a sum. */
function isFiniteRun(x: usize, n: i32): bool {
  const zero = f32x4.splat(0);
  let sum0 = zero;
  let sum1 = zero;
  let sum2 = zero;
  let sum3 = zero;
  let left = n;
  for (; left >= 16; left -= 16, x += 64) {
    sum0 = f32x4.add(sum0, f32x4.mul(zero, v128.load(x)));
    sum1 = f32x4.add(sum1, f32x4.mul(zero, v128.load(x, 16)));
    sum2 = f32x4.add(sum2, f32x4.mul(zero, v128.load(x, 32)));
    sum3 = f32x4.add(sum3, f32x4.mul(zero, v128.load(x, 48)));
  }
  for (; left > 0; left -= 4, x += 16) {
    sum0 = f32x4.add(sum0, f32x4.mul(zero, v128.andnot(v128.load(x), lanesBeyond(left))));
  }
  const sum = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  return i32x4.all_true(f32x4.eq(sum, zero));
}

/** Squares summed in float64, where they do not overflow, for each part: g; lines, lines of a part. Units are parts. */
export function sumSquares(p: usize, from: i32, to: i32, scratch: usize): void {
  const lines = load<i32>(p, 4);
  const ofPart = load<i32>(p, 8);
  for (let part = from; part < to; part++) {
    let g = load<usize>(p) + bytesOf(part * ofPart);
    const end = g + bytesOf(min(lines - part * ofPart, ofPart));
    let low = f64x2.splat(0);
    let high = low;
    for (; g < end; g += 16) {
      const x = v128.load(g);
      const x01 = f64x2.promote_low_f32x4(x);
      const x23 = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
      low = f64x2.add(low, f64x2.mul(x01, x01));
      high = f64x2.add(high, f64x2.mul(x23, x23));
    }
    const sum = f64x2.add(low, high);
    const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    store<f64>(sumsAt + (<usize>part << 3), total);
  }
}

/** g · min(1, limit / (‖g‖ + 10⁻⁶)), the squares being summed: g; how many parts; limit. */
export function clipNorm(p: usize, from: i32, to: i32, scratch: usize): void {
  const parts = load<i32>(p, 4);
  // Every thread adds all parts in the same order.
  let squares: f64 = 0;
  for (let part = 0; part < parts; part++) squares += load<f64>(sumsAt + (<usize>part << 3));
  const factor = <f64>load<f32>(p, 8) / (sqrt(squares) + 1e-6); // As PyTorch has it.
  if (factor >= 1) return;
  const scale = f32x4.splat(<f32>factor);
  let g = load<usize>(p) + bytesOf(from);
  const end = g + bytesOf(to - from);
  for (; g < end; g += 16) {
    v128.store(g, f32x4.mul(v128.load(g), scale));
  }
}

/** max(−limit, min(limit, g)): g; limit. */
export function clipValue(p: usize, from: i32, to: i32, scratch: usize): void {
  const limit = v128.load32_splat(p, 4);
  const least = f32x4.neg(limit);
  let g = load<usize>(p) + bytesOf(from);
  const end = g + bytesOf(to - from);
  for (; g < end; g += 16) {
    v128.store(g, f32x4.pmax(f32x4.pmin(v128.load(g), limit), least));
  }
}

/** w − η · v or, for nesterov, w − η · (g + μ · v), v = μ · v + g: w, g, v; address of η; μ, nesterov; guards. */
export function momentum(p: usize, from: i32, to: i32, scratch: usize): void {
  const start = bytesOf(from);
  let w = load<usize>(p) + start;
  let g = load<usize>(p, 4) + start;
  let v = load<usize>(p, 8) + start;
  const rate = v128.load32_splat(load<usize>(p, 12));
  const mu = v128.load32_splat(p, 16);
  const nesterov = load<i32>(p, 20) != 0;
  const magnitude = v128.load32_splat(p, 24);
  const leastMean = v128.load32_splat(p, 32);
  const end = w + bytesOf(to - from);
  for (; w < end; w += 16, g += 16, v += 16) {
    const gradient = v128.load(g);
    const velocity = flushed(f32x4.add(f32x4.mul(mu, v128.load(v)), gradient), leastMean, magnitude);
    const direction = nesterov ? f32x4.add(gradient, f32x4.mul(mu, velocity)) : velocity;
    v128.store(v, velocity);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(rate, direction)));
  }
}

/** w − η · g: w, g; address of η. */
export function sgd(p: usize, from: i32, to: i32, scratch: usize): void {
  const start = bytesOf(from);
  let w = load<usize>(p) + start;
  let g = load<usize>(p, 4) + start;
  const rate = v128.load32_splat(load<usize>(p, 8));
  const end = w + bytesOf(to - from);
  for (; w < end; w += 16, g += 16) {
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(rate, v128.load(g))));
  }
}

/** w − η · g / (√v + ε), v = ρ · v + (1 − ρ) · g²: w, g, v; address of η; 1 − ρ, ε; guards. */
export function rmsProp(p: usize, from: i32, to: i32, scratch: usize): void {
  const start = bytesOf(from);
  let w = load<usize>(p) + start;
  let g = load<usize>(p, 4) + start;
  let v = load<usize>(p, 8) + start;
  const rate = v128.load32_splat(load<usize>(p, 12));
  const share = v128.load32_splat(p, 16);
  const epsilon = v128.load32_splat(p, 20);
  const magnitude = v128.load32_splat(p, 24);
  const leastGradient = v128.load32_splat(p, 28);
  const leastMean = v128.load32_splat(p, 32);
  const end = w + bytesOf(to - from);
  for (; w < end; w += 16, g += 16, v += 16) {
    const gradient = flushed(v128.load(g), leastGradient, magnitude);
    const square = notBelow(decayed(v128.load(v), f32x4.mul(gradient, gradient), share), leastMean);
    const step = f32x4.div(f32x4.mul(rate, gradient), f32x4.add(f32x4.sqrt(square), epsilon));
    v128.store(v, square);
    v128.store(w, f32x4.sub(v128.load(w), step));
  }
}

/** w − η · g / (√s + ε), s = s + g²: w, g, s; address of η; ε; guards. */
export function adagrad(p: usize, from: i32, to: i32, scratch: usize): void {
  const start = bytesOf(from);
  let w = load<usize>(p) + start;
  let g = load<usize>(p, 4) + start;
  let s = load<usize>(p, 8) + start;
  const rate = v128.load32_splat(load<usize>(p, 12));
  const epsilon = v128.load32_splat(p, 16);
  const magnitude = v128.load32_splat(p, 20);
  const leastGradient = v128.load32_splat(p, 24);
  const end = w + bytesOf(to - from);
  for (; w < end; w += 16, g += 16, s += 16) {
    const gradient = flushed(v128.load(g), leastGradient, magnitude);
    const squares = f32x4.add(v128.load(s), f32x4.mul(gradient, gradient));
    const step = f32x4.div(f32x4.mul(rate, gradient), f32x4.add(f32x4.sqrt(squares), epsilon));
    v128.store(s, squares);
    v128.store(w, f32x4.sub(v128.load(w), step));
  }
}

/**
 * w − η · (λ · w + m̂ / (√v̂ + ε)), m = β₁ · m + (1 − β₁) · g, v = β₂ · v + (1 − β₂) · g², m̂ = m / (1 − β₁ᵗ),
 * √v̂ = √v / √(1 − β₂ᵗ): w, g, m, v; addresses of η, 1 − β₁ᵗ, √(1 − β₂ᵗ); 1 − β₁, 1 − β₂, ε, λ; guards.
 */
export function adam(p: usize, from: i32, to: i32, scratch: usize): void {
  const start = bytesOf(from);
  let w = load<usize>(p) + start;
  let g = load<usize>(p, 4) + start;
  let m = load<usize>(p, 8) + start;
  let v = load<usize>(p, 12) + start;
  const rate = load<f32>(load<usize>(p, 16));
  const stepSize = f32x4.splat(rate / load<f32>(load<usize>(p, 20)));
  const correction = f32x4.splat(1 / load<f32>(load<usize>(p, 24)));
  const share1 = v128.load32_splat(p, 28);
  const share2 = v128.load32_splat(p, 32);
  const epsilon = v128.load32_splat(p, 36);
  const decay = f32x4.splat(rate * load<f32>(p, 40));
  const magnitude = v128.load32_splat(p, 44);
  const leastGradient = v128.load32_splat(p, 48);
  const leastMean = v128.load32_splat(p, 52);
  const end = w + bytesOf(to - from);
  for (; w < end; w += 16, g += 16, m += 16, v += 16) {
    const gradient = flushed(v128.load(g), leastGradient, magnitude);
    const mean = flushed(decayed(v128.load(m), gradient, share1), leastMean, magnitude);
    const square = notBelow(decayed(v128.load(v), f32x4.mul(gradient, gradient), share2), leastMean);
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(square), correction), epsilon);
    const weights = v128.load(w);
    const step = f32x4.add(f32x4.mul(decay, weights), f32x4.div(f32x4.mul(stepSize, mean), size));
    v128.store(m, mean);
    v128.store(v, square);
    v128.store(w, f32x4.sub(weights, step));
  }
}

/** (1 − a) · mean + a · x. As a float32, 1 − a would be off by up to 6e-8 / a of what decays; a itself is not. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function decayed(mean: v128, x: v128, a: v128): v128 {
  return f32x4.add(f32x4.sub(mean, f32x4.mul(a, mean)), f32x4.mul(a, x));
}

/** x, and 0 where |x| < least; V8 would build the mask of `f32x4.abs` anew in each round. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function flushed(x: v128, least: v128, magnitude: v128): v128 {
  return v128.and(x, f32x4.ge(v128.and(x, magnitude), least));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function bytesOf(lines: i32): usize {
  return <usize>lines * lineNumbers * 4;
}

/** x, and 0 where x < least. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function notBelow(x: v128, least: v128): v128 {
  return v128.and(x, f32x4.ge(x, least));
}
