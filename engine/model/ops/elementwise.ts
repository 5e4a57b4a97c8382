// Ops that treat every element alike. Two inputs broadcast as NumPy's do; the backward formulas ignore that, because
// differentiate.ts sums gradients back to the shapes of the inputs.

import type { NdArray, Shape } from "../../protocol/array";
import type { Op, Written } from "../op";
import { op } from "../op";
import { broadcastShapes, broadcastStrides, sizeOf } from "../shape";
import { walk } from "./walk";

type Unary = Op<readonly ["x"]>;
type Binary = Op<readonly ["a", "b"]>;

export const add: Binary = op({
  name: "add",
  inputs: ["a", "b"],
  notation: { latex: "#a + #b", binds: "sum", inputs: { a: "sum", b: "sum" }, kind: "element" },
  shape: broadcast,
  forward: pairwise((a, b) => a + b),
  backward: { a: (dy) => dy, b: (dy) => dy },
  example: { shapes: { a: [2, 3], b: [1, 3] } },
});

export const subtract: Binary = op({
  name: "subtract",
  inputs: ["a", "b"],
  notation: { latex: "#a - #b", binds: "sum", inputs: { a: "sum", b: "product" }, kind: "element" },
  shape: broadcast,
  forward: pairwise((a, b) => a - b),
  backward: { a: (dy) => dy, b: (dy) => negate(dy) },
  example: { shapes: { a: [2, 3], b: [3] } },
});

export const multiply: Binary = op({
  name: "multiply",
  inputs: ["a", "b"],
  notation: {
    latex: ({ shapes: { a, b } }) => (isSingle(a) || isSingle(b) ? String.raw`#a \cdot #b` : String.raw`#a \odot #b`),
    binds: "product",
    inputs: { a: "product", b: "product" },
    kind: "element",
  },
  shape: broadcast,
  forward: pairwise((a, b) => a * b),
  backward: { a: (dy, { b }) => multiply(dy, b), b: (dy, { a }) => multiply(dy, a) },
  example: { shapes: { a: [2, 3], b: [2, 1] } },
});

export const divide: Binary = op({
  name: "divide",
  inputs: ["a", "b"],
  notation: {
    latex: ({ shapes: { b } }) => (isSingle(b) ? String.raw`\frac{#a}{#b}` : String.raw`#a \oslash #b`),
    binds: "product",
    inputs: { a: "product", b: "power" },
    kind: "element",
  },
  shape: broadcast,
  forward: pairwise((a, b) => a / b),
  backward: { a: (dy, { b }) => divide(dy, b), b: (dy, { b, y }) => negate(divide(multiply(dy, y), b)) },
  example: { shapes: { a: [2, 3], b: [2, 3] }, range: [0.5, 2] },
});

/** aᵇ. At b = 0 the gradient of a is 0, and at a = 0 that of b is 0, as in PyTorch, instead of 0 · ∞. */
export const power: Binary = op({
  name: "power",
  inputs: ["a", "b"],
  notation: { latex: "#a^{#b}", binds: "power", inputs: { a: "atom" }, kind: "element" },
  shape: broadcast,
  // Math.pow is ten times slower than the product, and squares are everywhere.
  forward: pairwise((a, b) => (b === 2 ? a * a : a ** b)),
  backward: {
    a: (dy, { a, b }) =>
      multiply(
        dy,
        select(equal(b, b.graph.scalar(0)), b.graph.scalar(0), multiply(b, power(a, subtract(b, b.graph.scalar(1))))),
      ),
    b: (dy, { a, y }) => multiply(dy, select(equal(a, a.graph.scalar(0)), a.graph.scalar(0), multiply(y, log(a)))),
  },
  example: { shapes: { a: [2, 3], b: [3] }, range: [0.5, 2] },
});

