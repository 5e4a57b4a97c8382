// A training that was interrupted, written down, and read again goes on as if nothing had happened, bit by bit.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint, stateFor, weightsIn } from "../../../engine/runtime/checkpoint";
import { CompiledComputation } from "../../../engine/runtime/compiled-computation";
import type { CreateComputation } from "../../../engine/runtime/computation";
import { Float64Computation } from "../../../engine/runtime/float64-computation";
import { Trainer, type TrainerOptions } from "../../../engine/runtime/trainer";
import { datasetsOf, noisy, trainerOf, trainingOf, trainToEnd, xor } from "./support";

const bytesOf = (trainer: Trainer): Uint8Array => new Uint8Array(Buffer.concat(encodeCheckpoint(trainer)));

const file = "c.safetensors";

/** What a training is made of, read once. */
async function partsOf(text: string): Promise<TrainerOptions> {
  const training = await trainingOf(text);
  const datasets = await datasetsOf(text);
  const held = training.validation;
  const validation = held.kind === "data" ? datasets.get(held.data.name)! : undefined;
  const data = datasets.get(training.data.name)!;
  return { training, data, ...(validation && { validation }), now: () => 0 };
}

/** Another trainer at the same place, with nothing but the bytes between them. */
function resumedWith(bytes: Uint8Array, parts: TrainerOptions): Trainer {
  const { training, data, validation } = parts;
  const state = stateFor({ file, checkpoint: decodeCheckpoint(file, bytes) }, training, data, validation);
  return new Trainer({ ...parts, state });
}

const resumed = async (bytes: Uint8Array, text: string): Promise<Trainer> => resumedWith(bytes, await partsOf(text));

/** Values and gradients of the last batch, without what was measured while somebody looked on. */
function observed(trainer: Trainer) {
  const { quantities, ...rest } = trainer.observe();
  const numbers = Object.entries(quantities).map(([id, { value, gradient }]) => ({ id, value, gradient }));
  return { numbers, ...rest };
}

const outcome = (trainer: Trainer) => ({
  weights: [...trainer.weights],
  reports: trainer.reports,
  trained: trainer.trained,
  observed: observed(trainer),
  checkpoint: bytesOf(trainer),
});

const normalized = "-> BatchNorm as n -> Dropout(0.3) as d";
const ownValidation = `data Others = Moons(samples: 300, noise: 0.2, seed: 5) ${noisy.replace("validation: 0.25", "validation: Others")}`;

const trainings: readonly (readonly [string, string])[] = [
  ["dropout, Adam, validation and metrics", noisy],
  [
    "running statistics, momentum, clip and penalty",
    noisy
      .replace("-> Dropout(0.3) as d", normalized)
      .replace("Adam(rate: 0.01)", "SGD(rate: 0.1, momentum: 0.9) clip: Norm(0.5) regularize: L2(0.01)"),
  ],
  [
    "a stopping rule that goes back",
    noisy.replace("epochs: 5", "epochs: 60 stop: EarlyStopping(patience: 2)").replace("rate: 0.01", "rate: 0.3"),
  ],
  ["a schedule, and an end in the middle of an epoch", noisy.replace("epochs: 5", "steps: 8 schedule: Cosine")],
  ["a validation of its own in two batches", ownValidation],
  [
    "neither metrics nor validation nor order",
    noisy.replace("metrics: [accuracy]", "shuffle: false").replace("validation: 0.25", ""),
  ],
];

const computations: readonly (readonly [string, CreateComputation])[] = [
  ["in float64", (options) => new Float64Computation(options)],
  ["compiled", (options) => new CompiledComputation(options)],
];

