// Running mean and variance through a whole training: no optimizer touches them, validation and checks use them.

import { describe, expect, test } from "vitest";
import { runCheck } from "../../../engine/runtime/check";
import { run } from "../../../engine/runtime/run";
import { checkOf, inFloat64, moduleOf, trainerOf, trainToEnd, withoutTraining } from "./support";

const normalized = (entries: string, samples = 12) => `
  data Points = Moons(samples: ${samples}, noise: 0.1, seed: 2)
  network Small(x: [2]) { return x -> Dense(6) as h -> BatchNorm as n -> ReLU -> Dense(2) as z -> Softmax as p }
  train Small on Points { loss: CrossEntropy optimizer: AdamW(rate: 0.02) seed: 4 ${entries} }`;

describe("running statistics", () => {
  test("follow the batches, and only them", async () => {
    // One batch in each epoch: mean and variance of h over all samples, before each update.
    const trainer = await trainerOf(normalized("batch: 12 epochs: 2"), {}, inFloat64);
    const variance = () => trainer.weights.get("n.variance")!.data;
    const mean = () => trainer.weights.get("n.mean")!.data;
    expect([...mean()]).toEqual(new Array(6).fill(0));
    expect([...variance()]).toEqual(new Array(6).fill(1));
    const h = trainer.observe().quantities.h!.value;
    trainer.stepOnce();
    // The mean over units and samples of h is that over units of the batch's means, of which 1/10 counts.
    const sum = mean().reduce((total, value) => total + value, 0);
    expect(sum / 6).toBeCloseTo(h.mean / 10, 12);
    expect(variance().every((value) => value !== 1)).toBe(true);
  });

  test("do not move when somebody looks, and repeat bit for bit", async () => {
    const text = normalized("batch: 5 epochs: 3 validation: 0.25 metrics: [accuracy]", 17);
    const straight = await trainerOf(text);
    trainToEnd(straight);
    const watched = await trainerOf(text);
    while (!watched.isFinished) {
      watched.observe();
      watched.stepOnce();
    }
    expect([...watched.weights]).toEqual([...straight.weights]);
    expect(watched.reports).toEqual(straight.reports);
  });

  test("are what a run and a validation use: one sample alone is scored as among others", async () => {
    const text = normalized("batch: 6 epochs: 20");
    const trainer = await trainerOf(text);
    trainToEnd(trainer);
    const { trainings } = await moduleOf(text);
    const order = {
      network: trainings[0]!.network,
      folder: "",
      seed: 0,
      input: { kind: "values", values: { x: { shape: [2], data: Float64Array.of(0.5, -0.2) } } },
    } as const;
    const { outputs } = run(order, { weights: trainer.weights, description: "" }, undefined);
    expect(outputs[0]!.array.data.every(Number.isFinite)).toBe(true);
    // With the batch's own statistics all numbers of a single sample would become β.
    expect(outputs[0]!.array.data[0]).not.toBe(0.5);
  });

  test("go back with the weights when a stopping rule goes back", async () => {
    const trainer = await trainerOf(
      normalized("batch: 6 epochs: 30 validation: 0.25 stop: EarlyStopping(patience: 1)", 24),
    );
    const seen = new Map<number, readonly number[]>();
    while (!trainer.isFinished) {
      if (trainer.advance().kind === "epoch")
        seen.set(trainer.reports.length, [...trainer.weights.get("n.mean")!.data]);
      if (trainer.isFinished) break;
    }
    expect([...trainer.weights.get("n.mean")!.data]).toEqual(seen.get(trainer.trained.epochs));
  });

  test("can be given to a check and are used there", async () => {
    const check = await checkOf(`
      network N(x: [2]) { return x -> BatchNorm(epsilon: 1e-12) as n }
      check "normalized" on N(x: [[3, 5], [1, 9]]) {
        given n.mean = [1, 5]
        given n.variance = [4, 16]
        given n.gamma = [1, 2]
        expect n == [[1, 0], [0, 2]]
        expect n.mean == [1, 5]
      }`);
    expect(await runCheck(check, withoutTraining)).toMatchObject({ ok: true });
  });
});

describe("a batch of one sample", () => {
  test("is refused before the first step, even when it is the last of an epoch", async () => {
    await expect(trainerOf(normalized("batch: 1 epochs: 1"))).rejects.toThrow(
      "n: BatchNorm cannot train on a batch of one sample, in which each feature is a single number",
    );
    await expect(trainerOf(normalized("batch: 4 epochs: 1", 13))).rejects.toThrow("BatchNorm cannot train");
    // Never reached: the training ends after three steps.
    const short = await trainerOf(normalized("batch: 4 steps: 3", 13));
    expect(trainToEnd(short).at(-1)).toMatchObject({ kind: "finished" });
  });
});
