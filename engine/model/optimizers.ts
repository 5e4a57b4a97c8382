// Optimizers: how one update turns gradients into new weights. All as PyTorch computes them.

import type { Arguments, Call } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { boolean, lookUp, number, typedArguments } from "./arguments";
import type { Tensor } from "./graph";
import { add, divide, multiply, power, sqrt, subtract } from "./ops/elementwise";

export interface Optimizer {
  /** Arrays of the parameter's size kept between steps, all starting at 0: momentum, second moments. */
  readonly slots: number;
  /** Learning rate, which a schedule may change. */
  readonly rate: number;
  /** Updates `weights` in place. */
  update(weights: Float64Array, gradient: Float64Array, slots: readonly Float64Array[], update: Update): void;
  /** What `update` computes, when it is of a kind that has a kernel; weights and slots are those of `update`. */
  readonly rule?: UpdateRule;
}

/** An update as numbers. Kinds are formulas, which more than one optimizer may share. */
export type UpdateRule =
  | { readonly kind: "gradientDescent" }
  | { readonly kind: "momentum"; readonly momentum: number; readonly nesterov: boolean }
  | { readonly kind: "rmsProp"; readonly rho: number; readonly epsilon: number }
  | { readonly kind: "adagrad"; readonly epsilon: number }
  | {
      readonly kind: "adam";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly decay: number;
    };

/** What an update on paper is made of; tensors of the parameter's shape. */
export interface UpdateTerms {
  readonly w: Tensor;
  readonly g: Tensor;
  readonly slots: readonly Tensor[];
  /** One of the optimizer's own numbers, a scalar, with its letter in LaTeX. */
  number(letter: string, value: number): Tensor;
  readonly update: Update;
}

/** The lines of an update: each gives its letter a new value. Slots come in their order, the weights `w` last. */
export type WrittenUpdate = readonly {
  /** LaTeX. */
  readonly letter: string;
  readonly value: Tensor;
  /** Which array it is kept in for the next step. */
  readonly slot?: number;
}[];

/** The update once more, composed of ops: how a derivation writes it. Throws when there is no optimizer of this name. */
export function writtenUpdate({ name, arguments: args }: Call, terms: UpdateTerms): WrittenUpdate {
  const record = lookUp<OptimizerRecord>(optimizers, name);
  if (!record) throw new Error(`There is no optimizer ${name}.`);
  return record.written(args, terms);
}

export interface Update {
  /** Counts from 1. */
  readonly step: number;
  /** Learning rate of this step. */
  readonly rate: number;
}

/** Throws when there is no optimizer of this name. */
export function optimizer({ name, arguments: args }: Call): Optimizer {
  const record = lookUp<OptimizerRecord>(optimizers, name);
  if (!record) throw new Error(`There is no optimizer ${name}.`);
  return record.create(args);
}

const rate = (value: number) => number({ above: 0, default: value, summary: "Learning rate η, per step." });

const epsilon = (value: number) =>
  number({ above: 0, default: value, summary: "Added to the denominator so that it is never 0." });

const moments = {
  beta1: number({ min: 0, below: 1, default: 0.9, summary: "How much of the gradient's mean is kept each step." }),
  beta2: number({ min: 0, below: 1, default: 0.999, summary: "How much of the squares' mean is kept each step." }),
  epsilon: epsilon(1e-8),
};

