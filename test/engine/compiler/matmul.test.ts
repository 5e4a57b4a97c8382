// Matrix products of any size, layout and number give what float64 gives, alone and with what is fused to them.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Graph, type Tensor } from "../../../engine/model/graph";
import { ops } from "../../../engine/model/ops";
import { transposeLastTwo } from "../../../engine/model/ops/linear-algebra";
import type { NdArray } from "../../../engine/protocol/array";
import { expectClose, numbers, type Results, runGraph, runOp, runShared } from "./machine-run";

// Sums of up to 1,500 terms between −1 and 1, each rounded to 24 bits, beside a largest number of at least some units.
const tolerance = 1e-5;
const expectSame = (results: Results): void => expectClose(results, tolerance);

const size = fc.integer({ min: 1, max: 67 });
const seed = fc.integer({ min: 0, max: 1_000_000 });

describe("a matrix product", () => {
  test("of any two matrices is that of float64", () =>
    fc.assert(
      fc.property(size, size, size, seed, (M, K, N, seed) => {
        expectSame(runOp(ops.matmul, [numbers([M, K], seed), numbers([K, N], seed + 1)]));
      }),
    ));

  test("may have transposed inputs", () =>
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), seed, (M, K, N, left, right, seed) => {
        const [a, b] = [numbers(left ? [K, M] : [M, K], seed), numbers(right ? [N, K] : [K, N], seed + 1)];
        expectSame(
          runGraph([a, b], ([a, b]) => ops.matmul(left ? transposeLastTwo(a!) : a!, right ? transposeLastTwo(b!) : b!)),
        );
      }),
    ));

  test("may have inputs whose numbers stand far apart both ways", () =>
    fc.assert(
      fc.property(size, size, size, seed, (M, K, N, seed) => {
        const order = { order: [1, 2, 0] };
        expectSame(
          runGraph([numbers([3, M, K], seed), numbers([2, K, N], seed + 1)], ([a, b]) => {
            const left = ops.slice(ops.transpose(a!, order), { axis: 2, start: 1, end: 2 });
            const right = ops.slice(ops.transpose(b!, order), { axis: 2, start: 0, end: 1 });
            return ops.matmul(ops.reshape(left, { shape: [M, K] }), ops.reshape(right, { shape: [K, N] }));
          }),
        );
      }),
    ));

  test("may have parts of matrices as inputs", () =>
    fc.assert(
      fc.property(size, size, size, seed, (M, K, N, seed) => {
        expectSame(
          runGraph([numbers([M + 3, K], seed), numbers([K, N + 5], seed + 1)], ([a, b]) =>
            ops.matmul(
              ops.slice(a!, { axis: 0, start: 2, end: M + 2 }),
              ops.slice(b!, { axis: 1, start: 3, end: N + 3 }),
            ),
          ),
        );
      }),
    ));

  test("is one for each place in the dimensions before, which broadcast", () => {
    const few = fc.integer({ min: 1, max: 9 });
    const outer = fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), a: fc.boolean(), b: fc.boolean() }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(few, few, few, outer, fc.nat(3), seed, (M, K, N, outer, missing, seed) => {
        const a = [...outer.map(({ size, a }) => (a ? size : 1)), M, K];
        const b = [...outer.map(({ size, b }) => (b ? size : 1)).slice(Math.min(missing, outer.length)), K, N];
        expectSame(runOp(ops.matmul, [numbers(a, seed), numbers(b, seed + 1)]));
      }),
    );
  });

  test("may have heads between time and features, as attention does", () =>
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 19 }), seed, (T, D, seed) => {
        expectSame(
          runGraph([numbers([2, T, 3, D], seed), numbers([2, T, 3, D], seed + 1)], ([q, k]) =>
            ops.matmul(ops.transpose(q!, { order: [0, 2, 1, 3] }), ops.transpose(k!, { order: [0, 2, 3, 1] })),
          ),
        );
      }),
    ));

  test.each([
    [33, 1500, 21],
    [1, 1100, 70],
    [70, 1100, 1],
    [301, 517, 9],
    [301, 517, 3],
    [2, 1030, 4],
  ])("of %i × %i by %i is worked through in blocks", (M, K, N) =>
    expectSame(runOp(ops.matmul, [numbers([M, K], 1), numbers([K, N], 2)])),
  );

  test("lets infinite numbers and NaN through to their row or column, and nowhere else", () => {
    const [a, b] = [numbers([9, 30], 1), numbers([30, 20], 2)];
    a.data[3 * 30 + 7] = Number.NaN;
    b.data[5 * 20 + 17] = Number.POSITIVE_INFINITY;
    const { machine, oracle } = runOp(ops.matmul, [a, b]);
    expect([...machine[0]!.data].map(kindOf)).toEqual([...oracle[0]!.data].map(kindOf));
  });
});

