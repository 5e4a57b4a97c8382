// Losses: how far an output is from its target. Each gives one number per sample; reduceBatch makes one of them all.
// N samples; a sample's loss is the mean over its elements unless its formula says otherwise.

import type { Shape } from "../protocol/array";
import type { Arguments, Call } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { lookUp, number, typedArguments } from "./arguments";
import type { Tensor } from "./graph";
import type { AnyOp } from "./op";
import { abs, add, clip, divide, log, multiply, negate, sigmoid, softplus, subtract } from "./ops/elementwise";
import { oneHot } from "./ops/movement";
import { logSoftmax, mean, softmax, sum } from "./ops/reduction";
import { reshaped } from "./sample";
import { axesOf, formatShape, ShapeError, sameShape, sizeOf } from "./shape";

export const losses = {
  MSE: loss({
    expects: "numbers",
    summary: "Mean squared error, over all elements.",
    equation: String.raw`L = \tfrac{1}{Nd} \sum_{n,i} (\hat y_{ni} - t_{ni})^2`,
    gradient: String.raw`\frac{\partial L}{\partial \hat y} = \tfrac{2}{Nd} (\hat y - t)
\frac{\partial L}{\partial t} = \tfrac{2}{Nd} (t - \hat y)`,
    source: "Bishop 2006, section 1.1",
    arguments: {},
    fit: likeOutput("MSE"),
    perSample: (y, t) => meanOfSample(square(subtract(y, t))),
    example: { output: [3], target: [3] },
  }),
  HalfMSE: loss({
    expects: "numbers",
    summary: "Half the squared distance, averaged over the samples but not over their elements: the lecture-note form.",
    equation: String.raw`L = \tfrac{1}{2N} \sum_n \lVert \hat y_n - t_n \rVert^2`,
    gradient: String.raw`\frac{\partial L}{\partial \hat y} = \tfrac1N (\hat y - t)
\frac{\partial L}{\partial t} = \tfrac1N (t - \hat y)`,
    source: "Bishop 2006, eq. 5.14",
    arguments: {},
    fit: likeOutput("HalfMSE"),
    perSample: (y, t) => multiply(y.graph.scalar(0.5), sumOfSample(square(subtract(y, t)))),
    example: { output: [3], target: [3] },
  }),
  MAE: loss({
    expects: "numbers",
    summary: "Mean absolute error, over all elements. Its gradient is 0 where output and target are equal.",
    equation: String.raw`L = \tfrac{1}{Nd} \sum_{n,i} |\hat y_{ni} - t_{ni}|`,
    gradient: String.raw`\frac{\partial L}{\partial \hat y} = \tfrac{1}{Nd} \operatorname{sign}(\hat y - t)`,
    source: "Goodfellow, Bengio & Courville 2016, section 6.2.1.2",
    arguments: {},
    fit: likeOutput("MAE"),
    perSample: (y, t) => meanOfSample(abs(subtract(y, t))),
    example: { output: [3], target: [3] },
  }),
  Huber: loss({
    expects: "numbers",
    summary: "Squared error near the target, absolute error far from it: outliers pull less.",
    equation: String.raw`L = \tfrac{1}{Nd} \sum_{n,i} h(\hat y_{ni} - t_{ni}),\quad h(r) = \begin{cases} \tfrac12 r^2 & |r| \le \delta \\ \delta (|r| - \tfrac12 \delta) & |r| > \delta \end{cases}`,
    gradient: String.raw`\frac{\partial L}{\partial \hat y} = \tfrac{1}{Nd} \max(-\delta, \min(\delta, \hat y - t))`,
    source: "Huber 1964, eq. 2.4; torch.nn.HuberLoss",
    arguments: { delta: number({ above: 0, default: 1, summary: "Where the parabola becomes a line, δ." }) },
    fit: likeOutput("Huber"),
    perSample: (y, t, { delta }) => {
      // With c = r clipped to ±δ, h(r) = c (r − c/2) in both cases.
      const r = subtract(y, t);
      const c = clip(r, { min: -delta, max: delta });
      return meanOfSample(multiply(c, subtract(r, multiply(c, r.graph.scalar(0.5)))));
    },
    example: { output: [3], target: [3], arguments: { delta: 0.7 } },
  }),
  BinaryCrossEntropy: loss({
    expects: "probability",
    summary:
      "For yes-or-no probabilities, as Sigmoid gives them; targets are 0, 1 or between. Probabilities are clipped to [1e-7, 1 − 1e-7]; right after a Sigmoid it is computed from Sigmoid's input instead, which needs no clipping.",
    equation: String.raw`L = -\tfrac{1}{Nd} \sum_{n,i} t_{ni} \log \hat y_{ni} + (1 - t_{ni}) \log (1 - \hat y_{ni})`,
    gradient: String.raw`\frac{\partial L}{\partial \hat y} = \tfrac{1}{Nd} \left(-\frac{t}{\hat y} + \frac{1 - t}{1 - \hat y}\right)
\frac{\partial L}{\partial z} = \tfrac{1}{Nd} (\hat y - t)\quad \text{with}\ \hat y = \sigma(z)
\frac{\partial L}{\partial t} = \tfrac{1}{Nd} \log \frac{1 - \hat y}{\hat y}`,
    source: "Goodfellow, Bengio & Courville 2016, section 6.2.2.2; clipped as in Keras",
    arguments: {},
    fit: likeOutput("BinaryCrossEntropy"),
    perSample: (y, t) => {
      const one = y.graph.scalar(1);
      const p = clip(y, { min: smallestProbability, max: 1 - smallestProbability });
      return meanOfSample(negate(add(multiply(t, log(p)), multiply(subtract(one, t), log(subtract(one, p))))));
    },
    // −t log σ(z) − (1 − t) log (1 − σ(z)) = log(1 + eᶻ) − t z.
    fused: {
      after: sigmoid,
      perSample: (z, t) => meanOfSample(subtract(softplus(z), multiply(t, z))),
      gradient: (y, t) => divide(subtract(y, t), y.graph.scalar(sizeOf(y.shape.slice(1)))),
    },
    example: { output: [3], target: [3], probabilities: true },
  }),
  CrossEntropy: loss({
    expects: "probabilities",
    summary:
      "For the probabilities of classes, as Softmax gives them; targets are class indices or one probability per class. Right after a Softmax it is computed from Softmax's input, so no probability is too small. Anything else is taken as probabilities as it is: not rescaled to add up to 1, and clipped to at least 1e-7.",
    equation: String.raw`L = -\tfrac1N \sum_n \sum_c t_{nc} \log \hat y_{nc}`,
    gradient: String.raw`\frac{\partial L}{\partial \hat y} = -\tfrac1N \frac{t}{\hat y}
\frac{\partial L}{\partial z} = \tfrac1N (\hat y - t)\quad \text{with}\ \hat y = \operatorname{softmax}(z),\ \textstyle\sum_c t_c = 1
\frac{\partial L}{\partial t} = -\tfrac1N \log \hat y`,
    source: "Goodfellow, Bengio & Courville 2016, section 6.2.2.3; clipped as in Keras",
    arguments: {},
    fit: classesOf,
    perSample: (y, t) =>
      meanOfSample(crossEntropy(log(clip(y, { min: smallestProbability, max: Number.POSITIVE_INFINITY })), t)),
    fused: {
      after: softmax,
      perSample: (z, t) => meanOfSample(crossEntropy(logSoftmax(z), t)),
      gradient: (y, t) => divide(subtract(y, t), y.graph.scalar(sizeOf(y.shape.slice(1, -1)))),
    },
    example: { output: [4], target: [4], probabilities: true },
  }),
};

