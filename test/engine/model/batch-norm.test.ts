// BatchNorm over 20 training steps against PyTorch, running statistics included, and through the network that is built.

import { describe, expect, test } from "vitest";
import { build } from "../../../engine/model/build";
import { gradients } from "../../../engine/model/differentiate";
import { Evaluation, noRandomNumbers } from "../../../engine/model/evaluate";
import { Graph, type Tensor } from "../../../engine/model/graph";
import { inferLayer } from "../../../engine/model/infer";
import { applyLayer } from "../../../engine/model/layers";
import type { NdArray } from "../../../engine/protocol/array";
import { Networks } from "./networks";
import { array, expectClose } from "./numeric";
import { recorded } from "./recorded";

/** One training step: gradient descent on gamma and beta, the running statistics moved. */
function step(
  known: ReturnType<typeof recorded<"batch-norm">>[number],
  { x, dy }: { readonly x: NdArray; readonly dy: NdArray },
  weights: Record<string, NdArray>,
) {
  const graph = new Graph();
  const input = graph.constant(x);
  const tensors = Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, graph.constant(value)]));
  const updates: Record<string, Tensor> = {};
  const run = {
    mode: "train",
    stream: 0,
    update: (name: string, next: (current: Tensor) => Tensor) => {
      updates[name] = next(tensors[name]!);
    },
  } as const;
  const sample = { tensor: input, batched: true };
  const { tensor: y } = applyLayer("BatchNorm", known.arguments, [sample], run, (name) => tensors[name]!);
  const [dx, dGamma, dBeta] = gradients(y, [input, tensors.gamma!, tensors.beta!], graph.constant(dy));
  const evaluation = new Evaluation([y, dx!, dGamma!, dBeta!, ...Object.values(updates)]);
  const descended = (name: string, gradient: Tensor): NdArray => ({
    shape: weights[name]!.shape,
    data: weights[name]!.data.map((value, i) => value - known.rate * evaluation.value(gradient).data[i]!),
  });
  return {
    y: evaluation.value(y),
    dx: evaluation.value(dx!),
    weights: {
      gamma: descended("gamma", dGamma!),
      beta: descended("beta", dBeta!),
      mean: evaluation.value(updates.mean!),
      variance: evaluation.value(updates.variance!),
    },
  };
}

describe("PyTorch computes the same", () => {
  for (const [number, known] of recorded("batch-norm").entries()) {
    test(`in 20 steps of different batch sizes, then in eval mode, case ${number}`, () => {
      const features = array(known.steps[0]!.weights.gamma!).shape[0]!;
      const filled = (value: number): NdArray => ({ shape: [features], data: new Float64Array(features).fill(value) });
      let weights: Record<string, NdArray> = {
        gamma: filled(1),
        beta: filled(0),
        mean: filled(0),
        variance: filled(1),
      };
      for (const expected of known.steps) {
        const done = step(known, { x: array(expected.x), dy: array(expected.dy) }, weights);
        // Rounding of 20 steps, divided by deviations that may be small in batches of two.
        expectClose(done.y, array(expected.y), 1e-11);
        expectClose(done.dx, array(expected.dx), 1e-9);
        for (const [name, value] of Object.entries(done.weights))
          expectClose(value, array(expected.weights[name]!), 1e-10);
        weights = done.weights;
      }

      const graph = new Graph();
      const sample = { tensor: graph.constant(array(known.evaluated.x)), batched: true };
      const run = { mode: "eval", stream: 0 } as const;
      const { tensor } = applyLayer("BatchNorm", known.arguments, [sample], run, (name) =>
        graph.constant(weights[name]!),
      );
      expectClose(new Evaluation([tensor]).value(tensor), array(known.evaluated.y), 1e-10);
    });
  }
});

describe("features", () => {
  const weightShapes = (shape: readonly number[]) =>
    inferLayer("BatchNorm", {}, [{ shape, batched: true }]).weights.map(({ name, shape, running }) => [
      name,
      shape,
      running === true,
    ]);

  test("are the channels of an image, else the last dimension", () => {
    expect(weightShapes([6, 4, 5])[0]).toEqual(["gamma", [6], false]);
    expect(weightShapes([4, 5])[0]).toEqual(["gamma", [5], false]);
    expect(weightShapes([5])).toEqual([
      ["gamma", [5], false],
      ["beta", [5], false],
      ["mean", [5], true],
      ["variance", [5], true],
    ]);
  });

  test("are none in a single number", () =>
    expect(() => weightShapes([])).toThrow("BatchNorm needs a vector, but gets a single number."));
});

describe("a network with BatchNorm", () => {
  const network = new Networks("N")
    .input("x", [2])
    .layer("first", "BatchNorm", ["x"], { momentum: 0.5 }, "shared")
    .layer("second", "BatchNorm", ["first"], { momentum: 0.5 }, "shared")
    .returning("second");

  test("has running parameters that are not trained", () => {
    expect(network.parameters.map(({ id, trainable }) => [id, trainable])).toEqual([
      ["shared.gamma", true],
      ["shared.beta", true],
      ["shared.mean", false],
      ["shared.variance", false],
    ]);
  });

  test("moves them from use to use of a shared layer", () => {
    const built = build(network, { batchSize: 2, mode: "train" });
    const [mean, variance] = [built.updates.get("shared.mean")!, built.updates.get("shared.variance")!];
    const evaluation = new Evaluation([mean, variance]);
    const feeds = new Map([
      ["x", array([[1, 10], [3, 10]])], // biome-ignore format: two samples.
      ["shared.gamma", array([1, 1])],
      ["shared.beta", array([0, 4])],
      ["shared.mean", array([8, 8])],
      ["shared.variance", array([1, 1])],
    ]);
    evaluation.run(feeds, noRandomNumbers);
    // 8 → (8 + 2) / 2 → (5 + 0) / 2; 8 → (8 + 10) / 2 → (9 + 4) / 2.
    expectClose(evaluation.value(mean), array([2.5, 6.5]), 1e-15);
    // Variances of the batch, n − 1: 2 and 0, then of ±1 / √(1 + 1e-5): 2 / (1 + 1e-5) and 0.
    expectClose(evaluation.value(variance), array([0.75 + 1 / (1 + 1e-5), 0.25]), 1e-15);
  });

  test("moves nothing in eval mode", () => expect(build(network, { batchSize: 2, mode: "eval" }).updates.size).toBe(0));

  test("cannot train on one sample, but run it", () => {
    expect(() => build(network, { batchSize: 1, mode: "train" })).toThrow(
      "first: BatchNorm cannot train on a batch of one sample, in which each feature is a single number",
    );
    build(network, { batchSize: 1, mode: "eval" });
    const image = new Networks("I").input("x", [3, 2, 2]).layer("y", "BatchNorm", ["x"]).returning("y");
    build(image, { batchSize: 1, mode: "train" });
  });
});
