// What a training may say besides loss and optimizer: schedule, steps, regularize, clip, stop. Numbers by hand.

import { describe, expect, test } from "vitest";
import type { Training } from "../../../engine/protocol/network";
import { inFloat64, noisy, trainerOf, trainToEnd, xor } from "./support";

/** ŷ = w·x with w = 1, x = 2, t = 1: dL/dw = 2(2w − 1)·2, 4 in the first step. */
const product = `
  data One = Table(inputs: [2], targets: [1])
  network Product(x) { param w = 1  y = w * x  return y }
  train Product on One { loss: MSE optimizer: SGD(rate: 0.1) epochs: 4 batch: 1 }`;

const weightAfter = async (steps: number, changes: Partial<Training>) => {
  const trainer = await trainerOf(product, changes, inFloat64);
  for (let step = 0; step < steps; step++) trainer.stepOnce();
  return trainer.weights.get("w")!.data[0]!;
};

describe("schedule", () => {
  test("changes the rate of each update, and reports say it", async () => {
    const schedule = { name: "Step", arguments: { every: 1, factor: 0.5 } };
    const trainer = await trainerOf(product, { schedule }, inFloat64);
    expect(trainer.learningRate).toBe(0.1);
    trainToEnd(trainer);
    expect(trainer.reports.map(({ learningRate }) => learningRate)).toEqual([0.1, 0.05, 0.025, 0.0125]);
    // 1 − 0.1·4 = 0.6, then 0.6 − 0.05·4·(2·0.6 − 1).
    expect(await weightAfter(2, { schedule })).toBeCloseTo(0.56, 15);
  });

  test("counts steps, not batches of an epoch, and knows the whole training", async () => {
    const schedule = { name: "Cosine", arguments: { warmup: 0 } };
    // 13 samples, 3 held back, batches of 4: 3 steps an epoch.
    const trainer = await trainerOf(noisy, { schedule, epochs: 2 });
    const rates: number[] = [];
    while (!trainer.isFinished) {
      const before = trainer.step;
      trainer.advance();
      if (trainer.step > before) rates.push(trainer.learningRate);
    }
    expect(rates).toEqual([0, 1, 2, 3, 4, 5].map((t) => expect.closeTo(0.005 * (1 + Math.cos((Math.PI * t) / 6)), 15)));
  });
});

describe("steps", () => {
  test("end the training wherever it is, with a report of what was done", async () => {
    const trainer = await trainerOf(noisy, { steps: 5 });
    const kinds = trainToEnd(trainer).map(({ kind }) => kind);
    expect(trainer.step).toBe(5);
    expect(trainer.epochs).toBe(2);
    expect(kinds.slice(-4)).toEqual(["step", "validation", "epoch", "finished"]);
    expect(trainer.reports.map(({ epoch, epochs, step }) => [epoch, epochs, step])).toEqual([
      [1, 2, 3],
      [2, 2, 5],
    ]);
  });

  test("may be more than `epochs` would be", async () => {
    const trainer = await trainerOf(product, { steps: 9 }, inFloat64);
    trainToEnd(trainer);
    expect(trainer.reports).toHaveLength(9);
  });
});

describe("regularize", () => {
  test("adds its gradient to the update, and its penalty to the loss", async () => {
    const regularize = [{ name: "L2", arguments: { rate: 0.5 } }];
    // dw = 4 + 2·0.5·1 = 5.
    expect(await weightAfter(1, { regularize })).toBeCloseTo(0.5, 15);
    const trainer = await trainerOf(product, { regularize }, inFloat64);
    trainer.stepOnce();
    expect(trainer.reports[0]!.loss).toBeCloseTo(1.5, 15);
  });
});