export const optimizers = {
  SGD: define({
    summary: "Steps against the gradient, with momentum if wanted.",
    equation: String.raw`v \leftarrow \mu v + g,\quad w \leftarrow w - \eta v`,
    source: "Robbins & Monro 1951; Polyak 1964; Nesterov 1983; torch.optim.SGD",
    arguments: {
      rate: rate(0.01),
      momentum: number({ min: 0, below: 1, default: 0, summary: "How much of the last step is kept, μ." }),
      nesterov: boolean({ default: false, summary: "Whether momentum looks one step ahead: g + μv instead of v." }),
    },
    create: ({ rate, momentum, nesterov }) => ({
      rate,
      slots: momentum > 0 ? 1 : 0,
      rule: momentum > 0 ? { kind: "momentum", momentum, nesterov } : { kind: "gradientDescent" },
      update: (w, g, [v], { rate }) => {
        for (let i = 0; i < w.length; i++) {
          let direction = g[i]!;
          if (v) {
            v[i] = momentum * v[i]! + direction;
            direction = nesterov ? direction + momentum * v[i]! : v[i]!;
          }
          w[i]! -= rate * direction;
        }
      },
    }),
    written: ({ momentum, nesterov }, { w, g, slots: [v], number, update: { rate } }) => {
      const eta = number(String.raw`\eta`, rate);
      if (!v) return [{ letter: "w", value: subtract(w, multiply(eta, g)) }];
      const mu = number(String.raw`\mu`, momentum);
      const velocity = add(multiply(mu, v), g);
      const direction = nesterov ? add(g, multiply(mu, velocity)) : velocity;
      return [
        { letter: "v", value: velocity, slot: 0 },
        { letter: "w", value: subtract(w, multiply(eta, direction)) },
      ];
    },
  }),
  RMSProp: define({
    largestUsualRate: 0.1,
    summary: "Divides each gradient by a running mean of its size.",
    equation: String.raw`v \leftarrow \rho v + (1-\rho) g^2,\quad w \leftarrow w - \eta\,\frac{g}{\sqrt{v} + \epsilon}`,
    source: "Tieleman & Hinton 2012, lecture 6.5; torch.optim.RMSprop",
    arguments: {
      rate: rate(0.01),
      rho: number({ min: 0, below: 1, default: 0.99, summary: "How much of the squares' mean is kept each step, ρ." }),
      epsilon: epsilon(1e-8),
    },
    create: ({ rate, rho, epsilon }) => ({
      rate,
      slots: 1,
      rule: { kind: "rmsProp", rho, epsilon },
      update: (w, g, [v], { rate }) => {
        for (let i = 0; i < w.length; i++) {
          v![i] = rho * v![i]! + (1 - rho) * g[i]! * g[i]!;
          w[i]! -= (rate * g[i]!) / (Math.sqrt(v![i]!) + epsilon);
        }
      },
    }),
    written: ({ rho, epsilon }, { w, g, slots: [v], number, update: { rate } }) => {
      const v1 = decayed(number(String.raw`\rho`, rho), v!, multiply(g, g));
      return [
        { letter: "v", value: v1, slot: 0 },
        { letter: "w", value: stepBy(w, number(String.raw`\eta`, rate), g, v1, number(String.raw`\epsilon`, epsilon)) },
      ];
    },
  }),
  Adagrad: define({
    summary: "Divides each gradient by the size of all its gradients so far: frequent features learn ever slower.",
    equation: String.raw`s \leftarrow s + g^2,\quad w \leftarrow w - \eta\,\frac{g}{\sqrt{s} + \epsilon}`,
    source: "Duchi, Hazan & Singer 2011; torch.optim.Adagrad",
    arguments: { rate: rate(0.01), epsilon: epsilon(1e-10) },
    create: ({ rate, epsilon }) => ({
      rate,
      slots: 1,
      rule: { kind: "adagrad", epsilon },
      update: (w, g, [s], { rate }) => {
        for (let i = 0; i < w.length; i++) {
          s![i]! += g[i]! * g[i]!;
          w[i]! -= (rate * g[i]!) / (Math.sqrt(s![i]!) + epsilon);
        }
      },
    }),
    written: ({ epsilon }, { w, g, slots: [s], number, update: { rate } }) => {
      const s1 = add(s!, multiply(g, g));
      return [
        { letter: "s", value: s1, slot: 0 },
        { letter: "w", value: stepBy(w, number(String.raw`\eta`, rate), g, s1, number(String.raw`\epsilon`, epsilon)) },
      ];
    },
  }),
  Adam: define({
    largestUsualRate: 0.1,
    summary: "Momentum divided by a running mean of the gradient's size, both corrected for their start at 0.",
    equation: String.raw`m \leftarrow \beta_1 m + (1-\beta_1) g,\quad v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad w \leftarrow w - \eta\,\frac{m / (1-\beta_1^t)}{\sqrt{v / (1-\beta_2^t)} + \epsilon}`,
    source: "Kingma & Ba 2015, algorithm 1; torch.optim.Adam",
    arguments: { rate: rate(0.001), ...moments },
    create: ({ rate, beta1, beta2, epsilon }) => adam(rate, beta1, beta2, epsilon, 0),
    written: (args, terms) => writtenAdam({ ...args, decay: 0 }, terms),
  }),
  AdamW: define({
    largestUsualRate: 0.1,
    summary: "Adam with weight decay apart from the gradient: weights shrink by a fixed share each step.",
    equation: String.raw`w \leftarrow (1 - \eta\lambda)\,w - \eta\,\frac{m / (1-\beta_1^t)}{\sqrt{v / (1-\beta_2^t)} + \epsilon}`,
    source: "Loshchilov & Hutter 2019, algorithm 2; torch.optim.AdamW",
    arguments: {
      rate: rate(0.001),
      ...moments,
      decay: number({ min: 0, default: 0.01, summary: "Weight decay λ, times the learning rate per step." }),
    },
    create: ({ rate, beta1, beta2, epsilon, decay }) => adam(rate, beta1, beta2, epsilon, decay),
    written: writtenAdam,
  }),
};

