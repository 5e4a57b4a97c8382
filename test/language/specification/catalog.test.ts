// The language as it is specified, sentence by sentence and in that order: layers, activations, losses, optimizers. The names of the tests are the sentences.

import { describe, expect, test } from "vitest";
import { documentation, isPlanned } from "../../../engine/model/catalog";
import type { CallableKind } from "../../../engine/protocol/catalog";
import { analyze } from "../../../extension/language/analyze";
import { masha } from "../../lecture";
import { errorsOf, failuresOf, mashaCheck, moduleOf, shapesOf } from "./programs";

describe("Layers, activations, losses, optimizers", () => {
  const names: readonly (readonly [CallableKind, string])[] = [
    [
      "layer",
      "Dense Conv2D ConvTranspose2D DepthwiseConv2D MaxPool2D AvgPool2D GlobalAvgPool Flatten Reshape Transpose",
    ],
    ["layer", "Concat Slice Dropout BatchNorm LayerNorm Embedding LSTM GRU SelfAttention"],
    ["layer", "ReLU LeakyReLU ELU GELU SiLU Sigmoid Tanh Softplus Softmax LogSoftmax"],
    ["loss", "MSE HalfMSE MAE Huber BinaryCrossEntropy CrossEntropy"],
    ["optimizer", "SGD RMSProp Adagrad Adam AdamW"],
    ["schedule", "Constant Step Exponential Cosine"],
    ["dataset", "Csv Idx Npy Npz Json Table Spiral Moons Circles Blobs Xor Plane Sine"],
    ["regularizer", "L1 L2"],
    ["clip", "Norm"],
    ["stopping", "EarlyStopping"],
    ["metric", "accuracy mse f1"],
  ];

  test.each(names)("%s: %s", (kind, list) =>
    expect(list.split(" ").filter((name) => documentation(kind, name) === undefined && !isPlanned(kind, name))).toEqual(
      [],
    ),
  );

  test("Dense(units, bias: true, init:, l1:, l2:)", () =>
    expect(documentation("layer", "Dense")!.arguments.map(({ name }) => name)).toEqual([
      "units",
      "bias",
      "init",
      "l1",
      "l2",
    ]));

  test.each<readonly [CallableKind, string, string]>([
    ["layer", "Conv2D", "filters kernel stride padding"],
    ["layer", "Dropout", "rate"],
    ["layer", "Embedding", "count size"],
    ["layer", "SelfAttention", "heads causal"],
    ["optimizer", "SGD", "rate momentum nesterov"],
    ["schedule", "Cosine", "warmup"],
    ["dataset", "Idx", "images labels"],
    ["dataset", "Table", "inputs targets"],
  ])("%s %s takes %s", (kind, name, list) => {
    const names = list.split(" ");
    const documented = documentation(kind, name)!.arguments.map((argument) => argument.name);
    expect(documented.slice(0, names.length)).toEqual(names);
  });

  test.each([
    ["valid", [4, 6, 6]],
    ["same", [4, 8, 8]],
    ["2", [4, 10, 10]],
  ])("padding: valid|same|int: with %s an 8 × 8 image is %j under a 3 × 3 kernel", (padding, shape) =>
    expect(shapesOf(`  return x -> Conv2D(4, kernel: 3, padding: ${padding}) as c`, "x: [1, 8, 8]").c).toEqual(shape),
  );

  // As torch 2's documentation gives them; Keras has momentum 0.99 with the other meaning, ε = 1e-3, slope 0.3,
  // ρ = 0.9 and ε = 1e-7.
  test.each<readonly [CallableKind, string, object]>([
    ["layer", "BatchNorm", { momentum: 0.1, epsilon: 1e-5 }],
    ["layer", "LayerNorm", { epsilon: 1e-5 }],
    ["layer", "LeakyReLU", { slope: 0.01 }],
    ["layer", "ELU", { alpha: 1 }],
    ["layer", "Dropout", { rate: 0.5 }],
    ["loss", "Huber", { delta: 1 }],
    ["optimizer", "RMSProp", { rate: 0.01, rho: 0.99, epsilon: 1e-8 }],
    ["optimizer", "Adagrad", { rate: 0.01, epsilon: 1e-10 }],
    ["optimizer", "Adam", { rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
    ["optimizer", "AdamW", { decay: 0.01 }],
  ])("defaults are PyTorch's where Keras differs: %s %s %j", (kind, name, defaults) => {
    const documented = documentation(kind, name)!.arguments.map((argument) => [argument.name, argument.default]);
    expect(Object.fromEntries(documented)).toMatchObject(defaults);
  });

  /** Of a network that gives what it gets. */
  const lossCheck = (loss: string, inputs: string, target: string, expected: string) =>
    `network Same(y: [3]) {\n  return y\n}\ncheck "c" on Same(y: ${inputs}) {\n  target: ${target}\n  loss: ${loss}\n  tolerance: 1e-12\n  expect loss == ${expected}\n}`;

  const lossOf = (...parts: Parameters<typeof lossCheck>) => failuresOf(lossCheck(...parts));

  test.each([
    ["MSE is the mean over all elements", "MSE", "[[1, 2, 0], [3, 5, 0]]", "[[0, 0, 0], [0, 0, 0]]", "39 / 6"],
    ["HalfMSE is 1/(2N)·Σ‖ŷ−t‖²", "HalfMSE", "[[1, 2, 0], [3, 5, 0]]", "[[0, 0, 0], [0, 0, 0]]", "39 / 4"],
    ["MAE", "MAE", "[1, -2, 0]", "[0, 0, 0]", "1"],
    ["Huber is a parabola near 0 and a line far away", "Huber", "[0.5, -3, 0]", "[0, 0, 0]", "(0.125 + 2.5) / 3"],
    [
      "BinaryCrossEntropy is clipped to [1e-7, 1 - 1e-7]",
      "BinaryCrossEntropy",
      "[0, 1, 1]",
      "[1, 0, 1]",
      "-(log(1e-7) + log(1 - (1 - 1e-7)) + log(1 - 1e-7)) / 3",
    ],
    ["CrossEntropy is on probabilities and takes class indices", "CrossEntropy", "[0.2, 0.7, 0.1]", "1", "-log(0.7)"],
    ["CrossEntropy takes one-hot targets", "CrossEntropy", "[0.2, 0.7, 0.1]", "[0, 1, 0]", "-log(0.7)"],
  ])("%s", async (_, loss, inputs, target, expected) =>
    expect(await lossOf(loss, inputs, target, expected)).toEqual([]),
  );

  test("CrossEntropy is fused with a Softmax in front of it for stability, and each layer has its own gradient", async () => {
    const checked = (x: string, expectations: string) =>
      failuresOf(
        `network N(x: [2]) {\n  return x -> Softmax as p\n}\ncheck "c" on N(x: ${x}) {\n  target: 1\n  loss: CrossEntropy\n  ${expectations}\n}`,
      );
    // Without it the probability would be 0 and the loss infinite.
    expect(await checked("[1000, 0]", "expect loss == 1000")).toEqual([]);
    expect(await checked("[0, 0]", "expect grad(p) == [0, -2]\n  expect grad(x) == [0.5, -0.5]")).toEqual([]);
  });

  test("BinaryCrossEntropy is fused with a Sigmoid in the same way", async () =>
    expect(
      await failuresOf(
        'network N(x: [1]) {\n  return x -> Sigmoid as p\n}\ncheck "c" on N(x: [-1000]) {\n  target: [1]\n  loss: BinaryCrossEntropy\n  expect loss == 1000\n  expect grad(x) == [-1]\n}',
      ),
    ).toEqual([]));

  test("a class index that the output does not have is refused", () =>
    expect(errorsOf(analyze(lossCheck("CrossEntropy", "[0.2, 0.7, 0.1]", "3", "0")))).toEqual([
      "there is no class 3: the output's 3 are numbered 0 to 2",
    ]));

  test("a loss may be any expression over the network's values and target", async () => {
    expect(
      await mashaCheck(
        "target: [[2], [1]]\nloss: mean((y - target)^2) + 0.01 * sum(W1^2)\nexpect loss == 0.5 + 0.0225\nexpect grad(W1)[1, 1] == 0\nexpect grad(W2) == [[-2], [0]]",
      ),
    ).toEqual([]);
    const { trainings } = moduleOf(
      `data P = Plane\n${masha}train Masha on P {\n  loss: mean((y - target)^2) + 0.01 * sum(W1^2)\n  optimizer: Adam\n}`,
    );
    expect(trainings[0]!.loss).toMatchObject({ kind: "formula", text: "mean((y - target)^2) + 0.01 * sum(W1^2)" });
  });
});