describe("clip", () => {
  test("bounds the update", async () => {
    // The gradient 4 becomes 1, up to the 10⁻⁶ in PyTorch's divisor.
    expect(await weightAfter(1, { clip: { name: "Norm", arguments: { limit: 1 } } })).toBeCloseTo(0.9, 6);
    expect(await weightAfter(1, { clip: { name: "Value", arguments: { limit: 0.5 } } })).toBeCloseTo(0.95, 15);
  });

  test("treats all gradients as one vector, and a gradient that never changes too", async () => {
    const text = `
      data One = Table(inputs: [1], targets: [0])
      network Sum(x) { param a = 0  param b = 0  y = x * (3 * a + 4 * b)  return y }
      train Sum on One { loss: MSE optimizer: SGD(rate: 1) epochs: 3 batch: 1 }`;
    const source = { kind: "observed", quantity: { kind: "value", id: "y" } } as const;
    const range = { start: 0, end: 0 };
    const loss = {
      kind: "formula",
      text: "y",
      values: [{ id: "f", title: "y", source, shape: [], batched: true, range }],
      result: "f",
    } as const;
    const trainer = await trainerOf(text, { loss, clip: { name: "Norm", arguments: { limit: 1 } } }, inFloat64);
    trainToEnd(trainer);
    // The gradient (3, 4) becomes (0.6, 0.8), three times.
    expect(trainer.weights.get("a")!.data[0]).toBeCloseTo(-1.8, 5);
    expect(trainer.weights.get("b")!.data[0]).toBeCloseTo(-2.4, 5);
  });
});

describe("stop", () => {
  // A rate that overshoots: the loss grows from the first step on.
  const diverging = { optimizer: { name: "SGD", arguments: { rate: 0.3 } } };
  const stop = (patience: number) => ({ stop: { name: "EarlyStopping", arguments: { patience } } });

  test("ends after its patience and goes back to the best weights", async () => {
    const trainer = await trainerOf(product, { ...diverging, ...stop(2), epochs: 50 }, inFloat64);
    const end = trainToEnd(trainer).at(-1)!;
    expect(trainer.reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(end).toEqual({
      kind: "finished",
      note: "stopped after epoch 3: the loss did not improve for 2 epochs; its weights are those of epoch 1",
    });
    expect(trainer.weights.get("w")!.data[0]).toBeCloseTo(1 - 0.3 * 4, 15);
    expect(trainer.trained).toEqual({ epochs: 1, steps: 1 });
    expect(trainer.advance()).toEqual(end);
  });

  test("goes back to the best weights when the epochs are over before its patience", async () => {
    const trainer = await trainerOf(product, { ...diverging, ...stop(20), epochs: 3 }, inFloat64);
    expect(trainToEnd(trainer).at(-1)).toMatchObject({
      note: "the loss was lowest after epoch 1; its weights are those of epoch 1",
    });
    expect(trainer.weights.get("w")!.data[0]).toBeCloseTo(1 - 0.3 * 4, 15);
  });

  test("does nothing to a training whose last epoch is its best", async () => {
    const plain = await trainerOf(xor, { epochs: 20 });
    const watched = await trainerOf(xor, { epochs: 20, ...stop(20) });
    trainToEnd(plain);
    expect(trainToEnd(watched).at(-1)).toEqual({ kind: "finished" });
    expect([...watched.weights]).toEqual([...plain.weights]);
  });

  test("watches the validation when there is one", async () => {
    const trainer = await trainerOf(noisy, {
      optimizer: { name: "SGD", arguments: { rate: 1e-300 } },
      epochs: 9,
      ...stop(3),
    });
    // Nothing moves: the validation's loss stays, while dropout changes the training's.
    expect(trainToEnd(trainer).at(-1)).toMatchObject({
      note: "stopped after epoch 4: the validation loss did not improve for 3 epochs; its weights are those of epoch 1",
    });
  });
});

test("the same seed gives the same bits with all of them", async () => {
  const changes: Partial<Training> = {
    schedule: { name: "Cosine", arguments: { warmup: 1 } },
    regularize: [{ name: "L1", arguments: { rate: 0.01 } }],
    clip: { name: "Norm", arguments: { limit: 0.5 } },
    stop: { name: "EarlyStopping", arguments: { patience: 2 } },
    steps: 14,
  };
  const train = async () => {
    const trainer = await trainerOf(noisy, changes);
    const end = trainToEnd(trainer);
    return { end, weights: [...trainer.weights] };
  };
  expect(await train()).toEqual(await train());
});

test("the score is that of the weights as they are, without dropout, on the validation's samples", async () => {
  const trainer = await trainerOf(noisy);
  trainToEnd(trainer);
  const work = trainer.score(["accuracy", "f1"]);
  let next = work.next();
  while (!next.done) next = work.next();
  const { validation } = trainer.reports.at(-1)!;
  expect(next.value.loss).toBe(validation!.loss);
  expect(next.value.metrics.accuracy).toBe(validation!.metrics.accuracy);
  expect(next.value.metrics.f1).toEqual(expect.any(Number));
});
