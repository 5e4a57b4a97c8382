// Elementary functions of four numbers at a time, to a few units of the last place. AssemblyScript. Its own and not
// Math's: those differ between versions of V8. NaN stays NaN; results below 2⁻¹²⁶ may be 0.

import { constantsAt } from "../layout";

// Constants stand in memory, each four times: V8 would build a literal anew in every iteration of a loop. Every thread
// writes them when its kernels start, always the same bits.

const basicsAt: usize = constantsAt;
keep(basicsAt, 0, 1);
keep(basicsAt, 1, 0.5);
keep(basicsAt, 2, Infinity);
keepBits(basicsAt, 3, 0x80000000); // The sign of a number.
keep(basicsAt, 4, 1.1754943508222875e-38); // 2⁻¹²⁶, the smallest number of full precision.
v128.store(basicsAt + 5 * 16, i32x4(0, 1, 2, 3));
keep(basicsAt, 6, -1);
keepBits(basicsAt, 7, 0x7fffffff); // All but the sign.
keep(basicsAt, 8, 7.888609052210118e-31); // 2⁻¹⁰⁰

const expAt: usize = basicsAt + 9 * 16;
keep(expAt, 0, 1.4426950408889634); // log₂ e
keep(expAt, 1, 12582912); // 1.5 · 2²³: added to a small number, it leaves the nearest integer in the last bits.
keep(expAt, 2, 0.693359375); // log 2 in two parts: products of small integers with the first are exact,
keep(expAt, 3, -2.12194440e-4); // and the second is what is missing.
keep(expAt, 4, 89); // Where e^x is infinite in float32,
keep(expAt, 5, -87.3); // and where it counts as 0.
keepBits(expAt, 6, 126 << 23); // Exponent of 2⁻¹.
// (eˣ − 1 − x) / x² on [−log √2, log √2]. Source: Moshier, Cephes Mathematical Library, expf.c.
keep(expAt, 7, 1.9875691500e-4);
keep(expAt, 8, 1.3981999507e-3);
keep(expAt, 9, 8.3334519073e-3);
keep(expAt, 10, 4.1665795894e-2);
keep(expAt, 11, 1.6666665459e-1);
keep(expAt, 12, 5.0000001201e-1);

const logAt: usize = expAt + 13 * 16;
keep(logAt, 0, 8388608); // 2²³
keep(logAt, 1, 23);
keepBits(logAt, 2, 0x007fffff); // The digits of a number.
keepBits(logAt, 3, 126);
keep(logAt, 4, 0.7071067811865476); // √½
// (log(1 + x) − x + x²/2) / x³ on [√½ − 1, √2 − 1]. Source: Moshier, Cephes Mathematical Library, logf.c.
keep(logAt, 5, 7.0376836292e-2);
keep(logAt, 6, -1.1514610310e-1);
keep(logAt, 7, 1.1676998740e-1);
keep(logAt, 8, -1.2420140846e-1);
keep(logAt, 9, 1.4249322787e-1);
keep(logAt, 10, -1.6668057665e-1);
keep(logAt, 11, 2.0000714765e-1);
keep(logAt, 12, -2.4999993993e-1);
keep(logAt, 13, 3.3333331174e-1);

const tanhAt: usize = logAt + 14 * 16;
// x · P(x²) / Q(x²) on [−c, c], c where tanh is 1 in float32. Source: XLA (Apache 2.0), EmitFastTanh.
keep(tanhAt, 0, 7.90531110763549805);
keep(tanhAt, 1, -7.90531110763549805);
keep(tanhAt, 2, -2.76076847742355e-16);
keep(tanhAt, 3, 2.00018790482477e-13);
keep(tanhAt, 4, -8.60467152213735e-11);
keep(tanhAt, 5, 5.12229709037114e-8);
keep(tanhAt, 6, 1.48572235717979e-5);
keep(tanhAt, 7, 6.37261928875436e-4);
keep(tanhAt, 8, 4.89352455891786e-3);
keep(tanhAt, 9, 1.19825839466702e-6);
keep(tanhAt, 10, 1.18534705686654e-4);
keep(tanhAt, 11, 2.26843463243900e-3);
keep(tanhAt, 12, 4.89352518554385e-3);