/** Where both are equal each gets half of the gradient, as in PyTorch. */
export const maximum: Binary = op({
  name: "maximum",
  inputs: ["a", "b"],
  notation: { latex: String.raw`\max(#a,\ #b)`, binds: "atom", kind: "element" },
  shape: broadcast,
  forward: pairwise((a, b) => Math.max(a, b)),
  backward: {
    a: (dy, { a, b }) => multiply(dy, select(equal(a, b), a.graph.scalar(0.5), greater(a, b))),
    b: (dy, { a, b }) => multiply(dy, select(equal(a, b), a.graph.scalar(0.5), less(a, b))),
  },
  example: { shapes: { a: [2, 3], b: [1, 3] } },
});

/** Where both are equal each gets half of the gradient, as in PyTorch. */
export const minimum: Binary = op({
  name: "minimum",
  inputs: ["a", "b"],
  notation: { latex: String.raw`\min(#a,\ #b)`, binds: "atom", kind: "element" },
  shape: broadcast,
  forward: pairwise((a, b) => Math.min(a, b)),
  backward: {
    a: (dy, { a, b }) => multiply(dy, select(equal(a, b), a.graph.scalar(0.5), less(a, b))),
    b: (dy, { a, b }) => multiply(dy, select(equal(a, b), a.graph.scalar(0.5), greater(a, b))),
  },
  example: { shapes: { a: [2, 3], b: [1, 3] } },
});

// Comparisons give 1 or 0; a step has no useful gradient.
export const equal = comparison("equal", "=", (a, b) => (a === b ? 1 : 0));
export const notEqual = comparison("notEqual", "\\ne", (a, b) => (a !== b ? 1 : 0));
export const less = comparison("less", "<", (a, b) => (a < b ? 1 : 0));
export const lessEqual = comparison("lessEqual", "\\le", (a, b) => (a <= b ? 1 : 0));
export const greater = comparison("greater", ">", (a, b) => (a > b ? 1 : 0));
export const greaterEqual = comparison("greaterEqual", "\\ge", (a, b) => (a >= b ? 1 : 0));

/** a where the condition is not 0, else b. The branch that is not taken gets gradient 0, even if it is infinite. */
export const select: Op<readonly ["condition", "a", "b"]> = op({
  name: "select",
  inputs: ["condition", "a", "b"],
  notation: {
    latex: String.raw`\begin{cases} #a & \text{where } #condition \\ #b & \text{elsewhere} \end{cases}`,
    binds: "atom",
    kind: "element",
  },
  shape: ({ condition, a, b }) => broadcastShapes(condition, broadcastShapes(a, b)),
  forward: (y, { condition, a, b }) =>
    walk(
      y.shape,
      [condition, a, b].map(({ shape }) => broadcastStrides(shape, y.shape)),
      (start, [ofCondition, ofA, ofB], [conditionStep, aStep, bStep], length) => {
        for (let i = 0; i < length; i++) {
          y.data[start + i] =
            condition.data[ofCondition! + i * conditionStep!] !== 0
              ? a.data[ofA! + i * aStep!]!
              : b.data[ofB! + i * bStep!]!;
        }
      },
    ),
  backward: {
    condition: null,
    a: (dy, { condition }) => select(condition, dy, dy.graph.scalar(0)),
    b: (dy, { condition }) => select(condition, dy.graph.scalar(0), dy),
  },
  example: { shapes: { condition: [2, 1], a: [2, 3], b: [3] } },
});

export const negate: Unary = op({
  name: "negate",
  inputs: ["x"],
  notation: { latex: "-#x", binds: "sum", inputs: { x: "product" }, kind: "element" },
  shape: same,
  forward: each((x) => -x),
  backward: { x: (dy) => negate(dy) },
  example: { shapes: { x: [2, 3] } },
});

export const exp: Unary = op({
  name: "exp",
  inputs: ["x"],
  notation: { latex: "e^{#x}", binds: "power", kind: "element" },
  shape: same,
  forward: each(Math.exp),
  backward: { x: (dy, { y }) => multiply(dy, y) },
  example: { shapes: { x: [2, 3] } },
});

/** eˣ − 1 without losing digits near 0. */
export const expm1: Unary = op({
  name: "expm1",
  inputs: ["x"],
  notation: { latex: "(e^{#x} - 1)", binds: "atom", kind: "element" },
  shape: same,
  forward: each(Math.expm1),
  backward: { x: (dy, { y }) => multiply(dy, add(y, y.graph.scalar(1))) },
  example: { shapes: { x: [2, 3] } },
});

