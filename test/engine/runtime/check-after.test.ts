// Checks about the result of a training, and Jacobians. What lowering gives is written out here as data.

import { describe, expect, test } from "vitest";
import { readDataset } from "../../../engine/data/readers";
import type { Check, Quantity, Training, Value } from "../../../engine/protocol/network";
import { type CheckEnvironment, runCheck } from "../../../engine/runtime/check";
import type { Trainer } from "../../../engine/runtime/trainer";
import { TrainingRuns } from "../../../engine/runtime/training-runs";
import { checkOf, noisy, trainerOf, trainingOf, trainToEnd, withoutFiles, withoutTraining, xor } from "./support";

const range = { start: 0, end: 0 };
const noFile = { read: () => Promise.reject(new Error("no file")), version: () => Promise.resolve(undefined) };

/** Counts what it trains; pauses are real. */
class Desk implements CheckEnvironment {
  readonly files = withoutFiles;
  trained = 0;
  pauses = 0;
  private time = 0;
  private readonly runs = new TrainingRuns();
  private readonly datasets = new Map<string, ReturnType<typeof readDataset>>();

  readonly now = () => this.time++;
  readonly pause = async () => {
    this.pauses++;
  };

  async train<Result>(training: Training, look: (trainer: Trainer) => Promise<Result>) {
    const data = ({ name, source }: Training["data"]) => {
      const known = this.datasets.get(name) ?? readDataset(source, noFile);
      this.datasets.set(name, known);
      return known;
    };
    const onEpoch = ({ epoch }: { epoch: number }) => {
      if (epoch === 1) this.trained++;
    };
    return this.runs.use(training, { now: this.now, pause: this.pause, files: this.files, data, onEpoch }, look);
  }
}

function observed(id: string, quantity: Quantity, shape: readonly number[]): Value {
  return { id, title: id, source: { kind: "observed", quantity }, shape, batched: false, range };
}

function number(id: string, value: number): Value {
  const data = { shape: [], data: Float64Array.of(value) };
  return { id, title: id, source: { kind: "constant", data }, shape: [], batched: false, range };
}

/** `expect left > bound` after a training. */
function checkAfter(training: Training, left: Value, bound: number): Check {
  return {
    title: "it",
    documentation: "",
    range,
    titleRange: range,
    network: training.network,
    inputs: {},
    batchSize: 1,
    singleSample: true,
    reduction: "mean",
    given: [],
    tolerance: 1e-4,
    formulas: [left, number("bound", bound)],
    statements: [{ kind: "expect", text: "", range, left: left.id, comparison: ">", right: "bound" }],
    after: training,
  };
}

const metric = (name: string) => observed(name, { kind: "metric", name }, []);
const loss = observed("loss", { kind: "loss" }, []);
const weight = (id: string, shape: readonly number[]) => observed(id, { kind: "value", id }, shape);

