// Layers that rearrange, join or drop numbers. They have no weights.

import { integer, number, shape } from "../arguments";
import type { Tensor } from "../graph";
import { junction, transformation } from "../layer";
import { multiply } from "../ops/elementwise";
import { transpose } from "../ops/linear-algebra";
import { concat, reshape, slice } from "../ops/movement";
import { dropoutMask } from "../ops/random";
import { axesOf, formatShape, ShapeError, sizeOf } from "../shape";

export const Dropout = transformation({
  category: "core",
  traits: { role: "regularization" },
  summary:
    "While training, makes a share of the numbers 0 and enlarges the others to keep the mean (inverted dropout); otherwise it changes nothing.",
  equation: String.raw`y = \frac{x \odot r}{1 - p},\quad r_i \sim \mathrm{Bernoulli}(1 - p)`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot \frac{r}{1 - p}`,
  source: "Srivastava et al. 2014, section 10",
  arguments: { rate: number({ min: 0, below: 1, default: 0.5, summary: "Share p of the numbers that become 0." }) },
  forward: (x, { rate }, { mode, stream }) =>
    mode === "train" && rate > 0 ? multiply(x, dropoutMask(x, { rate, stream })) : x,
  example: { inputs: [[6]], arguments: { rate: 0.4 } },
});

export const Flatten = transformation({
  category: "structure",
  traits: { role: "rearrangement", flattens: true },
  summary: "One vector of all numbers of a sample, the last dimension first to advance.",
  equation: String.raw`y = \operatorname{vec}(x)`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}\ \text{in the shape of}\ x`,
  source: "",
  arguments: {},
  forward: (x) => reshape(x, { shape: [x.shape[0]!, sizeOf(x.shape.slice(1))] }),
  example: { inputs: [[2, 3]] },
});

export const Reshape = transformation({
  category: "structure",
  traits: { role: "rearrangement" },
  summary: "The same numbers in the same order with another shape.",
  equation: "",
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}\ \text{in the shape of}\ x`,
  source: "",
  arguments: { shape: shape({ summary: "The new shape of one sample." }) },
  forward: (x, { shape }) => {
    const sample = x.shape.slice(1);
    if (sizeOf(sample) !== sizeOf(shape)) {
      throw new ShapeError(
        `Reshape cannot fit: ${formatShape(sample)} has ${sizeOf(sample)} numbers, but ${formatShape(shape)} holds ${sizeOf(shape)}.`,
      );
    }
    return reshape(x, { shape: [x.shape[0]!, ...shape] });
  },
  example: { inputs: [[2, 3]], arguments: { shape: [3, 2] } },
});

export const Transpose = transformation({
  category: "structure",
  summary: "Swaps two dimensions; without arguments the last two, which transposes a matrix.",
  equation: String.raw`Y = X^{\top}`,
  gradient: String.raw`\frac{\partial L}{\partial X} = \left(\frac{\partial L}{\partial Y}\right)^{\top}`,
  source: "torch.transpose",
  arguments: {
    first: integer({ default: -2, summary: "One dimension of the sample, from 0, negative from the end." }),
    second: integer({ default: -1, summary: "The other one." }),
  },
  forward: (x, { first, second }) => {
    const [one, other] = [axisOf("Transpose", x, first), axisOf("Transpose", x, second)];
    const order = axesOf(x.shape).map((axis) => (axis === one ? other : axis === other ? one : axis));
    return one === other ? x : transpose(x, { order });
  },
  example: { inputs: [[2, 3, 4]], arguments: { first: 0 } },
});

export const Slice = transformation({
  category: "structure",
  summary: "A part of each sample: some neighboring positions of one dimension.",
  equation: String.raw`y = x_{s}, \dots, x_{e-1}`,
  gradient: String.raw`\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial y_{i-s}}\ \text{for}\ s \le i < e,\ 0\ \text{elsewhere}`,
  source: "ONNX, Slice; NumPy, x[start:end]",
  arguments: {
    start: integer({ default: 0, summary: "First position, s, from 0, negative from the end." }),
    end: integer({
      optional: true,
      summary: "The position after the last one, e, negative from the end; left out, all to the end.",
    }),
    axis: integer({ default: -1, summary: "Dimension of the sample, from 0, negative from the end." }),
  },
  forward: (x, { start, end, axis }) => {
    const along = axisOf("Slice", x, axis);
    const size = x.shape[along]!;
    const position = (value: number) => (value < 0 ? size + value : value);
    const [from, to] = [position(start), position(end ?? size)];
    if (from < 0 || to > size || from >= to) {
      throw new ShapeError(
        `Slice finds no positions ${start} to ${end ?? "the end"} in dimension ${axis} of ${formatShape(x.shape.slice(1))}, which has 0 to ${size - 1}; the end is not included.`,
      );
    }
    return slice(x, { axis: along, start: from, end: to });
  },
  example: { inputs: [[4, 3]], arguments: { start: 1, end: -1, axis: 0 } },
});

/** The axis of x [N, …] that a dimension of the sample is. Throws ShapeError when there is none. */
function axisOf(name: string, x: Tensor, dimension: number): number {
  const sample = x.shape.slice(1);
  const axis = dimension < 0 ? sample.length + dimension : dimension;
  if (sample[axis] === undefined) {
    throw new ShapeError(`${name} finds no dimension ${dimension} in ${formatShape(sample)}.`);
  }
  return axis + 1;
}

export const Concat = junction({
  category: "structure",
  summary: "Joins values along one dimension; all others must agree.",
  equation: String.raw`y = [x_1;\ x_2;\ \dots]`,
  gradient: String.raw`\frac{\partial L}{\partial x_k} = \text{the part of}\ \frac{\partial L}{\partial y}\ \text{that came from}\ x_k`,
  source: "",
  arguments: {
    axis: integer({ default: -1, summary: "Dimension of the sample to join along, from 0, negative from the end." }),
  },
  forward: (inputs, { axis }) => inputs.reduce((joined, next, position) => join(joined, next, axis, position)),
  example: {
    inputs: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
  },
});

function join(joined: Tensor, next: Tensor, sampleAxis: number, position: number): Tensor {
  const [left, right] = [joined.shape.slice(1), next.shape.slice(1)];
  const axis = sampleAxis < 0 ? left.length + sampleAxis : sampleAxis;
  if (left[axis] === undefined) {
    throw new ShapeError(`${formatShape(left)} has no dimension ${sampleAxis} to join along.`, [position - 1]);
  }
  const differs = left.findIndex((size, other) => other !== axis && size !== right[other]);
  if (left.length !== right.length || differs >= 0) {
    throw new ShapeError(
      `${formatShape(left)} and ${formatShape(right)} cannot be joined along dimension ${sampleAxis}: the other dimensions must be equal.`,
      [position - 1, position],
    );
  }
  return concat(joined, next, { axis: axis + 1 });
}
