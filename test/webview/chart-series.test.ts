import { expect, test } from "vitest";
import { curvesOf, lossRange, metricRange } from "../../webview/charts/chart-series";
import { report } from "./reports";

test("loss and metrics are curves over the epochs, training and validation of each beside each other", () => {
  const { epochs, curves } = curvesOf([
    report(1, { loss: 2, metrics: { accuracy: 0.5 }, validation: { loss: 2.1, metrics: { accuracy: 0.4 } } }),
    report(2, { loss: 1, metrics: { accuracy: 0.75 }, validation: { loss: 1.2, metrics: { accuracy: 0.7 } } }),
  ]);
  expect(epochs).toEqual([1, 2]);
  expect(curves).toEqual([
    { label: "loss", axis: "loss", phase: "training", quantity: 0, values: [2, 1] },
    { label: "validation loss", axis: "loss", phase: "validation", quantity: 0, values: [2.1, 1.2] },
    { label: "accuracy", axis: "metric", phase: "training", quantity: 1, values: [0.5, 0.75] },
    { label: "validation accuracy", axis: "metric", phase: "validation", quantity: 1, values: [0.4, 0.7] },
  ]);
});

test("without validation there are no validation curves", () =>
  expect(curvesOf([report(1)]).curves.map(({ label }) => label)).toEqual(["loss"]));

test("a loss that is not a number is a gap, not a zero", () =>
  expect(curvesOf([report(1, { loss: 2 }), report(2, { loss: Number.NaN })]).curves[0]?.values).toEqual([2, null]));

test("an epoch without validation is a gap in its curve", () =>
  expect(
    curvesOf([report(1), report(2, { validation: { loss: 1, metrics: {} } })]).curves.find(
      ({ phase }) => phase === "validation",
    )?.values,
  ).toEqual([null, 1]));

test("no reports give no epochs", () => expect(curvesOf([]).epochs).toEqual([]));

test("the metric axis is 0 to 1 and widens for what leaves it", () => {
  expect(metricRange(0.2, 0.9)).toEqual([0, 1]);
  expect(metricRange(-1, 30)).toEqual([-1, 30]);
  expect(metricRange(null, null)).toEqual([0, 1]);
});

test("the loss axis begins at 0 and has an extent even when every loss is 0", () => {
  expect(lossRange(0.5, 2)).toEqual([0, 2.1]);
  expect(lossRange(0, 0)).toEqual([0, 1]);
  expect(lossRange(-2, -1)).toEqual([-2, -0.95]);
});
