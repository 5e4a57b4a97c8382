// What is said of trainings, and while they run.

import type { Explanation } from "../explanation";
import { check, train } from "./texts";

/** y = 2x + 1. The loss bends by 2 · mean(x²) = 15 along the weight: a step with a rate above 2/15 goes too far. */
const line = (rate: number): string =>
  train({
    entries: `loss: MSE\n  optimizer: SGD(rate: ${rate})\n  batch: 4\n  epochs: 200`,
    source: "Table(inputs: [[1], [2], [3], [4]], targets: [3, 5, 7, 9])",
    inputs: "x: [1]",
    stages: "-> Dense(1) as y",
  });

export const ofTrainings: Readonly<Record<string, Explanation>> = {
  "missing-entry": {
    means: "A `train` needs a loss and an optimizer.",
    repair: "The quick fix adds the line.",
    example: train({ entries: "loss: CrossEntropy" }),
  },
  "input-count": {
    means: "A data set feeds one value into the network for each sample.",
    repair: "Give the network one input; take it apart inside with `x[0]` or `Slice`.",
    example: `data Points = Spiral\n\nnetwork Two(a: [2], b: [2]) {\n  return a + b\n}\n\ntrain Two on Points {\n  loss: MSE\n  optimizer: SGD\n}\n`,
  },
  "data-shape": {
    means: "A sample of the data has another shape than the network's input.",
    repair: "Quick fixes change the input, or give the samples the input's shape where they have as many numbers.",
    example: train({ inputs: "x: [4]" }),
  },
  "loss-shape": {
    means: "The loss cannot compare this output with targets of this shape.",
    repair:
      "For classes end with one unit for each and `Softmax`, and use `CrossEntropy`; for numbers end with as many units as a target has. An image needs `Flatten` before the first `Dense`.",
    example: train({ entries: "loss: MSE\n  optimizer: SGD", stages: "-> Dense(3)" }),
  },
  "loss-not-single": {
    means: "A loss written as an expression must be a single number for each sample.",
    repair: "Take its mean or its sum.",
    example: train({
      entries: "loss: (h - target)^2\n  optimizer: SGD",
      stages: "-> Dense(3) as h",
    }),
  },
  "loss-in-formula": {
    means: "A loss of the catalog stands inside of an expression.",
    repair: "Write its formula, or keep the loss alone and put penalties under `regularize: [L2(0.01)]`.",
    example: train({ entries: "loss: CrossEntropy + 0.01 * sum(h.W^2)\n  optimizer: SGD" }),
  },
  "layer-in-formula": {
    means: "A layer stands in a loss or an `expect`, where only what has been computed can be looked at.",
    repair: "Bind the layer's output to a name in the network, and write that name here.",
    example: check("expect ReLU(h) == h"),
  },
  "class-count": {
    means: "The network has fewer outputs than the data has classes, so it could never name the others.",
    repair: "The quick fix gives the last layer one unit for each class.",
    example: train({ source: "Spiral(classes: 5)" }),
  },
  "network-error": {
    means: "The network of this training or check has errors, so it cannot run.",
    repair: "Repair the network; this one goes away by itself.",
    example: train({ stages: "-> Nonsense" }),
  },
  "training-error": {
    means: "The training that this check runs after has errors.",
    repair: "Repair the training; this one goes away by itself.",
    example: `${train({ entries: "loss: CrossEntropy\n  optimizer: Adm" })}\ncheck "it has learnt" after Net {\n  expect loss < 1\n}\n`,
  },
  "not-finite": {
    means:
      "A number became infinite or NaN, which is no number at all. Every further step would only spread it, so the training ended with the weights from before that step. The message says where it began and what went in; **Explain** beside it shows the formula with its numbers. Mostly the learning rate is too large: every update overshoots by more than it corrects, and weights and loss grow until float32 cannot hold them, above $3.4 \\cdot 10^{38}$. Otherwise something was computed that is not defined: the logarithm of a number that is not above 0, a division by 0, an exponential above 88.",
    repair:
      "Lower the rate, to a tenth at a time. Clip gradients that are large only now and then, `clip: Norm(1)`. Bring the numbers near 1: `scale` of the data, a `BatchNorm` or `LayerNorm` between layers. In a formula of your own keep each function where it is defined, `log(x + 1e-7)`.",
    example: line(0.5),
    mended: line(0.05),
  },
};