export const log: Unary = op({
  name: "log",
  inputs: ["x"],
  notation: { latex: String.raw`\log #x`, binds: "product", inputs: { x: "atom" }, kind: "element" },
  shape: same,
  forward: each(Math.log),
  backward: { x: (dy, { x }) => divide(dy, x) },
  example: { shapes: { x: [2, 3] }, range: [0.5, 2] },
});

export const sqrt: Unary = op({
  name: "sqrt",
  inputs: ["x"],
  notation: { latex: String.raw`\sqrt{#x}`, binds: "atom", kind: "element" },
  shape: same,
  forward: each(Math.sqrt),
  backward: { x: (dy, { y }) => divide(dy, multiply(y.graph.scalar(2), y)) },
  example: { shapes: { x: [2, 3] }, range: [0.5, 2] },
});

/** The gradient at 0 is 0, as in PyTorch. */
export const abs: Unary = op({
  name: "abs",
  inputs: ["x"],
  notation: { latex: String.raw`\left|#x\right|`, binds: "atom", kind: "element" },
  shape: same,
  forward: each(Math.abs),
  backward: { x: (dy, { x }) => multiply(dy, sign(x)) },
  example: { shapes: { x: [2, 3] } },
});

export const sign: Unary = op({
  name: "sign",
  inputs: ["x"],
  notation: { latex: String.raw`\operatorname{sign}(#x)`, binds: "atom", kind: "mask" },
  shape: same,
  forward: each(Math.sign),
  backward: { x: null },
  example: { shapes: { x: [2, 3] } },
});

/** max(0, x). The gradient at exactly 0 is 0, as in PyTorch. */
export const relu: Unary = op({
  name: "relu",
  inputs: ["x"],
  notation: { latex: String.raw`\max(0,\ #x)`, binds: "atom", kind: "element" },
  shape: same,
  forward: each((x) => Math.max(x, 0)),
  backward: { x: (dy, { x }) => multiply(dy, greater(x, x.graph.scalar(0))) },
  example: { shapes: { x: [2, 3] } },
});

export const sigmoid: Unary = op({
  name: "sigmoid",
  inputs: ["x"],
  notation: { latex: String.raw`\sigma(#x)`, binds: "atom", kind: "element" },
  shape: same,
  forward: each((x) => 1 / (1 + Math.exp(-x))),
  backward: { x: (dy, { y }) => multiply(dy, multiply(y, subtract(y.graph.scalar(1), y))) },
  example: { shapes: { x: [2, 3] } },
});

export const tanh: Unary = op({
  name: "tanh",
  inputs: ["x"],
  notation: { latex: String.raw`\tanh(#x)`, binds: "atom", kind: "element" },
  shape: same,
  forward: each(Math.tanh),
  backward: { x: (dy, { y }) => multiply(dy, subtract(y.graph.scalar(1), multiply(y, y))) },
  example: { shapes: { x: [2, 3] } },
});