describe("a check after a training", () => {
  test("runs it and judges its metrics, those it does not watch too", async () => {
    const training = await trainingOf(xor);
    const desk = new Desk();
    expect(await runCheck(checkAfter(training, metric("accuracy"), 0.99), desk)).toMatchObject({ ok: true });
    const report = await runCheck(checkAfter({ ...training, metrics: [] }, metric("f1"), 1), desk);
    expect(report.expectations[0]).toMatchObject({ ok: false, actual: "1", difference: "f1 is 1, expected > 1" });
  });

  test("judges loss and metrics on the validation when there is one", async () => {
    const trainer = await trainerOf(noisy);
    trainToEnd(trainer);
    const validation = trainer.reports.at(-1)!.validation!;
    const { expectations } = await runCheck(checkAfter(trainer.training, loss, 1e9), new Desk());
    expect(expectations[0]!.actual).toBe(String(Number(validation.loss.toPrecision(6))));
  });

  test("sees parameters, and what is computed from them alone", async () => {
    const trainer = await trainerOf(xor);
    trainToEnd(trainer);
    const { expectations } = await runCheck(checkAfter(trainer.training, weight("h.b", [8]), 1e9), new Desk());
    expect(expectations[0]!.actual.split(",")).toHaveLength(8);
    const text = `
      data One = Table(inputs: [2], targets: [1])
      network Product(x) { param w = 1  double = w * 2  y = double * x  return y }
      train Product on One { loss: MSE optimizer: SGD(rate: 0.1) epochs: 1 batch: 1 }`;
    // ŷ = 2wx = 4, dw = 2·(4 − 1)·4 = 24: w = 1 − 2.4.
    const derived = await runCheck(checkAfter(await trainingOf(text), weight("double", []), 0), new Desk());
    expect(derived.expectations[0]!.actual).toBe("-2.8");
  });

  test("trains once for several checks, again for another training", async () => {
    const training = await trainingOf(xor);
    const desk = new Desk();
    await Promise.all([1, 2].map((bound) => runCheck(checkAfter(training, loss, bound), desk)));
    await runCheck(checkAfter({ ...training, range: { start: 5, end: 9 } }, loss, 3), desk);
    expect(desk.trained).toBe(1);
    await runCheck(checkAfter({ ...training, seed: 2 }, loss, 3), desk);
    expect(desk.trained).toBe(2);
    expect(desk.pauses).toBeGreaterThan(10);
  });

  test("is over as soon as a pause says so, and can be run again", async () => {
    const training = await trainingOf(xor);
    const desk = new Desk();
    const stopped = Object.assign(Object.create(desk) as Desk, {
      train: <Result>(training: Training, look: (trainer: Trainer) => Promise<Result>) => {
        const pause = () => Promise.reject(new Error("cancelled"));
        const data = ({ source }: Training["data"]) => readDataset(source, noFile);
        return new TrainingRuns().use(training, { now: desk.now, files: withoutFiles, pause, data }, look);
      },
    });
    expect(await runCheck(checkAfter(training, loss, 0), stopped)).toMatchObject({ ok: false, problem: "cancelled" });
    expect(await runCheck(checkAfter(training, loss, 0), desk)).toMatchObject({ ok: true });
  });

  test.each<[string, (training: Training) => Training, string]>([
    [
      "a training that explodes",
      (training) => ({
        ...training,
        loss: { kind: "call", call: { name: "MSE", arguments: {} } },
        optimizer: { name: "SGD", arguments: { rate: 1e300 } },
        regularize: [{ name: "L2", arguments: { rate: 1 } }],
      }),
      "Xor: the ",
    ],
    [
      "data that cannot be used",
      (training) => ({
        ...training,
        data: { ...training.data, name: "Gone", source: { name: "Csv", arguments: { file: "x.csv", target: -1 } } },
      }),
      "no file",
    ],
  ])("says why when there is %s", async (_, change, problem) => {
    const report = await runCheck(checkAfter(change(await trainingOf(xor)), loss, 0), new Desk());
    expect(report).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });

  test.each<[Value, string]>([
    [weight("p", [1]), "p is another number for each sample: a check after Xor can look at parameters"],
    [observed("g", { kind: "gradient", id: "h.W" }, [2, 8]), "for a gradient give inputs"],
    [observed("t", { kind: "target" }, [1]), "for a target give inputs"],
  ])("refuses what belongs to a sample", async (value, problem) => {
    const report = await runCheck(checkAfter(await trainingOf(xor), value, 0), new Desk());
    expect(report).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe("jacobian", () => {
  /** What a check's only expectation observes becomes ∂of/∂by, with the shape that lowering writes. */
  async function jacobian(text: string, of: string, by: string): Promise<string> {
    const check = await checkOf(text);
    const { values, parameters } = check.network;
    const shapeOf = (id: string) => [...values, ...parameters].find((value) => value.id === id)!.shape!;
    const formulas = check.formulas.map((value) =>
      value.source.kind === "observed"
        ? observed(value.id, { kind: "jacobian", of, by }, [...shapeOf(of), ...shapeOf(by)])
        : value,
    );
    const report = await runCheck({ ...check, formulas }, withoutTraining);
    return report.problem ?? report.expectations[0]!.actual;
  }

  const masha = `network Masha(X: [2]) {
    param W1 = [[1, -1], [0.5, 0]]
    H1 = X @ W1
    twice = W1 * 2
    y = sum(H1)
    return y
  }`;
  const of = (expectation: string, network = masha, call = "Masha(X: [1, 2])") =>
    `${network}\ncheck "it" on ${call} { expect ${expectation} }`;

  test("of x W is W transposed, by x", async () => {
    expect(await jacobian(of("H1 == [0, 0]"), "H1", "X")).toBe("[[1, 0.5], [-1, 0]]");
  });

  test("of a softmax is the lecture's", async () => {
    // s = [0.7, 0.1, 0.2]
    const network = "network Three(z: [3]) { s = softmax(z)  return s }";
    const call = "Three(z: [-0.35667494393873245, -2.3025850929940455, -1.6094379124341003])";
    expect(await jacobian(of("s == [0, 0, 0]", network, call), "s", "z")).toBe(
      "[[0.21, -0.07, -0.14], [-0.07, 0.09, -0.02], [-0.14, -0.02, 0.16]]",
    );
  });

  test("by a parameter has its shape at the end", async () => {
    expect(await jacobian(of("H1 == [0, 0]"), "H1", "W1")).toBe("[[[1, 0], [2, 0]], [[0, 1], [0, 2]]]");
  });

  test("of a single number is the gradient, of what does not depend is 0, of itself is 1", async () => {
    expect(await jacobian(of("y == 0"), "y", "X")).toBe("[0, 0.5]");
    expect(await jacobian(of("y == 0"), "twice", "X")).toMatch(/^\[\[\[0, 0\], \[0, 0\]\], /);
    expect(await jacobian(of("y == 0"), "X", "X")).toBe("[[1, 0], [0, 1]]");
  });

  test("of a batch is refused", async () => {
    expect(await jacobian(of("y == [0, 0]", masha, "Masha(X: [[1, 2], [3, 4]])"), "H1", "X")).toBe(
      "jacobian(H1, X) is of one sample, but the check has a batch of 2",
    );
  });
});
