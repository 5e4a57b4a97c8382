// What is said of what runs and is hardly ever meant.

import type { Explanation } from "../explanation";
import { network, train } from "./texts";

export const advice: Readonly<Record<string, Explanation>> = {
  // A loss and what it is given.
  "not-a-probability": {
    means:
      "The loss takes the logarithm of probabilities, and the network gives any numbers. Negative ones have no logarithm: they are clipped, and learn nothing. In nnet the activation belongs to the network, other than in PyTorch, whose `CrossEntropyLoss` contains it; both compute the same, and no precision is lost.",
    repair: "The quick fix ends the network with the activation that gives probabilities.",
    example: train({ stages: "-> Dense(3)" }),
  },
  "logarithm-twice": {
    means: "The loss takes the logarithm itself.",
    repair: "End the network with the activation that gives the probabilities themselves.",
    example: train({ stages: "-> Dense(3) -> LogSoftmax" }),
  },
  "separate-probabilities": {
    means:
      "The loss for one class of several needs probabilities that are 1 together. A probability for each number alone does not force the network to decide: all of them may be large.",
    repair: "Use `Softmax` when one class is right. When several may be, keep it and use `BinaryCrossEntropy`.",
    example: train({ stages: "-> Dense(3) -> Sigmoid" }),
  },
  "joint-probabilities": {
    means:
      "Each output is compared as a yes-or-no answer of its own, but they are 1 together: one says the same as the others.",
    repair: "Use the loss that belongs to the activation, or a single unit with `Sigmoid`.",
    example:
      'network Net(x: [2]) {\n  return x -> Dense(2) -> Softmax\n}\n\ncheck "yes or no" on Net(x: [1, 2]) {\n  target: [1, 0]\n  loss: BinaryCrossEntropy\n  expect loss > 0\n}\n',
  },
  "unreachable-targets": {
    means: "The last activation has bounds, and the targets lie outside: however long it learns, it cannot reach them.",
    repair: "For numbers without bounds end with a `Dense`, without an activation: the quick fix removes it.",
    example: train({
      source: "Sine",
      inputs: "x: [1]",
      stages: "-> Dense(16) -> Tanh -> Dense(1) -> ReLU",
      entries: "loss: MSE\n  optimizer: Adam",
    }),
  },

  // Layers in a row.
  "probabilities-twice": {
    means:
      "Probabilities lie between 0 and 1, so a second `Softmax` sees nearly equal numbers and gives nearly equal probabilities: the loss stops falling early.",
    repair: "The quick fix removes the second one.",
    example: network("return x -> Dense(3) -> Softmax -> Softmax"),
  },
  "probability-of-one": {
    means: "Probabilities over a single number are always 1: nothing can be learnt.",
    repair: "Use `Sigmoid` for one probability, or one unit for each class.",
    example: network("return x -> Dense(1) -> Softmax"),
  },
  "linear-twice": {
    means:
      "$(xW_1)W_2 = x(W_1W_2)$: two linear layers in a row can do no more than one. A first layer that is narrower than both sides is left alone: such a bottleneck may be meant.",
    repair: "The quick fix puts an activation between them.",
    example: network("return x -> Dense(8) -> Dense(3)"),
  },
  "bias-removed": {
    means:
      "The normalization after the layer subtracts the mean over the batch, and with it the layer's bias: the bias has no effect and no gradient.",
    repair: "The quick fix writes `bias: false`. The normalization has a shift of its own.",
    example: network("return x -> Dense(8) -> BatchNorm -> ReLU"),
  },
  "regularized-output": {
    means:
      "While training, a share of the outputs themselves is made 0: the loss then compares the target with a random gap.",
    repair: "Put it in front of the last layer with weights; the quick fix removes it.",
    example: network("return x -> Dense(8) -> ReLU -> Dense(3) -> Dropout(0.2) -> Softmax"),
  },
  "vanishing-gradient": {
    means:
      "The slope of these activations is at most 1 (`Sigmoid`: ¼) and nearly 0 for large numbers. Through many in a row the gradient of the first layers becomes tiny, and they hardly learn.",
    repair: "Use `ReLU` in hidden layers, normalize between them, or lead a sum past them, `x + f(x)`.",
    example: network(`return x${"\n    -> Dense(8) -> Sigmoid".repeat(5)}`),
  },

  // A training and its data.
  "spare-outputs": {
    means:
      "The network has more outputs than the data has classes. It learns that some never occur, which takes time and helps nobody.",
    repair: "The quick fix gives the last layer one unit for each class.",
    example: train({ stages: "-> Dense(12) -> Softmax" }),
  },
  "unscaled-inputs": {
    means:
      "Inputs of this size make large activations and gradients: training is slow or leaps about, and the same learning rate suits no other data.",
    repair: "Scale them, `scale: 1/255`. The quick fix writes the factor, 1/255 for bytes.",
    example: `data Points = Csv("data/digits.csv.gz", header: false)\n\nnetwork Net(x: [64]) {\n  return x -> Dense(10) -> Softmax\n}\n\ntrain Net on Points {\n  loss: CrossEntropy\n  optimizer: SGD\n}\n`,
  },
  "many-parameters": {
    means:
      "With more than ten parameters for each sample a network can learn the samples by heart and be wrong about all others.",
    repair:
      "Take fewer units or more samples, or hold against it: `Dropout`, `regularize`, `stop: EarlyStopping(patience: 5)`. A `validation` shows whether it happens.",
    example: train({ stages: "-> Dense(64) -> ReLU -> Dense(64) -> ReLU -> Dense(3) -> Softmax" }),
  },
  "large-rate": {
    means:
      "These optimizers divide the gradient by its size, so every weight moves by about the learning rate in each step, however small the gradient is.",
    repair: "The quick fix writes the usual rate.",
    example: train({ entries: "loss: CrossEntropy\n  optimizer: Adam(rate: 1)" }),
  },
  "too-much-memory": {
    means:
      "Parameters, their gradients, what the optimizer remembers of them and all that one batch computes stand in memory at the same time, and that is more than can be addressed. The message says which layer needs the most.",
    repair:
      "Make that layer smaller, or the batch. A `Dense` after `Flatten` has a weight for every pixel and unit: pool first.",
    example: train({ stages: "-> Dense(30000) -> ReLU -> Dense(30000) -> ReLU -> Dense(3) -> Softmax" }),
  },
  "batch-too-large": {
    means: "The batch is larger than all the samples there are to train on, so every epoch makes a single update.",
    repair: "Take a smaller batch.",
    example: train({ source: "Spiral(samples: 60)", entries: "loss: CrossEntropy\n  optimizer: SGD\n  batch: 128" }),
  },
};
