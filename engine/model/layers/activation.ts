// Activations: functions of every number alone, and the two that turn a vector into probabilities.

import { number } from "../arguments";
import type { Tensor } from "../graph";
import { transformation } from "../layer";
import { add, clip, erf, expm1, greater, multiply, relu, select, sigmoid, softplus, tanh } from "../ops/elementwise";
import { logSoftmax, softmax } from "../ops/reduction";
import { ShapeError } from "../shape";

export const ReLU = transformation({
  category: "activation",
  traits: { role: "activation", range: [0, Number.POSITIVE_INFINITY], usual: true },
  summary: "Lets positive numbers through and makes the others 0. Its gradient at exactly 0 is 0.",
  equation: String.raw`y = \max(0, x)`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot [x > 0]`,
  source: "Nair & Hinton 2010",
  arguments: {},
  forward: (x) => relu(x),
  example: { inputs: [[4]] },
});

export const LeakyReLU = transformation({
  category: "activation",
  traits: { role: "activation" },
  summary: "Like ReLU, but negative numbers keep a small share, so that no unit dies.",
  equation: String.raw`y = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot \begin{cases} 1 & x > 0 \\ \alpha & x \le 0 \end{cases}`,
  source: "Maas, Hannun & Ng 2013, eq. 2",
  arguments: { slope: number({ min: 0, default: 0.01, summary: "Share α that negative numbers keep." }) },
  forward: (x, { slope }) => {
    const zero = x.graph.scalar(0);
    return select(greater(x, zero), x, multiply(x, x.graph.scalar(slope)));
  },
  example: { inputs: [[4]], arguments: { slope: 0.1 } },
});

export const ELU = transformation({
  category: "activation",
  traits: { role: "activation" },
  summary: "Like ReLU above 0; below it approaches −α smoothly.",
  equation: String.raw`y = \begin{cases} x & x > 0 \\ \alpha (e^{x} - 1) & x \le 0 \end{cases}`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot \begin{cases} 1 & x > 0 \\ \alpha e^{x} & x \le 0 \end{cases}`,
  source: "Clevert, Unterthiner & Hochreiter 2016, eq. 15",
  arguments: { alpha: number({ above: 0, default: 1, summary: "How far below 0 it goes, α." }) },
  forward: (x, { alpha }) => {
    // Clipped so that eˣ of a large x, which is not used, does not overflow.
    const negative = clip(x, { min: Number.NEGATIVE_INFINITY, max: 0 });
    return select(greater(x, x.graph.scalar(0)), x, multiply(x.graph.scalar(alpha), expm1(negative)));
  },
  example: { inputs: [[4]], arguments: { alpha: 1.5 } },
});

export const GELU = transformation({
  category: "activation",
  traits: { role: "activation" },
  summary: "The input times the probability that a standard normal number is below it.",
  equation: String.raw`y = x\,\Phi(x) = \tfrac{x}{2}\left(1 + \operatorname{erf}\tfrac{x}{\sqrt 2}\right)`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot \left(\Phi(x) + x\,\varphi(x)\right)`,
  source: "Hendrycks & Gimpel 2016, eq. 1; exact, without the tanh approximation",
  arguments: {},
  forward: (x) => {
    const half = multiply(x, x.graph.scalar(0.5));
    const cumulative = erf(multiply(x, x.graph.scalar(Math.SQRT1_2)));
    return multiply(half, add(cumulative, x.graph.scalar(1)));
  },
  example: { inputs: [[4]] },
});

export const SiLU = transformation({
  category: "activation",
  traits: { role: "activation" },
  summary: "The input times its sigmoid, also called swish.",
  equation: String.raw`y = x\,\sigma(x)`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot \sigma(x)\left(1 + x\,(1 - \sigma(x))\right)`,
  source: "Elfwing, Uchibe & Doya 2018, eq. 4",
  arguments: {},
  forward: (x) => multiply(x, sigmoid(x)),
  example: { inputs: [[4]] },
});

export const Sigmoid = transformation({
  category: "activation",
  traits: { role: "activation", gives: "probability", range: [0, 1], saturates: true },
  summary: "Squeezes every number into (0, 1): the probability whose log odds it is.",
  equation: String.raw`y = \sigma(x) = \frac{1}{1 + e^{-x}}`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot y\,(1 - y)`,
  source: "Goodfellow, Bengio & Courville 2016, section 3.10",
  arguments: {},
  forward: (x) => sigmoid(x),
  example: { inputs: [[4]] },
});

export const Tanh = transformation({
  category: "activation",
  traits: { role: "activation", range: [-1, 1], saturates: true },
  summary: "Squeezes every number into (−1, 1).",
  equation: String.raw`y = \tanh x`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot (1 - y^2)`,
  source: "LeCun et al. 1998, “Efficient BackProp”, section 4.4",
  arguments: {},
  forward: (x) => tanh(x),
  example: { inputs: [[4]] },
});

export const Softplus = transformation({
  category: "activation",
  traits: { role: "activation", range: [0, Number.POSITIVE_INFINITY] },
  summary: "A smooth ReLU, always positive.",
  equation: String.raw`y = \log(1 + e^{x})`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \odot \sigma(x)`,
  source: "Dugas et al. 2001",
  arguments: {},
  forward: (x) => softplus(x),
  example: { inputs: [[4]] },
});

export const Softmax = transformation({
  category: "activation",
  traits: { role: "activation", gives: "probabilities", range: [0, 1] },
  summary: "Turns the numbers of the last dimension into probabilities that add up to 1.",
  equation: String.raw`y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}`,
  gradient: String.raw`\frac{\partial y_i}{\partial x_j} = y_i\,(\delta_{ij} - y_j)
\frac{\partial L}{\partial x} = y \odot \left(\frac{\partial L}{\partial y} - \sum_j \frac{\partial L}{\partial y_j}\,y_j\right)`,
  source: "Bridle 1990; Goodfellow, Bengio & Courville 2016, section 6.2.2.3",
  arguments: {},
  forward: (x) => softmax(needsVector("Softmax", x)),
  example: { inputs: [[4]] },
});

export const LogSoftmax = transformation({
  category: "activation",
  traits: { role: "activation", gives: "logProbabilities", range: [Number.NEGATIVE_INFINITY, 0] },
  summary: "The logarithm of Softmax, computed without losing small probabilities.",
  equation: String.raw`y_i = x_i - \log \sum_j e^{x_j}`,
  gradient: String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} - e^{y} \sum_j \frac{\partial L}{\partial y_j}`,
  source: "Goodfellow, Bengio & Courville 2016, section 6.2.2.3",
  arguments: {},
  forward: (x) => logSoftmax(needsVector("LogSoftmax", x)),
  example: { inputs: [[4]] },
});

/** x is [N, …]; a sample that is a single number has no dimension to sum over. */
function needsVector(name: string, x: Tensor): Tensor {
  if (x.shape.length < 2) {
    throw new ShapeError(`${name} needs a vector, but gets a single number, whose only probability would be 1.`);
  }
  return x;
}