/** log(1 + eˣ). */
export const softplus: Unary = op({
  name: "softplus",
  inputs: ["x"],
  notation: { latex: String.raw`\log(1 + e^{#x})`, binds: "atom", kind: "element" },
  shape: same,
  // log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|): the exponent is never positive, so nothing overflows.
  forward: each((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  backward: { x: (dy, { x }) => multiply(dy, sigmoid(x)) },
  example: { shapes: { x: [2, 3] } },
});

/** 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf: Unary = op({
  name: "erf",
  inputs: ["x"],
  notation: { latex: String.raw`\operatorname{erf}(#x)`, binds: "atom", kind: "element" },
  shape: same,
  forward: each(errorFunction),
  backward: {
    x: (dy, { x }) => multiply(dy, multiply(x.graph.scalar(2 / Math.sqrt(Math.PI)), exp(negate(multiply(x, x))))),
  },
  example: { shapes: { x: [2, 3] } },
});

/** x kept within [min, max]. The gradient is 1 on both bounds, as in PyTorch, and 0 outside. */
export const clip: Op<readonly ["x"], { min: number; max: number }> = op({
  name: "clip",
  inputs: ["x"],
  notation: {
    latex: ({ attributes: { min, max } }: Written<"x", { min: number; max: number }>) => {
      const above = Number.isFinite(min) ? String.raw`\max(${min},\ #x)` : "#x";
      return Number.isFinite(max) ? String.raw`\min(${max},\ ${above})` : above;
    },
    binds: "atom",
    kind: "element",
  },
  shape: same,
  forward: (y, { x }, { min, max }: { min: number; max: number }) => {
    for (let i = 0; i < y.data.length; i++) y.data[i] = Math.min(Math.max(x.data[i]!, min), max);
  },
  backward: {
    // The clipped value differs from x exactly where x lies outside.
    x: (dy, { x, y }) => multiply(dy, equal(x, y)),
  },
  example: { shapes: { x: [2, 6] }, attributes: { min: -0.5, max: 0.5 } },
});

function comparison(name: string, sign: string, compare: (a: number, b: number) => number): Binary {
  return op({
    name,
    inputs: ["a", "b"],
    notation: { latex: String.raw`\left[#a ${sign} #b\right]`, binds: "atom", kind: "mask" },
    shape: broadcast,
    forward: pairwise(compare),
    backward: { a: null, b: null },
    example: { shapes: { a: [2, 3], b: [3] } },
  });
}

/** Whether it is a single number, whatever its rank. */
function isSingle(shape: Shape): boolean {
  return sizeOf(shape) === 1;
}

function same({ x }: { x: Shape }): Shape {
  return x;
}

function broadcast({ a, b }: { a: Shape; b: Shape }): Shape {
  return broadcastShapes(a, b);
}

/** A forward that maps every element of x. */
function each(f: (x: number) => number) {
  return ({ data: y }: NdArray, { x: { data: x } }: { x: NdArray }): void => {
    for (let i = 0; i < y.length; i++) y[i] = f(x[i]!);
  };
}

/** A forward that joins the elements of a and b, each broadcast to the shape of y. */
function pairwise(f: (a: number, b: number) => number) {
  return (y: NdArray, { a, b }: { a: NdArray; b: NdArray }): void => {
    const length = y.data.length;
    // An input with as many elements as the result has them in the same order.
    if (a.data.length === length && b.data.length === length) {
      stretch(f, y.data, 0, a.data, 0, 1, b.data, 0, 1, length);
    } else if (b.data.length === 1 && a.data.length === length) {
      stretch(f, y.data, 0, a.data, 0, 1, b.data, 0, 0, length);
    } else if (a.data.length === 1 && b.data.length === length) {
      stretch(f, y.data, 0, a.data, 0, 0, b.data, 0, 1, length);
    } else {
      const strides = [broadcastStrides(a.shape, y.shape), broadcastStrides(b.shape, y.shape)];
      walk(y.shape, strides, (start, [ofA, ofB], [aStep, bStep], count) =>
        stretch(f, y.data, start, a.data, ofA!, aStep!, b.data, ofB!, bStep!, count),
      );
    }
  };
}

function stretch(
  f: (a: number, b: number) => number,
  y: Float64Array,
  start: number,
  a: Float64Array,
  ofA: number,
  aStep: number,
  b: Float64Array,
  ofB: number,
  bStep: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) y[start + i] = f(a[ofA + i * aStep]!, b[ofB + i * bStep]!);
}

/**
 * The error function to about 1e-15.
 *
 * Source: Abramowitz & Stegun 1964, 7.1.6 (series) and 7.1.14 (continued fraction).
 */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x); // 1 − erf(6) = 2e-17 is below half a unit of the last place.
  const square = x * x;
  if (size < 2.5) {
    // erf x = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms have one sign, so no digits cancel.
    let term = x;
    let total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
      term *= (2 * square) / (2 * n + 1);
      total += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * total;
  }
  // 1 − erf x = e^(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the inside out.
  let fraction = size;
  for (let n = 60; n >= 1; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-square) / (Math.sqrt(Math.PI) * fraction));
}
