// What a network says on samples, compared with the same network run by hand, and with the metrics of its training.

import { expect, test } from "vitest";
import type { Evaluation } from "../../../engine/protocol/inspection";
import { evaluate } from "../../../engine/runtime/evaluation";
import type { Trainer } from "../../../engine/runtime/trainer";
import { noisy, trainerOf, trainToEnd, xor } from "./support";

function evaluated(trainer: Trainer, part: "training" | "validation" = "training"): Evaluation {
  const work = evaluate(trainer, part);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

async function trained(text: string): Promise<Trainer> {
  const trainer = await trainerOf(text);
  trainToEnd(trainer);
  return trainer;
}

/** y = 2x₁ − x₂, without training: the weights are literals. */
const plane = `
  data Points = Table(inputs: [[0, 0], [1, 0], [0, 1]], targets: [0, 5, -1])
  network Plane(x: [2]) { param w = [[2], [-1]]  y = x @ w  return y }
  train Plane on Points { loss: MSE optimizer: SGD(rate: 0.1) batch: 3 epochs: 1 }`;

test("a confusion matrix counts every sample of a learnt task on its diagonal", async () => {
  const { confusion, samples, step } = evaluated(await trained(xor));
  expect(confusion).toEqual({
    classes: ["0", "1"],
    counts: [
      [2, 0],
      [0, 2],
    ],
  });
  expect({ samples, step }).toEqual({ samples: 4, step: 200 });
});

test("its diagonal is the accuracy that the training reports", async () => {
  const trainer = await trained(noisy);
  const { confusion, samples } = evaluated(trainer, "validation");
  const right = confusion!.counts.reduce((sum, row, index) => sum + row[index]!, 0);
  expect(right / samples).toBe(trainer.reports.at(-1)!.validation!.metrics.accuracy);
});

test("the worst predictions of numbers are those furthest from their targets", async () => {
  const { worst, confusion } = evaluated(await trainerOf(plane));
  expect(confusion).toBeUndefined();
  // Distances |0 − 0|, |2 − 5|, |−1 + 1|.
  expect(worst.map(({ index, miss }) => [index, miss])).toEqual([
    [1, 3],
    [0, 0],
    [2, 0],
  ]);
  expect(worst[0]).toMatchObject({ expected: "5", predicted: "2", input: { shape: [2] } });
});

test("the worst predictions of classes are those whose class falls most behind another", async () => {
  const { worst } = evaluated(await trained(noisy));
  const misses = worst.map(({ miss }) => miss!);
  expect(misses).toEqual(misses.toSorted((a, b) => b - a));
  for (const { expected, predicted, miss } of worst) expect(miss! > 0).toBe(expected !== predicted);
});

test("a grid over two inputs holds the output at each of its places", async () => {
  const { boundary } = evaluated(await trainerOf(plane));
  const { x, y, rows, columns, cells, classes, certainty } = boundary!;
  expect({ x, y, classes, certainty }).toEqual({
    x: [-0.1, 1.1],
    y: [-0.1, 1.1],
    classes: undefined,
    certainty: undefined,
  });
  // The upper left corner and the lower right one.
  expect(cells[0]).toBeCloseTo(2 * x[0] - y[1], 12);
  expect(cells[rows * columns - 1]).toBeCloseTo(2 * x[1] - y[0], 12);
});

test("a grid over classes tells how probable the predicted one is", async () => {
  const { boundary } = evaluated(await trained(noisy));
  expect(boundary!.classes).toHaveLength(2);
  expect([...boundary!.certainty!].every((share) => share >= 0.5 && share <= 1)).toBe(true);
  expect(boundary!.points).toHaveLength(10);
});

test("a training without validation says what to add", async () => {
  const trainer = await trainerOf(xor);
  expect(() => evaluated(trainer, "validation")).toThrow(
    "Xor keeps no samples for validation: add the entry validation: 0.2",
  );
});
