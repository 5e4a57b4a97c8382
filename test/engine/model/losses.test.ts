// Losses against values recorded from PyTorch by test/fixtures/pytorch.py, and what is special about each.

import { describe, expect, test } from "vitest";
import { gradients } from "../../../engine/model/differentiate";
import { Evaluation } from "../../../engine/model/evaluate";
import { Graph } from "../../../engine/model/graph";
import { checkLossShapes } from "../../../engine/model/infer";
import { applyLayer } from "../../../engine/model/layers";
import { appendLoss, losses, reduceBatch } from "../../../engine/model/losses";
import type { NdArray } from "../../../engine/protocol/array";
import type { Arguments } from "../../../engine/protocol/catalog";
import { array, expectClose } from "./numeric";
import { recorded } from "./recorded";

interface Run {
  readonly loss: string;
  readonly arguments?: Arguments;
  /** Activation between x and the output. */
  readonly after?: string | null;
  readonly x: NdArray;
  readonly target: NdArray;
  readonly reduction?: "mean" | "sum";
}

function run({ loss, arguments: args = {}, after, x, target, reduction = "mean" }: Run) {
  const graph = new Graph();
  const tensor = graph.constant(x);
  const t = graph.constant(target);
  const input = { tensor, batched: true };
  const output = after ? applyLayer(after, {}, [input], { mode: "train", stream: 0 }, () => tensor).tensor : tensor;
  const total = reduceBatch(appendLoss({ name: loss, arguments: args }, output, t).perSample, reduction);
  const [dx, dTarget] = gradients(total, [tensor, t]);
  const evaluation = new Evaluation([total, dx!, ...(dTarget ? [dTarget] : [])]);
  return {
    value: evaluation.value(total).data[0]!,
    dx: evaluation.value(dx!),
    dTarget: dTarget && evaluation.value(dTarget),
  };
}

describe("PyTorch computes the same", () => {
  for (const [number, known] of recorded("losses").entries()) {
    test(`${known.loss}${known.after ? ` after ${known.after}` : ""}, ${known.reduction}, case ${number}`, () => {
      const result = run({
        ...known,
        x: array(known.x),
        target: array(known.target),
      });
      // Sums of 12 terms in float64.
      expect(Math.abs(result.value - known.value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(known.value)));
      expectClose(result.dx, array(known.dx), 1e-12);
    });
  }

  test("every loss is recorded but the one PyTorch does not have", () => {
    const known = new Set(recorded("losses").map(({ loss }) => loss));
    expect(Object.keys(losses).filter((name) => !known.has(name))).toEqual(["HalfMSE"]);
  });
});

describe("HalfMSE", () => {
  const x = array([[1], [1]]);
  const target = array([[2], [1]]);

  test("is the squared distance over twice the number of samples", () => {
    const { value, dx, dTarget } = run({ loss: "HalfMSE", x, target });
    expect(value).toBe(0.25);
    expect(dx).toEqual(array([[-0.5], [0]]));
    expectClose(dTarget!, array([[0.5], [0]]), 0);
  });

  test("summed, its gradient is the difference", () => {
    expect(run({ loss: "HalfMSE", x, target, reduction: "sum" }).dx).toEqual(array([[-1], [0]]));
  });

  test("adds up the elements of a sample without averaging them", () => {
    expect(run({ loss: "HalfMSE", x: array([[1, 3]]), target: array([[0, 0]]) }).value).toBe(5);
  });
});

describe("BinaryCrossEntropy", () => {
  const lecture = { x: array([1, 1]), target: array([0, 1]), loss: "BinaryCrossEntropy", reduction: "sum" } as const;
  const p = 1 / (1 + Math.exp(-1));

  test("gives the lecture's numbers for a sigmoid", () => {
    const { value, dx, dTarget } = run({ ...lecture, after: "Sigmoid" });
    expect(value).toBeCloseTo(1.3132617 + 0.3132617, 6);
    expectClose(dx, array([0.7310586, -0.2689414]), 5e-8);
    expectClose(dTarget!, array([-1, -1]), 1e-12);
  });

  test("gives the lecture's gradient of the probability", () => {
    expectClose(run({ ...lecture, x: array([p, p]) }).dx, array([3.7182818, -1.3678794]), 5e-8);
  });

  test("clips probabilities of 0 and 1", () => {
    const { value, dx } = run({ loss: "BinaryCrossEntropy", x: array([0, 1]), target: array([1, 0]) });
    expect(value).toBeCloseTo(-Math.log(1e-7), 6);
    expectClose(dx, array([0, 0]), 0); // What is clipped does not change.
  });

  test("stays finite behind a sigmoid of ±1000", () => {
    const { value, dx } = run({ ...lecture, after: "Sigmoid", x: array([1000, -1000]) });
    expect(value).toBe(2000);
    expect([...dx.data]).toEqual([1, -1]);
  });
});

