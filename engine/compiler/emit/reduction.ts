// Ops that make many elements one, and softmax, as instructions.

import { axesOf as allAxes, sizeOf } from "../../model/shape";
import type { Shape } from "../../protocol/array";
import type { Emitter } from "../emitter";
import type { Instruction } from "../instruction";
import { mostArguments } from "../layout";
import { Opcode, ReduceFunction } from "../opcodes";
import type { View } from "../view";
import { type Axis, axesOf } from "./operand";

interface Reduction {
  readonly axes: readonly number[];
}

export const reduction: Readonly<Record<string, Emitter>> = {
  sum: along(ReduceFunction.sum),
  mean: along(ReduceFunction.mean),
  max: along(ReduceFunction.max),
  min: along(ReduceFunction.min),
  norm: along(ReduceFunction.norm),
  sumTo: reducer((y, x, { shape }: { shape: Shape }) => {
    const missing = x.shape.length - shape.length;
    const axes = allAxes(x.shape).filter((axis) => axis < missing || shape[axis - missing] !== x.shape[axis]);
    return reduce(ReduceFunction.sum, y, x, axes);
  }),

  softmax: rows(Opcode.softmax, 2),
  logSoftmax: rows(Opcode.logSoftmax, 1.8, 512),

  // Gradients that fuse.ts finds.
  softmaxGradient: rows(Opcode.softmaxGradient, 0.5),
  logSoftmaxGradient: rows(Opcode.logSoftmaxGradient, 1.3),
};

function along(f: ReduceFunction): Emitter {
  return reducer((y, x, { axes }: Reduction) => reduce(f, y, x, axes));
}

function reducer<A>(emit: (y: View, x: View, attributes: A) => Instruction | undefined): Emitter {
  const emitter: Emitter<A> = { strided: true, emit: (y, [x], attributes) => emit(y, x!, attributes) };
  return emitter as Emitter;
}

const columnsOfUnit = 64;

function reduce(f: ReduceFunction, y: View, x: View, axes: readonly number[]): Instruction | undefined {
  const isReduced = new Set(axes);
  const kept = only(x, (axis) => !isReduced.has(axis));
  const inOrder = axes.toSorted((a, b) => x.strides[b]! - x.strides[a]!);
  // What is broadcast along an axis is read once and counts as often as it is repeated.
  const read = only(x, (axis) => isReduced.has(axis) && x.strides[axis] !== 0, inOrder);
  const reduced = read.length > 0 ? read : [{ size: 1, stride: 0 }];
  const results = sizeOf(y.shape);
  const count = results === 0 ? 0 : sizeOf(x.shape) / results;
  const times = axes.reduce((product, axis) => (x.strides[axis] === 0 ? product * x.shape[axis]! : product), 1);
  const numbers = [f, { at: y }, { at: x }, count, times];

  const [columns, ...outer] = kept;
  const byColumns = columns !== undefined && columns.stride === 1 && reduced[0]!.stride !== 1;
  const words = byColumns
    ? [...numbers, outer.length, reduced.length, columns.size, columnsOfUnit, ...pairs(outer), ...pairs(reduced)]
    : [...numbers, kept.length, reduced.length, ...pairs(kept), ...pairs(reduced)];
  if (words.length > mostArguments) return undefined;
  const work = (0.1 * count * results) / times;
  return byColumns
    ? {
        opcode: Opcode.reduceColumns,
        units: (results / columns.size) * Math.ceil(columns.size / columnsOfUnit),
        work,
        words,
        scratch: 8 * columnsOfUnit,
      }
    : { opcode: Opcode.reduce, units: results, work: work + 5 * results, words };
}

/** Some of the axes, in the given order, as a loop needs to know them. */
function only(
  { shape, strides }: View,
  isWanted: (axis: number) => boolean,
  order: readonly number[] = allAxes(shape),
): Axis[] {
  const axes = order.filter(isWanted);
  return axesOf({ shape: axes.map((axis) => shape[axis]!), strides: axes.map((axis) => strides[axis]!) });
}

const pairs = (axes: readonly Axis[]): number[] => axes.flatMap(({ size, stride }) => [size, stride]);

const costOfRow = 10; // Nanoseconds: its maximum, sum and logarithm.

/** Row by row along the last axis; `cost` is in nanoseconds for an element, `scratch` in bytes. */
function rows(opcode: Opcode, cost: number, scratch = 0): Emitter {
  return {
    inPlace: true,
    emit: (y, inputs) => {
      const size = sizeOf(y.shape);
      const length = y.shape.at(-1)!;
      return {
        opcode,
        units: size / length,
        work: cost * size + costOfRow * (size / length),
        words: [{ at: y }, ...inputs.map((input) => ({ at: input })), length],
        scratch,
      };
    },
  };
}