describe.each(trainings)("%s", (_, text) => {
  test.each(computations)("%s, interrupted anywhere, twice, it comes to the same bytes", async (_, computation) => {
    const parts = { ...(await partsOf(text)), computation };
    const straight = new Trainer(parts);
    const all = trainToEnd(straight);
    const expected = outcome(straight);
    const units = fc.integer({ min: 0, max: all.length });
    fc.assert(
      fc.property(units, units, (first, second) => {
        const begun = new Trainer(parts);
        for (let unit = 0; unit < first; unit++) expect(begun.advance()).toEqual(all[Math.min(unit, all.length - 1)]);
        const again = resumedWith(bytesOf(begun), parts);
        expect(bytesOf(again)).toEqual(bytesOf(begun));
        expect(observed(again)).toEqual(observed(begun));
        for (let unit = 0; unit < second; unit++) again.advance();
        const last = resumedWith(bytesOf(again), parts);
        trainToEnd(last);
        expect(outcome(last)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });
});

describe("a training that has come to its end", () => {
  const shorter = noisy.replace("epochs: 5", "epochs: 2");

  test("goes on when it is given more epochs, to the bytes of having had them from the beginning", async () => {
    const begun = await trainerOf(shorter);
    trainToEnd(begun);
    const longer = await resumed(bytesOf(begun), noisy);
    trainToEnd(longer);
    const straight = await trainerOf(noisy);
    trainToEnd(straight);
    expect([...longer.weights]).toEqual([...straight.weights]);
    expect(longer.reports.slice(2)).toEqual(straight.reports.slice(2));
  });

  test("is at its end again when nothing was changed, and has the weights of the best epoch", async () => {
    const stopping = trainings[2]![1];
    const begun = await trainerOf(stopping);
    const end = trainToEnd(begun).at(-1)!;
    const bytes = bytesOf(begun);
    const again = await resumed(bytes, stopping);
    expect(again.isFinished).toBe(true);
    expect(again.advance()).toEqual(end);
    expect([...weightsIn(decodeCheckpoint("c", bytes))]).toEqual([...begun.weights]);
  });

  test("stopped by its rule, it goes on when the rule is another or gone", async () => {
    const stopping = trainings[2]![1];
    const begun = await trainerOf(stopping);
    trainToEnd(begun);
    const epochs = begun.reports.length;
    expect(begun.trained.epochs).toBeLessThan(epochs);
    for (const rule of ["stop: EarlyStopping(patience: 20)", ""]) {
      const again = await resumed(bytesOf(begun), stopping.replace("stop: EarlyStopping(patience: 2)", rule));
      expect(again.isFinished).toBe(false);
      expect(again.epoch).toBe(epochs + 1);
    }
  });

  test("cannot be given fewer epochs than it has had", async () => {
    const begun = await trainerOf(noisy);
    trainToEnd(begun);
    await expect(resumed(bytesOf(begun), shorter)).rejects.toThrow(
      "Small has made 15 steps already, and is to end after 6: give it more epochs",
    );
  });
});

test("a training that failed is where it was before the step that could not be made", async () => {
  const exploding = `
    data Line = Table(inputs: [[1], [2], [3], [4]], targets: [1, 3, 5, 7])
    network Net(x: [1]) { return x -> Dense(3) as h -> Dense(1) as y }
    train Net on Line { loss: MSE optimizer: SGD(rate: 10) batch: 4 epochs: 500 seed: 1 }`;
  const begun = await trainerOf(exploding);
  const end = trainToEnd(begun).at(-1)!;
  expect(end.kind).toBe("failed");
  const again = await resumed(bytesOf(begun), exploding);
  expect(again.step).toBe(begun.step);
  expect(again.advance()).toEqual(end);
});

test("numbers that JSON does not have survive", async () => {
  // An infinite validation loss does not end a training.
  const text = `
    data Points = Table(inputs: [[1], [2]], targets: [1, 3])
    data Far = Table(inputs: [[1e300]], targets: [1])
    network Net(x: [1]) { param w = [[1]]  y = x @ w  return y }
    train Net on Points { loss: MSE optimizer: SGD(rate: 0.01) batch: 2 epochs: 3 validation: Far metrics: [mse] }`;
  const begun = await trainerOf(text);
  while (begun.reports.length < 2) begun.advance();
  expect(begun.reports[0]!.validation!.loss).toBe(Number.POSITIVE_INFINITY);
  const again = await resumed(bytesOf(begun), text);
  expect(again.reports).toEqual(begun.reports);
});

describe("what was changed since", () => {
  const differing = async (change: (text: string) => string) => {
    const begun = await trainerOf(xor);
    begun.advance();
    return resumed(bytesOf(begun), change(xor));
  };

  test.each<[string, (text: string) => string, string]>([
    [
      "the shape of a parameter",
      (text) => text.replace("Dense(8)", "Dense(16)"),
      "c.safetensors does not fit Xor any more: h.W is [2, 16], and was [2, 8]; h.b is [16], and was [8]; logit.W is [16, 1], and was [8, 1]. Undo that, or train from the beginning.",
    ],
    [
      "a new layer with parameters",
      (text) => text.replace("-> Tanh", "-> Dense(8) as k -> Tanh"),
      "k.W is new; k.b is new",
    ],
    [
      "a layer that is gone",
      (text) => text.replace("-> Dense(8) as h -> Tanh as a", ""),
      "logit.W is [2, 1], and was [8, 1]; h.W is gone; h.b is gone.",
    ],
    ["another activation", (text) => text.replace("Tanh", "ReLU"), "a is ReLU, and was Tanh."],
    ["other numbers of a layer", (text) => text.replace("Tanh", "Dropout(0.1)"), "a is Dropout, and was Tanh."],
    [
      "the loss",
      (text) => text.replace("loss: BinaryCrossEntropy", "loss: MSE"),
      "loss is MSE, and was BinaryCrossEntropy",
    ],
    ["the batch size", (text) => text.replace("batch: 4", "batch: 2"), "batch is 2, and was 4."],
    ["the seed", (text) => text.replace("seed: 1", "seed: 2"), "seed is 2, and was 1."],
    [
      "the data",
      (text) => text.replace("targets: [0, 1, 1, 0]", "targets: [1, 1, 1, 0]"),
      "data (Truth with 4 samples) has changed.",
    ],
    [
      "another optimizer",
      (text) => text.replace("SGD(rate: 0.5, momentum: 0.9)", "RMSProp(rate: 0.5)"),
      "optimizer is RMSProp(rate: 0.5, rho: 0.99, epsilon: 1e-8), and was SGD(rate: 0.5, momentum: 0.9, nesterov: false).",
    ],
    ["a split", (text) => text.replace("seed: 1", "seed: 1 validation: 0.5"), "validation is 0.5, and was none."],
    [
      "metrics",
      (text) => text.replace("[accuracy]", "[accuracy, f1]"),
      "metrics is [accuracy, f1], and was [accuracy].",
    ],
  ])("%s is refused", async (_, change, message) => {
    await expect(differing(change)).rejects.toThrow(message);
  });

  test("another output is refused", async () => {
    const text = `
      data Points = Table(inputs: [[1], [2]], targets: [[1], [3]])
      network Net(x: [1]) { a = x -> Dense(1)  b = a -> Tanh  return b }
      train Net on Points { loss: MSE optimizer: SGD }`;
    const bytes = bytesOf(await trainerOf(text));
    await expect(resumed(bytes, text.replace("return b", "return a"))).rejects.toThrow(
      "what is returned is a, and was b.",
    );
  });

  test.each<[string, (text: string) => string]>([
    ["comments, places and the training's name", (text) => `# new\n\n${text.replace("on Truth", "on Truth as Other")}`],
    ["the learning rate", (text) => text.replace("rate: 0.5", "rate: 0.1")],
    [
      "schedule, penalty and clip",
      (text) => text.replace("batch:", "schedule: Cosine regularize: L2(0.1) clip: Norm(1) batch:"),
    ],
    ["the number of epochs", (text) => text.replace("epochs: 200", "epochs: 300")],
  ])("%s may be another", async (_, change) => {
    expect((await differing(change)).step).toBe(1);
  });
});

describe("a file that is no checkpoint", () => {
  test("because of one changed letter is refused", async () => {
    const bytes = bytesOf(await trainerOf(xor));
    const text = Buffer.from(bytes).toString("latin1");
    for (const [whole, changed] of [
      ['\\"steps\\":0', '\\"steps\\":9'],
      ["weights/h.W", "weights/h.V"],
    ] as const) {
      expect(text).toContain(whole);
      const damaged = new Uint8Array(Buffer.from(text.replace(whole, changed), "latin1"));
      expect(() => decodeCheckpoint("c.safetensors", damaged)).toThrow(
        "c.safetensors is damaged: what it says of the training is not what was written",
      );
    }
  });

  test("because another version wrote it says so", async () => {
    const text = Buffer.from(bytesOf(await trainerOf(xor))).toString("latin1");
    const later = new Uint8Array(Buffer.from(text.replace("nnet checkpoint 1", "nnet checkpoint 2"), "latin1"));
    expect(() => decodeCheckpoint("c.safetensors", later)).toThrow(
      "c.safetensors is an nnet checkpoint 2, and this version of nnet reads nnet checkpoint 1",
    );
  });
});
