// Statistics of tensors, against their definitions.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NdArray } from "../../../engine/protocol/array";
import { summarize } from "../../../engine/runtime/observe";
import { formatArray, formatIndex } from "../../../engine/runtime/print";

const array = (shape: number[], ...data: number[]): NdArray => ({ shape, data: Float64Array.from(data) });

describe("a summary", () => {
  test("of four numbers done by hand", () => {
    // Mean 1; squared deviations 4 + 1 + 0 + 9.
    expect(summarize(array([2, 2], -1, 0, 1, 4))).toMatchObject({
      shape: [2, 2],
      mean: 1,
      standardDeviation: Math.sqrt(14 / 4),
      min: -1,
      max: 4,
      norm: Math.sqrt(18),
      zeroFraction: 0.25,
      notFinite: 0,
      elements: [-1, 0, 1, 4],
    });
  });

  test("leaves out what is not finite, and counts it", () => {
    const summary = summarize(array([4], 1, Number.NaN, Number.POSITIVE_INFINITY, 3));
    expect(summary).toMatchObject({ mean: 2, min: 1, max: 3, notFinite: 2 });
    expect(summary.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  test("has no statistics where nothing is finite", () => {
    expect(summarize(array([1], Number.NaN))).toMatchObject({ mean: Number.NaN, max: Number.NaN, notFinite: 1 });
    expect(summarize(array([0]))).toMatchObject({ mean: Number.NaN, notFinite: 0, zeroFraction: 0 });
  });

  test("does not overflow where its result would not", () => {
    const { norm, standardDeviation, histogram } = summarize(array([2], 1e308, -1e308));
    expect(norm / (Math.SQRT2 * 1e308)).toBeCloseTo(1, 12);
    expect(standardDeviation / 1e308).toBeCloseTo(1, 12);
    expect(histogram.counts[0]).toBe(1);
    expect(histogram.counts.at(-1)).toBe(1);
  });

  test("shows the elements of what is at most 6 × 6", () => {
    expect(summarize(array([], 5)).elements).toEqual([5]);
    expect(summarize({ shape: [6, 6], data: new Float64Array(36) }).elements).toHaveLength(36);
    expect(summarize({ shape: [7], data: new Float64Array(7) }).elements).toBeUndefined();
    expect(summarize({ shape: [2, 2, 2], data: new Float64Array(8) }).elements).toBeUndefined();
  });
});

describe("a histogram", () => {
  test("has 24 equal bins, the largest number in the last", () => {
    const { histogram } = summarize(array([25], ...Array.from({ length: 25 }, (_, value) => value)));
    expect(histogram).toEqual({ low: 0, high: 24, counts: [...new Array<number>(23).fill(1), 2] });
  });

  test("of equal numbers has them all in the middle", () => {
    const { histogram } = summarize(array([3], 2, 2, 2));
    expect(histogram).toMatchObject({ low: 2, high: 2 });
    expect(histogram.counts[12]).toBe(3);
  });

  test("counts every finite number once, whatever the numbers are", () => {
    const numbers = fc.array(fc.double(), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (numbers) => {
        const { histogram, notFinite, mean, min, max } = summarize(array([numbers.length], ...numbers));
        expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(numbers.length - notFinite);
        if (notFinite < numbers.length && Number.isFinite(mean)) {
          // The sum of n terms is rounded n times.
          const slack = 1e-12 * Math.max(Math.abs(min), Math.abs(max));
          expect(mean).toBeGreaterThanOrEqual(min - slack);
          expect(mean).toBeLessThanOrEqual(max + slack);
        }
      }),
    );
  });
});

describe("printing", () => {
  test.each<[NdArray, string]>([
    [array([], -0.5), "-0.5"],
    [array([2, 2], 2, -1, 0, 1), "[[2, -1], [0, 1]]"],
    [array([1], -0), "[0]"],
    [array([2], 0.7310585786, 1e-9), "[0.731059, 1e-9]"],
    [array([2], Number.NaN, Number.NEGATIVE_INFINITY), "[NaN, -Infinity]"],
    [array([2, 0]), "[[], []]"],
    [{ shape: [13], data: new Float64Array(13) }, `[${"0, ".repeat(12)}…]`],
  ])("%o is written %s", (value, text) => expect(formatArray(value)).toBe(text));

  test("a place is written as it is indexed", () => {
    expect(formatIndex([2, 3], 4)).toBe("[1][1]");
    expect(formatIndex([], 0)).toBe("");
  });
});
