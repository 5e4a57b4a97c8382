// Runs of a Graph: what is computed, when, and what is refused.

import { expect, test } from "vitest";
import { Evaluation, noRandomNumbers } from "../../../engine/model/evaluate";
import { Graph } from "../../../engine/model/graph";
import { ops } from "../../../engine/model/ops";
import { array } from "./numeric";

test("runs again with other numbers in the same buffer", () => {
  const x = new Graph().feed("x", [2]);
  const y = ops.exp(ops.negate(ops.log(x)));
  const evaluation = new Evaluation([y]);
  evaluation.run(new Map([["x", array([2, 4])]]), noRandomNumbers);
  const first = evaluation.value(y);
  expect([...first.data]).toEqual([0.5, 0.25]);
  evaluation.run(new Map([["x", array([1, 1])]]), noRandomNumbers);
  expect(evaluation.value(y)).toBe(first);
  expect([...first.data]).toEqual([1, 1]);
});

test("needs only what the wanted tensors depend on", () => {
  const graph = new Graph();
  const [x, other] = [graph.feed("x", []), graph.feed("other", [])];
  const y = ops.negate(x);
  const unused = ops.exp(other);
  const evaluation = new Evaluation([y]);
  evaluation.run(new Map([["x", array(3)]]), noRandomNumbers);
  expect(evaluation.value(y).data[0]).toBe(-3);
  expect(() => evaluation.value(unused)).toThrow("not part of this evaluation");
});

test("computes once what depends on constants alone", () => {
  const y = ops.exp(new Graph().scalar(0));
  expect(new Evaluation([y]).value(y).data[0]).toBe(1);
});

test("says which feed is missing or has another shape", () => {
  const x = new Graph().feed("x", [2]);
  const evaluation = new Evaluation([x]);
  expect(() => evaluation.run(new Map(), noRandomNumbers)).toThrow("Nothing is given for x, which needs [2].");
  expect(() => evaluation.run(new Map([["x", array([1, 2, 3])]]), noRandomNumbers)).toThrow(
    "x needs [2], but [3] is given.",
  );
});

test("nothing is wanted, nothing runs", () =>
  expect(() => new Evaluation([]).run(new Map(), noRandomNumbers)).not.toThrow());
