// Kernels that compute each element from the elements at its place. AssemblyScript.
//
// Arguments of unary, binary and select: function, y, numbers in all, numbers of a unit, numbers of a block, operands (see
// operand.ts); clip has its bounds before the operand. A block is what is computed in one go: everything when all operands
// are contiguous, else as many as fit into scratch. A unit is one or more blocks.

import { BinaryFunction, UnaryFunction } from "../opcodes";
import {
  erf4,
  exp4,
  expm14,
  log4,
  one4,
  power4,
  powerOfHalf4,
  sigmoid4,
  sign4,
  softplus4,
  tanh4,
} from "./math";
import { gather, place, placeSize, sizeOfOperand, stepOf } from "./operand";

/** Arguments: y, numbers in all, numbers of a unit, operand. */
export function copy(p: usize, from: i32, to: i32, scratch: usize): void {
  const unit = load<i32>(p, 8);
  const start = from * unit;
  const count = min(to * unit, load<i32>(p, 4)) - start;
  if (count <= 0) return;
  gather(load<usize>(p) + (<usize>start << 2), p + 12, start, count, scratch);
}

/** Arguments: y, x, sizes of the two last axes of y, strides of x along them, [size, x stride] of four outer axes. */
export function transpose(p: usize, from: i32, to: i32, scratch: usize): void {
  const rows = load<i32>(p, 8);
  const columns = load<i32>(p, 12);
  const columnStride = load<usize>(p, 16) << 2;
  const strips = (rows + stripRows - 1) / stripRows;
  for (let unit = from; unit < to; unit++) {
    let index = unit / strips;
    const first = (unit % strips) * stripRows;
    let y = load<usize>(p) + (<usize>((index * rows + first) * columns) << 2);
    let x = load<usize>(p, 4) + (<usize>first << 2);
    for (let axis: usize = 0; axis < 4; axis++) {
      const size = load<i32>(p + axis * 8, 20);
      x += ((index % size) * load<i32>(p + axis * 8, 24)) << 2;
      index /= size;
    }
    transposeStrip(y, x, min(stripRows, rows - first), columns, columnStride);
  }
}

export function unary(p: usize, from: i32, to: i32, scratch: usize): void {
  const f = load<i32>(p);
  const unit = load<i32>(p, 12);
  const block = load<i32>(p, 16);
  const end = min(to * unit, load<i32>(p, 8));
  const q = p + 28;
  const step = stepOf(q);
  for (let start = from * unit; start < end; start += block) {
    const count = min(block, end - start);
    const y = load<usize>(p, 4) + (<usize>start << 2);
    const x = place(q, start, count, start == from * unit, scratch);
    switch (f) {
      case UnaryFunction.negate:
        mapUnary(UnaryFunction.negate, p, y, x, step, count);
        break;
      case UnaryFunction.abs:
        mapUnary(UnaryFunction.abs, p, y, x, step, count);
        break;
      case UnaryFunction.sign:
        mapUnary(UnaryFunction.sign, p, y, x, step, count);
        break;
      case UnaryFunction.sqrt:
        mapUnary(UnaryFunction.sqrt, p, y, x, step, count);
        break;
      case UnaryFunction.exp:
        mapUnary(UnaryFunction.exp, p, y, x, step, count);
        break;
      case UnaryFunction.expm1:
        mapUnary(UnaryFunction.expm1, p, y, x, step, count);
        break;
      case UnaryFunction.log:
        mapUnary(UnaryFunction.log, p, y, x, step, count);
        break;
      case UnaryFunction.relu:
        mapUnary(UnaryFunction.relu, p, y, x, step, count);
        break;
      case UnaryFunction.sigmoid:
        mapUnary(UnaryFunction.sigmoid, p, y, x, step, count);
        break;
      case UnaryFunction.tanh:
        mapUnary(UnaryFunction.tanh, p, y, x, step, count);
        break;
      case UnaryFunction.softplus:
        mapUnary(UnaryFunction.softplus, p, y, x, step, count);
        break;
      case UnaryFunction.erf:
        mapUnary(UnaryFunction.erf, p, y, x, step, count);
        break;
      case UnaryFunction.clip:
        mapUnary(UnaryFunction.clip, p, y, x, step, count);
        break;
      case UnaryFunction.square:
        mapUnary(UnaryFunction.square, p, y, x, step, count);
        break;
      case UnaryFunction.squareRoot:
        mapUnary(UnaryFunction.squareRoot, p, y, x, step, count);
        break;
      case UnaryFunction.reciprocal:
        mapUnary(UnaryFunction.reciprocal, p, y, x, step, count);
        break;
      default:
        unreachable();
    }
  }
}

