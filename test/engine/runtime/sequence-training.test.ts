// Layers for sequences learn what only they can: to count, and to look elsewhere in the sequence.

import { expect, test } from "vitest";
import { trainerOf, trainToEnd } from "./support";

/** All sequences of five bits, and for each a class. */
function bits(classOf: (sequence: readonly number[]) => number): string {
  const sequences = Array.from({ length: 32 }, (_, number) => [16, 8, 4, 2, 1].map((bit) => (number & bit ? 1 : 0)));
  const inputs = sequences.map((sequence) => `[${sequence.map((bit) => `[${bit}]`).join(", ")}]`);
  return `data Bits = Table(inputs: [${inputs.join(", ")}], targets: [${sequences.map(classOf).join(", ")}])`;
}

const count = (sequence: readonly number[]): number => sequence.reduce((sum, bit) => sum + bit, 0);

const training = (stages: string, classes: number) => `
  network Reader(x: [5, 1]) { return x ${stages} -> Dense(${classes}) -> Softmax }
  train Reader on Bits {
    loss: CrossEntropy
    optimizer: Adam(rate: 0.03)
    batch: 8
    epochs: 60
    metrics: [accuracy]
    seed: 2
  }`;

test.each([
  ["LSTM", "-> LSTM(8)"],
  ["GRU", "-> GRU(8)"],
  ["two LSTMs", "-> LSTM(6, sequences: true) -> LSTM(6)"],
])("%s learns to count", async (_, stages) => {
  const trainer = await trainerOf(bits(count) + training(stages, 6));
  trainToEnd(trainer);
  expect(trainer.reports.at(-1)!.metrics.accuracy).toBe(1);
});

test("SelfAttention lets the last step see the first: whether they are equal", async () => {
  const equal = bits((sequence) => (sequence[0] === sequence[4] ? 1 : 0));
  const stages = `-> Dense(8) -> Places -> SelfAttention(2) -> ReLU -> Flatten`;
  const places = "block Places(x) { param place: [5, 8] = Normal(std: 0.5)  return x + place }";
  const trainer = await trainerOf(`${equal}\n${places}\n${training(stages, 2)}`);
  trainToEnd(trainer);
  expect(trainer.reports.at(-1)!.metrics.accuracy).toBe(1);
});
