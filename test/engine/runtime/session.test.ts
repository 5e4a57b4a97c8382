// The worker's side of the conversation, with a clock and a scheduler of the test's own.

import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EpochReport } from "../../../engine/protocol/snapshot";
import type { TrainingOrder, WorkerRequests } from "../../../engine/protocol/worker";
import { decodeCheckpoint, weightsIn } from "../../../engine/runtime/checkpoint";
import { Desk, noFiles, orderOf } from "./desk";
import { moduleOf, noisy, trainerOf, trainToEnd, xor } from "./support";

const withoutTimes = (reports: readonly EpochReport[]) =>
  reports.map(({ seconds: _, samplesPerSecond: __, ...report }) => report);

describe("training", () => {
  test("begins, reports every epoch, ends with a snapshot and says so", async () => {
    const desk = new Desk();
    await desk.ask("train", await orderOf(noisy, 7));
    desk.work();
    expect(desk.states).toEqual(["preparing", "running", "finished"]);
    expect(desk.reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
    expect(desk.snapshots.at(-1)).toMatchObject({ training: "Small", version: 7, step: 15, epoch: 5 });
  });

  test("snapshots come at most ten a second, and whenever a quarter more steps are made", async () => {
    const desk = new Desk();
    await desk.ask("train", await orderOf(xor.replace("epochs: 200", "epochs: 50000")));
    desk.work(1000);
    const steps = desk.snapshots.map(({ step }) => step);
    expect(steps.slice(0, 8)).toEqual([1, 2, 3, 4, 5, 7, 9, 12]);
    // A slice takes at least 10 ms of this clock, and 100 ms lie between two of the others.
    const quarters = Math.log(steps.at(-1)!) / Math.log(1.25);
    expect(steps.length).toBeLessThanOrEqual(1 + quarters + 1000 / 8);
    expect(steps.length).toBeGreaterThan(quarters / 2);
  });

  test("data that cannot be used is an answer and a state, not a crash", async () => {
    const desk = new Desk();
    const order = await orderOf(xor);
    const data = {
      ...order.training.data,
      source: { name: "Csv", arguments: { file: "x.csv", target: -1, scale: 1 } },
    };
    await expect(desk.ask("train", { ...order, training: { ...order.training, data } })).rejects.toThrow("no file");
    expect(desk.states).toEqual(["preparing", "failed"]);
  });

  test("a loss that explodes fails with its reason", async () => {
    const desk = new Desk();
    await desk.ask(
      "train",
      await orderOf(`
        data Line = Table(inputs: [[1], [2]], targets: [1, 3])
        network Net(x: [1]) { return x -> Dense(3) as h -> Dense(1) as y }
        train Net on Line { loss: MSE optimizer: SGD(rate: 100) batch: 2 epochs: 500 }`),
    );
    desk.work();
    const last = desk.messages.at(-1)!;
    expect(last).toMatchObject({
      kind: "state",
      state: { kind: "failed", message: expect.stringContaining("Net: the") },
    });
    expect(desk.snapshots).not.toHaveLength(0);
  });
});

describe("pausing, stepping, stopping", () => {
  const long = noisy.replace("epochs: 5", "epochs: 50");

  test("a pause holds the training where it is and shows it at once", async () => {
    const desk = new Desk();
    await desk.ask("train", await orderOf(long));
    desk.work(2);
    await desk.ask("pause", undefined);
    const { step } = desk.snapshots.at(-1)!;
    expect(step).toBeGreaterThan(0);
    desk.work();
    expect(desk.states.at(-1)).toBe("paused");
    expect(desk.snapshots.at(-1)!.step).toBe(step);
    await desk.ask("resume", undefined);
    desk.work();
    expect(desk.states).toEqual(["preparing", "running", "paused", "running", "finished"]);
  });

  test("pausing, stepping and resuming gives the very numbers of going straight through", async () => {
    const desk = new Desk();
    const order = await orderOf(long);
    await desk.ask("train", order);
    for (let round = 0; round < 4; round++) {
      desk.work(2);
      await desk.ask("pause", undefined);
      for (let step = 0; step < 5; step++) await desk.ask("step", order);
      await desk.ask("resume", undefined);
    }
    desk.work();
    const straight = await trainerOf(long);
    trainToEnd(straight);
    expect(withoutTimes(desk.reports)).toEqual(withoutTimes(straight.reports));
  });

  test("a step begins a training, paused after one update", async () => {
    const desk = new Desk();
    await desk.ask("step", await orderOf(long));
    desk.work();
    expect(desk.states).toEqual(["preparing", "paused"]);
    expect(desk.snapshots.map(({ step }) => step)).toEqual([1]);
  });

  test("a step of a running training pauses it", async () => {
    const desk = new Desk();
    const order = await orderOf(long);
    await desk.ask("train", order);
    desk.work(1);
    await desk.ask("step", order);
    const { step } = desk.snapshots.at(-1)!;
    desk.work();
    expect(desk.states.at(-1)).toBe("paused");
    expect(desk.snapshots.at(-1)!.step).toBe(step);
  });

  test("the last step finishes", async () => {
    const desk = new Desk();
    const order = await orderOf(noisy.replace("epochs: 5", "epochs: 1"));
    for (let step = 0; step < 3; step++) await desk.ask("step", order);
    expect(desk.states.at(-1)).toBe("finished");
    expect(desk.reports).toHaveLength(1);
  });

  test("an edit that only moves the text goes on, another learning rate begins anew", async () => {
    const desk = new Desk();
    await desk.ask("step", await orderOf(long, 1));
    await desk.ask("step", await orderOf(`# moved\n${long}`, 2));
    expect(desk.snapshots.at(-1)).toMatchObject({ step: 2, version: 2 });
    await desk.ask("step", await orderOf(long.replace("0.01", "0.02"), 3));
    expect(desk.snapshots.at(-1)).toMatchObject({ step: 1, version: 3 });
  });

  test("stop ends the training and keeps its weights; reset forgets them", async () => {
    const desk = new Desk();
    const order = await orderOf(long);
    const { network, seed } = order.training;
    const run = () =>
      desk.ask("run", { network, folder: "", seed, input: { kind: "sample", data: order.training.data, index: 0 } });
    expect((await run()).weights).toBe("fresh from seed 9, not trained");
    await desk.ask("train", order);
    desk.work(2);
    await desk.ask("stop", undefined);
    desk.work();
    expect(desk.states).toEqual(["preparing", "running", "stopped"]);
    expect((await run()).weights).toMatch(/^trained for \d+ epochs? \(\d+ steps\) as Small$/);
    await desk.ask("reset", undefined);
    expect(desk.states.at(-1)).toBe("idle");
    expect((await run()).weights).toBe("fresh from seed 9, not trained");
  });

  test("stop while the data is read drops the training", async () => {
    let give: (bytes: Uint8Array) => void = () => {};
    const desk = new Desk({
      read: () => new Promise((resolve) => (give = resolve)),
      version: () => Promise.resolve("1"),
    });
    const order = await orderOf(noisy);
    const data = {
      ...order.training.data,
      source: { name: "Csv", arguments: { file: "x.csv", target: -1, scale: 1 } },
    };
    const training = desk.ask("train", { ...order, training: { ...order.training, data } });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await desk.ask("stop", undefined);
    give(new TextEncoder().encode("1,2,0\n3,4,1\n"));
    await training;
    desk.work();
    expect(desk.states).toEqual(["preparing", "stopped"]);
  });

  test("a new training takes the place of the running one", async () => {
    const desk = new Desk();
    await desk.ask("train", await orderOf(long));
    desk.work(1);
    await desk.ask("train", await orderOf(xor));
    desk.work();
    expect(desk.messages.at(-1)).toEqual({ kind: "state", state: { kind: "finished", training: "Xor" } });
    expect(desk.states.filter((state) => state === "finished")).toHaveLength(1);
  });

  test("pause, resume and stop without a training answer and do nothing", async () => {
    const desk = new Desk();
    await desk.ask("pause", undefined);
    await desk.ask("resume", undefined);
    await desk.ask("stop", undefined);
    expect(desk.states).toEqual([]);
  });
});

describe("data, runs and checks", () => {
  test("a data set is described, and read once until its file changes", async () => {
    let reads = 0;
    let version = "1";
    const desk = new Desk({
      read: async () => {
        reads++;
        return new TextEncoder().encode("1,2,0\n3,4,1\n");
      },
      version: async () => version,
    });
    const { training } = await orderOf(xor);
    const data = { ...training.data, source: { name: "Csv", arguments: { file: "x.csv", target: -1, scale: 1 } } };
    const describeIt = () => desk.ask("describeData", { data, folder: "/here" });
    expect(await describeIt()).toEqual({
      kind: "ready",
      summary: {
        samples: 2,
        inputShape: [2],
        targetShape: [],
        classes: ["0", "1"],
        inputRange: [1, 4],
        targetRange: [0, 1],
      },
    });
    await describeIt();
    expect(reads).toBe(1);
    version = "2";
    await describeIt();
    expect(reads).toBe(2);
  });

  test("a problem of the data is a description, not an error", async () => {
    const desk = new Desk({ ...noFiles, read: async () => new Uint8Array() });
    const { training } = await orderOf(xor);
    const data = { ...training.data, source: { name: "Csv", arguments: { file: "x.csv", target: -1, scale: 1 } } };
    expect(await desk.ask("describeData", { data, folder: "" })).toEqual({
      kind: "problem",
      problem: { message: "x.csv is empty", argument: "file" },
    });
  });

  test("a trained network predicts the class of a sample and of typed numbers", async () => {
    const desk = new Desk();
    const order = await orderOf(xor);
    await desk.ask("train", order);
    desk.work();
    const { network, seed, data } = order.training;
    const sample = await desk.ask("run", { network, folder: "", seed, input: { kind: "sample", data, index: 1 } });
    expect(sample).toMatchObject({ origin: "sample 1 of Truth", prediction: "1", expected: "1" });
    expect(sample.inputs).toEqual([{ name: "bits", array: { shape: [2], data: Float64Array.of(0, 1) } }]);
    const typed = { shape: [2], data: Float64Array.of(1, 1) };
    const values = await desk.ask("run", {
      network,
      folder: "",
      seed,
      input: { kind: "values", values: { bits: typed } },
    });
    expect(values).toMatchObject({ origin: "typed numbers", prediction: "0" });
  });

  test("numbers of another shape, unknown inputs and samples beyond the end are refused in words", async () => {
    const desk = new Desk();
    const { network, seed, data } = (await orderOf(xor)).training;
    const three = { shape: [3], data: new Float64Array(3) };
    const run = (input: WorkerRequests["run"]["parameters"]["input"]) =>
      desk.ask("run", { network, folder: "", seed, input });
    await expect(run({ kind: "values", values: { bits: three } })).rejects.toThrow("Xor takes bits: [2], but got [3]");
    await expect(run({ kind: "values", values: { x: three } })).rejects.toThrow(
      "Xor has no input x; its inputs are bits",
    );
    await expect(run({ kind: "values", values: {} })).rejects.toThrow("Xor needs numbers for its input bits: [2]");
    await expect(run({ kind: "sample", data, index: 4 })).rejects.toThrow("samples 0 to 3");
  });

  test("what a parameter begins with is read when something runs, from the folder of its file", async () => {
    const bytes = readFileSync(new URL("../../fixtures/numpy/vector.npy", import.meta.url));
    const desk = new Desk({
      read: async (path) => {
        if (path === "vector.npy") return bytes;
        throw new Error(`there is no file ${path}`);
      },
      version: async () => undefined,
    });
    const text = (file: string) => `data D = Table(inputs: [[1, 0], [0, 1]], targets: [0, 0])
      network Net(x: [2]) { param W: [2] = "${file}"  y = x @ W  return y }
      train Net on D { loss: HalfMSE optimizer: SGD(rate: 1) batch: 2 epochs: 1 }
      check "it" on Net(x: [2, 4]) { expect y == 13 }`;
    const { checks } = await moduleOf(text("vector.npy"));
    const order = await orderOf(text("vector.npy"));
    const { network } = order.training;
    const one = { kind: "values", values: { x: { shape: [2], data: Float64Array.of(2, 4) } } } as const;
    const run = () => desk.ask("run", { network, folder: "", seed: 1, input: one });
    expect((await run()).outputs[0]!.array.data).toEqual(Float64Array.of(13));
    expect(await desk.ask("check", { check: checks[0]!, folder: "" })).toMatchObject({ ok: true });
    expect((await desk.ask("derive", { check: checks[0]!, folder: "" })).markdown).toContain("13");
    await desk.ask("train", order);
    desk.work();
    // One step of W − 1 · (1/2) Σ x (xW − 0) halves each weight.
    expect((await run()).outputs[0]!.array.data).toEqual(Float64Array.of(6.5));
    await expect(desk.ask("train", await orderOf(text("other.npy")))).rejects.toThrow("there is no file other.npy");
    expect(desk.states.at(-1)).toBe("failed");
  });

  test("a check runs while a training does", async () => {
    const desk = new Desk();
    const { checks } = await moduleOf(`network Double(x) { y = 2 * x  return y }
      check "twice" on Double(x: 3) { expect y == 6 }`);
    await desk.ask("train", await orderOf(noisy));
    desk.work(1);
    expect(await desk.ask("check", { check: checks[0]!, folder: "" })).toMatchObject({ title: "twice", ok: true });
    desk.work();
    expect(desk.states.at(-1)).toBe("finished");
  });
});

describe("checkpoints", () => {
  const written = noisy.replace("epochs: 5", 'epochs: 50 checkpoint: "c.safetensors"');

  async function deskAt(text: string) {
    const folder = mkdtempSync(join(tmpdir(), "nnet-session-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const order: TrainingOrder = { ...(await orderOf(text)), folder };
    return { folder, order };
  }

  const notices = (desk: Desk) =>
    desk.messages.flatMap((message) => (message.kind === "notice" ? [`${message.level}: ${message.message}`] : []));

  test("stopped anywhere and gone on in another worker, a training comes to the same numbers", async () => {
    const straight = await deskAt(written);
    const whole = new Desk();
    await whole.ask("train", straight.order);
    whole.work();
    await whole.written();

    const { folder, order } = await deskAt(written);
    const first = new Desk();
    await first.ask("train", order);
    first.work(3);
    await first.ask("stop", undefined);
    expect(readdirSync(folder)).toContain("c.safetensors");
    const { step } = first.snapshots.at(-1)!;

    const second = new Desk();
    await second.ask("trainFromCheckpoint", order);
    second.work();
    await second.written();
    expect(notices(second)).toEqual([
      expect.stringMatching(
        new RegExp(`^information: Small goes on in epoch \\d+, after step ${step}, from c\\.safetensors$`),
      ),
    ]);
    // The epochs before come along, so that their chart is whole.
    expect(withoutTimes(second.reports)).toEqual(withoutTimes(whole.reports));
    expect(second.states).toEqual(["preparing", "running", "finished"]);
    const weightsAt = (of: string) => [...weightsIn(decodeCheckpoint("c", readFileSync(join(of, "c.safetensors"))))];
    expect(weightsAt(folder)).toEqual(weightsAt(straight.folder));
  });

  test("checkpoint: 2 writes after every second epoch, beside the file and named after it", async () => {
    const { folder, order } = await deskAt(noisy.replace("epochs: 5", "epochs: 5 checkpoint: 2"));
    const desk = new Desk();
    await desk.ask("train", order);
    while (desk.reports.length < 2) desk.work(1);
    await desk.written();
    const [file] = readdirSync(folder);
    expect(file).toBe("a.Small.safetensors");
    expect(decodeCheckpoint("c", readFileSync(join(folder, file!))).state.reports).toHaveLength(2);
  });

  test("a training without the entry leaves nothing, and cannot go on", async () => {
    const { folder, order } = await deskAt(noisy);
    const desk = new Desk();
    await desk.ask("train", order);
    desk.work(1);
    await desk.ask("stop", undefined);
    expect(readdirSync(folder)).toEqual([]);
    await expect(desk.ask("trainFromCheckpoint", order)).rejects.toThrow("Small has no entry checkpoint");
  });

  test("of another network are refused, and what is trained stays", async () => {
    const { folder, order } = await deskAt(written);
    const desk = new Desk();
    await desk.ask("train", order);
    desk.work(2);
    await desk.ask("stop", undefined);
    const changed = { ...(await orderOf(written.replace("Dense(6)", "Dense(7)"))), folder };
    await expect(desk.ask("trainFromCheckpoint", changed)).rejects.toThrow(
      "c.safetensors does not fit Small any more: h.W is [2, 7], and was [2, 6]",
    );
    const { network, seed, data } = order.training;
    const { weights } = await desk.ask("run", { network, folder, seed, input: { kind: "sample", data, index: 0 } });
    expect(weights).toMatch(/^trained for /);
  });

  test("that are damaged are replaced by the one before, which is said", async () => {
    const { folder, order } = await deskAt(written);
    for (let times = 0; times < 2; times++) {
      const desk = new Desk();
      await desk.ask("train", order);
      desk.work(2);
      await desk.ask("stop", undefined);
    }
    truncateSync(join(folder, "c.safetensors"), 1000);
    const desk = new Desk();
    await desk.ask("trainFromCheckpoint", order);
    expect(notices(desk)).toEqual([
      expect.stringMatching(
        /^warning: c\.safetensors is cut off: .* c\.safetensors\.previous, the one before it, is used instead\.$/,
      ),
      expect.stringMatching(/^information: Small goes on in epoch \d+, after step \d+, from c\.safetensors\.previous$/),
    ]);
  });

  test("that cannot be written are told, and training goes on", async () => {
    const { order } = await deskAt(written.replace("c.safetensors", "no/c.safetensors"));
    const desk = new Desk();
    await desk.ask("train", order);
    desk.work();
    await desk.written();
    expect(desk.states.at(-1)).toBe("finished");
    expect(notices(desk)).toEqual([
      "warning: the checkpoint no/c.safetensors cannot be written: its folder does not exist",
    ]);
  });
});

describe("looking at a training", () => {
  test("gives a part of a tensor as it is after the last step", async () => {
    const desk = new Desk();
    await desk.ask("step", await orderOf(noisy));
    const slice = await desk.ask("inspect", { id: "h.W", of: "value", at: [] });
    expect(slice).toMatchObject({ step: 1, shape: [2, 6], rows: 2, columns: 6 });
    const sum = slice.numbers.reduce((total, number) => total + number, 0);
    expect(sum / 12).toBeCloseTo(desk.snapshots.at(-1)!.quantities["h.W"]!.value.mean, 12);
  });

  test("evaluates while the training goes on, with the weights of one step", async () => {
    const desk = new Desk();
    await desk.ask("train", await orderOf(noisy.replace("epochs: 5", "epochs: 500")));
    desk.work(3);
    const { step, samples, confusion } = (await desk.until(desk.ask("evaluate", { part: "training" })))!;
    expect(confusion!.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(samples);
    expect(desk.snapshots.at(-1)!.step).toBeGreaterThan(step);
  });

  test("an evaluation is given up when another one is asked for", async () => {
    const desk = new Desk();
    await desk.ask("step", await orderOf(noisy));
    const [first, second] = [desk.ask("evaluate", { part: "training" }), desk.ask("evaluate", { part: "validation" })];
    expect(await desk.until(first)).toBeUndefined();
    expect(await desk.until(second)).toMatchObject({ part: "validation", samples: 3 });
  });

  test("says what to do when nothing was trained", async () => {
    const desk = new Desk();
    await expect(desk.ask("inspect", { id: "h", of: "value", at: [] })).rejects.toThrow("train or step first");
    await expect(desk.ask("evaluate", { part: "training" })).rejects.toThrow("train or step first");
  });
});