export function binary(p: usize, from: i32, to: i32, scratch: usize): void {
  const f = load<i32>(p);
  const unit = load<i32>(p, 12);
  const block = load<i32>(p, 16);
  const end = min(to * unit, load<i32>(p, 8));
  const ofA = p + 20;
  const ofB = ofA + sizeOfOperand(ofA);
  const aStep = stepOf(ofA);
  const bStep = stepOf(ofB);
  for (let start = from * unit; start < end; start += block) {
    const count = min(block, end - start);
    const y = load<usize>(p, 4) + (<usize>start << 2);
    const isFirst = start == from * unit;
    const a = place(ofA, start, count, isFirst, scratch);
    const b = place(ofB, start, count, isFirst, scratch + placeSize);
    switch (f) {
      case BinaryFunction.add:
        mapBinary(BinaryFunction.add, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.subtract:
        mapBinary(BinaryFunction.subtract, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.multiply:
        mapBinary(BinaryFunction.multiply, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.divide:
        mapBinary(BinaryFunction.divide, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.maximum:
        mapBinary(BinaryFunction.maximum, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.minimum:
        mapBinary(BinaryFunction.minimum, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.power:
        mapBinary(BinaryFunction.power, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.equal:
        mapBinary(BinaryFunction.equal, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.notEqual:
        mapBinary(BinaryFunction.notEqual, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.less:
        mapBinary(BinaryFunction.less, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.lessEqual:
        mapBinary(BinaryFunction.lessEqual, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.greater:
        mapBinary(BinaryFunction.greater, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.greaterEqual:
        mapBinary(BinaryFunction.greaterEqual, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.reluGradient:
        mapBinary(BinaryFunction.reluGradient, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.tanhGradient:
        mapBinary(BinaryFunction.tanhGradient, y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.sigmoidGradient:
        mapBinary(BinaryFunction.sigmoidGradient, y, a, aStep, b, bStep, count);
        break;
      default:
        unreachable();
    }
  }
}

/** Operands: condition, a, b. There is one function only. */
export function selectOf(p: usize, from: i32, to: i32, scratch: usize): void {
  const unit = load<i32>(p, 12);
  const block = load<i32>(p, 16);
  const end = min(to * unit, load<i32>(p, 8));
  const ofCondition = p + 20;
  const ofA = ofCondition + sizeOfOperand(ofCondition);
  const ofB = ofA + sizeOfOperand(ofA);
  const conditionStep = stepOf(ofCondition);
  const aStep = stepOf(ofA);
  const bStep = stepOf(ofB);
  for (let start = from * unit; start < end; start += block) {
    let count = min(block, end - start);
    let y = load<usize>(p, 4) + (<usize>start << 2);
    const isFirst = start == from * unit;
    let condition = place(ofCondition, start, count, isFirst, scratch);
    let a = place(ofA, start, count, isFirst, scratch + placeSize);
    let b = place(ofB, start, count, isFirst, scratch + 2 * placeSize);
    for (; count > 0; count -= 4) {
      const isZero = f32x4.eq(v128.load(condition), f32x4.splat(0));
      storeUpTo4(y, v128.bitselect(v128.load(b), v128.load(a), isZero), count);
      y += 16;
      condition += conditionStep;
      a += aStep;
      b += bStep;
    }
  }
}

/** Writes min(count, 4) numbers. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
export function storeUpTo4(y: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(y, value);
  } else if (count == 1) {
    v128.store32_lane(y, value, 0);
  } else {
    v128.store64_lane(y, value, 0);
    if (count == 3) v128.store32_lane(y, value, 2, 8);
  }
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function mapUnary(f: i32, p: usize, y: usize, x: usize, step: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    storeUpTo4(y, unaryOf(f, p, v128.load(x)), count);
    y += 16;
    x += step;
  }
}

/** f is known when this is compiled: of the branches one is left. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function unaryOf(f: i32, p: usize, x: v128): v128 {
  if (f == UnaryFunction.negate) return f32x4.neg(x);
  if (f == UnaryFunction.abs) return f32x4.abs(x);
  if (f == UnaryFunction.sign) return sign4(x);
  if (f == UnaryFunction.sqrt) return f32x4.sqrt(x);
  if (f == UnaryFunction.exp) return exp4(x);
  if (f == UnaryFunction.expm1) return expm14(x);
  if (f == UnaryFunction.log) return log4(x);
  if (f == UnaryFunction.relu) return f32x4.pmax(x, f32x4.splat(0));
  if (f == UnaryFunction.sigmoid) return sigmoid4(x);
  if (f == UnaryFunction.tanh) return tanh4(x);
  if (f == UnaryFunction.softplus) return softplus4(x);
  if (f == UnaryFunction.erf) return erf4(x);
  if (f == UnaryFunction.clip) return f32x4.pmin(f32x4.pmax(x, v128.load32_splat(p, 20)), v128.load32_splat(p, 24));
  if (f == UnaryFunction.square) return f32x4.mul(x, x);
  if (f == UnaryFunction.squareRoot) return powerOfHalf4(x);
  return f32x4.div(one4(), x);
}

// @ts-ignore: a decorator of AssemblyScript.
@inline
function mapBinary(f: i32, y: usize, a: usize, aStep: usize, b: usize, bStep: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    storeUpTo4(y, binaryOf(f, v128.load(a), v128.load(b)), count);
    y += 16;
    a += aStep;
    b += bStep;
  }
}

/** f is known when this is compiled: of the branches one is left. */
// @ts-ignore: a decorator of AssemblyScript.
@inline
function binaryOf(f: i32, a: v128, b: v128): v128 {
  if (f == BinaryFunction.add) return f32x4.add(a, b);
  if (f == BinaryFunction.subtract) return f32x4.sub(a, b);
  if (f == BinaryFunction.multiply) return f32x4.mul(a, b);
  if (f == BinaryFunction.divide) return f32x4.div(a, b);
  // Unlike pmax and pmin these give NaN when either is.
  if (f == BinaryFunction.maximum) return f32x4.max(a, b);
  if (f == BinaryFunction.minimum) return f32x4.min(a, b);
  if (f == BinaryFunction.power) return power4(a, b);
  if (f == BinaryFunction.equal) return v128.and(f32x4.eq(a, b), one4());
  if (f == BinaryFunction.notEqual) return v128.and(f32x4.ne(a, b), one4());
  if (f == BinaryFunction.less) return v128.and(f32x4.lt(a, b), one4());
  if (f == BinaryFunction.lessEqual) return v128.and(f32x4.le(a, b), one4());
  if (f == BinaryFunction.greater) return v128.and(f32x4.gt(a, b), one4());
  if (f == BinaryFunction.greaterEqual) return v128.and(f32x4.ge(a, b), one4());
  if (f == BinaryFunction.reluGradient) return f32x4.mul(a, v128.and(f32x4.gt(b, f32x4.splat(0)), one4()));
  if (f == BinaryFunction.tanhGradient) return f32x4.mul(a, f32x4.sub(one4(), f32x4.mul(b, b)));
  return f32x4.mul(a, f32x4.mul(b, f32x4.sub(one4(), b)));
}

// Rows of y that are written side by side: as many as a cache line of x has numbers.
const stripRows = 16;

/** y[i][j] = x[i + j · stride] for some rows i. */
function transposeStrip(y: usize, x: usize, rows: i32, columns: i32, columnStride: usize): void {
  const rowSize = <usize>columns << 2;
  for (let j = 0; j < columns; j += 4, x += 4 * columnStride, y += 16) {
    if (j + 4 > columns) {
      transposePart(y, x, rows, columns - j, columnStride, rowSize);
      return;
    }
    let i = 0;
    for (; i + 4 <= rows; i += 4) {
      const from = x + (<usize>i << 2);
      const to = y + <usize>i * rowSize;
      const a = v128.load(from);
      const b = v128.load(from + columnStride);
      const c = v128.load(from + 2 * columnStride);
      const d = v128.load(from + 3 * columnStride);
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
      const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<i32>(ab, cd, 0, 1, 4, 5));
      v128.store(to + rowSize, v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
      v128.store(to + 2 * rowSize, v128.shuffle<i32>(abHigh, cdHigh, 0, 1, 4, 5));
      v128.store(to + 3 * rowSize, v128.shuffle<i32>(abHigh, cdHigh, 2, 3, 6, 7));
    }
    if (i < rows) transposePart(y + <usize>i * rowSize, x + (<usize>i << 2), rows - i, 4, columnStride, rowSize);
  }
}

function transposePart(y: usize, x: usize, rows: i32, columns: i32, columnStride: usize, rowSize: usize): void {
  for (let i = 0; i < rows; i++, y += rowSize, x += 4) {
    for (let j = 0; j < columns; j++) store<f32>(y + (<usize>j << 2), load<f32>(x + <usize>j * columnStride));
  }
}
