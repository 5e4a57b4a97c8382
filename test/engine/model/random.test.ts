// Random numbers: repeatable to the bit, spread evenly, and unrelated between seeds, streams and neighbors.

import { describe, expect, test } from "vitest";
import { initialize, initializers } from "../../../engine/model/initializers";
import { normal, permutation, randomAt, randomStream, streamOf } from "../../../engine/model/random";
import type { Arguments } from "../../../engine/protocol/catalog";
import { array } from "./numeric";

const count = 20_000;
const drawn = (seed: number, stream: number) =>
  Array.from({ length: count }, (_, index) => randomAt(seed, stream, index));

describe("randomAt", () => {
  test("gives these numbers on every machine", () => {
    expect([randomAt(0, 0, 0), randomAt(42, 7, 1), randomAt(2 ** 53 - 1, 2 ** 32 - 1, 2 ** 40)]).toEqual([
      0.08773716734533488, 0.9272865129251451, 0.7194902893532177,
    ]);
  });

  test("stays in [0, 1)", () => expect(drawn(1, 1).every((u) => u >= 0 && u < 1)).toBe(true));

  test("fills 100 equal bins evenly", () => {
    const bins = new Array<number>(100).fill(0);
    for (const u of drawn(3, 5)) bins[Math.floor(u * 100)]! += 1;
    const expected = count / 100;
    const chiSquare = bins.reduce((total, bin) => total + (bin - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(149); // 99 degrees of freedom: 0.1 % of generators that are right exceed it.
  });

  test("neighbors, streams and seeds are not correlated", () => {
    const one = drawn(1, 1);
    const pairs: [string, number[]][] = [
      ["the next index", [...one.slice(1), one[0]!]],
      ["the next stream", drawn(1, 2)],
      ["the next seed", drawn(2, 1)],
      ["stream and seed exchanged", drawn(1, 1 + 2 ** 20)],
    ];
    // The correlation of independent numbers has the standard deviation 1/√count = 0.007; 4 of them.
    for (const [name, other] of pairs) expect(Math.abs(correlation(one, other)), name).toBeLessThan(0.028);
  });

  test("no number comes twice in a stream", () => expect(new Set(drawn(9, 9)).size).toBe(count));
});

test("a stream counts its own index", () => {
  const random = randomStream(4, 2);
  expect([random(), random()]).toEqual([randomAt(4, 2, 0), randomAt(4, 2, 1)]);
});

test("names have streams of their own", () => {
  const names = Array.from({ length: 1000 }, (_, i) => `Dense#${i}.W`);
  expect(new Set(names.map(streamOf)).size).toBe(1000);
});

test("normal numbers have mean 0, variance 1 and no skew", () => {
  const random = randomStream(1, 1);
  const numbers = Array.from({ length: count }, () => normal(random));
  const moment = (power: number) => numbers.reduce((total, x) => total + x ** power, 0) / count;
  // Four standard deviations of each moment: √(1/n), √(2/n), √(15/n), √(96/n) for n = 20,000.
  expect(Math.abs(moment(1))).toBeLessThan(0.029);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.04);
  expect(Math.abs(moment(3))).toBeLessThan(0.11);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.28);
});

describe("a permutation", () => {
  test("holds every number once", () => {
    expect([...permutation(100, randomStream(1, 1))].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
  });

  test("of nothing or one is itself", () => {
    expect([...permutation(0, randomStream(1, 1))]).toEqual([]);
    expect([...permutation(1, randomStream(1, 1))]).toEqual([0]);
  });

  test("takes all orders equally often", () => {
    const random = randomStream(1, 1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = permutation(3, random).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Each of 6 orders comes 1000 times, give or take 4 standard deviations of 29.
    for (const times of counts.values()) expect(Math.abs(times - 1000)).toBeLessThan(116);
  });
});

describe("initializers", () => {
  const begin = (name: string, args: Arguments = {}, shape = [200, 100], seed = 1) =>
    initialize({ kind: "call", call: { name, arguments: args } }, shape, randomStream(seed, 1)).data;
  const deviation = (data: Float64Array) => Math.sqrt(data.reduce((total, x) => total + x * x, 0) / data.length);

  // Of 20,000 numbers the deviation is known to 2 %, four times its own standard deviation of 1/√(2n).
  const deviations: [string, Arguments, number][] = [
    ["Glorot", {}, Math.sqrt(2 / 300)],
    ["He", {}, Math.sqrt(2 / 200)],
    ["LeCun", {}, Math.sqrt(1 / 200)],
    ["Normal", { std: 0.5 }, 0.5],
    ["Uniform", { low: -3, high: 3 }, 3 / Math.sqrt(3)],
  ];
  for (const [name, args, expected] of deviations) {
    test(`${name} has the standard deviation of its paper`, () => {
      expect(Math.abs(deviation(begin(name, args)) / expected - 1)).toBeLessThan(0.02);
    });

    test(`${name} with its own seed does not depend on the training's`, () => {
      expect(begin(name, { ...args, seed: 5 }, [3, 4], 1)).toEqual(begin(name, { ...args, seed: 5 }, [3, 4], 2));
      expect(begin(name, args, [3, 4], 1)).not.toEqual(begin(name, args, [3, 4], 2));
    });
  }

  test("Glorot stays within its bounds", () => {
    expect(Math.max(...begin("Glorot").map(Math.abs))).toBeLessThan(Math.sqrt(6 / 300));
  });

  test("a convolution's fans count its kernel", () => {
    const shape = [16, 8, 5, 5]; // 16 filters on 8 channels.
    expect(Math.abs(deviation(begin("He", {}, shape)) / Math.sqrt(2 / 200) - 1)).toBeLessThan(0.05);
  });

  test("constants are constant", () => {
    expect([...begin("Zeros", {}, [2]), ...begin("Ones", {}, [2]), ...begin("Constant", { value: 7 }, [2])]).toEqual([
      0, 0, 1, 1, 7, 7,
    ]);
  });

  test("every initializer fills a scalar and a vector", () => {
    for (const [name, record] of Object.entries(initializers)) {
      const args = Object.fromEntries(
        Object.entries(record.arguments).flatMap(([argument, spec]) =>
          spec.optional || spec.default !== undefined ? [] : [[argument, 1]],
        ),
      );
      expect(begin(name, args, [])).toHaveLength(1);
      expect(begin(name, args, [3]).every(Number.isFinite)).toBe(true);
    }
  });

  test("a literal is copied", () => {
    const data = array([1, 2]);
    const weights = initialize({ kind: "literal", data }, [2], Math.random);
    weights.data[0] = 9;
    expect(data.data[0]).toBe(1);
  });

  test("a literal of another shape is refused", () => {
    expect(() => initialize({ kind: "literal", data: array([1, 2]) }, [3], Math.random)).toThrow(
      "The numbers have the shape [2], not [3].",
    );
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  // Uniform numbers have mean 1/2 and variance 1/12.
  return (12 * a.reduce((total, x, i) => total + (x - 0.5) * (b[i]! - 0.5), 0)) / a.length;
}
