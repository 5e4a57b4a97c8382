// Initializers: the numbers a parameter begins with.

import type { NdArray, Shape } from "../protocol/array";
import type { Arguments, Call } from "../protocol/catalog";
import type { Initializer } from "../protocol/network";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { integer, lookUp, number, typedArguments } from "./arguments";
import { normal, randomStream, streamOf } from "./random";
import { formatShape, ShapeError, sameShape, sizeOf } from "./shape";

const seed = integer({
  min: 0,
  optional: true,
  summary: "Its own seed: the parameter begins the same whatever the training's seed is.",
});

export const initializers = {
  Glorot: initializer({
    summary: "Uniform numbers scaled so that signals keep their size forward and gradients backward.",
    equation: String.raw`W \sim \mathcal{U}(-a, a),\quad a = \sqrt{\tfrac{6}{n_{in} + n_{out}}}`,
    source: "Glorot & Bengio 2010, eq. 16",
    arguments: { seed },
    fill: (_, { fanIn, fanOut }, random) => {
      const limit = Math.sqrt(6 / (fanIn + fanOut));
      return () => limit * (2 * random() - 1);
    },
  }),
  He: initializer({
    summary: "Normal numbers for layers followed by ReLU, which silences half of its inputs.",
    equation: String.raw`W \sim \mathcal{N}\left(0, \tfrac{2}{n_{in}}\right)`,
    source: "He et al. 2015, eq. 10; not truncated, as in PyTorch's kaiming_normal_",
    arguments: { seed },
    fill: (_, { fanIn }, random) => {
      const deviation = Math.sqrt(2 / fanIn);
      return () => deviation * normal(random);
    },
  }),
  LeCun: initializer({
    summary: "Normal numbers that keep the size of the signal in linear and self-normalizing networks.",
    equation: String.raw`W \sim \mathcal{N}\left(0, \tfrac{1}{n_{in}}\right)`,
    source: "LeCun et al. 1998, “Efficient BackProp”, eq. 16; not truncated",
    arguments: { seed },
    fill: (_, { fanIn }, random) => {
      const deviation = Math.sqrt(1 / fanIn);
      return () => deviation * normal(random);
    },
  }),
  Normal: initializer({
    summary: "Normal numbers.",
    equation: String.raw`W \sim \mathcal{N}(\mu, \sigma^2)`,
    source: "",
    arguments: {
      std: number({ min: 0, summary: "Standard deviation σ." }),
      mean: number({ default: 0, summary: "Mean μ." }),
      seed,
    },
    fill:
      ({ std, mean }, _, random) =>
      () =>
        mean + std * normal(random),
  }),
  Uniform: initializer({
    summary: "Numbers spread evenly between two bounds.",
    equation: String.raw`W \sim \mathcal{U}(low, high)`,
    source: "",
    arguments: {
      low: number({ summary: "Smallest value." }),
      high: number({ summary: "Bound that no value reaches." }),
      seed,
    },
    fill:
      ({ low, high }, _, random) =>
      () =>
        low + (high - low) * random(),
  }),
  Zeros: initializer({
    summary: "All 0. Right for biases; weights that all begin equal would all stay equal.",
    equation: "W = 0",
    source: "",
    arguments: {},
    fill: () => () => 0,
  }),
  Ones: initializer({
    summary: "All 1.",
    equation: "W = 1",
    source: "",
    arguments: {},
    fill: () => () => 1,
  }),
  Constant: initializer({
    summary: "One number everywhere.",
    equation: "W = v",
    source: "",
    arguments: { value: number({ summary: "The number v." }) },
    fill:
      ({ value }) =>
      () =>
        value,
  }),
};

export const zeros: Call = { name: "Zeros", arguments: {} };
export const ones: Call = { name: "Ones", arguments: {} };
export const glorot: Call = { name: "Glorot", arguments: {} };
export const standardNormal: Call = { name: "Normal", arguments: { std: 1, mean: 0 } };

/**
 * `random` gives uniform numbers in [0, 1); a call with a seed of its own does not use it. Files are read before.
 * Throws ShapeError when a literal has not the parameter's shape.
 */
export function initialize(initializer: Initializer, shape: Shape, random: () => number): NdArray {
  if (initializer.kind === "literal") {
    const { data } = initializer;
    if (!sameShape(data.shape, shape)) {
      throw new ShapeError(`The numbers have the shape ${formatShape(data.shape)}, not ${formatShape(shape)}.`);
    }
    // A literal belongs to the Network, and updates write into the weights.
    return { shape, data: data.data.slice() };
  }
  if (initializer.kind === "file") throw new Error(`${initializer.path} has not been read.`);
  const { name, arguments: args } = initializer.call;
  const record = lookUp<InitializerRecord>(initializers, name);
  if (!record) throw new Error(`There is no initializer ${name}.`);
  const own = args.seed;
  const source = typeof own === "number" ? randomStream(own, streamOf("initializer")) : random;
  const next = record.generator(args, fans(shape), source);
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = next();
  return { shape, data };
}

interface Fans {
  /** How many numbers feed one output. */
  readonly fanIn: number;
  /** How many outputs one number feeds. */
  readonly fanOut: number;
}

/** Weights of a dense layer are [in, out], of a convolution [filters, channels, …kernel]; a bias counts as both. */
function fans(shape: Shape): Fans {
  const [first = 1, second = first, ...kernel] = shape;
  if (shape.length <= 2) return { fanIn: first, fanOut: second };
  const positions = sizeOf(kernel);
  return { fanIn: second * positions, fanOut: first * positions };
}

interface InitializerRecord extends Described {
  readonly category: string;
  generator(args: Arguments, fans: Fans, random: () => number): () => number;
}

function initializer<Specs extends ArgumentSpecs>(
  record: Omit<Described<Specs>, "gradient"> & {
    /** Gives the numbers one after another. */
    fill(args: ArgumentsOf<Specs>, fans: Fans, random: () => number): () => number;
  },
): InitializerRecord {
  const { fill, ...described } = record;
  return {
    ...described,
    category: "initializer",
    gradient: "",
    generator: (args, fans, random) => fill(typedArguments(record.arguments, args), fans, random),
  };
}
