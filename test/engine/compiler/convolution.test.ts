// Convolutions and pooling of any geometry give what float64 gives.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Graph } from "../../../engine/model/graph";
import { ops } from "../../../engine/model/ops";
import type { Convolution } from "../../../engine/model/ops/convolution";
import type { Pooling } from "../../../engine/model/ops/pooling";
import { positionsAlong } from "../../../engine/model/ops/windows";
import { randomStream } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { expectClose, expectEqual, numbers, type Results, runGraph, runOp, runShared } from "./machine-run";

// Sums of up to 3,000 terms between −1 and 1, each rounded to 24 bits. ReLU may leave nothing but numbers near 0 of them.
const tolerance = 1e-5;
const expectSame = (results: Results): void => expectClose(results, tolerance, 1);

interface Geometry {
  readonly x: Shape;
  readonly W: Shape;
  readonly y: Shape;
  readonly convolution: Convolution;
  readonly seed: number;
}

const small = (min: number, max: number) => fc.integer({ min, max });

const geometriesOf = (channels: fc.Arbitrary<number>, filters: fc.Arbitrary<number>): fc.Arbitrary<Geometry> =>
  fc
    .record({
      batch: small(1, 3),
      groups: small(1, 3),
      channels,
      filters,
      image: fc.tuple(small(1, 12), small(1, 40)),
      kernel: fc.tuple(small(1, 4), small(1, 4)),
      stride: fc.tuple(small(1, 3), small(1, 3)),
      padding: fc.record({ top: small(0, 4), bottom: small(0, 4), left: small(0, 4), right: small(0, 4) }),
      seed: small(0, 1_000_000),
    })
    .map(({ batch, groups, channels, filters, image: [H, W], kernel: [K, L], stride, padding, seed }) => ({
      x: [batch, groups * channels, H, W],
      W: [groups * filters, channels, K, L],
      y: [
        batch,
        groups * filters,
        positionsAlong(H, K, stride[0], padding.top + padding.bottom),
        positionsAlong(W, L, stride[1], padding.left + padding.right),
      ],
      convolution: { groups, stride, padding },
      seed,
    }))
    .filter(({ y }) => y.every((size) => size >= 1));

const geometries = fc.oneof(
  geometriesOf(small(1, 5), small(1, 11)),
  // A filter for each channel has a way of its own.
  geometriesOf(fc.constant(1), fc.constant(1)),
);

const runs = { numRuns: 300 };

describe("a convolution", () => {
  test("of any geometry is that of float64", () =>
    fc.assert(
      fc.property(geometries, ({ x, W, convolution, seed }) => {
        expectSame(runOp(ops.conv2d, [numbers(x, seed), numbers(W, seed + 1)], { ...convolution }));
      }),
      runs,
    ));

  test("has the gradient of its input", () =>
    fc.assert(
      fc.property(geometries, ({ x, W, y, convolution, seed }) => {
        const size = x.slice(2);
        expectSame(runOp(ops.conv2dInput, [numbers(y, seed), numbers(W, seed + 1)], { ...convolution, size }));
      }),
      runs,
    ));

  test("has the gradient of its weights", () =>
    fc.assert(
      fc.property(geometries, ({ x, W, y, convolution, seed }) => {
        const kernel = W.slice(2);
        expectSame(runOp(ops.conv2dWeights, [numbers(x, seed), numbers(y, seed + 1)], { ...convolution, kernel }));
      }),
      runs,
    ));

  test("adds its bias and applies ReLU in one go", () =>
    fc.assert(
      fc.property(geometries, fc.boolean(), ({ x, W, convolution, seed }, isActive) => {
        const results = runGraph(
          [numbers(x, seed), numbers(W, seed + 1), numbers([W[0]!, 1, 1], seed + 2)],
          ([x, W, bias]) => {
            const y = ops.add(ops.conv2d(x!, W!, convolution), bias!);
            return isActive ? ops.relu(y) : y;
          },
        );
        expect(results.plan.steps).toHaveLength(1);
        expectSame(results);
      }),
      runs,
    ));

  test.each([1, 2])("of many channels with stride %i sums part after part", (step) => {
    const geometry = {
      stride: [step, step] as const,
      padding: { top: 1, bottom: 1, left: 1, right: 1 },
      groups: 1,
    };
    const [x, W] = [numbers([2, 130, 9, 9], 1), numbers([140, 130, 3, 3], 2)];
    const side = positionsAlong(9, 3, step, 2);
    const dy = numbers([2, 140, side, side], 3);
    expectSame(runOp(ops.conv2d, [x, W], geometry));
    expectSame(runOp(ops.conv2dInput, [dy, W], { ...geometry, size: [9, 9] }));
    expectSame(runOp(ops.conv2dWeights, [x, dy], { ...geometry, kernel: [3, 3] }));
  });

  test.each([
    ["conv2d", 2, 5],
    ["conv2dInput", 2, 5],
    ["conv2dWeights", 2, 5],
    ["conv2d", 1, 1],
    ["conv2dInput", 1, 1],
    ["conv2dWeights", 1, 1],
  ] as const)(
    "gives two threads the bits of one: %s of %d channels and %d filters in a group",
    async (name, channels, filters) => {
      const geometry = { stride: [2, 1] as const, padding: { top: 1, bottom: 0, left: 2, right: 1 }, groups: 3 };
      const graph = new Graph();
      const shapes = { x: [3, 3 * channels, 11, 9], W: [3 * filters, channels, 3, 3], dy: [3, 3 * filters, 5, 10] };
      const feeds = new Map(Object.entries(shapes).map(([feed, shape], seed) => [feed, numbers(shape, seed)]));
      const [x, W, dy] = Object.entries(shapes).map(([feed, shape]) => graph.feed(feed, shape));
      const results = {
        conv2d: () => ops.conv2d(x!, W!, geometry),
        conv2dInput: () => ops.conv2dInput(dy!, W!, { ...geometry, size: [11, 9] }),
        conv2dWeights: () => ops.conv2dWeights(x!, dy!, { ...geometry, kernel: [3, 3] }),
      };
      const { alone, together } = await runShared([results[name]()], feeds);
      expect(together).toEqual(alone);
    },
  );
});

