// How many epochs are kept of a training, and how often something that is asked for often runs.

import * as assert from "node:assert/strict";
import type { EpochReport } from "../../engine/protocol/snapshot";
import { History } from "../../extension/host/history";
import { Throttle } from "../../extension/host/throttle";

function report(epoch: number): EpochReport {
  return {
    epoch,
    epochs: 200_000,
    step: epoch,
    loss: 1 / epoch,
    metrics: {},
    seconds: 1,
    learningRate: 0.01,
    samplesPerSecond: 1,
  };
}

suite("the history of a training", () => {
  test("has every epoch of a training of usual length", () => {
    const history = new History();
    for (let epoch = 1; epoch <= 1000; epoch++) history.add(report(epoch));
    assert.equal(history.reports.length, 1000);
  });

  test("has the first, the newest and evenly spread epochs of a very long one", () => {
    const history = new History();
    for (let epoch = 1; epoch <= 199_999; epoch++) history.add(report(epoch));
    const epochs = history.reports.map(({ epoch }) => epoch);
    assert.ok(epochs.length <= 1000 && epochs.length >= 500, `${epochs.length} are kept`);
    assert.equal(epochs[0], 1);
    assert.equal(epochs.at(-1), 199_999);
    const gaps = new Set(epochs.slice(1, -1).map((epoch, index) => epoch - epochs[index]!));
    assert.deepEqual([...gaps], [256]);
  });
});

suite("a throttle", () => {
  test("runs a burst of calls once, and the last call is counted", async () => {
    let [calls, seen] = [0, 0];
    let runs = 0;
    const throttle = new Throttle(20, () => {
      runs++;
      seen = calls;
    });
    for (; calls < 1000; calls++) throttle.request();
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.deepEqual([runs, seen], [1, 1000]);
    throttle.dispose();
  });

  test("that is postponed runs what was requested, later", async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      const throttle = new Throttle(1, () => {
        order.push("throttle");
        resolve();
      });
      throttle.request();
      throttle.postpone(100);
      setTimeout(() => order.push("what was to come first"), 20);
    });
    assert.deepEqual(order, ["what was to come first", "throttle"]);
  });

  test("leaves most of the time to others when a run takes long", async () => {
    const runs: { readonly start: number; readonly end: number }[] = [];
    const throttle = new Throttle(1, () => {
      const start = performance.now();
      while (performance.now() < start + 30);
      runs.push({ start, end: performance.now() });
    });
    while (runs.length < 3) {
      throttle.request();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throttle.dispose();
    for (const [index, next] of runs.slice(1).entries()) {
      const { start, end } = runs[index]!;
      // A timer counts whole milliseconds.
      assert.ok(next.start - end > end - start, `${next.start - end} ms of rest after ${end - start} ms of work`);
    }
  });
});
