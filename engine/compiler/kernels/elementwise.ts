// Kernels that compute each element from the elements at its place. AssemblyScript.
//
// Arguments of unary, binary and select: function, y, numbers in all, numbers of a unit, numbers of a block, operands (see
// operand.ts); clip has its bounds before the operand. A block is what is computed in one go: everything when all operands
// are contiguous, else as many as fit into scratch. A unit is one or more blocks.

import { BinaryFunction, UnaryFunction } from "../opcodes";
import {
  Abs,
  Add,
  Divide,
  Equal,
  Erf,
  Exp,
  Expm1,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  Log,
  Maximum,
  Minimum,
  Multiply,
  Negate,
  NotEqual,
  Power,
  Reciprocal,
  Relu,
  ReluGradient,
  Sigmoid,
  SigmoidCrossEntropy,
  SigmoidGradient,
  Sign,
  Softplus,
  Sqrt,
  Square,
  SquareRoot,
  Subtract,
  Tanh,
  TanhGradient,
} from "./functions";
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
        map<Negate>(y, x, step, count);
        break;
      case UnaryFunction.abs:
        map<Abs>(y, x, step, count);
        break;
      case UnaryFunction.sign:
        map<Sign>(y, x, step, count);
        break;
      case UnaryFunction.sqrt:
        map<Sqrt>(y, x, step, count);
        break;
      case UnaryFunction.exp:
        map<Exp>(y, x, step, count);
        break;
      case UnaryFunction.expm1:
        map<Expm1>(y, x, step, count);
        break;
      case UnaryFunction.log:
        map<Log>(y, x, step, count);
        break;
      case UnaryFunction.relu:
        map<Relu>(y, x, step, count);
        break;
      case UnaryFunction.sigmoid:
        map<Sigmoid>(y, x, step, count);
        break;
      case UnaryFunction.tanh:
        map<Tanh>(y, x, step, count);
        break;
      case UnaryFunction.softplus:
        map<Softplus>(y, x, step, count);
        break;
      case UnaryFunction.erf:
        map<Erf>(y, x, step, count);
        break;
      case UnaryFunction.square:
        map<Square>(y, x, step, count);
        break;
      case UnaryFunction.squareRoot:
        map<SquareRoot>(y, x, step, count);
        break;
      case UnaryFunction.reciprocal:
        map<Reciprocal>(y, x, step, count);
        break;
      case UnaryFunction.clip:
        clip(y, x, step, count, load<f32>(p, 20), load<f32>(p, 24));
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
        mapTwo<Add>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.subtract:
        mapTwo<Subtract>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.multiply:
        mapTwo<Multiply>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.divide:
        mapTwo<Divide>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.maximum:
        mapTwo<Maximum>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.minimum:
        mapTwo<Minimum>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.power:
        mapTwo<Power>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.equal:
        mapTwo<Equal>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.notEqual:
        mapTwo<NotEqual>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.less:
        mapTwo<Less>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.lessEqual:
        mapTwo<LessEqual>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.greater:
        mapTwo<Greater>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.greaterEqual:
        mapTwo<GreaterEqual>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.reluGradient:
        mapTwo<ReluGradient>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.tanhGradient:
        mapTwo<TanhGradient>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.sigmoidGradient:
        mapTwo<SigmoidGradient>(y, a, aStep, b, bStep, count);
        break;
      case BinaryFunction.sigmoidCrossEntropy:
        mapTwo<SigmoidCrossEntropy>(y, a, aStep, b, bStep, count);
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

function map<F>(y: usize, x: usize, step: usize, count: i32): void {
  // The function stands here once only: a second place would make it a call.
  for (; count > 0; count -= 4) {
    storeUpTo4(y, changetype<F>(0).of(v128.load(x)), count);
    y += 16;
    x += step;
  }
}

function clip(y: usize, x: usize, step: usize, count: i32, low: f32, high: f32): void {
  const bottom = f32x4.splat(low);
  const top = f32x4.splat(high);
  for (; count > 0; count -= 4) {
    storeUpTo4(y, f32x4.pmin(f32x4.pmax(v128.load(x), bottom), top), count);
    y += 16;
    x += step;
  }
}

function mapTwo<F>(y: usize, a: usize, aStep: usize, b: usize, bStep: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(y, changetype<F>(0).of(v128.load(a), v128.load(b)));
    y += 16;
    a += aStep;
    b += bStep;
  }
  if (count > 0) storeUpTo4(y, changetype<F>(0).of(v128.load(a), v128.load(b)), count);
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
