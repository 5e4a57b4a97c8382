// How much an update changes the weights, against one done by hand. Weights may be float32: six decimals.

import { expect, test } from "vitest";
import { noisy, trainerOf, trainToEnd } from "./support";

// ŷ = w·x with w = 1, x = 2, t = 1: dL/dw = 2(2 − 1)·2 = 4, so w becomes 1 − 0.1·4 = 0.6, and then
// dL/dw = 2(1.2 − 1)·2 = 0.8, so it becomes 0.52.
const product = `
  data One = Table(inputs: [2], targets: [1])
  network Product(x) { const c = 1  param w = 1  y = c * w * x  return y }
  train Product on One { loss: MSE optimizer: SGD(rate: 0.1) epochs: 9 batch: 1 }`;

test("the first update is measured, relative to the weight before it", async () => {
  const trainer = await trainerOf(product);
  expect(trainer.observe().quantities.w!.update).toBeUndefined();
  trainer.stepOnce();
  const { step, change, ratio } = trainer.observe().quantities.w!.update!;
  expect(step).toBe(1);
  expect(change.mean).toBeCloseTo(-0.4, 6);
  expect(ratio).toBeCloseTo(0.4, 6);
});

test("of the updates between two observations the first one is measured", async () => {
  const trainer = await trainerOf(product);
  trainer.stepOnce();
  trainer.observe();
  trainer.stepOnce();
  trainer.stepOnce();
  const { step, ratio } = trainer.observe().quantities.w!.update!;
  expect(step).toBe(2);
  expect(ratio).toBeCloseTo(0.08 / 0.6, 6);
});

test("nothing is said of what is never updated, nor a ratio to weights that were 0", async () => {
  const trainer = await trainerOf(noisy);
  trainer.stepOnce();
  const { quantities } = trainer.observe();
  expect(quantities["h.b"]!.update).not.toHaveProperty("ratio");
  expect(quantities["h.b"]!.update!.change.norm).toBeGreaterThan(0);
  expect((await trainerOf(product)).observe().quantities.c!.update).toBeUndefined();
  expect(quantities.h!.update).toBeUndefined();
});

test("measuring changes nothing of the training", async () => {
  const [watched, alone] = [await trainerOf(noisy), await trainerOf(noisy)];
  while (!watched.isFinished) {
    watched.stepOnce();
    watched.observe();
  }
  trainToEnd(alone);
  expect([...watched.weights]).toEqual([...alone.weights]);
});