const erfAt: usize = tanhAt + 13 * 16;
// x · P(x²) / Q(x²) on [−4, 4], where erf is 1 in float32. Source: XLA (Apache 2.0), ErfImpl32.
keep(erfAt, 0, 4);
keep(erfAt, 1, -4);
keep(erfAt, 2, -2.72614225801306e-10);
keep(erfAt, 3, 2.77068142495902e-8);
keep(erfAt, 4, -2.10102402082508e-6);
keep(erfAt, 5, -5.69250639462346e-5);
keep(erfAt, 6, -7.34990630326855e-4);
keep(erfAt, 7, -2.95459980854025e-3);
keep(erfAt, 8, -1.60960333262415e-2);
keep(erfAt, 9, -1.45660718464996e-5);
keep(erfAt, 10, -2.13374055278905e-4);
keep(erfAt, 11, -1.68282697438203e-3);
keep(erfAt, 12, -7.37332916720468e-3);
keep(erfAt, 13, -1.42647390514189e-2);

/** 1, four times. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function one4(): v128 {
  return constant(basicsAt, 0);
}

/** dy ⊙ [x > 0]. A product with 0, not 0 itself: what is NaN or infinite must be seen. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function reluGradient4(dy: v128, x: v128): v128 {
  return f32x4.mul(dy, v128.and(f32x4.gt(x, f32x4.splat(0)), one4()));
}

/** dy ⊙ (1 − y²) */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function tanhGradient4(dy: v128, y: v128): v128 {
  return kept(f32x4.mul(dy, f32x4.sub(one4(), f32x4.mul(y, y))));
}

/** dy ⊙ y ⊙ (1 − y) */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function sigmoidGradient4(dy: v128, y: v128): v128 {
  return kept(f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one4(), y))));
}

/** eˣ; 0 below −87. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function exp4(x: v128): v128 {
  // eˣ = 2ⁿ · eʳ with n = x / log 2 to the nearest integer, and 2ⁿ = 2 · 2ⁿ⁻¹: of both halves one is always a number.
  x = f32x4.pmin(f32x4.pmax(x, constant(expAt, 5)), constant(expAt, 4));
  const z = multiplyAdd(x, constant(expAt, 0), constant(expAt, 1));
  const r = remainderOf(x, f32x4.sub(z, constant(expAt, 1)));
  const half = f32x4.mul(f32x4.add(expm1OfSmall(r), constant(basicsAt, 0)), halfPowerOf(z));
  return f32x4.add(half, half);
}

/** eˣ − 1. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function expm14(x: v128): v128 {
  // As eˣ: 2ⁿ · eʳ − 1 = 2ⁿ · (eʳ − 1) + (2ⁿ − 1), where nothing is lost near 0 because n is 0 there.
  x = f32x4.pmin(f32x4.pmax(x, constant(expAt, 5)), constant(expAt, 4));
  const z = multiplyAdd(x, constant(expAt, 0), constant(expAt, 1));
  const r = remainderOf(x, f32x4.sub(z, constant(expAt, 1)));
  const power = halfPowerOf(z);
  const half = multiplyAdd(expm1OfSmall(r), power, f32x4.sub(power, constant(basicsAt, 1)));
  return f32x4.add(half, half);
}

/** Natural logarithm: −∞ at 0, NaN below. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function log4(x: v128): v128 {
  // What has leading zeros gets 23 places first.
  const isTiny = f32x4.lt(x, constant(basicsAt, 4));
  const scaled = v128.bitselect(f32x4.mul(x, constant(logAt, 0)), x, isTiny);
  const y = f32x4.sub(logOfNormal(scaled), multiplyTail(isTiny));
  const isOrdinary = v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.lt(x, constant(basicsAt, 2)));
  if (i32x4.all_true(isOrdinary)) return y;
  // √x is NaN, ∞ and 0 where log x is NaN, ∞ and −∞.
  const minusInfinity = v128.xor(constant(basicsAt, 2), constant(basicsAt, 3));
  const special = v128.bitselect(minusInfinity, f32x4.sqrt(x), f32x4.eq(x, f32x4.splat(0)));
  return v128.bitselect(y, special, isOrdinary);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
export function tanh4(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, constant(tanhAt, 1)), constant(tanhAt, 0));
  const z = f32x4.mul(x, x);
  let p = multiplyAdd(constant(tanhAt, 2), z, constant(tanhAt, 3));
  p = multiplyAdd(p, z, constant(tanhAt, 4));
  p = multiplyAdd(p, z, constant(tanhAt, 5));
  p = multiplyAdd(p, z, constant(tanhAt, 6));
  p = multiplyAdd(p, z, constant(tanhAt, 7));
  p = multiplyAdd(p, z, constant(tanhAt, 8));
  let q = multiplyAdd(constant(tanhAt, 9), z, constant(tanhAt, 10));
  q = multiplyAdd(q, z, constant(tanhAt, 11));
  q = multiplyAdd(q, z, constant(tanhAt, 12));
  return withinOne(f32x4.div(f32x4.mul(x, p), q));
}

/** 1 / (1 + e⁻ˣ). */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function sigmoid4(x: v128): v128 {
  const one = constant(basicsAt, 0);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|): the exponent is never positive, so nothing overflows. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function softplus4(x: v128): v128 {
  const e = exp4(v128.or(x, constant(basicsAt, 3)));
  const u = f32x4.add(constant(basicsAt, 0), e);
  // log(1 + e) = log u + (1 + e − u) / u: what the rounding of u took, to the first order.
  const lost = f32x4.sub(e, f32x4.sub(u, constant(basicsAt, 0)));
  const tail = f32x4.add(logOfNormal(u), f32x4.div(lost, u));
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), tail);
}

