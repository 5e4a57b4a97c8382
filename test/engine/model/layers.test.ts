// Layers against values recorded from PyTorch by test/fixtures/pytorch.py, and what is special about each.

import { describe, expect, test } from "vitest";
import { gradients } from "../../../engine/model/differentiate";
import { Evaluation } from "../../../engine/model/evaluate";
import { Graph } from "../../../engine/model/graph";
import { inferLayer } from "../../../engine/model/infer";
import { applyLayer, layers } from "../../../engine/model/layers";
import type { Arguments } from "../../../engine/protocol/catalog";
import { array, evaluate, expectClose, randomArray, sameRandomNumbers } from "./numeric";
import { recorded } from "./recorded";
import { thrown } from "./thrown";

describe("PyTorch computes the same", () => {
  for (const [number, known] of recorded("layers").entries()) {
    test(`${known.layer}(${JSON.stringify(known.arguments)}), case ${number}`, () => {
      const graph = new Graph();
      const x = graph.constant(array(known.x));
      const weights = Object.fromEntries(
        Object.entries(known.weights).map(([name, values]) => [name, graph.constant(array(values))]),
      );
      const { tensor: y } = applyLayer(
        known.layer,
        known.arguments,
        [{ tensor: x, batched: true }],
        { mode: "train", stream: 0 },
        (name) => weights[name]!,
      );
      const wanted = [...(known.dx === null ? [] : [x]), ...Object.values(weights)];
      const results = [y, ...gradients(y, wanted, graph.constant(array(known.dy)))];
      const evaluation = new Evaluation(results.map((tensor) => tensor!));
      const expected = [known.y, ...(known.dx === null ? [] : [known.dx]), ...Object.values(known.dWeights)];
      // Sums of at most 20 terms in float64; erf, exp and tanh to a few units of the last place.
      for (const [i, tensor] of results.entries()) expectClose(evaluation.value(tensor!), array(expected[i]!), 1e-12);
    });
  }

  test("every layer with numbers of its own is recorded", () => {
    const known = new Set(recorded("layers").map(({ layer }) => layer));
    // One moves numbers, one draws them, one is recorded step by step.
    const withoutPeer = ["BatchNorm", "Concat", "Dropout"];
    expect(Object.keys(layers).filter((name) => !known.has(name))).toEqual(withoutPeer);
  });
});

describe("Dropout", () => {
  const x = randomArray("x", [50, 40]);
  const dropped = (mode: "train" | "eval", rate = 0.25, stream = 3) => {
    const graph = new Graph();
    const input = { tensor: graph.constant(x), batched: true };
    const { tensor } = applyLayer("Dropout", { rate }, [input], { mode, stream }, () => input.tensor);
    const [dx] = gradients(tensor, [input.tensor]);
    const evaluation = new Evaluation([tensor, dx!]);
    evaluation.run(new Map(), sameRandomNumbers);
    return { y: evaluation.value(tensor).data, dx: evaluation.value(dx!).data };
  };

  test("changes nothing in eval mode", () => expect(dropped("eval").y).toEqual(x.data));

  test("changes nothing at rate 0", () => expect(dropped("train", 0).y).toEqual(x.data));

  test("drops its share while training and enlarges the rest", () => {
    const { y } = dropped("train");
    const kept = y.filter((value) => value !== 0);
    // 2000 draws: the share of 1/4 is off by at most 4 standard deviations, 4 √(p (1 − p) / 2000) = 0.039.
    expect(Math.abs(1 - kept.length / y.length - 0.25)).toBeLessThan(0.039);
    for (let i = 0; i < y.length; i++) if (y[i] !== 0) expect(y[i]).toBeCloseTo(x.data[i]! / 0.75, 12);
  });

  test("lets the gradient through where it let the number through", () => {
    const { y, dx } = dropped("train");
    for (let i = 0; i < y.length; i++) expect(dx[i]).toBe(y[i] === 0 ? 0 : 1 / 0.75);
  });

  test("drops other numbers in another layer", () =>
    expect(dropped("train").y).not.toEqual(dropped("train", 0.25, 4).y));

  test("is drawn anew in each run, even of a constant", () => {
    const graph = new Graph();
    const input = graph.constant(x);
    const { tensor } = applyLayer(
      "Dropout",
      {},
      [{ tensor: input, batched: true }],
      { mode: "train", stream: 0 },
      () => input,
    );
    const evaluation = new Evaluation([tensor]);
    evaluation.run(new Map(), { random: () => 0 });
    expect(evaluation.value(tensor).data.every((value) => value === 0)).toBe(true);
    evaluation.run(new Map(), { random: () => 0.9 });
    expect(evaluation.value(tensor).data.every((value) => value !== 0)).toBe(true);
  });
});