function adam(rate: number, beta1: number, beta2: number, epsilon: number, decay: number): Optimizer {
  return {
    rate,
    slots: 2,
    rule: { kind: "adam", beta1, beta2, epsilon, decay },
    update: (w, g, [m, v], { step, rate }) => {
      const size = rate / (1 - beta1 ** step);
      const correction = Math.sqrt(1 - beta2 ** step);
      const keep = 1 - rate * decay;
      for (let i = 0; i < w.length; i++) {
        const gradient = g[i]!;
        m![i]! += (1 - beta1) * (gradient - m![i]!);
        v![i] = beta2 * v![i]! + (1 - beta2) * gradient * gradient;
        w[i] = keep * w[i]! - (size * m![i]!) / (Math.sqrt(v![i]!) / correction + epsilon);
      }
    },
  };
}

function writtenAdam(
  { beta1, beta2, epsilon, decay }: { beta1: number; beta2: number; epsilon: number; decay: number },
  { w, g, slots: [m, v], number, update: { rate, step } }: UpdateTerms,
): WrittenUpdate {
  const one = w.graph.scalar(1);
  const [b1, b2] = [number(String.raw`\beta_1`, beta1), number(String.raw`\beta_2`, beta2)];
  const eta = number(String.raw`\eta`, rate);
  const corrected = (moment: Tensor, beta: Tensor) => divide(moment, subtract(one, power(beta, w.graph.scalar(step))));
  const m1 = decayed(b1, m!, g);
  const v1 = decayed(b2, v!, multiply(g, g));
  const [mHat, vHat] = [corrected(m1, b1), corrected(v1, b2)];
  const kept = decay > 0 ? multiply(subtract(one, multiply(eta, number(String.raw`\lambda`, decay))), w) : w;
  return [
    { letter: "m", value: m1, slot: 0 },
    { letter: "v", value: v1, slot: 1 },
    { letter: String.raw`\hat m`, value: mHat },
    { letter: String.raw`\hat v`, value: vHat },
    { letter: "w", value: stepBy(kept, eta, mHat, vHat, number(String.raw`\epsilon`, epsilon)) },
  ];
}

/** ρ·mean + (1 − ρ)·x. */
function decayed(rho: Tensor, mean: Tensor, x: Tensor): Tensor {
  return add(multiply(rho, mean), multiply(subtract(rho.graph.scalar(1), rho), x));
}

/** w − η·g / (√v + ε). */
function stepBy(w: Tensor, eta: Tensor, g: Tensor, v: Tensor, epsilon: Tensor): Tensor {
  return subtract(w, multiply(eta, divide(g, add(sqrt(v), epsilon))));
}

interface OptimizerRecord extends Described {
  readonly category: string;
  /** Where an update moves every weight by about the learning rate: more than this is hardly ever meant. */
  readonly largestUsualRate?: number;
  create(args: Arguments): Optimizer;
  written(args: Arguments, terms: UpdateTerms): WrittenUpdate;
}

function define<Specs extends ArgumentSpecs>(
  record: Omit<Described<Specs>, "gradient"> &
    Pick<OptimizerRecord, "largestUsualRate"> & {
      create(args: ArgumentsOf<Specs>): Optimizer;
      written(args: ArgumentsOf<Specs>, terms: UpdateTerms): WrittenUpdate;
    },
): OptimizerRecord {
  return {
    ...record,
    category: "optimizer",
    gradient: "",
    create: (args) => record.create(typedArguments(record.arguments, args)),
    written: (args, terms) => record.written(typedArguments(record.arguments, args), terms),
  };
}
