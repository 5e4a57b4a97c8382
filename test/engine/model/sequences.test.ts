// What is special about sequences: shapes, what a step may see, and what is said when something does not fit. Numbers
// are compared with PyTorch's in layers.test.ts.

import { describe, expect, test } from "vitest";
import { Graph } from "../../../engine/model/graph";
import { inferLayer } from "../../../engine/model/infer";
import { applyLayer } from "../../../engine/model/layers";
import { equalParts, fromSteps, stepsOf } from "../../../engine/model/sequence";
import type { NdArray } from "../../../engine/protocol/array";
import type { Arguments } from "../../../engine/protocol/catalog";
import { evaluate, randomArray } from "./numeric";

const infer = (layer: string, args: Arguments, shape: readonly number[]) =>
  inferLayer(layer, args, [{ shape, batched: true }]);

/** The output for weights that are always the same. */
function outputOf(layer: string, args: Arguments, x: NdArray): NdArray {
  const run = { mode: "eval", stream: 0 } as const;
  return evaluate(
    (input) =>
      applyLayer(layer, args, [{ tensor: input, batched: true }], run, (name, { shape }) =>
        input.graph.constant(randomArray(name, shape)),
      ).tensor,
    x,
  );
}

describe("shapes", () => {
  test("a recurrent layer gives the last step, or all", () => {
    expect(infer("LSTM", { units: 5 }, [7, 3]).output.shape).toEqual([5]);
    expect(infer("GRU", { units: 5, sequences: true }, [7, 3]).output.shape).toEqual([7, 5]);
  });

  test("weights are PyTorch's, transposed", () => {
    const shapes = (layer: string, args: Arguments) =>
      Object.fromEntries(infer(layer, args, [7, 4]).weights.map(({ name, shape }) => [name, shape]));
    expect(shapes("LSTM", { units: 5 })).toEqual({ Wx: [4, 20], Wh: [5, 20], bx: [20], bh: [20] });
    expect(shapes("GRU", { units: 5 })).toEqual({ Wx: [4, 15], Wh: [5, 15], bx: [15], bh: [15] });
    expect(shapes("SelfAttention", { heads: 2 })).toEqual({ W: [4, 12], b: [12], Wo: [4, 4], bo: [4] });
    expect(shapes("SelfAttention", { heads: 2, bias: false })).toEqual({ W: [4, 12], Wo: [4, 4] });
  });

  test("recurrent weights begin between ±1/√units, as in PyTorch", () => {
    const { weights } = infer("LSTM", { units: 4 }, [2, 3]);
    for (const { initializer } of weights) {
      expect(initializer).toEqual({ name: "Uniform", arguments: { low: -0.5, high: 0.5 } });
    }
  });
});

test("a sequence taken apart and put together is the same, whatever its length", () => {
  for (const steps of [1, 2, 3, 7, 64, 65]) {
    const x = randomArray("x", [2, steps, 3]);
    expect(evaluate((input) => fromSteps(stepsOf(input)), x)).toEqual(x);
  }
  const graph = new Graph();
  expect(equalParts(graph.feed("x", [2, 6]), 3).map(({ shape }) => shape)).toEqual(new Array(3).fill([2, 2]));
});

describe("what a step sees", () => {
  /** x with another number in the given step of the only sample. */
  const changed = (x: NdArray, step: number): NdArray => ({
    shape: x.shape,
    data: x.data.map((value, i) => (Math.floor(i / x.shape[2]!) === step ? value + 1 : value)),
  });
  const x = randomArray("x", [1, 5, 4]);

  test.each([
    ["LSTM", { units: 3, sequences: true }],
    ["GRU", { units: 3, sequences: true }],
    ["SelfAttention", { heads: 2, causal: true }],
  ] as const)("%s with %o: itself and what was before", (layer, args) => {
    const before = outputOf(layer, args, x);
    const after = outputOf(layer, args, changed(x, 2));
    const width = before.shape[2]!;
    expect(after.data.slice(0, 2 * width)).toEqual(before.data.slice(0, 2 * width));
    for (let i = 2 * width; i < before.data.length; i++) expect(after.data[i]).not.toBe(before.data[i]);
  });

  test("SelfAttention: everything, unless it is causal", () => {
    const [before, after] = [x, changed(x, 4)].map((input) => outputOf("SelfAttention", { heads: 2 }, input));
    for (let i = 0; i < before!.data.length; i++) expect(after!.data[i]).not.toBe(before!.data[i]);
  });
});

test("a layer that gives the last step gives the last of all", () => {
  const x = randomArray("x", [2, 4, 3]);
  for (const layer of ["LSTM", "GRU"]) {
    const [last, all] = [false, true].map((sequences) => outputOf(layer, { units: 2, sequences }, x).data);
    expect([...last!]).toEqual([...all!.slice(6, 8), ...all!.slice(14, 16)]);
  }
});

describe("what does not fit", () => {
  test("a sequence has steps and features", () => {
    expect(() => infer("LSTM", { units: 2 }, [8])).toThrow(
      "LSTM needs a sequence [steps, features], but gets [8]. -> Reshape([8, 1]) makes 8 steps of one number.",
    );
    expect(() => infer("GRU", { units: 2 }, [1, 8, 8])).toThrow("but gets [1, 8, 8].");
    expect(() => infer("SelfAttention", {}, [])).toThrow("but gets a single number.");
  });

  test("heads share the features", () =>
    expect(() => infer("SelfAttention", { heads: 3 }, [5, 8])).toThrow(
      "SelfAttention cannot share 8 features among 3 heads: 8 is not a multiple of 3.",
    ));
});