/** 2/√π ∫₀ˣ e^(−t²) dt. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function erf4(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, constant(erfAt, 1)), constant(erfAt, 0));
  const z = f32x4.mul(x, x);
  let p = multiplyAdd(constant(erfAt, 2), z, constant(erfAt, 3));
  p = multiplyAdd(p, z, constant(erfAt, 4));
  p = multiplyAdd(p, z, constant(erfAt, 5));
  p = multiplyAdd(p, z, constant(erfAt, 6));
  p = multiplyAdd(p, z, constant(erfAt, 7));
  p = multiplyAdd(p, z, constant(erfAt, 8));
  let q = multiplyAdd(constant(erfAt, 9), z, constant(erfAt, 10));
  q = multiplyAdd(q, z, constant(erfAt, 11));
  q = multiplyAdd(q, z, constant(erfAt, 12));
  q = multiplyAdd(q, z, constant(erfAt, 13));
  return withinOne(f32x4.div(f32x4.mul(x, p), q));
}

/** −1, 0, 1; NaN stays. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function sign4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const unit = v128.or(v128.and(x, constant(basicsAt, 3)), constant(basicsAt, 0));
  return v128.bitselect(unit, x, v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero)));
}

/** √x as x to the power ½: ∞ at −∞, and 0 at −0. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function powerOfHalf4(x: v128): v128 {
  const infinity = constant(basicsAt, 2);
  const minusInfinity = v128.xor(infinity, constant(basicsAt, 3));
  return v128.bitselect(infinity, f32x4.sqrt(f32x4.add(x, f32x4.splat(0))), f32x4.eq(x, minusInfinity));
}

/** aᵇ with the rules of Math.pow. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function power4(a: v128, b: v128): v128 {
  let y = f32x4.splat(power(f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0)));
  y = f32x4.replace_lane(y, 1, power(f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1)));
  y = f32x4.replace_lane(y, 2, power(f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2)));
  return f32x4.replace_lane(y, 3, power(f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3)));
}

/** Ones in the bits of the first `count` of four lanes. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function firstLanes(count: i32): v128 {
  return i32x4.gt_s(i32x4.splat(count), constant(basicsAt, 5));
}

/** What rounding put beyond ±1 comes back: 1 − y² must not be negative. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function withinOne(y: v128): v128 {
  return f32x4.pmin(f32x4.pmax(y, constant(basicsAt, 6)), constant(basicsAt, 0));
}

/** a · b + c, rounded twice: one rounding would differ between processors. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** x − n · log 2. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function remainderOf(x: v128, n: v128): v128 {
  return f32x4.sub(f32x4.sub(x, f32x4.mul(n, constant(expAt, 2))), f32x4.mul(n, constant(expAt, 3)));
}

/** eˣ − 1 for |x| ≤ log √2. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function expm1OfSmall(x: v128): v128 {
  let p = multiplyAdd(constant(expAt, 7), x, constant(expAt, 8));
  p = multiplyAdd(p, x, constant(expAt, 9));
  p = multiplyAdd(p, x, constant(expAt, 10));
  p = multiplyAdd(p, x, constant(expAt, 11));
  p = multiplyAdd(p, x, constant(expAt, 12));
  return multiplyAdd(p, f32x4.mul(x, x), x);
}

/** 2ⁿ⁻¹ for the n in the last bits of z. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function halfPowerOf(z: v128): v128 {
  return i32x4.add(i32x4.shl(z, 23), constant(expAt, 6));
}

/** log x for finite x ≥ 2⁻¹²⁶. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function logOfNormal(x: v128): v128 {
  // x = 2ⁿ · m with m in [√½, √2): log x = n · log 2 + log m.
  const digits = v128.or(v128.and(x, constant(logAt, 2)), constant(basicsAt, 1));
  const isLow = f32x4.lt(digits, constant(logAt, 4));
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), constant(logAt, 3)));
  const n = f32x4.sub(exponent, v128.and(isLow, constant(basicsAt, 0)));
  const m = f32x4.add(f32x4.sub(digits, constant(basicsAt, 0)), v128.and(isLow, digits));
  const z = f32x4.mul(m, m);
  let p = multiplyAdd(constant(logAt, 5), m, constant(logAt, 6));
  p = multiplyAdd(p, m, constant(logAt, 7));
  p = multiplyAdd(p, m, constant(logAt, 8));
  p = multiplyAdd(p, m, constant(logAt, 9));
  p = multiplyAdd(p, m, constant(logAt, 10));
  p = multiplyAdd(p, m, constant(logAt, 11));
  p = multiplyAdd(p, m, constant(logAt, 12));
  p = multiplyAdd(p, m, constant(logAt, 13));
  let y = multiplyAdd(n, constant(expAt, 3), f32x4.mul(p, f32x4.mul(m, z)));
  y = f32x4.sub(y, f32x4.mul(z, constant(basicsAt, 1)));
  return multiplyAdd(n, constant(expAt, 2), f32x4.add(m, y));
}

/** 23 · log 2 where the mask says so, else 0: what 23 places are worth. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function multiplyTail(mask: v128): v128 {
  const places = v128.and(mask, constant(logAt, 1));
  return f32x4.add(f32x4.mul(places, constant(expAt, 2)), f32x4.mul(places, constant(expAt, 3)));
}

/** aᵇ = ± e^(b · log |a|), in float64: b multiplies the error of the logarithm. */
function power(base: f32, exponent: f32): f32 {
  const a = <f64>base;
  const b = <f64>exponent;
  if (b == 0) return 1;
  const isInteger = trunc(b) == b; // So is ∞, an even one.
  if (a < 0 && a > -Infinity && !isInteger) return NaN;
  const size = expOf(b * logOf(abs(a)));
  const isOdd = isInteger && trunc(b * 0.5) != b * 0.5;
  return <f32>(isOdd ? copysign(size, a) : size);
}

