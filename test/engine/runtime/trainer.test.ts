// Training: it learns, it repeats itself bit for bit, it copes with any batch size and says why it had to give up.

import { describe, expect, test } from "vitest";
import { table } from "../../../engine/data/table";
import type { Computation, CreateComputation } from "../../../engine/runtime/computation";
import { Float64Computation } from "../../../engine/runtime/float64-computation";
import { Trainer } from "../../../engine/runtime/trainer";
import { inFloat64, noisy, trainerOf, trainToEnd, xor } from "./support";

describe("learning", () => {
  test("exclusive or is learnt completely", async () => {
    const trainer = await trainerOf(xor);
    trainToEnd(trainer);
    expect(trainer.reports).toHaveLength(200);
    expect(trainer.reports.at(-1)!.metrics.accuracy).toBe(1);
    expect(trainer.reports.at(-1)!.loss).toBeLessThan(0.01);
  });

  test("a line is found: one weight, one bias, least squares", async () => {
    // Exact solution of y = 2x + 1.
    const trainer = await trainerOf(
      `
      data Line = Table(inputs: [[0], [1], [2], [3]], targets: [1, 3, 5, 7])
      network Line1(x: [1]) { return x -> Dense(1) as h }
      train Line1 on Line { loss: MSE optimizer: SGD(rate: 0.1) batch: 4 epochs: 2000 }`,
      {},
      inFloat64,
    );
    trainToEnd(trainer);
    expect(trainer.weights.get("h.W")!.data[0]).toBeCloseTo(2, 9);
    expect(trainer.weights.get("h.b")!.data[0]).toBeCloseTo(1, 9);
  });

  test("one step of gradient descent is the one done by hand", async () => {
    // ŷ = w·x with w = 1, x = 2, t = 1: dL/dw = 2(2 − 1)·2 = 4, so w becomes 1 − 0.1·4.
    const trainer = await trainerOf(
      `
      data One = Table(inputs: [2], targets: [1])
      network Product(x) { param w = 1  y = w * x  return y }
      train Product on One { loss: MSE optimizer: SGD(rate: 0.1) epochs: 1 batch: 1 }`,
      {},
      inFloat64,
    );
    expect(trainer.advance()).toEqual({ kind: "step" });
    expect(trainer.weights.get("w")!.data[0]).toBeCloseTo(0.6, 15);
  });

  test("a const stays as it is", async () => {
    const trainer = await trainerOf(`
      data One = Table(inputs: [2], targets: [1])
      network Product(x) { const c = 3  param w = 1  y = c * w * x  return y }
      train Product on One { loss: MSE optimizer: SGD(rate: 0.01) epochs: 3 batch: 1 }`);
    trainToEnd(trainer);
    expect([...trainer.weights.get("c")!.data]).toEqual([3]);
    expect(trainer.weights.get("w")!.data[0]).not.toBe(1);
  });
});

describe("the same seed gives the same bits", () => {
  const reports = async (text: string, seed: number) => {
    const trainer = await trainerOf(text, { seed });
    trainToEnd(trainer);
    return { reports: trainer.reports, weights: [...trainer.weights] };
  };

  test("twice the same training, dropout and validation included", async () => {
    expect(await reports(noisy, 9)).toEqual(await reports(noisy, 9));
    expect(await reports(noisy, 9)).not.toEqual(await reports(noisy, 10));
  });

  test("stepping through it by hand is no different, nor is looking at it", async () => {
    const straight = await trainerOf(noisy);
    trainToEnd(straight);
    const stepped = await trainerOf(noisy);
    stepped.observe();
    while (!stepped.isFinished) {
      stepped.stepOnce();
      expect(stepped.observe()).toEqual(stepped.observe());
    }
    expect(stepped.reports).toEqual(straight.reports);
    expect([...stepped.weights]).toEqual([...straight.weights]);
  });

  test("a second layer does not change the first one's weights", async () => {
    const weights = async (layers: string) => {
      const trainer = await trainerOf(`
        data Points = Moons(samples: 10)
        network Net(x: [2]) { return x -> Dense(4) as h ${layers} -> Dense(2) as z -> Softmax }
        train Net on Points { loss: CrossEntropy optimizer: Adam epochs: 1 }`);
      return trainer.weights.get("h.W");
    };
    expect(await weights("")).toEqual(await weights("-> Dense(4) as k"));
  });
});