describe("CrossEntropy", () => {
  test("stays finite behind a softmax of ±1000", () => {
    const logits = array([[1000, -1000, 0]]);
    const { value, dx } = run({ loss: "CrossEntropy", after: "Softmax", x: logits, target: array([1]) });
    expect(value).toBe(2000);
    expect([...dx.data]).toEqual([1, -1, 0]);
  });

  test("takes class indices and one-hot targets alike", () => {
    const x = array([
      [0.2, 0.3, 0.5],
      [0.1, 0.8, 0.1],
    ]);
    const indices = run({ loss: "CrossEntropy", x, target: array([2, 1]) });
    const column = run({ loss: "CrossEntropy", x, target: array([[2], [1]]) });
    const oneHot = run({
      loss: "CrossEntropy",
      x,
      target: array([
        [0, 0, 1],
        [0, 1, 0],
      ]),
    });
    expect(indices.value).toBeCloseTo(-(Math.log(0.5) + Math.log(0.8)) / 2, 12);
    expect(column.value).toBe(indices.value);
    expect(oneHot.value).toBe(indices.value);
    expect(oneHot.dx).toEqual(indices.dx);
  });

  test("a class index has no gradient, a target probability has", () => {
    const x = array([[0.2, 0.3, 0.5]]);
    expect(run({ loss: "CrossEntropy", x, target: array([2]) }).dTarget).toBeUndefined();
    const { dTarget } = run({ loss: "CrossEntropy", x, target: array([[0, 0, 1]]) });
    expectClose(dTarget!, array([[-Math.log(0.2), -Math.log(0.3), -Math.log(0.5)]]), 1e-12);
  });

  test("clips a probability of 0", () => {
    expect(run({ loss: "CrossEntropy", x: array([[0, 1]]), target: array([0]) }).value).toBeCloseTo(-Math.log(1e-7), 9);
  });

  test("averages over the positions of a sequence", () => {
    const x = array([
      [
        [0.5, 0.5],
        [0.25, 0.75],
      ],
    ]);
    expect(run({ loss: "CrossEntropy", x, target: array([[0, 0]]) }).value).toBeCloseTo(
      (Math.log(2) + Math.log(4)) / 2,
      12,
    );
  });

  test("says which targets are no classes", () => {
    const x = array([[0.5, 0.5]]);
    expect(() => run({ loss: "CrossEntropy", x, target: array([2]) })).toThrow(
      "There is no class or index 2: 2 are numbered 0 to 1.",
    );
    expect(() => run({ loss: "CrossEntropy", x, target: array([0.5]) })).toThrow("There is no class or index 0.5");
  });
});

describe("shapes of output and target", () => {
  const check = (name: string, output: number[], target: number[]) => () =>
    checkLossShapes({ name, arguments: {} }, output, target);

  test("a single number and a vector of one are the same", () => {
    expect(check("MSE", [1], [])).not.toThrow();
    expect(check("MSE", [], [1])).not.toThrow();
    expect(check("BinaryCrossEntropy", [1], [])).not.toThrow();
  });

  test("nothing else is repeated in silence", () => {
    expect(check("MSE", [3], [1])).toThrow(
      "MSE compares numbers of equal shape, but the output is [3] and the target [1].",
    );
    expect(check("MSE", [3], [])).toThrow("If the targets are classes, use CrossEntropy after a Softmax");
    expect(check("MSE", [2, 2], [4])).toThrow("the output is [2, 2] and the target [4]");
  });

  test("CrossEntropy says which targets it takes", () =>
    expect(check("CrossEntropy", [3], [4])).toThrow(
      "CrossEntropy takes targets [] (class indices) or [3] (a probability for each class) for the output [3], but they are [4].",
    ));

  test("CrossEntropy of a single probability points to BinaryCrossEntropy", () =>
    expect(check("CrossEntropy", [1], [])).toThrow("For a single probability use BinaryCrossEntropy."));
});