interface Windows {
  readonly x: Shape;
  readonly y: Shape;
  readonly pooling: Pooling;
  readonly seed: number;
}

const freeWindows: fc.Arbitrary<Pooling> = fc.record({
  window: fc.tuple(small(1, 4), small(1, 4)),
  stride: fc.tuple(small(1, 3), small(1, 3)),
  padding: fc.record({ top: small(0, 1), bottom: small(0, 1), left: small(0, 1), right: small(0, 1) }),
});

const pairs: fc.Arbitrary<Pooling> = fc.constant({
  window: [2, 2],
  stride: [2, 2],
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
});

const windows: fc.Arbitrary<Windows> = fc
  .record({
    planes: fc.tuple(small(1, 3), small(1, 3)),
    image: fc.tuple(small(1, 12), small(1, 40)),
    pooling: fc.oneof(freeWindows, pairs),
    seed: small(0, 1_000_000),
  })
  // A window that lies in the padding alone has no largest number.
  .filter(
    ({ pooling: { window, padding } }) =>
      [padding.top, padding.bottom].every((zeros) => zeros < window[0]) &&
      [padding.left, padding.right].every((zeros) => zeros < window[1]),
  )
  .map(({ planes, image: [H, W], pooling, seed }) => {
    const { window, stride, padding } = pooling;
    const I = positionsAlong(H, window[0], stride[0], padding.top + padding.bottom);
    const J = positionsAlong(W, window[1], stride[1], padding.left + padding.right);
    return { x: [...planes, H, W], y: [...planes, I, J], pooling, seed };
  })
  .filter(({ y }) => y.every((size) => size >= 1));

describe("pooling", () => {
  test("gives the largest numbers of windows and where they are", () =>
    fc.assert(
      fc.property(windows, ({ x, pooling, seed }) => {
        const image = someEqual(x, seed);
        expectEqual(runOp(ops.maxPool2d, [image], { ...pooling }));
        expectEqual(runOp(ops.largest2d, [image], { ...pooling }));
      }),
      runs,
    ));

  test("takes and spreads numbers at positions", () =>
    fc.assert(
      fc.property(windows, ({ x, y, seed }) => {
        const random = randomStream(seed, 1);
        const plane = x[2]! * x[3]!;
        const positions = {
          shape: y,
          data: Float64Array.from({ length: sizeOf(y) }, () => Math.floor(plane * random())),
        };
        expectEqual(runOp(ops.takeAt, [numbers(x, seed), positions]));
        expectSame(runOp(ops.spreadAt, [numbers(y, seed), positions], { size: x.slice(2) }));
      }),
    ));

  test("gives its gradient to the first of several largest", () =>
    fc.assert(
      fc.property(windows, ({ x, y, pooling, seed }) => {
        const results = runGraph([numbers(y, seed), someEqual(x, seed)], ([dy, x]) =>
          ops.spreadAt(dy!, ops.largest2d(x!, pooling), { size: [x!.shape[2]!, x!.shape[3]!] }),
        );
        expect(results.plan.steps).toHaveLength(1);
        expectSame(results);
      }),
      runs,
    ));

  test.each([0, 1, 2, 3])("sees NaN at place %i of a window, and gives it the gradient", (place) => {
    const pooling = { window: [2, 2], stride: [2, 2], padding: { top: 0, bottom: 0, left: 0, right: 0 } } as const;
    // Ten windows side by side: eight of them go through vectors.
    const x = someEqual([1, 1, 2, 20], 1);
    x.data[5 * 2 + (place % 2) + 20 * Math.floor(place / 2)] = Number.NaN;
    x.data[9 * 2 + (place % 2) + 20 * Math.floor(place / 2)] = Number.NaN;
    const y = runOp(ops.maxPool2d, [x], pooling);
    expect(y.machine[0]!.data).toEqual(y.oracle[0]!.data);
    const dx = runGraph([numbers([1, 1, 1, 10], 2), x], ([dy, x]) =>
      ops.spreadAt(dy!, ops.largest2d(x!, pooling), { size: [2, 20] }),
    );
    expectEqual(dx);
  });
});

/** Few different numbers, so that a window often has several largest. */
function someEqual(shape: Shape, seed: number): NdArray {
  const random = randomStream(seed, 0);
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => Math.floor(5 * random()) - 2) };
}
