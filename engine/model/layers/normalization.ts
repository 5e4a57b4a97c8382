// Layers that bring the numbers of a sample to a common scale.

import { number } from "../arguments";
import { ones, zeros } from "../initializers";
import { layer } from "../layer";
import { add, divide, multiply, sqrt, subtract } from "../ops/elementwise";
import { mean } from "../ops/reduction";
import { ShapeError } from "../shape";

export const LayerNorm = layer({
  category: "normalization",
  traits: { role: "normalization" },
  summary:
    "Brings the last dimension of each sample to mean 0 and variance 1, then scales and shifts each feature by what is learnt.",
  equation: String.raw`y = \gamma \odot \hat x + \beta,\quad \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}},\quad \mu = \tfrac1d \sum_i x_i,\ \sigma^2 = \tfrac1d \sum_i (x_i - \mu)^2`,
  gradient: String.raw`\frac{\partial L}{\partial \hat x} = \frac{\partial L}{\partial y} \odot \gamma
\frac{\partial L}{\partial x} = \frac{1}{\sqrt{\sigma^2 + \epsilon}} \left(\frac{\partial L}{\partial \hat x} - \tfrac1d \sum_i \frac{\partial L}{\partial \hat x_i} - \hat x\,\tfrac1d \sum_i \frac{\partial L}{\partial \hat x_i} \hat x_i\right)
\frac{\partial L}{\partial \gamma} = \sum_n \frac{\partial L}{\partial y_n} \odot \hat x_n
\frac{\partial L}{\partial \beta} = \sum_n \frac{\partial L}{\partial y_n}`,
  source: "Ba, Kiros & Hinton 2016, eq. 4; torch.nn.LayerNorm",
  arguments: {
    epsilon: number({ above: 0, default: 1e-5, summary: "Added to the variance, so that a constant has one too, ε." }),
  },
  weights: (_, input) => {
    const features = input.at(-1);
    if (features === undefined) throw new ShapeError("LayerNorm needs a vector, but gets a single number.");
    return {
      gamma: { shape: [features], initializer: ones },
      beta: { shape: [features], initializer: zeros },
    };
  },
  forward: (x, { gamma, beta }, { epsilon }) => {
    const overFeatures = { axes: [x.shape.length - 1], keep: true };
    const centered = subtract(x, mean(x, overFeatures));
    const variance = mean(multiply(centered, centered), overFeatures);
    const deviation = sqrt(add(variance, x.graph.scalar(epsilon)));
    return add(multiply(divide(centered, deviation), gamma!), beta!);
  },
  example: { inputs: [[2, 4]] },
});
