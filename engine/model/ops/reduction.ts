// Ops that make many elements one: along `axes`, which are left out of the result or kept with size 1. And softmax,
// which is a reduction of every row with the row's shape kept.

import type { NdArray, Shape } from "../../protocol/array";
import type { Tensor } from "../graph";
import type { Op, Written } from "../op";
import { op } from "../op";
import { axesOf, broadcastStrides, formatShape, reducedShape, ShapeError, sizeOf } from "../shape";
import { divide, equal, exp, multiply, select, subtract } from "./elementwise";
import { broadcastTo, reshape } from "./movement";
import { walk } from "./walk";

export interface Reduction {
  /** From 0, each once. */
  readonly axes: readonly number[];
  /** Whether the axes stay in the shape, with size 1. */
  readonly keep: boolean;
}

type ReductionOp = Op<readonly ["x"], Reduction>;

/** The sum over nothing is 0. */
export const sum: ReductionOp = op({
  name: "sum",
  inputs: ["x"],
  notation: {
    latex: ({ shapes, attributes }: Written<"x", Reduction>) => `${sumSign(shapes.x, attributes.axes)} #x`,
    binds: "product",
    inputs: { x: "product" },
  },
  shape: ({ x }, { axes, keep }: Reduction) => reducedShape(x, axes, { keep }),
  forward: (y, { x }, { axes }) => accumulate(y.data, reducedShape(x.shape, axes, { keep: true }), x),
  backward: { x: (dy, { x }, { axes }) => spread(dy, x, axes) },
  example: { shapes: { x: [2, 3, 4] }, attributes: { axes: [0, 2], keep: false } },
});

/** Throws ShapeError when there is nothing to take the mean of. */
export const mean: ReductionOp = op({
  name: "mean",
  inputs: ["x"],
  notation: {
    latex: ({ shapes: { x }, attributes: { axes } }: Written<"x", Reduction>) =>
      String.raw`\tfrac{1}{${axes.reduce((count, axis) => count * x[axis]!, 1)}} ${sumSign(x, axes)} #x`,
    binds: "product",
    inputs: { x: "product" },
  },
  shape: reducedNotEmpty("mean"),
  forward: (y, { x }, { axes }) => {
    accumulate(y.data, reducedShape(x.shape, axes, { keep: true }), x);
    const count = x.data.length / y.data.length;
    for (let i = 0; i < y.data.length; i++) y.data[i]! /= count;
  },
  backward: {
    x: (dy, { x, y }, { axes }) => spread(divide(dy, x.graph.scalar(sizeOf(x.shape) / sizeOf(y.shape))), x, axes),
  },
  example: { shapes: { x: [2, 3, 4] }, attributes: { axes: [1, 2], keep: true } },
});

/** Elements that share the largest value share its gradient, as in PyTorch's amax. Throws ShapeError when empty. */
export const max: ReductionOp = op({
  name: "max",
  inputs: ["x"],
  notation: { latex: String.raw`\max(#x)`, binds: "atom" },
  shape: reducedNotEmpty("max"),
  forward: extreme(Number.NEGATIVE_INFINITY, Math.max),
  backward: { x: sharedByEqual },
  example: { shapes: { x: [2, 3, 4] }, attributes: { axes: [2], keep: false } },
});

/** Elements that share the smallest value share its gradient, as in PyTorch's amin. Throws ShapeError when empty. */
export const min: ReductionOp = op({
  name: "min",
  inputs: ["x"],
  notation: { latex: String.raw`\min(#x)`, binds: "atom" },
  shape: reducedNotEmpty("min"),
  forward: extreme(Number.POSITIVE_INFINITY, Math.min),
  backward: { x: sharedByEqual },
  example: { shapes: { x: [2, 3, 4] }, attributes: { axes: [0, 1], keep: true } },
});

/** √Σx². The gradient at x = 0 is 0, as in PyTorch. */
export const norm: ReductionOp = op({
  name: "norm",
  inputs: ["x"],
  notation: { latex: String.raw`\left\lVert #x \right\rVert`, binds: "atom" },
  shape: ({ x }, { axes, keep }: Reduction) => reducedShape(x, axes, { keep }),
  forward: (y, { x }, { axes }) => {
    y.data.fill(0);
    const strides = broadcastStrides(reducedShape(x.shape, axes, { keep: true }), x.shape);
    walk(x.shape, [strides], (start, [to], [step], length) => {
      for (let i = 0; i < length; i++) y.data[to! + i * step!]! += x.data[start + i]! ** 2;
    });
    for (let i = 0; i < y.data.length; i++) y.data[i] = Math.sqrt(y.data[i]!);
  },
  backward: {
    x: (dy, { x, y }, { axes }) => {
      const zero = y.graph.scalar(0);
      const scale = select(equal(y, zero), zero, divide(dy, y));
      return multiply(x, spread(scale, x, axes));
    },
  },
  example: { shapes: { x: [2, 3, 4] }, attributes: { axes: [1, 2], keep: false } },
});

/** Undoes broadcasting: sums x over the dimensions in which it is larger than `shape`, which broadcasts to x's. */
export const sumTo: Op<readonly ["x"], { shape: Shape }> = op({
  name: "sumTo",
  inputs: ["x"],
  notation: {
    latex: ({ shapes: { x }, attributes: { shape } }: Written<"x", { shape: Shape }>) => {
      const missing = x.length - shape.length;
      const axes = axesOf(x).filter((axis) => axis < missing || shape[axis - missing] !== x[axis]);
      return `${sumSign(x, axes)} #x`;
    },
    binds: "product",
    inputs: { x: "product" },
  },
  shape: (_, { shape }: { shape: Shape }) => shape,
  forward: (y, { x }) => accumulate(y.data, y.shape, x),
  backward: { x: (dy, { x }) => broadcastTo(dy, { shape: x.shape }) },
  example: { shapes: { x: [2, 3, 4] }, attributes: { shape: [3, 1] } },
});

