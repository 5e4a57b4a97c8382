// What is fused computes what it was before, and the forms that training gives are found.

import { describe, expect, test } from "vitest";
import { Graph, type Tensor } from "../../../engine/model/graph";
import { ops } from "../../../engine/model/ops";
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

  test.each([
    ["one class", "-> Flatten -> Dense(4)"],
    ["a class at each step", "-> Dense(4)"],
  ])("takes the loss of %s and its gradient by index", (_, layers) => {
    const names = compare(
      `data Sequences = Csv("sequences.csv")
       network N(x: [5, 3]) { return x ${layers} -> Softmax as p }
       train N on Sequences { loss: CrossEntropy optimizer: SGD batch: 6 }`,
      ["p"],
    );
    expect(names).toContain("takeOfRows");
    expect(names).toContain("classGradient");
    expect(names).not.toContain("oneHot");
    expect(names).not.toContain("logSoftmaxGradient");
  });

  test("takes the loss of a sigmoid in one operation", () => {
    const names = compare(
      `${classes}
       network N(x: [2]) { return x -> Dense(3) -> Sigmoid }
       train N on Points { loss: BinaryCrossEntropy optimizer: SGD batch: 9 }`,
    );
    expect(names).toContain("sigmoidCrossEntropy");
    expect(names).not.toContain("softplus");
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

describe("of tensors with any number of dimensions", () => {
  // Odd axes are 1 in what is repeated: no two dimensions can be taken for one.
  const shapeOf = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => 2 + (axis % 2));
  const repeated = (graph: Graph, feeds: Map<string, NdArray>, shape: readonly number[]): Tensor => {
    const name = `x${feeds.size}`;
    const source = shape.map((size, axis) => (axis % 2 === 0 ? size : 1));
    feeds.set(name, numbers(name, source, [-1, 1], false));
    return ops.broadcastTo(graph.feed(name, source), { shape });
  };
  const forms: Readonly<Record<string, (a: Tensor, b: Tensor, c: Tensor) => Tensor>> = {
    "a product with bias and activation": (a, b, c) =>
      ops.tanh(
        ops.add(ops.matmul(a, ops.transpose(b, { order: swapped(b) })), ops.mean(c, { axes: allBut(c), keep: false })),
      ),
    "the gradient of an activation": (a, b) => ops.multiply(a, ops.subtract(a.graph.scalar(1), ops.multiply(b, b))),
    "a product times the gradient of an activation": (a, b, c) => {
      const product = ops.matmul(a, ops.transpose(b, { order: swapped(b) }));
      const y = ops.matmul(c, ops.transpose(c, { order: swapped(c) }));
      return ops.multiply(product, ops.subtract(a.graph.scalar(1), ops.multiply(y, y)));
    },
    "the loss of a sigmoid": (a, b) => ops.subtract(ops.softplus(a), ops.multiply(a, b)),
  };
  const swapped = ({ shape: { length } }: Tensor): number[] => [
    ...Array.from({ length: length - 2 }, (_, axis) => axis),
    length - 1,
    length - 2,
  ];
  /** All but the last axis but one, whose size a product has as its last. */
  const allBut = ({ shape }: Tensor): number[] => shape.flatMap((_, axis) => (axis === shape.length - 2 ? [] : [axis]));
  for (const [name, form] of Object.entries(forms)) {
    test.each([2, 3, 4, 5, 6, 7])(`${name} is computed, with %d`, (rank) => {
      const graph = new Graph();
      const feeds = new Map<string, NdArray>();
      const [a, b, c] = [0, 1, 2].map(() => repeated(graph, feeds, shapeOf(rank))) as [Tensor, Tensor, Tensor];
      const { machine, oracle } = runBoth([form(a, b, c)], feeds);
      expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(tolerance);
    });
  }
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
    loss: { loss, targetShape: isClasses ? output.shape!.slice(0, -1) : output.shape!, reduction: "mean" },
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
