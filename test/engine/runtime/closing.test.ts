// Whoever has no more use for a training closes it, once, and not while somebody looks at it.

import { describe, expect, test } from "vitest";
import type { Training } from "../../../engine/protocol/network";
import type { FromWorker, WorkerMethod, WorkerRequests } from "../../../engine/protocol/worker";
import type { CreateComputation } from "../../../engine/runtime/computation";
import { Float64Computation } from "../../../engine/runtime/float64-computation";
import { Session } from "../../../engine/runtime/session";
import { type TrainingEnvironment, TrainingRuns } from "../../../engine/runtime/training-runs";
import { datasetsOf, noisy, trainingOf, withoutFiles } from "./support";

const seeded = async (seed: number): Promise<Training> => ({ ...(await trainingOf(noisy)), seed });

/** The seeds of trainings that were begun and closed, in order. */
class Computations {
  readonly begun: number[] = [];
  readonly closed: number[] = [];

  readonly create: CreateComputation = (options) => {
    const { seed } = options.training;
    this.begun.push(seed);
    const computation = new Float64Computation(options);
    computation.close = () => this.closed.push(seed);
    return computation;
  };
}

describe("trainings of checks", () => {
  async function runsOf(computations: Computations, pause: TrainingEnvironment["pause"] = () => Promise.resolve()) {
    const data = (await datasetsOf(noisy)).get("Points")!;
    const runs = new TrainingRuns();
    let time = 0;
    const environment: TrainingEnvironment = {
      // Each look at the clock is a second later: there is a pause after every unit of work.
      now: () => (time += 1000),
      pause,
      files: withoutFiles,
      data: () => Promise.resolve(data),
      computation: computations.create,
    };
    const use = async (seed: number, look: () => Promise<void> = async () => {}) =>
      runs.use(await seeded(seed), environment, look);
    return { runs, use };
  }

  test("the last one stays open for the next check, and is closed when another takes its place", async () => {
    const computations = new Computations();
    const { runs, use } = await runsOf(computations);
    for (const seed of [1, 1, 2]) await use(seed);
    expect(computations.begun).toEqual([1, 2]);
    expect(computations.closed).toEqual([1]);
    runs.close();
    await Promise.resolve();
    expect(computations.closed).toEqual([1, 2]);
  });

  test("one that somebody looks at is closed only afterwards", async () => {
    const computations = new Computations();
    const { use } = await runsOf(computations);
    let looked = (): void => {};
    const looking = use(1, () => new Promise((resolve) => (looked = resolve)));
    await use(2);
    expect(computations.closed).toEqual([]);
    looked();
    await looking;
    expect(computations.closed).toEqual([1]);
  });

  test("one that is ended from outside is closed at once", async () => {
    const computations = new Computations();
    const { use } = await runsOf(computations, () => Promise.reject(new Error("cancelled")));
    await expect(use(1)).rejects.toThrow("cancelled");
    expect(computations.closed).toEqual([1]);
  });
});

describe("trainings of a session", () => {
  function sessionOf(computations: Computations) {
    const messages: FromWorker[] = [];
    const session = new Session({
      filesOf: () => ({ read: () => Promise.reject(new Error("no file")), version: () => Promise.resolve(undefined) }),
      send: (message) => messages.push(message),
      now: () => 0,
      later: () => {},
      computation: computations.create,
    });
    const ask = async <M extends WorkerMethod>(method: M, parameters: WorkerRequests[M]["parameters"]) => {
      await session.answer({ id: 1, method, parameters } as Parameters<Session["answer"]>[0]);
      const last = messages.at(-1)!;
      if (last.kind === "error") throw new Error(last.message);
    };
    return { session, ask };
  }

  const orderOf = async (seed: number) => ({
    training: await seeded(seed),
    folder: "",
    document: "a.nnet",
    version: 1,
  });

  test("are closed when another begins, when they are reset, and at the end", async () => {
    const computations = new Computations();
    const { session, ask } = sessionOf(computations);
    await ask("train", await orderOf(1));
    await ask("stop", undefined);
    expect(computations.closed).toEqual([]);
    await ask("train", await orderOf(2));
    expect(computations.closed).toEqual([1]);
    await ask("reset", undefined);
    await ask("train", await orderOf(3));
    session.close();
    session.close();
    expect(computations.closed).toEqual([1, 2, 3]);
  });

  test("stay when the next one cannot begin", async () => {
    const computations = new Computations();
    const { ask } = sessionOf(computations);
    await ask("train", await orderOf(1));
    const order = await orderOf(2);
    const data = { ...order.training.data, source: { name: "Csv", arguments: { file: "x.csv", target: -1 } } };
    await expect(ask("train", { ...order, training: { ...order.training, data } })).rejects.toThrow("no file");
    expect(computations.closed).toEqual([]);
  });
});