test.each([
  [1, 3, 30],
  [5, 4, 3],
  [37, 60, 45],
  [300, 12, 1],
  [1, 40, 500],
  [6, 700, 100],
  [41, 70, 3],
])("two threads give the bits of one for %i × %i by %i", async (M, K, N) => {
  const graph = new Graph();
  const product = ops.matmul(graph.feed("a", [3, M, K]), graph.feed("b", [3, K, N]));
  const y = ops.tanh(ops.add(product, graph.feed("bias", [N])));
  const { alone, together } = await runShared(
    [y],
    new Map([
      ["a", numbers([3, M, K], 1)],
      ["b", numbers([3, K, N], 2)],
      ["bias", numbers([N], 3)],
    ]),
  );
  expect(together).toEqual(alone);
});

describe("fused to a matrix product,", () => {
  const activation = fc.constantFrom("none", "relu", "tanh", "sigmoid");

  test("bias and activation are what they are alone", () =>
    fc.assert(
      fc.property(size, size, size, activation, seed, (M, K, N, activation, seed) => {
        const results = runGraph(
          [numbers([M, K], seed), numbers([K, N], seed + 1), numbers([N], seed + 2)],
          ([x, W, bias]) => activations[activation]!(ops.add(ops.matmul(x!, W!), bias!)),
        );
        expect(results.plan.steps).toHaveLength(1);
        expectSame(results);
      }),
    ));

  test("the bias is added to every row of every sample", () =>
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 9 }), seed, (T, K, N, seed) => {
        const results = runGraph(
          [numbers([3, T, K], seed), numbers([K, N], seed + 1), numbers([N], seed + 2)],
          ([x, W, bias]) => ops.relu(ops.add(ops.matmul(x!, W!), bias!)),
        );
        expect(results.plan.steps).toHaveLength(1);
        expectSame(results);
      }),
    ));

  test("the derivative of an activation is what it is alone", () =>
    fc.assert(
      fc.property(size, size, size, fc.constantFrom("relu", "tanh", "sigmoid"), seed, (M, K, N, mask, seed) => {
        const results = runGraph(
          [numbers([M, K], seed), numbers([N, K], seed + 1), numbers([M, N], seed + 2)],
          ([dy, W, y]) => ops.multiply(ops.matmul(dy!, transposeLastTwo(W!)), slopes[mask]!(y!)),
        );
        expect(results.plan.steps).toHaveLength(1);
        expectSame(results);
      }),
    ));

  test.each([
    [1, 0],
    [-1, 2],
    [1, -1],
    [Number.NaN, 0],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 0],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NaN],
  ])("ReLU's derivative makes of %d where it gave %d what multiplying does", (dy, y) => {
    const scalar = (value: number): NdArray => ({ shape: [1, 1], data: Float64Array.of(value) });
    const results = runGraph([scalar(dy), scalar(1), scalar(y)], ([dy, W, y]) =>
      ops.multiply(ops.matmul(dy!, W!), slopes.relu!(y!)),
    );
    expect(results.plan.steps).toHaveLength(1);
    expect(results.machine[0]!.data[0]! + 0).toEqual(results.oracle[0]!.data[0]! + 0); // −0 becomes 0.
  });
});

type OfTensor = (x: Tensor) => Tensor;

const activations: Readonly<Record<string, OfTensor>> = {
  none: (x) => x,
  relu: (x) => ops.relu(x),
  tanh: (x) => ops.tanh(x),
  sigmoid: (x) => ops.sigmoid(x),
};

/** By what the activation gives. */
const slopes: Readonly<Record<string, OfTensor>> = {
  relu: (y) => ops.greater(y, y.graph.scalar(0)),
  tanh: (y) => ops.subtract(y.graph.scalar(1), ops.multiply(y, y)),
  sigmoid: (y) => ops.multiply(y, ops.subtract(y.graph.scalar(1), y)),
};

function kindOf(x: number): string {
  return Number.isNaN(x) ? "NaN" : Number.isFinite(x) ? "finite" : String(x);
}