/** log x for 0 ≤ x in float32's range, to 1e-12. */
function logOf(x: f64): f64 {
  if (x == 0) return -Infinity;
  if (!(x < Infinity)) return x;
  // x = 2ⁿ · m with m in [√½, √2): log m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1).
  const bits = reinterpret<i64>(x);
  let n = <f64>((bits >> 52) - 1023);
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    n += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p: f64 = 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  p = p * z + 1;
  return n * 0.6931471805599453 + 2 * s * p;
}

/** eˣ to 1e-12; far beyond float32's range it stays there. */
function expOf(x: f64): f64 {
  // Comparisons let NaN pass.
  if (x > 200) x = 200;
  if (x < -200) x = -200;
  const z = x * 1.4426950408889634 + 6755399441055744; // 1.5 · 2⁵²: the nearest integer stands in the last bits.
  const n = z - 6755399441055744;
  const r = x - n * 0.6931471805599453;
  let p: f64 = 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * reinterpret<f64>((reinterpret<i64>(z) << 52) + 0x3ff0000000000000);
}

/**
 * A gradient, and 0 where it is smaller than 2⁻¹⁰⁰. Where gradients vanish, as through the steps of a long sequence, they come
 * below 2⁻¹²⁶ before they are 0, and there a processor needs a hundred times as long for each product. From 2⁻¹⁰⁰ on, products
 * with weights as small as 2⁻²⁶ stay above; no update sees a difference (`leastGradient` in updates.ts).
 */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function kept(dx: v128): v128 {
  return v128.andnot(dx, f32x4.lt(v128.and(dx, constant(basicsAt, 7)), constant(basicsAt, 8)));
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function constant(table: usize, index: usize): v128 {
  return v128.load(table + index * 16);
}

function keep(table: usize, index: usize, value: f32): void {
  v128.store(table + index * 16, f32x4.splat(value));
}

function keepBits(table: usize, index: usize, bits: u32): void {
  v128.store(table + index * 16, i32x4.splat(bits));
}
