// Splits, orders and batches: nothing lost, nothing twice, the same again for the same seed.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchAt, batchCount, epochOrder, gather, identity, split } from "../../../engine/data/batches";

const samples = fc.integer({ min: 2, max: 200 });
const seed = fc.integer({ min: 0, max: 2 ** 31 });

describe("split", () => {
  test("every sample is on one side, and neither side is empty", () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.001, max: 0.999, noNaN: true }), seed, (count, fraction, seed) => {
        const { training, validation } = split(count, fraction, seed);
        expect([...training, ...validation].sort((a, b) => a - b)).toEqual([...identity(count)]);
        expect(training.length).toBeGreaterThan(0);
        expect(validation.length).toBeGreaterThan(0);
      }),
    );
  });

  test("0.2 of 150 samples are 30", () => {
    expect(split(150, 0.2, 7).validation).toHaveLength(30);
  });

  test("is the same for the same seed and mixes a sorted file", () => {
    expect(split(100, 0.5, 3)).toEqual(split(100, 0.5, 3));
    expect(split(100, 0.5, 3)).not.toEqual(split(100, 0.5, 4));
    expect(Math.max(...split(100, 0.5, 3).validation)).toBeGreaterThan(50);
  });

  test("a single sample cannot be split", () => {
    expect(() => split(1, 0.5, 0)).toThrow("nothing to split off");
  });
});

describe("the order of an epoch", () => {
  test("shuffled, it holds every sample once and differs from epoch to epoch", () => {
    fc.assert(
      fc.property(samples, seed, fc.integer({ min: 1, max: 1000 }), (count, seed, epoch) => {
        const order = epochOrder(identity(count), { seed, epoch, shuffle: true });
        expect([...order].sort((a, b) => a - b)).toEqual([...identity(count)]);
      }),
    );
    const order = (epoch: number) => epochOrder(identity(50), { seed: 1, epoch, shuffle: true });
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });

  test("unshuffled, it is the data's own", () => {
    expect(epochOrder(identity(5), { seed: 1, epoch: 3, shuffle: false })).toEqual(identity(5));
  });
});

describe("batches", () => {
  test("together they are the epoch, none is empty and only the last is smaller", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 300 }), (count, batchSize) => {
        const batches = Array.from({ length: batchCount(count, batchSize) }, (_, batch) =>
          batchAt(identity(count), batchSize, batch),
        );
        expect(batches.flatMap((batch) => [...batch])).toEqual([...identity(count)]);
        expect(batches.every((batch) => batch.length > 0)).toBe(true);
        expect(batches.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
      }),
    );
  });

  test("gathering copies whole samples in the order asked for", () => {
    const array = { shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
    expect(gather(array, Int32Array.of(2, 0))).toEqual({ shape: [2, 2], data: Float64Array.of(5, 6, 1, 2) });
    const scalars = { shape: [3], data: Float64Array.of(1, 2, 3) };
    expect(gather(scalars, Int32Array.of(1))).toEqual({ shape: [1], data: Float64Array.of(2) });
  });
});
