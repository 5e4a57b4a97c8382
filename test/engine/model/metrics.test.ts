// Metrics on small batches that can be counted by hand.

import { expect, test } from "vitest";
import { metric } from "../../../engine/model/metrics";
import { array } from "./numeric";

const probabilities = array([
  [0.7, 0.2, 0.1],
  [0.1, 0.8, 0.1],
  [0.4, 0.5, 0.1],
  [0.1, 0.2, 0.7],
]); // Classes 0, 1, 1, 2.

test("accuracy takes the largest probability as the class", () => {
  expect(metric("accuracy", probabilities, array([0, 1, 0, 2]))).toBe(0.75);
});

test("accuracy takes one-hot targets and a column of indices, too", () => {
  expect(
    metric(
      "accuracy",
      probabilities,
      array([
        [1, 0, 0],
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 1],
      ]),
    ),
  ).toBe(0.75);
  expect(metric("accuracy", probabilities, array([[0], [1], [0], [2]]))).toBe(0.75);
});

test("accuracy of a single probability starts at a half", () => {
  expect(metric("accuracy", array([0.5, 0.49, 0.9, 0.1]), array([1, 0, 0, 0]))).toBe(0.75);
  expect(metric("accuracy", array([[0.5], [0.49]]), array([1, 1]))).toBe(0.5);
  expect(metric("accuracy", array([[0.5], [0.49]]), array([[1], [0]]))).toBe(1);
});

test("accuracy of a sequence counts every position", () => {
  expect(
    metric(
      "accuracy",
      array([
        [
          [0.9, 0.1],
          [0.2, 0.8],
        ],
      ]),
      array([[0, 0]]),
    ),
  ).toBe(0.5);
});

test("precision, recall and f1 average over the classes that occur", () => {
  const targets = array([0, 1, 0, 2]);
  // Class 0: 1 right of 1 predicted, 2 actual; class 1: 1 of 2, 1; class 2: 1 of 1, 1.
  expect(metric("precision", probabilities, targets)).toBeCloseTo((1 + 1 / 2 + 1) / 3, 14);
  expect(metric("recall", probabilities, targets)).toBeCloseTo((1 / 2 + 1 + 1) / 3, 14);
  expect(metric("f1", probabilities, targets)).toBeCloseTo((2 / 3 + 2 / 3 + 1) / 3, 14);
});

test("a class that is never predicted has precision 0, not NaN", () => {
  expect(
    metric(
      "precision",
      array([
        [1, 0],
        [1, 0],
      ]),
      array([0, 1]),
    ),
  ).toBe(0.25);
  expect(
    metric(
      "f1",
      array([
        [1, 0],
        [1, 0],
      ]),
      array([0, 1]),
    ),
  ).toBeCloseTo(1 / 3, 14);
});

test("errors are averaged over all elements", () => {
  const [y, t] = [
    array([
      [1, 2],
      [3, 4],
    ]),
    array([
      [1, 0],
      [0, 4],
    ]),
  ];
  expect(metric("mse", y, t)).toBe(13 / 4);
  expect(metric("rmse", y, t)).toBe(Math.sqrt(13 / 4));
  expect(metric("mae", y, t)).toBe(5 / 4);
  expect(metric("mse", array([[1], [3]]), array([0, 0]))).toBe(5);
});

test("what cannot be compared is refused", () => {
  expect(() =>
    metric(
      "accuracy",
      probabilities,
      array([
        [1, 0],
        [0, 1],
        [1, 0],
        [0, 1],
      ]),
    ),
  ).toThrow("Predictions [3] cannot be compared with targets [2].");
  expect(() => metric("mse", probabilities, array([0, 1, 0, 2]))).toThrow(
    "Predictions [3] cannot be compared with targets [].",
  );
  expect(() => metric("toString", probabilities, probabilities)).toThrow("There is no metric toString.");
});
