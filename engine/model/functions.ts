// Functions and operators of the language. They are written for one sample: broadcasting, reductions and matrix products
// see the sample's own dimensions, never the batch.

import type { Shape } from "../protocol/array";
import type { Arguments } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { integer, lookUp, typedArguments } from "./arguments";
import type { Tensor } from "./graph";
import type { InputCount } from "./layer";
import * as elementwise from "./ops/elementwise";
import { transposeLastTwo } from "./ops/linear-algebra";
import * as reduction from "./ops/reduction";
import type { Sample } from "./sample";
import { shapeOfSample } from "./sample";
import type { ReductionOp } from "./sample-operations";
import { at, between, broadcast, product, reduced, stack } from "./sample-operations";
import { ShapeError } from "./shape";
import type { Traits } from "./traits";

/** Appends a function to the graph. Throws ShapeError when the inputs do not fit. */
export function applyFunction(name: string, args: Arguments, inputs: readonly Sample[]): Sample {
  const record = lookUp<FunctionRecord>(functions, name);
  if (!record) throw new Error(`There is no function ${name}.`);
  const { min, max } = record.inputs;
  if (inputs.length < min || inputs.length > max) {
    const count = min === max ? `${min}` : `${min} or ${max}`;
    throw new ShapeError(
      `${name} takes ${count} ${max === 1 ? "value" : "values"}, but gets ${inputs.length}.`,
      inputs.map((_, position) => position),
    );
  }
  return record.apply(inputs, args);
}

export interface FunctionRecord extends Described {
  readonly category: string;
  readonly traits?: Traits;
  readonly inputs: InputCount;
  apply(inputs: readonly Sample[], args: Arguments): Sample;
  /** Shapes of the inputs for one sample, for the tests that run every function; random values in `range`. */
  readonly example: {
    readonly inputs: readonly Shape[];
    readonly arguments?: Arguments;
    readonly range?: readonly [low: number, high: number];
  };
}

const dx = String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}`;
const da = String.raw`\frac{\partial L}{\partial a} = \frac{\partial L}{\partial y}`;
const db = String.raw`\frac{\partial L}{\partial b} = \frac{\partial L}{\partial y}`;

const axis = integer({
  optional: true,
  summary: "Dimension of the sample to go along, from 0, negative from the end; left out, all of them.",
});

export const functions = {
  add: pairwise("+", elementwise.add, {
    summary: "Sum, element by element.",
    equation: "y = a + b",
    gradient: `${da}\n${db}`,
  }),
  subtract: pairwise("-", elementwise.subtract, {
    summary: "Difference, element by element.",
    equation: "y = a - b",
    gradient: `${da}\n${String.raw`\frac{\partial L}{\partial b} = -\frac{\partial L}{\partial y}`}`,
  }),
  multiply: pairwise("*", elementwise.multiply, {
    summary: "Product, element by element.",
    equation: String.raw`y = a \odot b`,
    gradient: String.raw`${da} \odot b
${db} \odot a`,
  }),
  divide: pairwise("/", elementwise.divide, {
    summary: "Quotient, element by element.",
    equation: String.raw`y = \frac{a}{b}`,
    gradient: String.raw`${da} \oslash b
\frac{\partial L}{\partial b} = -\frac{\partial L}{\partial y} \odot \frac{a}{b^2}`,
    range: [0.5, 2],
  }),
  power: pairwise("^", elementwise.power, {
    summary: "Power, element by element.",
    equation: "y = a^b",
    gradient: String.raw`${da} \odot b\,a^{b-1}
${db} \odot a^b \log a`,
    range: [0.5, 2],
  }),
  matmul: define({
    category: "matrix",
    summary:
      "Matrix product. A vector on the left is a row, on the right a column; two vectors give their dot product.",
    equation: "Y = AB",
    gradient: String.raw`\frac{\partial L}{\partial A} = \frac{\partial L}{\partial Y}\,B^{\top}