/** What probabilities are clipped to before their logarithm, as Keras' epsilon. */
const smallestProbability = 1e-7;

/** Losses the language has and this version cannot run yet. */
export const plannedLosses: readonly string[] = [];

export interface AppendedLoss {
  /** Losses of the samples, [N], for everything but the probability's own gradient. */
  readonly perSample: Tensor;
  /**
   * Set when the loss was computed from the input of the op that gave the output: the same losses computed from the
   * output itself, for its own gradient.
   */
  readonly unfused?: Tensor;
  /** Set along with it: the gradient of each sample's loss by the input of that op, [N, …], as it is written on paper. */
  readonly shortcut?: { readonly input: Tensor; readonly gradient: Tensor };
}

/**
 * Appends a loss to the graph: output [N, …], target [N, …] → [N].
 * Throws ShapeError when they do not fit; input 0 is the output, 1 the target.
 */
export function appendLoss({ name, arguments: args }: Call, output: Tensor, target: Tensor): AppendedLoss {
  const record = lookUp<Loss>(losses, name);
  if (!record) throw new Error(`There is no loss ${name}.`);
  const fitted = record.fit(target, output);
  const node = output.graph.nodes[output.index]!;
  const { fused } = record;
  if (!fused || node.kind !== "op" || node.op !== fused.after) {
    return { perSample: record.perSample(output, fitted, args) };
  }
  return {
    perSample: fused.perSample(node.inputs[0]!, fitted, args),
    unfused: record.perSample(output, fitted, args),
    shortcut: { input: node.inputs[0]!, gradient: fused.gradient(output, fitted) },
  };
}

/** The losses of the samples as one scalar. */
export function reduceBatch(perSample: Tensor, reduction: "mean" | "sum"): Tensor {
  return (reduction === "mean" ? mean : sum)(perSample, { axes: [0], keep: false });
}

