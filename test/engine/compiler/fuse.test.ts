// What is fused computes what it was before, and the forms that training gives are found.

import { describe, expect, test } from "vitest";
import type { Tensor } from "../../../engine/model/graph";
import { randomStream, streamOf } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray } from "../../../engine/protocol/array";
import { PassGraph } from "../../../engine/runtime/pass";
import { analyze } from "../../../extension/language/analyze";
import { difference, float32, runBoth } from "./machine-run";

// Sums of up to a hundred float32 terms, through a few layers.
const tolerance = 1e-5;

describe("training a network", () => {
  const classes = `data Points = Moons(samples: 20, noise: 0.1)`;

  test("multiplies, adds the bias and applies the activation in one operation, and so back", () => {
    const names = compare(
      `${classes}
       network N(x: [2]) { return x -> Dense(7) -> ReLU -> Dense(5) -> Tanh -> Dense(2) -> Softmax }
       train N on Points { loss: CrossEntropy optimizer: SGD batch: 9 }`,
    );
    expect(names.filter((name) => name === "linear")).toHaveLength(3);
    expect(names.filter((name) => name === "matmulMasked")).toHaveLength(2);
    expect(names).toContain("logSoftmaxGradient");
    expect(names).not.toContain("relu");
    expect(names).not.toContain("tanh");
    expect(names).not.toContain("greater");
  });

  test("keeps an activation's input when someone looks at it", () => {
    const names = compare(
      `${classes}
       network N(x: [2]) { return x -> Dense(7) as h -> ReLU -> Dense(2) -> Softmax }
       train N on Points { loss: CrossEntropy optimizer: SGD batch: 9 }`,
      ["h"],
    );
    expect(names).toContain("relu");
  });

  test("convolves with bias and activation in one operation, and pools back in one", () => {
    const names = compare(
      `data Images = Csv("images.csv")
       network N(x: [2, 6, 6]) { return x -> Conv2D(3, 3) -> ReLU -> MaxPool2D(2) -> Flatten -> Dense(2) -> Sigmoid }
       train N on Images { loss: BinaryCrossEntropy optimizer: SGD batch: 5 }`,
    );
    expect(names).toContain("conv2dBias");
    expect(names).toContain("maxPool2dGradient");
    expect(names).not.toContain("spreadAt");
  });

  test("multiplies all steps of all sequences at once, and so back", () => {
    const names = compare(
      `data Sequences = Csv("sequences.csv")
       network N(x: [5, 3]) { return x -> Dense(4) -> Tanh -> Flatten -> Dense(2) }
       train N on Sequences { loss: MSE optimizer: SGD batch: 6 }`,
    );
    expect(names).toContain("matmulOverBatch");
  });

  test("picks the rows of an embedding instead of multiplying by ones and zeros", () => {
    const names = compare(
      `data Words = Csv("words.csv")
       network N(x: [4]) { return x -> Embedding(9, 3) -> Flatten -> Dense(2) }
       train N on Words { loss: MSE optimizer: SGD batch: 5 }`,
      [],
      (name) => (name === "x" ? [0, 8.999] : [-1, 1]),
    );
    expect(names).toContain("gatherRows");
    expect(names).toContain("scatterRows");
    expect(names).not.toContain("oneHot");
  });
});

/** Runs loss and gradients of the training in both ways; gives the names of the operations that ran on the machine. */
function compare(
  text: string,
  values: readonly string[] = [],
  range: (feed: string) => readonly [number, number] = () => [-1, 1],
): string[] {
  const [training] = analyze(text).module.trainings;
  const { network, loss, batchSize } = training!;
  const output = network.values.find(({ id }) => id === network.outputs[0]!.value)!;
  const isClasses = loss.kind === "call" && loss.call.name === "CrossEntropy";
  const graph = new PassGraph(network, {
    batchSize,
    mode: "train",
    loss: { loss, targetShape: isClasses ? [] : output.shape!, reduction: "mean" },
    values,
    gradients: network.parameters.map(({ id }) => id),
  });
  const wanted: Tensor[] = [graph.loss!, ...values.map((id) => graph.tensor(id)), ...graph.gradients.values()];
  const feeds = new Map<string, NdArray>();
  for (const node of graph.loss!.graph.nodes) {
    if (node.kind !== "feed") continue;
    const whole = node.name === "target" && isClasses;
    feeds.set(
      node.name,
      numbers(node.name, node.shape, whole ? [0, 1.999] : range(node.name), whole || range(node.name)[1] > 2),
    );
  }
  const { machine, oracle, plan } = runBoth(wanted, feeds);
  for (const [position, expected] of oracle.entries()) {
    expect(difference(machine[position]!, expected)).toBeLessThan(tolerance);
  }
  return plan.operations.map(({ name }) => name);
}

function numbers(
  name: string,
  shape: readonly number[],
  [low, high]: readonly [number, number],
  whole: boolean,
): NdArray {
  const random = randomStream(1, streamOf(name));
  const next = () => low + (high - low) * random();
  return float32({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => (whole ? Math.floor(next()) : next())),
  });
}
