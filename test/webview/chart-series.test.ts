import { expect, test } from "vitest";
import {
  curvesOf,
  decades,
  isFiniteNumber,
  leftRange,
  logRange,
  positiveOnly,
  rightRange,
  smoothed,
  withEarlier,
} from "../../webview/charts/chart-series";
import { report } from "./reports";

test("loss and metrics are curves over the epochs, training and validation of each beside each other", () => {
  const { over, places, curves } = curvesOf([
    report(1, { loss: 2, metrics: { accuracy: 0.5 }, validation: { loss: 2.1, metrics: { accuracy: 0.4 } } }),
    report(2, { loss: 1, metrics: { accuracy: 0.75 }, validation: { loss: 1.2, metrics: { accuracy: 0.7 } } }),
  ]);
  expect({ over, places }).toEqual({ over: "epoch", places: [1, 2] });
  expect(curves).toEqual([
    { label: "loss", axis: "left", phase: "training", quantity: 0, values: [2, 1] },
    { label: "validation loss", axis: "left", phase: "validation", quantity: 0, values: [2.1, 1.2] },
    { label: "accuracy", axis: "right", phase: "training", quantity: 1, values: [0.5, 0.75] },
    { label: "validation accuracy", axis: "right", phase: "validation", quantity: 1, values: [0.4, 0.7] },
  ]);
});

test("without validation there are no validation curves", () =>
  expect(curvesOf([report(1)]).curves.map(({ label }) => label)).toEqual(["loss"]));

test("a loss that is not finite is told as what it is, and has no place on an axis", () => {
  const { values } = curvesOf([report(1, { loss: 2 }), report(2, { loss: Number.POSITIVE_INFINITY })]).curves[0]!;
  expect(values).toEqual([2, Number.POSITIVE_INFINITY]);
  expect(values.map(isFiniteNumber)).toEqual([true, false]);
});

test("an epoch without validation is a gap in its curve", () =>
  expect(
    curvesOf([report(1), report(2, { validation: { loss: 1, metrics: {} } })]).curves.find(
      ({ phase }) => phase === "validation",
    )?.values,
  ).toEqual([null, 1]));

test("no reports give no epochs", () => expect(curvesOf([]).places).toEqual([]));

test("earlier runs stand behind the curves, each over its own epochs", () => {
  const earlier = { name: "A 1", reports: [report(1, { loss: 4 }), report(3, { loss: 2 })] };
  const { places, curves } = withEarlier(curvesOf([report(1, { loss: 9 }), report(2, { loss: 8 })]), [earlier]);
  expect(places).toEqual([1, 2, 3]);
  expect(curves.map(({ label, phase, values }) => [label, phase, values])).toEqual([
    ["A 1 loss", "earlier", [4, null, 2]],
    ["loss", "training", [9, 8, null]],
  ]);
});

test("runs are compared by their validation where they have one", () => {
  const reports = [report(1, { loss: 4, validation: { loss: 5, metrics: {} } })];
  expect(withEarlier(curvesOf([]), [{ name: "A 1", reports }]).curves[0]).toMatchObject({
    label: "A 1 validation loss",
    values: [5],
  });
});

test("a smoothed curve is the mean of the last ten", () => {
  const reports = Array.from({ length: 12 }, (_, index) => report(index + 1, { loss: index }));
  const values = smoothed(curvesOf(reports)).curves[0]!.values;
  expect([values[0], values[1], values[11]]).toEqual([0, 0.5, 6.5]);
});

test("what is not finite stays so when the curve is smoothed, and counts for nothing", () => {
  const reports = [report(1, { loss: 2 }), report(2, { loss: Number.NaN }), report(3, { loss: 4 })];
  expect(smoothed(curvesOf(reports)).curves[0]!.values).toEqual([2, Number.NaN, 3]);
});

test("a loss that is not above 0 has no place on a logarithmic axis", () => {
  const reports = [report(1, { loss: 2 }), report(2, { loss: 0 }), report(3, { loss: -1 })];
  expect(positiveOnly(curvesOf(reports)).curves[0]!.values).toEqual([2, null, null]);
});

test("a logarithmic axis goes from one power of ten to another and names those between", () => {
  expect(logRange(0.02, 3)).toEqual([0.01, 10]);
  expect(logRange(1, 1)).toEqual([1, 10]);
  expect(logRange(null, null)).toEqual([0.1, 1]);
  expect(decades(0.01, 10, 9)).toEqual([0.01, 0.1, 1, 10]);
  expect(decades(1e-5, 1e27, 8)).toEqual([1e-5, 1, 1e5, 1e10, 1e15, 1e20, 1e25]);
});

test("the metric axis is 0 to 1 and widens for what leaves it", () => {
  expect(rightRange(0.2, 0.9)).toEqual([0, 1]);
  expect(rightRange(-1, 30)).toEqual([-1, 30]);
  expect(rightRange(null, null)).toEqual([0, 1]);
});

test("the loss axis begins at 0 and has an extent even when every loss is 0", () => {
  expect(leftRange(0.5, 2)).toEqual([0, 2.1]);
  expect(leftRange(0, 0)).toEqual([0, 1]);
  expect(leftRange(-2, -1)).toEqual([-2, -0.95]);
});