describe("epochs and batches", () => {
  test.each([
    ["a last batch that is smaller", 4, 4],
    ["batches of one", 1, 10],
    ["a batch larger than the data", 64, 1],
    ["a batch as large as the data", 10, 1],
  ])("%s", async (_, batchSize, steps) => {
    const trainer = await trainerOf(noisy, { batchSize, epochs: 2, validation: { kind: "fraction", fraction: 0.25 } });
    const kinds = trainToEnd(trainer).map(({ kind }) => kind);
    const epoch = [...new Array<string>(steps - (batchSize === 4 ? 1 : 0)).fill("step"), "validation", "epoch"];
    expect(kinds).toEqual([...epoch, ...epoch, "finished"]);
    expect(trainer.reports.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(trainer.reports.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  test("the loss of an epoch weighs samples, not batches", async () => {
    // With rate 0 nothing moves: the mean over all samples is the same for every batch size.
    const text = `
      data Points = Table(inputs: [[0], [1], [2]], targets: [5, 0, 1])
      network Same(x: [1]) { param w = [[1]]  y = x @ w  return y }
      train Same on Points { loss: MSE optimizer: SGD(rate: 1e-300) epochs: 1 batch: 2 metrics: [mse] }`;
    const trainer = await trainerOf(text);
    trainToEnd(trainer);
    const [report] = trainer.reports;
    // (25 + 1 + 1) / 3
    expect(report!.loss).toBeCloseTo(9, 12);
    expect(report!.metrics.mse).toBeCloseTo(9, 12);
  });

  test("validation does not drop and does not train", async () => {
    const trainer = await trainerOf(noisy, { optimizer: { name: "SGD", arguments: { rate: 1e-300, momentum: 0 } } });
    trainToEnd(trainer);
    const losses = trainer.reports.map(({ validation }) => validation!.loss);
    expect(new Set(losses).size).toBe(1);
    // Dropout's masks differ from step to step.
    expect(new Set(trainer.reports.map(({ loss }) => loss)).size).toBeGreaterThan(1);
  });

  test("validation on a data set of its own uses all of both", async () => {
    const trainer = await trainerOf(`
      data Training = Moons(samples: 8, seed: 1)
      data Other = Moons(samples: 6, seed: 2)
      network Net(x: [2]) { return x -> Dense(2) as z -> Softmax }
      train Net on Training { loss: CrossEntropy optimizer: Adam epochs: 1 batch: 1 validation: Other metrics: [accuracy] }`);
    trainToEnd(trainer);
    expect(trainer.step).toBe(8);
    expect((trainer.reports[0]!.validation!.metrics.accuracy! * 6) % 1).toBeCloseTo(0, 9);
  });

  test("a step that ends an epoch brings its report along", async () => {
    const trainer = await trainerOf(noisy, { batchSize: 64 });
    expect(trainer.stepOnce().map(({ kind }) => kind)).toEqual(["step", "validation", "epoch"]);
    expect(trainer.step).toBe(1);
  });
});

test("a step asked for in the middle of a validation ends it and makes an update", async () => {
  const trainer = await trainerOf(noisy, { batchSize: 64 });
  expect(trainer.advance().kind).toBe("step");
  expect(trainer.stepOnce().map(({ kind }) => kind)).toEqual(["validation", "epoch", "step", "validation", "epoch"]);
  expect(trainer.step).toBe(2);
});

describe("looking inside", () => {
  test("before the first step the first batch is shown with the initial weights", async () => {
    const { quantities, batchSize, loss } = (await trainerOf(xor)).observe();
    expect(batchSize).toBe(4);
    expect(loss).toBeGreaterThan(0);
    expect(Object.keys(quantities).sort()).toEqual([
      "a",
      "bits",
      "h",
      "h.W",
      "h.b",
      "logit",
      "logit.W",
      "logit.b",
      "p",
      "target",
    ]);
    expect(quantities["h.W"]!.value.shape).toEqual([2, 8]);
    expect(quantities.h!.value.shape).toEqual([4, 8]);
  });

  test("every value, parameter, input and target has its gradient", async () => {
    const { quantities } = (await trainerOf(xor)).observe();
    for (const [id, { value, gradient }] of Object.entries(quantities)) {
      // The target [4] is compared with the output [4, 1].
      expect(gradient?.shape, id).toEqual(value.shape);
    }
  });

  test("gradients agree with central differences of the loss", async () => {
    const { training, data } = await trainerOf(xor);
    let computation!: Computation;
    const create: CreateComputation = (options) => {
      computation = new Float64Computation(options);
      return computation;
    };
    new Trainer({ training, data, now: () => 0, computation: create }).stepOnce();
    const samples = Int32Array.of(0, 1, 2, 3);
    const [derivative] = computation.inspect(samples, 1).gradient("logit.b")!.data;
    const weights = computation.weights();
    const [bias] = weights.get("logit.b")!.data;
    const h = 1e-5;
    const lossAt = (shift: number): number => {
      weights.get("logit.b")!.data[0] = bias! + shift;
      computation.restore(weights);
      return computation.inspect(samples, 1).loss;
    };
    // Second-order error h² and rounding 1e-16 / h: both below 1e-9.
    expect(derivative).toBeCloseTo((lossAt(h) - lossAt(-h)) / (2 * h), 9);
  });
});

describe("giving up", () => {
  const failure = async (text: string) => {
    const trainer = await trainerOf(text);
    const last = trainToEnd(trainer).at(-1)!;
    if (last.kind !== "failed") throw new Error("expected a failure");
    return { trainer, message: last.message, value: last.value };
  };

  test("weights that explode: step, value and learning rate are named", async () => {
    const { trainer, message } = await failure(`
      data Line = Table(inputs: [[1], [2], [3], [4]], targets: [1, 3, 5, 7])
      network Net(x: [1]) { return x -> Dense(3) as h -> Dense(1) as y }
      train Net on Line { loss: MSE optimizer: SGD(rate: 10) batch: 4 epochs: 500 seed: 1 }`);
    expect(message).toMatch(
      /^Net: the (loss is (NaN|Infinity)|gradients are no longer finite numbers) at step \d+ \(epoch \d+\)\. /,
    );
    expect(message).toContain("The weights have grown up to");
    expect(message).toContain("Try a learning rate below 10, say 1.");
    // Nothing that is not a number was written into the weights.
    expect([...trainer.weights.values()].every(({ data }) => data.every(Number.isFinite))).toBe(true);
    expect(trainer.advance()).toMatchObject({ kind: "failed", message });
  });

  test("the logarithm of a negative number is named as the beginning", async () => {
    const { message, value } = await failure(`
      data Line = Table(inputs: [-1, 2], targets: [1, 3])
      network Net(x) { param w = 1  l = log(x)  y = w * l  return y }
      train Net on Line { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 5 }`);
    expect(message).toContain("at step 1 (epoch 1)");
    expect(message).toContain("It begins in l (");
    expect(message).toContain("50% of the elements are not finite; what goes in lies between -1 and 2.");
    expect(message).toContain("A logarithm needs numbers above 0");
    expect(value).toBe("l");
  });

  test("what only float32 cannot hold is named, with the bound of float32", async () => {
    const { message, value } = await failure(`
      data Line = Table(inputs: [90, 2], targets: [1, 3])
      network Net(x) { param w = 1e-30  e = exp(x)  y = w * e  return y }
      train Net on Line { loss: MSE optimizer: SGD(rate: 1e-30) batch: 2 epochs: 5 }`);
    expect(message).toContain("It begins in e (");
    expect(message).toContain("what goes in lies between 2 and 90. exp(x) is infinite above 88.7:");
    expect(value).toBe("e");
  });

  test("data that overflow are named as the beginning", async () => {
    const { message, value } = await failure(`
      data Line = Table(inputs: [[1e39], [2]], targets: [1, 3])
      network Net(x: [1]) { return x -> Dense(1) as y }
      train Net on Line { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 5 }`);
    expect(message).toContain("at step 1");
    expect(message).toContain("so is the data. Trainings run in float32, which ends at 3.4e38: scale the data down.");
    expect(value).toBe("x");
  });

  test("an exponential of the oracle has the bound of float64", async () => {
    const trainer = await trainerOf(
      `data Line = Table(inputs: [800, 2], targets: [1, 3])
      network Net(x) { param w = 1  e = exp(x)  y = w * e  return y }
      train Net on Line { loss: MSE optimizer: SGD(rate: 0.1) batch: 2 epochs: 5 }`,
      {},
      inFloat64,
    );
    expect(trainToEnd(trainer).at(-1)).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("exp(x) is infinite above 709.7:"),
      value: "e",
    });
  });
});

describe("what does not fit is said before the first step", () => {
  test("samples of another shape", async () => {
    const { training } = await trainerOf(xor);
    const data = table({ shape: [2, 3], data: new Float64Array(6) }, { shape: [2], data: new Float64Array(2) });
    expect(() => new Trainer({ training, data, now: () => 0 })).toThrow(
      "Truth gives samples of shape [3], but Xor takes bits: [2]",
    );
  });

  test("a network that no memory holds, with what needs the most of it", async () => {
    // h has 3 · 10¹² parameters with a gradient and a moment each: 72 TB, and results and gradients of 4 samples.
    await expect(trainerOf(xor.replace("Dense(8)", "Dense(1000000000000)"))).rejects.toThrow(
      /^training Xor in batches of 4 needs about \d+ TB of memory, and can have .+B: \d+ TB of it for h \(Dense\)\. /,
    );
  });

  test("a single sample cannot be split", async () => {
    const text = xor.replace("[[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0]", "[[0, 0]], targets: [0]");
    await expect(trainerOf(text, { validation: { kind: "fraction", fraction: 0.5 } })).rejects.toThrow(
      "Truth has a single sample: nothing can be split off for validation",
    );
  });
});
