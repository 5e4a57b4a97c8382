// Layers that bring the numbers of a sample to a common scale.

import { number } from "../arguments";
import type { Tensor } from "../graph";
import { ones, zeros } from "../initializers";
import { layer } from "../layer";
import { add, divide, multiply, sqrt, subtract } from "../ops/elementwise";
import { reshape } from "../ops/movement";
import { mean } from "../ops/reduction";
import { axesOf, ShapeError, sizeOf } from "../shape";

export const BatchNorm = layer({
  category: "normalization",
  traits: { role: "normalization", removesBias: true },
  summary:
    "Brings each feature to mean 0 and variance 1, then scales and shifts it by what is learnt. While training, mean and variance are those of the batch; otherwise running means of what was seen in training. The channels of an image [C, H, W] are its features, else the last dimension is.",
  equation: String.raw`y = \gamma \odot \hat x + \beta,\quad \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}},\quad \mu = \tfrac1n \sum_n x_n,\ \sigma^2 = \tfrac1n \sum_n (x_n - \mu)^2,\quad \bar\mu \leftarrow (1 - m)\,\bar\mu + m\,\mu,\quad \bar\sigma^2 \leftarrow (1 - m)\,\bar\sigma^2 + m\,\tfrac{n}{n-1}\,\sigma^2`,
  gradient: String.raw`\frac{\partial L}{\partial \hat x} = \frac{\partial L}{\partial y} \odot \gamma
\frac{\partial L}{\partial x} = \frac{1}{\sqrt{\sigma^2 + \epsilon}} \left(\frac{\partial L}{\partial \hat x} - \tfrac1n \sum_n \frac{\partial L}{\partial \hat x_n} - \hat x\,\tfrac1n \sum_n \frac{\partial L}{\partial \hat x_n} \hat x_n\right)
\frac{\partial L}{\partial \gamma} = \sum_n \frac{\partial L}{\partial y_n} \odot \hat x_n
\frac{\partial L}{\partial \beta} = \sum_n \frac{\partial L}{\partial y_n}`,
  source: "Ioffe & Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2; torch.nn.BatchNorm2d",
  arguments: {
    momentum: number({
      min: 0,
      max: 1,
      default: 0.1,
      summary: "Share m of the batch in the running mean and variance; Keras gives 1 − m by this name.",
    }),
    epsilon: number({ above: 0, default: 1e-5, summary: "Added to the variance, so that a constant has one too, ε." }),
  },
  weights: (_, input) => {
    const features = input.length === 3 ? input[0] : input.at(-1);
    if (features === undefined) {
      throw new ShapeError("BatchNorm needs a vector, but gets a single number. Give the input the shape [1].");
    }
    return {
      gamma: { shape: [features], initializer: ones },
      beta: { shape: [features], initializer: zeros },
      mean: { shape: [features], initializer: zeros, running: true },
      variance: { shape: [features], initializer: ones, running: true },
    };
  },
  forward: (x, { gamma, beta, mean: runningMean, variance: runningVariance }, { momentum, epsilon }, run) => {
    const axis = x.shape.length === 4 ? 1 : x.shape.length - 1;
    const features = x.shape[axis]!;
    /** A number for each feature, where x has its features. */
    const along = (weight: Tensor) =>
      reshape(weight, { shape: x.shape.map((_, other) => (other === axis ? features : 1)) });
    const normalized = (center: Tensor, variance: Tensor) =>
      add(
        multiply(divide(subtract(x, center), sqrt(add(variance, x.graph.scalar(epsilon)))), along(gamma!)),
        along(beta!),
      );
    if (run.mode === "eval") return normalized(along(runningMean!), along(runningVariance!));

    const count = sizeOf(x.shape) / features;
    if (count < 2) {
      throw new ShapeError(
        "BatchNorm cannot train on a batch of one sample, in which each feature is a single number: that has no variance. Choose another batch size; the last batch of an epoch is what the others leave.",
      );
    }
    const overSamples = { axes: axesOf(x.shape).filter((other) => other !== axis), keep: true };
    const center = mean(x, overSamples);
    const deviation = subtract(x, center);
    const variance = mean(multiply(deviation, deviation), overSamples);
    const moved = (statistic: Tensor, scale: number) => (current: Tensor) =>
      add(
        multiply(x.graph.scalar(1 - momentum), current),
        multiply(x.graph.scalar(momentum * scale), reshape(statistic, { shape: [features] })),
      );
    run.update?.("mean", moved(center, 1));
    // The running variance is that of all samples there are, as these suggest: n − 1 in place of n.
    run.update?.("variance", moved(variance, count / (count - 1)));
    return normalized(center, variance);
  },
  example: { inputs: [[2, 2, 3]] },
});

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