/** exp(x) / Σ exp(x) over the last dimension. */
export const softmax: Op<readonly ["x"]> = op({
  name: "softmax",
  inputs: ["x"],
  notation: { latex: String.raw`\operatorname{softmax}(#x)`, binds: "atom" },
  shape: rows("softmax"),
  forward: (y, { x }) =>
    forEachRow(x, (start, end) => {
      // exp(x − m) / Σ exp(x − m) is the same: the maximum leaves first, so nothing overflows.
      const largest = largestOf(x.data, start, end);
      let total = 0;
      for (let i = start; i < end; i++) {
        const e = Math.exp(x.data[i]! - largest);
        y.data[i] = e;
        total += e;
      }
      for (let i = start; i < end; i++) y.data[i]! /= total;
    }),
  backward: {
    // dx = y ⊙ (dy − Σ dy ⊙ y): the Jacobian diag(y) − y yᵀ, never written out.
    x: (dy, { y }) => multiply(y, subtract(dy, sumOfRows(multiply(dy, y)))),
  },
  example: { shapes: { x: [2, 4] } },
});

/** x − log Σ exp(x) over the last dimension. */
export const logSoftmax: Op<readonly ["x"]> = op({
  name: "logSoftmax",
  inputs: ["x"],
  notation: { latex: String.raw`\operatorname{logsoftmax}(#x)`, binds: "atom" },
  shape: rows("logSoftmax"),
  forward: (y, { x }) =>
    forEachRow(x, (start, end) => {
      // log Σ exp(x) = m + log Σ exp(x − m): the maximum leaves first, so nothing overflows.
      const largest = largestOf(x.data, start, end);
      let total = 0;
      for (let i = start; i < end; i++) total += Math.exp(x.data[i]! - largest);
      const logTotal = Math.log(total);
      // In this order a large maximum does not swallow the digits of the small logarithm.
      for (let i = start; i < end; i++) y.data[i] = x.data[i]! - largest - logTotal;
    }),
  backward: { x: (dy, { y }) => subtract(dy, multiply(exp(y), sumOfRows(dy))) },
  example: { shapes: { x: [2, 4] } },
});

/** Σ over some axes: n counts the rows of a matrix, i its columns; over all of them there is no need to count. */
function sumSign(x: Shape, axes: readonly number[]): string {
  if (axes.length === x.length) return String.raw`\sum`;
  return String.raw`\sum_{${axes.map((axis) => axisLetters[axis] ?? `i_{${axis}}`).join(", ")}}`;
}

const axisLetters = ["n", "i", "j", "k", "l"];

function sumOfRows(x: Tensor): Tensor {
  return sum(x, { axes: [x.shape.length - 1], keep: true });
}

/** dy, whose shape lacks `axes` or has size 1 there, repeated along them to the shape of x. */
function spread(dy: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const kept = reducedShape(x.shape, axes, { keep: true });
  return broadcastTo(reshape(dy, { shape: kept }), { shape: x.shape });
}

/** Gradient of an extreme value: shared evenly by all elements equal to it. */
function sharedByEqual(dy: Tensor, { x, y }: { x: Tensor; y: Tensor }, { axes }: Reduction): Tensor {
  const kept = { shape: reducedShape(x.shape, axes, { keep: true }) };
  const mask = equal(x, reshape(y, kept));
  return multiply(mask, divide(reshape(dy, kept), sum(mask, { axes, keep: true })));
}

/** Adds up x into y, seen with the shape `kept` that broadcasts to x's. */
function accumulate(y: Float64Array, kept: Shape, x: NdArray): void {
  y.fill(0);
  walk(x.shape, [broadcastStrides(kept, x.shape)], (start, [to], [step], length) => {
    if (step === 0) {
      let total = 0;
      for (let i = 0; i < length; i++) total += x.data[start + i]!;
      y[to!]! += total;
    } else {
      for (let i = 0; i < length; i++) y[to! + i * step!]! += x.data[start + i]!;
    }
  });
}

function extreme(first: number, choose: (a: number, b: number) => number) {
  return (y: NdArray, { x }: { x: NdArray }, { axes }: Reduction): void => {
    y.data.fill(first);
    const strides = broadcastStrides(reducedShape(x.shape, axes, { keep: true }), x.shape);
    walk(x.shape, [strides], (start, [to], [step], length) => {
      for (let i = 0; i < length; i++) {
        const at = to! + i * step!;
        y.data[at] = choose(y.data[at]!, x.data[start + i]!);
      }
    });
  };
}

function reducedNotEmpty(name: string) {
  return ({ x }: { x: Shape }, { axes, keep }: Reduction): Shape => {
    if (axes.some((axis) => x[axis] === 0)) {
      throw new ShapeError(`${name} of ${formatShape(x)} has no value: there are no numbers in it.`);
    }
    return reducedShape(x, axes, { keep });
  };
}

function rows(name: string) {
  return ({ x }: { x: Shape }): Shape => {
    if (x.length === 0 || x.at(-1) === 0) {
      throw new ShapeError(`${name} needs at least one number in the last dimension; ${formatShape(x)} has none.`);
    }
    return x;
  };
}

function forEachRow(x: NdArray, visit: (start: number, end: number) => void): void {
  const length = x.shape.at(-1)!;
  for (let start = 0; start < x.data.length; start += length) visit(start, start + length);
}

function largestOf(data: Float64Array, start: number, end: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) largest = Math.max(largest, data[i]!);
  return largest;
}