export interface Loss extends Described {
  readonly category: string;
  readonly expects: Expected;
  /** The target in the shape and form that `perSample` compares. Throws ShapeError. */
  fit(target: Tensor, output: Tensor): Tensor;
  /** y and t of equal shape [N, …] → [N]. */
  perSample(y: Tensor, t: Tensor, args: Arguments): Tensor;
  /** The same from the input z of the op that gave y, where that is more exact. */
  readonly fused?: {
    readonly after: AnyOp;
    perSample(z: Tensor, t: Tensor, args: Arguments): Tensor;
    /** Of each sample's loss by z, from y and t; the textbook's form, where targets add up to 1. */
    gradient(y: Tensor, t: Tensor): Tensor;
  };
  readonly example: LossExample;
}

/** For the tests that run every loss. */
export interface LossExample {
  /** Shapes for one sample. */
  readonly output: Shape;
  readonly target: Shape;
  readonly arguments?: Arguments;
  /** Whether outputs and targets lie in (0, 1). */
  readonly probabilities?: true;
}

/**
 * What a loss takes the output for: any numbers; probabilities of classes, which add up to 1; or numbers each of which
 * is a probability for itself.
 */
export type Expected = "numbers" | "probabilities" | "probability";

interface LossRecord<Specs extends ArgumentSpecs> extends Described<Specs> {
  readonly expects: Expected;
  fit(target: Tensor, output: Tensor): Tensor;
  perSample(y: Tensor, t: Tensor, args: ArgumentsOf<Specs>): Tensor;
  readonly fused?: {
    readonly after: unknown;
    perSample(z: Tensor, t: Tensor, args: ArgumentsOf<Specs>): Tensor;
    gradient(y: Tensor, t: Tensor): Tensor;
  };
  readonly example: LossExample;
}

function loss<Specs extends ArgumentSpecs>(record: LossRecord<Specs>): Loss {
  const typed = (args: Arguments) => typedArguments(record.arguments, args);
  const { fused, ...rest } = record;
  return {
    ...rest,
    category: "loss",
    perSample: (y, t, args) => record.perSample(y, t, typed(args)),
    ...(fused && {
      fused: {
        after: fused.after as AnyOp,
        perSample: (z, t, args) => fused.perSample(z, t, typed(args)),
        gradient: fused.gradient,
      },
    }),
  };
}

/** Targets with the output's shape; a single number and a vector of one are the same. */
function likeOutput(name: string) {
  return (target: Tensor, output: Tensor): Tensor => {
    const [one, other] = [output.shape.slice(1), target.shape.slice(1)];
    const bothSingle = sizeOf(one) === 1 && sizeOf(other) === 1 && one.length <= 1 && other.length <= 1;
    if (!bothSingle && !sameShape(one, other)) {
      const hint =
        other.length === 0 && one.length === 1
          ? ` If the targets are classes, use CrossEntropy after a Softmax; if they are numbers, end with one unit.`
          : "";
      throw new ShapeError(
        `${name} compares numbers of equal shape, but the output is ${formatShape(one)} and the target ${formatShape(other)}.${hint}`,
        [0, 1],
      );
    }
    return reshaped(target, output.shape);
  };
}

/** Targets with one probability per class, C classes in the output's last dimension; indices become one-hot. */
function classesOf(target: Tensor, output: Tensor): Tensor {
  const [one, other] = [output.shape.slice(1), target.shape.slice(1)];
  const classes = one.at(-1) ?? 1;
  if (classes < 2) {
    throw new ShapeError(
      `CrossEntropy needs a probability for each of at least two classes, but the output is ${formatShape(one)}. For a single probability use BinaryCrossEntropy.`,
    );
  }
  if (sameShape(one, other)) return target;
  const indices = one.slice(0, -1);
  if (sameShape(indices, other) || sameShape([...indices, 1], other)) {
    return oneHot(reshaped(target, output.shape.slice(0, -1)), { classes });
  }
  throw new ShapeError(
    `CrossEntropy takes targets ${formatShape(indices)} (class indices) or ${formatShape(one)} (a probability for each class) for the output ${formatShape(one)}, but they are ${formatShape(other)}.`,
    [0, 1],
  );
}

/** −Σ t log p over the last dimension. */
function crossEntropy(logProbabilities: Tensor, t: Tensor): Tensor {
  return negate(sum(multiply(t, logProbabilities), { axes: [t.shape.length - 1], keep: false }));
}

function square(x: Tensor): Tensor {
  return multiply(x, x);
}

/** [N, …] → [N]. */
function meanOfSample(x: Tensor): Tensor {
  return x.shape.length === 1 ? x : mean(x, { axes: axesOf(x.shape).slice(1), keep: false });
}

/** [N, …] → [N]. */
function sumOfSample(x: Tensor): Tensor {
  return x.shape.length === 1 ? x : sum(x, { axes: axesOf(x.shape).slice(1), keep: false });
}