describe("shapes", () => {
  const shapeOf = (layer: string, args: Arguments, ...shapes: number[][]) =>
    inferLayer(
      layer,
      args,
      shapes.map((shape) => ({ shape, batched: true })),
    ).output.shape;

  test("Dense works on the last dimension", () => expect(shapeOf("Dense", { units: 4 }, [5, 3])).toEqual([5, 4]));

  test("Dense has W [in, out] and b [out]", () => {
    const { weights } = inferLayer("Dense", { units: 4 }, [{ shape: [3], batched: true }]);
    expect(weights).toEqual([
      { name: "W", shape: [3, 4], initializer: { name: "Glorot", arguments: {} } },
      { name: "b", shape: [4], initializer: { name: "Zeros", arguments: {} } },
    ]);
  });

  test("Dense without bias has only W", () => {
    const { weights } = inferLayer("Dense", { units: 4, bias: false }, [{ shape: [3], batched: true }]);
    expect(weights.map(({ name }) => name)).toEqual(["W"]);
  });

  test("Dense says that it needs a vector", () =>
    expect(() => shapeOf("Dense", { units: 4 }, [])).toThrow("Dense needs a vector, but gets a single number."));

  test("Softmax says that it needs a vector", () =>
    expect(() => shapeOf("Softmax", {}, [])).toThrow("Softmax needs a vector"));

  test("Flatten makes one dimension, even of a single number", () => {
    expect(shapeOf("Flatten", {}, [2, 3, 4])).toEqual([24]);
    expect(shapeOf("Flatten", {}, [])).toEqual([1]);
  });

  test("Reshape counts the numbers of one sample", () =>
    expect(() => shapeOf("Reshape", { shape: [2, 2] }, [5])).toThrow("[5] has 5 numbers, but [2, 2] holds 4."));

  test("Concat joins three values along a dimension", () =>
    expect(shapeOf("Concat", { axis: 0 }, [1, 3], [2, 3], [4, 3])).toEqual([7, 3]));

  test("Concat blames the value that differs", () => {
    const error = thrown(() => shapeOf("Concat", {}, [2, 3], [2, 1], [4, 1]));
    expect(error.message).toBe(
      "[2, 4] and [4, 1] cannot be joined along dimension -1: the other dimensions must be equal.",
    );
    expect(error.inputs).toEqual([1, 2]);
  });

  test("a value without batch dimension stays without", () => {
    const { output } = inferLayer("Dense", { units: 4 }, [{ shape: [3], batched: false }]);
    expect(output).toEqual({ shape: [4], batched: false });
  });

  test("joined with a batch, a value without batch dimension is repeated", () => {
    const { output } = inferLayer("Concat", {}, [
      { shape: [3], batched: true },
      { shape: [2], batched: false },
    ]);
    expect(output).toEqual({ shape: [5], batched: true });
  });
});

test("softmax of [−1, 0, 3, 5] gives the lecture's probabilities", () => {
  const y = evaluate(
    (x) => applyLayer("Softmax", {}, [{ tensor: x, batched: false }], { mode: "eval", stream: 0 }, () => x).tensor,
    array([-1, 0, 3, 5]),
  );
  expectClose(y, array([0.0021657, 0.00588697, 0.11824302, 0.87370431]), 5e-9); // The lecture prints 8 digits.
});

describe("shapes that do not fit", () => {
  const infer = (layer: string, args: Arguments, shape: readonly number[]) =>
    inferLayer(layer, args, [{ shape, batched: true }]).output.shape;

  test("Transpose names the dimension that is not there", () => {
    expect(infer("Transpose", {}, [2, 3])).toEqual([3, 2]);
    expect(infer("Transpose", { first: 1, second: 1 }, [2, 3])).toEqual([2, 3]);
    expect(() => infer("Transpose", {}, [3])).toThrow("Transpose finds no dimension -2 in [3].");
    expect(() => infer("Transpose", { first: 2 }, [2, 3])).toThrow("Transpose finds no dimension 2 in [2, 3].");
  });

  test("Slice names the positions that are not there", () => {
    expect(infer("Slice", { start: -2 }, [2, 5])).toEqual([2, 2]);
    expect(infer("Slice", { end: 1, axis: 0 }, [2, 5])).toEqual([1, 5]);
    const problem = (args: Arguments) => () => infer("Slice", args, [2, 5]);
    expect(problem({ start: 3, end: 6 })).toThrow(
      "Slice finds no positions 3 to 6 in dimension -1 of [2, 5], which has 0 to 4; the end is not included.",
    );
    expect(problem({ start: 5 })).toThrow("Slice finds no positions 5 to the end");
    expect(problem({ start: 3, end: 3 })).toThrow("Slice finds no positions 3 to 3");
    expect(problem({ axis: 2 })).toThrow("Slice finds no dimension 2 in [2, 5].");
  });

  test("LayerNorm refuses a single number", () => {
    expect(() => infer("LayerNorm", {}, [])).toThrow("LayerNorm needs a vector");
  });
});

describe("Embedding", () => {
  const W = array([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const look = (x: Parameters<typeof array>[0]) => {
    const args = { count: 3, size: 2 };
    const run = { mode: "eval", stream: 0 } as const;
    return evaluate(
      (x, W) => applyLayer("Embedding", args, [{ tensor: x, batched: true }], run, () => W).tensor,
      array(x),
      W,
    );
  };

  test("gives the row of each index", () => {
    expect(look([2, 0])).toEqual(
      array([
        [5, 6],
        [1, 2],
      ]),
    );
    expect(look([[1, 1]])).toEqual(
      array([
        [
          [3, 4],
          [3, 4],
        ],
      ]),
    );
  });

  test("has no row for anything else", () => {
    expect(() => look([3])).toThrow("There is no class or index 3: 3 are numbered 0 to 2.");
    expect(() => look([0.5])).toThrow("There is no class or index 0.5");
  });
});
