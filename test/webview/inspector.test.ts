// What the inspector shows of a selection, and how distributions are put side by side.

import { describe, expect, test } from "vitest";
import { distributionOver } from "../../webview/inspector/histograms";
import { dimensionNames, subjectOf } from "../../webview/inspector/subject";
import { classifier } from "./networks";

describe("the subject of a selection", () => {
  test("is a value with the parameters of its layer", () => {
    const subject = subjectOf(classifier(), "h")!;
    expect(subject.value.id).toBe("h");
    expect(subject.tensors).toEqual([
      { id: "h", name: "h", batched: true },
      { id: "h.W", name: "W", batched: false },
      { id: "h.b", name: "b", batched: false },
    ]);
  });

  test("is the layer of a parameter that is selected", () =>
    expect(subjectOf(classifier(), "h.W")).toMatchObject({ value: { id: "h" }, selected: "h.W" }));

  test("is nothing when the text no longer has it", () => expect(subjectOf(classifier(), "gone")).toBeUndefined());
});

test("dimensions have names one can read", () => {
  expect(dimensionNames([32, 64], true)).toEqual(["sample", "unit"]);
  expect(dimensionNames([32, 3, 8, 8], true)).toEqual(["sample", "channel", "row", "column"]);
  expect(dimensionNames([16, 3, 5, 5], false)).toEqual(["filter", "channel", "row", "column"]);
  expect(dimensionNames([64, 10], false)).toEqual(["row", "column"]);
  expect(dimensionNames([10], false)).toEqual(["column"]);
  expect(dimensionNames([], false)).toEqual([]);
});

describe("distributions over one range", () => {
  test("keep the share of every bin, the highest first", () => {
    const { low, high, shares } = distributionOver(
      [
        { low: 0, high: 4, counts: [3, 1] },
        { low: 2, high: 4, counts: [1, 1] },
      ],
      4,
    );
    expect([low, high]).toEqual([0, 4]);
    // Of the first, 0…2 holds 3 of 4 and 2…4 one of 4; of the second, 2…3 and 3…4 hold a half each.
    expect([...shares]).toEqual([0.125, 0.5, 0.125, 0.5, 0.375, 0, 0.375, 0]);
  });

  test("leave out a moment in which no number is finite", () => {
    const nothing = { low: 0, high: 0, counts: [0, 0] };
    const { low, high, shares } = distributionOver([{ low: 2, high: 4, counts: [1, 3] }, nothing], 2);
    expect([low, high]).toEqual([2, 4]);
    expect([...shares]).toEqual([0.75, 0, 0.25, 0]);
    expect(distributionOver([nothing, nothing], 2)).toMatchObject({ low: 0, shares: new Float64Array(4) });
  });

  test("lose nothing, whatever the ranges", () => {
    const histograms = [
      { low: -1.3, high: 0.7, counts: [5, 0, 2, 9] },
      { low: 0.2, high: 0.2, counts: [0, 4, 0, 0] },
      { low: -7, high: 3.1, counts: [1, 1, 1, 1] },
    ];
    const { shares } = distributionOver(histograms, 13);
    for (const moment of histograms.keys()) {
      const sum = shares.reduce((total, share, at) => total + (at % histograms.length === moment ? share : 0), 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  });
});