\frac{\partial L}{\partial B} = A^{\top}\,\frac{\partial L}{\partial Y}`,
    source: "NumPy, numpy.matmul",
    arguments: {},
    inputs: { min: 2, max: 2 },
    apply: ([a, b]) => product(a!, b!),
    example: {
      inputs: [
        [2, 3],
        [3, 2],
      ],
    },
  }),
  transpose: define({
    category: "matrix",
    summary: "Swaps the last two dimensions; a vector stays as it is.",
    equation: String.raw`Y = X^{\top}`,
    gradient: String.raw`\frac{\partial L}{\partial X} = \left(\frac{\partial L}{\partial Y}\right)^{\top}`,
    source: "",
    arguments: {},
    inputs: { min: 1, max: 1 },
    apply: ([x]) => (shapeOfSample(x!).length < 2 ? x! : { tensor: transposeLastTwo(x!.tensor), batched: x!.batched }),
    example: { inputs: [[2, 3]] },
  }),
  negate: each(elementwise.negate, {
    summary: "The opposite.",
    equation: "y = -x",
    gradient: String.raw`\frac{\partial L}{\partial x} = -\frac{\partial L}{\partial y}`,
  }),
  equal: compare("==", elementwise.equal, "equal to", "="),
  notEqual: compare("!=", elementwise.notEqual, "different from", String.raw`\ne`),
  less: compare("<", elementwise.less, "less than", "<"),
  lessEqual: compare("<=", elementwise.lessEqual, "at most", String.raw`\le`),
  greater: compare(">", elementwise.greater, "greater than", ">"),
  greaterEqual: compare(">=", elementwise.greaterEqual, "at least", String.raw`\ge`),
  max: extreme(elementwise.maximum, reduction.max, {
    name: "max",
    summary:
      "With two values the larger one, element by element; with one value the largest of its numbers. Equal numbers share the gradient, except that max(0, x) is ReLU, with gradient 0 at 0.",
    equation: String.raw`y = \max(a, b)`,
    gradient: `${da} \\odot [a = y]\n${db} \\odot [b = y]`,
    ofConstantZero: elementwise.relu,
  }),
  min: extreme(elementwise.minimum, reduction.min, {
    name: "min",
    summary:
      "With two values the smaller one, element by element; with one value the smallest of its numbers. Equal numbers share the gradient.",
    equation: String.raw`y = \min(a, b)`,
    gradient: `${da} \\odot [a = y]\n${db} \\odot [b = y]`,
  }),
  sum: reduce(reduction.sum, {
    summary: "Sum of the sample's numbers.",
    equation: String.raw`y = \sum_i x_i`,
    gradient: String.raw`\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y}`,
  }),
  mean: reduce(reduction.mean, {
    summary: "Mean of the sample's numbers.",
    equation: String.raw`y = \tfrac1n \sum_i x_i`,
    gradient: String.raw`\frac{\partial L}{\partial x_i} = \tfrac1n \frac{\partial L}{\partial y}`,
  }),
  norm: reduce(reduction.norm, {
    summary: "Euclidean length of the sample's numbers. Its gradient at 0 is 0.",
    equation: String.raw`y = \sqrt{\textstyle\sum_i x_i^2}`,
    gradient: String.raw`${dx} \cdot \frac{x}{y}`,
  }),
  exp: each(elementwise.exp, {
    summary: "Exponential.",
    equation: "y = e^x",
    gradient: String.raw`${dx} \odot y`,
  }),
  log: each(elementwise.log, {
    summary: "Natural logarithm.",
    equation: String.raw`y = \log x`,
    gradient: String.raw`${dx} \oslash x`,
    range: [0.5, 2],
  }),
  sqrt: each(elementwise.sqrt, {
    summary: "Square root.",
    equation: String.raw`y = \sqrt{x}`,
    gradient: String.raw`${dx} \oslash 2y`,
    range: [0.5, 2],
  }),
  abs: each(elementwise.abs, {
    summary: "Absolute value. Its gradient at 0 is 0.",
    equation: "y = |x|",
    gradient: String.raw`${dx} \odot \operatorname{sign} x`,
  }),
  sign: each(elementwise.sign, {
    summary: "−1, 0 or 1. No gradient flows through it.",
    equation: String.raw`y = \operatorname{sign} x`,
    gradient: "",
  }),
  relu: each(elementwise.relu, {
    traits: { role: "activation", range: [0, Number.POSITIVE_INFINITY] },
    summary: "The larger one of 0 and x. Its gradient at exactly 0 is 0.",
    equation: String.raw`y = \max(0, x)`,
    gradient: String.raw`${dx} \odot [x > 0]`,
  }),
  sigmoid: each(elementwise.sigmoid, {
    traits: { role: "activation", gives: "probability", range: [0, 1], saturates: true },
    summary: "Logistic function.",
    equation: String.raw`y = \frac{1}{1 + e^{-x}}`,
    gradient: String.raw`${dx} \odot y\,(1 - y)`,
  }),
  tanh: each(elementwise.tanh, {
    traits: { role: "activation", range: [-1, 1], saturates: true },
    summary: "Hyperbolic tangent.",
    equation: String.raw`y = \tanh x`,
    gradient: String.raw`${dx} \odot (1 - y^2)`,
  }),
  softplus: each(elementwise.softplus, {
    traits: { role: "activation", range: [0, Number.POSITIVE_INFINITY] },
    summary: "A smooth max(0, x).",
    equation: String.raw`y = \log(1 + e^x)`,
    gradient: String.raw`${dx} \odot \sigma(x)`,
  }),
  softmax: rowwise("softmax", reduction.softmax, {
    traits: { role: "activation", gives: "probabilities", range: [0, 1] },
    summary: "Probabilities from the numbers of the last dimension.",
    equation: String.raw`y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}`,
    gradient: String.raw`\frac{\partial L}{\partial x} = y \odot \left(\frac{\partial L}{\partial y} - \sum_j \frac{\partial L}{\partial y_j}\,y_j\right)`,
  }),
  logsoftmax: rowwise("logsoftmax", reduction.logSoftmax, {
    traits: { role: "activation", gives: "logProbabilities", range: [Number.NEGATIVE_INFINITY, 0] },
    summary: "Logarithm of softmax.",
    equation: String.raw`y_i = x_i - \log \sum_j e^{x_j}`,
    gradient: String.raw`${dx} - e^{y} \sum_j \frac{\partial L}{\partial y_j}`,
  }),
  index: define({
    category: "structure",
    summary: "One position of a dimension of the sample, which is then gone: `x[0]`, `x[:, -1]`.",
    equation: "y = x_i",
    gradient: String.raw`\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y},\ 0\ \text{elsewhere}`,
    source: "",
    arguments: {
      position: integer({ summary: "From 0, negative from the end." }),
      axis: integer({ min: 0, default: 0, summary: "Dimension of the sample, from 0." }),
    },
    inputs: { min: 1, max: 1 },
    apply: ([x], { position, axis }) => at(x!, position, axis),
    example: { inputs: [[3, 2]], arguments: { position: -1 } },
  }),
  slice: define({
    category: "structure",
    summary:
      "Neighboring positions of a dimension of the sample: `x[1:]`, `x[:, 1:3]`. A limit beyond the end is the end.",
    equation: String.raw`y = x_{s}, \dots, x_{e-1}`,
    gradient: String.raw`\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_{i-s}}\ \text{for}\ s \le i < e,\ 0\ \text{elsewhere}`,
    source: "NumPy, x[start:end]",
    arguments: {
      start: integer({ default: 0, summary: "First position, s, from 0, negative from the end." }),
      end: integer({
        optional: true,
        summary: "The position after the last one, e, negative from the end; left out, all to the end.",
      }),
      axis: integer({ min: 0, default: 0, summary: "Dimension of the sample, from 0." }),
    },
    inputs: { min: 1, max: 1 },
    apply: ([x], { start, end, axis }) => between(x!, start, end, axis),
    example: { inputs: [[4, 3]], arguments: { start: 1, end: -1, axis: 0 } },
  }),
  augmented: define({
    category: "structure",
    summary: "The bias as first row on top of the weights: `h1.augmented` is `[b; W]`.",
    equation: String.raw`\tilde W = \begin{bmatrix} b \\ W \end{bmatrix}`,
    gradient: "",
    source: "",
    arguments: {},
    inputs: { min: 2, max: 2 },
    apply: ([b, W]) => stack(b!, W!),
    example: { inputs: [[2], [3, 2]] },
  }),
};

interface Formula {
  readonly summary: string;
  readonly equation: string;
  readonly gradient: string;
  readonly traits?: Traits;
  readonly range?: readonly [low: number, high: number];
}

/** An operator on two values that broadcast. */
function pairwise(symbol: string, op: (a: Tensor, b: Tensor) => Tensor, formula: Formula): FunctionRecord {
  const { range, ...described } = formula;
  return define({
    ...described,
    category: "elementwise",
    source: "",
    arguments: {},
    inputs: { min: 2, max: 2 },
    apply: ([a, b]) => broadcast(op, a!, b!, (left, right) => `${left} ${symbol} ${right}`),
    example: { inputs: [[2, 3], [3]], ...(range ? { range } : {}) },
  });
}

function compare(symbol: string, op: (a: Tensor, b: Tensor) => Tensor, relation: string, sign: string): FunctionRecord {
  return pairwise(symbol, op, {
    summary: `1 where a is ${relation} b, else 0. No gradient flows through it.`,
    equation: `y = [a ${sign} b]`,
    gradient: "",
  });
}

/** A function of every number alone. */
function each(op: (x: Tensor) => Tensor, formula: Formula): FunctionRecord {
  const { range, ...described } = formula;
  return define({
    ...described,
    category: "elementwise",
    source: "",
    arguments: {},
    inputs: { min: 1, max: 1 },
    apply: ([x]) => ({ tensor: op(x!.tensor), batched: x!.batched }),
    example: { inputs: [[2, 3]], ...(range ? { range } : {}) },
  });
}

/** A function of the last dimension. */
function rowwise(name: string, op: (x: Tensor) => Tensor, formula: Formula): FunctionRecord {
  return define({
    ...formula,
    category: "reduction",
    source: "",
    arguments: {},
    inputs: { min: 1, max: 1 },
    apply: ([x]) => {
      if (shapeOfSample(x!).length === 0) throw new ShapeError(`${name} needs a vector, but gets a single number.`);
      return { tensor: op(x!.tensor), batched: x!.batched };
    },
    example: { inputs: [[2, 3]] },
  });
}

function reduce(op: ReductionOp, formula: Formula): FunctionRecord {
  return define({
    ...formula,
    category: "reduction",
    source: "",
    arguments: { axis },
    inputs: { min: 1, max: 1 },
    apply: ([x], args) => reduced(op, x!, args.axis),
    example: { inputs: [[2, 3]] },
  });
}

interface Extreme extends Formula {
  readonly name: string;
  /** What it is with the literal 0 as one of two values, if there is an op of its own for that. */
  readonly ofConstantZero?: (x: Tensor) => Tensor;
}

/** `max(a, b)` chooses element by element, `max(x)` is a reduction. */
function extreme(ofTwo: (a: Tensor, b: Tensor) => Tensor, ofAll: ReductionOp, formula: Extreme): FunctionRecord {
  const { name, ofConstantZero, ...described } = formula;
  return define({
    ...described,
    category: "elementwise",
    source: "",
    arguments: { axis },
    inputs: { min: 1, max: 2 },
    apply: ([a, b], args) => {
      if (!b) return reduced(ofAll, a!, args.axis);
      const other = isZero(a!) ? b : isZero(b) ? a! : undefined;
      if (ofConstantZero && other) return { tensor: ofConstantZero(other.tensor), batched: other.batched };
      return broadcast(ofTwo, a!, b, (left, right) => `${name}(${left}, ${right})`);
    },
    example: { inputs: [[2, 3], [3]] },
  });
}

/** Whether it is the literal 0. */
function isZero({ tensor }: Sample): boolean {
  const node = tensor.graph.nodes[tensor.index]!;
  return node.kind === "constant" && node.shape.length === 0 && node.data.data[0] === 0;
}

function define<Specs extends ArgumentSpecs>(
  record: Described<Specs> & {
    readonly category: string;
    readonly traits?: Traits;
    readonly inputs: InputCount;
    apply(inputs: readonly Sample[], args: ArgumentsOf<Specs>): Sample;
    readonly example: FunctionRecord["example"];
  },
): FunctionRecord {
  return { ...record, apply: (inputs, args) => record.apply(inputs, typedArguments(record.arguments, args)) };
}
