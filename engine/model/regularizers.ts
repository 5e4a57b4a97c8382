// Regularizers: penalties on weights, added to the loss. Compositions of ops, so their gradients follow.

import type { Arguments, Call } from "../protocol/catalog";
import type { Parameter } from "../protocol/network";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { lookUp, number, typedArguments } from "./arguments";
import type { Tensor } from "./graph";
import { abs, multiply } from "./ops/elementwise";
import { sum } from "./ops/reduction";
import { axesOf } from "./shape";

/** Appends the penalty of one weight to the graph: W of any shape → scalar. Throws when there is no such regularizer. */
export function appendPenalty({ name, arguments: args }: Call, W: Tensor): Tensor {
  const record = lookUp<RegularizerRecord>(regularizers, name);
  if (!record) throw new Error(`There is no regularizer ${name}.`);
  return record.penalty(W, args);
}

/**
 * Whether a training's `regularize` counts it: every trained weight but the vectors of layers, which are biases and the
 * scales and shifts of normalisations. A declared `param` counts whatever its shape: nothing says that it is a bias.
 */
export function isRegularized({ trainable, instance, shape }: Parameter): boolean {
  return trainable && (instance === undefined || shape.length >= 2);
}

/** What the arguments `l1` and `l2` of a layer put on its weights. */
export function penalties(l1: number, l2: number): readonly Call[] {
  const rates: readonly [keyof typeof regularizers, number][] = [
    ["L1", l1],
    ["L2", l2],
  ];
  return rates.flatMap(([name, rate]) => (rate > 0 ? [{ name, arguments: { rate } }] : []));
}

const rate = number({ min: 0, default: 0.01, summary: "How much it counts beside the loss, λ." });

export const regularizers = {
  L1: define({
    summary: "Absolute values of the weights: drives those that help little to exactly 0. Its gradient at 0 is 0.",
    equation: String.raw`\lambda \sum_i |w_i|`,
    gradient: String.raw`\frac{\partial L}{\partial w} = \lambda\,\operatorname{sign} w`,
    source: "Tibshirani 1996; Goodfellow, Bengio & Courville 2016, section 7.1.2",
    arguments: { rate },
    penalty: (W, { rate }) => multiply(W.graph.scalar(rate), total(abs(W))),
  }),
  L2: define({
    summary: "Squares of the weights, not halved: keeps all of them small.",
    equation: String.raw`\lambda \sum_i w_i^2`,
    gradient: String.raw`\frac{\partial L}{\partial w} = 2 \lambda w`,
    source: "Goodfellow, Bengio & Courville 2016, section 7.1.1, without the ½; keras.regularizers.L2",
    arguments: { rate },
    penalty: (W, { rate }) => multiply(W.graph.scalar(rate), total(multiply(W, W))),
  }),
};

function total(x: Tensor): Tensor {
  return x.shape.length === 0 ? x : sum(x, { axes: axesOf(x.shape), keep: false });
}

interface RegularizerRecord extends Described {
  readonly category: string;
  penalty(W: Tensor, args: Arguments): Tensor;
}

function define<Specs extends ArgumentSpecs>(
  record: Described<Specs> & { penalty(W: Tensor, args: ArgumentsOf<Specs>): Tensor },
): RegularizerRecord {
  return {
    ...record,
    category: "regularizer",
    penalty: (W, args) => record.penalty(W, typedArguments(record.arguments, args)),
  };
}
