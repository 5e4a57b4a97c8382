import { describe, expect, test } from "vitest";
import { analyze } from "../../../extension/language/analyze";
import { errorsOf, failuresOf, moduleOf, spiral } from "./programs";

describe("train", () => {
  const entries = `  loss: CrossEntropy
  optimizer: SGD(0.1, momentum: 0.9)
  schedule: Cosine(warmup: 2)
  batch: 16
  steps: 50
  validation: Other
  metrics: [accuracy, f1]
  regularize: [L1(0.001), L2(0.01)]
  clip: Norm(1.0)
  stop: EarlyStopping(patience: 5)
  seed: 7
  shuffle: false`;

  test("train Network(attribute: value) on Data as Name { … } with all its entries", () => {
    const text = `${spiral}data Other = Spiral(seed: 2)\ntrain Classifier(hidden: 8) on Spirals as Small {\n${entries}\n}`;
    expect(moduleOf(text).trainings[1]).toMatchObject({
      name: "Small",
      network: { attributes: [{ name: "hidden", value: 8 }] },
      optimizer: { name: "SGD", arguments: { rate: 0.1, momentum: 0.9 } },
      schedule: { name: "Cosine", arguments: { warmup: 2 } },
      batchSize: 16,
      steps: 50,
      validation: { kind: "data", data: { name: "Other" } },
      metrics: ["accuracy", "f1"],
      regularize: [{ name: "L1" }, { name: "L2" }],
      clip: { name: "Norm", arguments: { limit: 1 } },
      stop: { name: "EarlyStopping", arguments: { patience: 5 } },
      seed: 7,
      shuffle: false,
    });
  });

  test("validation is a fraction or a data set; a training lasts for epochs or for steps", () => {
    const training = (entries: string) =>
      moduleOf(
        `data P = Plane\ndata Q = Plane(seed: 1)\nnetwork N(x: [2]) {\n  return x -> Dense(1)\n}\ntrain N on P {\n  loss: MSE\n  optimizer: SGD\n  ${entries}\n}`,
      ).trainings[0]!;
    expect(training("validation: 0.25\n  epochs: 7")).toMatchObject({
      validation: { kind: "fraction", fraction: 0.25 },
      epochs: 7,
    });
    expect(training("validation: Q\n  steps: 9")).toMatchObject({
      validation: { kind: "data", data: { name: "Q" } },
      steps: 9,
    });
  });

  test("and runs with them", { timeout: 60_000 }, async () =>
    expect(
      await failuresOf(
        `${spiral.slice(0, spiral.indexOf("check"))}data Other = Spiral(classes: 3, seed: 2)\ntrain Classifier(hidden: 8) on Spirals as Small {\n${entries}\n}\ncheck "c" after Small {\n  expect loss > 0\n  expect f1 <= 1\n  expect norm(h1.W) > 0\n}`,
      ),
    ).toEqual([]),
  );

  test.each([
    ["5", { epochs: 5 }],
    ['"spirals.safetensors"', { epochs: 1, path: "spirals.safetensors" }],
  ])("checkpoint: %s writes the training down", (written, checkpoint) => {
    const text = spiral.replace("  seed: 42", `  seed: 42\n  checkpoint: ${written}`);
    expect(moduleOf(text).trainings[0]!.checkpoint).toEqual(checkpoint);
    expect(moduleOf(spiral).trainings[0]!.checkpoint).toBeUndefined();
  });

  test.each([
    [
      '"spirals.npz"',
      'checkpoint must be a number of epochs, or a file whose name ends in .safetensors; "spirals.npz" was given',
    ],
    ["0", "checkpoint must be at least 1; 0 was given"],
  ])("checkpoint: %s is wrong, and it says why", (written, message) =>
    expect(errorsOf(analyze(spiral.replace("  seed: 42", `  seed: 42\n  checkpoint: ${written}`)))).toEqual([message]),
  );

  test("backend: wasm is what computes", () =>
    expect(errorsOf(analyze(spiral.replace("  seed: 42", "  seed: 42\n  backend: wasm")))).toEqual([]));

  test.each([
    ["pytorch", "`backend: pytorch` is part of the language, but this version cannot run it yet"],
    ["cuda", "backend must be one of wasm, pytorch; cuda was given"],
  ])("backend: %s does not run, and says so", (written, message) =>
    expect(errorsOf(analyze(spiral.replace("  seed: 42", `  seed: 42\n  backend: ${written}`)))).toEqual([message]),
  );
});
