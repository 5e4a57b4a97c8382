// What is said of trainings.

import { type Cases, check, goodEntries, points, ready, train, twoInputs } from "./case";

export const ofTrainings = {
  "missing-entry": [
    {
      text: train("optimizer: Adam", "train «Net» on Points"),
      says: "this train needs loss, for example `loss: MSE`",
      fixed: train("  loss: MSE\noptimizer: Adam"),
    },
    {
      text: train("loss: MSE", "train «Net» on Points"),
      says: "this train needs optimizer, for example `optimizer: SGD`",
    },
  ],
  "input-count": [
    {
      text: `${points}network Two(a: [2], b: [2]) {\n  return a + b\n}\ntrain «Two» on Points {\n${goodEntries}\n}`,
      says: "Two has 2 inputs, but a data set feeds exactly one",
      related: ["a is an input", "b is an input"],
    },
  ],
  "data-shape": [
    {
      text: train(goodEntries, "train Net on «Points»"),
      says: "a sample of Points is [8], but x needs [2]",
      data: ready({ inputShape: [8] }),
      related: ["x is [2]", "Points gives [8]"],
    },
  ],
  "loss-shape": [{ text: train("loss: «MSE»\noptimizer: Adam"), says: "", data: ready({ targetShape: [7] }) }],
  "class-count": [
    {
      text: train(goodEntries, "train Net on «Points»"),
      says: "Points has 4 classes, but the network tells only 3 apart",
      data: ready({ classes: ["a", "b", "c", "d"] }),
    },
  ],
  "loss-not-single": [
    {
      text: train("loss: «(h - target)^2»\noptimizer: Adam"),
      says: "a loss is a single number for each sample, but this is [3]: take its mean or its sum",
      data: ready({ targetShape: [3] }),
      fixed: train("loss: mean((h - target)^2)\noptimizer: Adam"),
    },
  ],
  "loss-in-formula": [
    {
      text: train("loss: «CrossEntropy» + 0.01 * sum(h.W^2)\noptimizer: Adam"),
      says: "CrossEntropy cannot be a part of an expression: write its formula, and penalties under `regularize`",
    },
  ],
  "layer-in-formula": [
    {
      text: train("loss: sum(«Softmax(h)» * target)\noptimizer: Adam"),
      says: "Softmax is a layer: bind it to a name in the network and write that name here",
    },
    {
      text: check("expect «ReLU(h)» == 0"),
      says: "ReLU is a layer: bind it to a name in the network and write that name here",
    },
  ],
  "block-as-network": [
    {
      text: `${points}${twoInputs}train «Both» on Points {\n${goodEntries}\n}`,
      says: "Both is a block: use it in a network, and train or check that",
    },
  ],
  "training-error": [
    {
      text: `${train("loss: MSE\noptimizer: Adm")}\ncheck "c" after «Net» {\n  expect loss < 1\n}`,
      says: "Net cannot run before its errors are gone",
      related: ["Net is declared here"],
    },
  ],
  "network-error": [
    {
      text: `${points}network Bad(x: [2]) {\n  return x -> Nonsense\n}\ntrain «Bad» on Points {\n${goodEntries}\n}`,
      says: "Bad cannot run before its errors are gone",
    },
  ],
} satisfies Cases;
