// Which moments of a training are kept, and what is found again.

import * as assert from "node:assert/strict";
import type { ObservedQuantity, Snapshot } from "../../engine/protocol/snapshot";
import { histogramsOf, seriesOf } from "../../extension/host/recorded-series";
import { Recording } from "../../extension/host/recording";

function snapshot(step: number, quantities: Record<string, ObservedQuantity> = {}): Snapshot {
  return {
    training: "A",
    version: 1,
    epoch: 1,
    step,
    batchSize: 1,
    loss: 1 / step,
    learningRate: 0.1 / step,
    samplesPerSecond: 1,
    quantities,
  };
}

function recordingOf(steps: readonly number[], quantities: Record<string, ObservedQuantity> = {}): Recording {
  const recording = new Recording();
  for (const step of steps) recording.add(snapshot(step, quantities));
  return recording;
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const stepsOf = (recording: Recording) => recording.snapshots.map(({ step }) => step);

function quantity(norm: number, bins = 2): ObservedQuantity {
  const histogram = { low: 0, high: norm, counts: new Array<number>(bins).fill(1) };
  const summary = {
    shape: [1],
    mean: 0,
    standardDeviation: 0,
    min: 0,
    max: 0,
    norm,
    zeroFraction: 0,
    notFinite: 0,
    histogram,
  };
  return { value: summary, gradient: summary, update: { step: 1, change: summary, ratio: norm / 10 } };
}

suite("the recording of a training", () => {
  test("has every moment of a short one", () => assert.deepEqual(stepsOf(recordingOf(upTo(200))), upTo(200)));

  test("has the first, the newest and evenly spread moments of a long one", () => {
    const steps = stepsOf(recordingOf(upTo(9999)));
    assert.ok(steps.length <= 200 && steps.length >= 100, `${steps.length} are kept`);
    assert.deepEqual([steps[0], steps.at(-1)], [1, 9999]);
    const gaps = new Set(steps.slice(1, -1).map((step, index) => step - steps[index]!));
    assert.deepEqual([...gaps], [64]);
  });

  test("keeps fewer moments of a large network", () => {
    const large = Object.fromEntries(upTo(1000).map((at) => [`v${at}`, quantity(1, 30)]));
    const { length } = stepsOf(recordingOf(upTo(300), large));
    assert.ok(length <= 28 && length >= 14, `${length} are kept`);
  });

  test("finds the moment a step belongs to", () => {
    const recording = recordingOf([3, 7, 9]);
    assert.deepEqual(
      [0, 3, 8, 100].map((step) => recording.at(step)?.step),
      [3, 3, 7, 9],
    );
    assert.equal(new Recording().at(1), undefined);
  });

  test("has a step that is seen twice once, as it was seen last", () => {
    const recording = recordingOf([1, 2]);
    recording.add({ ...snapshot(2), loss: 9 });
    assert.deepEqual(
      recording.snapshots.map(({ step, loss }) => [step, loss]),
      [
        [1, 1],
        [2, 9],
      ],
    );
  });
});

suite("the curves of a recording", () => {
  test("are those of the trained parameters", () => {
    const { update: _, ...value } = quantity(5);
    const series = seriesOf([snapshot(1, { w: quantity(2), h: value }), snapshot(2, { w: quantity(4), h: value })]);
    assert.deepEqual(series, {
      steps: [1, 2],
      learningRates: [0.1, 0.05],
      parameters: [{ id: "w", gradientNorms: [2, 4], updateRatios: [0.2, 0.4] }],
    });
  });

  test("have a gap where a parameter was not updated yet", () => {
    const { update: _, ...first } = quantity(2);
    const [parameter] = seriesOf([snapshot(0, { w: first }), snapshot(1, { w: quantity(4) })]).parameters;
    assert.deepEqual(parameter!.updateRatios, [null, 0.4]);
  });

  test("are histograms of one quantity", () => {
    const { moments } = histogramsOf([snapshot(1, { w: quantity(2) }), snapshot(2)], "w");
    assert.deepEqual(
      moments.map(({ step, update }) => [step, update?.high]),
      [[1, 2]],
    );
  });
});
