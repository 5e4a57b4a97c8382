// Kernels that make many elements one, and softmax: any axes and arrangement, special numbers, digits.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Opcode } from "../../../engine/compiler/opcodes";
import { Graph, type Tensor } from "../../../engine/model/graph";
import { ops } from "../../../engine/model/ops";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { arranged, moves, numbers, shapes } from "./arrangements";
import { type Build, difference, expectClose, hasKernels, runBuilt, runOp, runShared } from "./machine-run";

const reductions = { sum: ops.sum, mean: ops.mean, max: ops.max, min: ops.min, norm: ops.norm };

// A few float32 roundings (6e-8 each) of numbers that do not cancel out.
const tolerance = 1e-6;
const expectSame = (build: Build): void => expectClose(runBuilt(build), tolerance);
const positive = [0.1, 2] as const;

/** Any of four axes; those a shape does not have are left out. */
const axes = fc.subarray([0, 1, 2, 3]);

describe("along any axes, wherever the numbers stand in memory,", () => {
  for (const [name, op] of Object.entries(reductions)) {
    test(`${name} gives that of its forward`, () =>
      fc.assert(
        fc.property(shapes, moves, axes, fc.boolean(), (shape, move, chosen, keep) =>
          expectSame((graph, feeds) =>
            op(arranged(graph, feeds, shape, move, positive), {
              axes: chosen.filter((axis) => axis < shape.length),
              keep,
            }),
          ),
        ),
        { numRuns: 150 },
      ));
  }

  test("sumTo gives that of its forward", () =>
    fc.assert(
      fc.property(shapes, moves, axes, fc.integer({ min: 0, max: 4 }), (shape, move, ones, missing) =>
        expectSame((graph, feeds) => {
          const to = shape.map((size, axis) => (ones.includes(axis) ? 1 : size)).slice(missing);
          return ops.sumTo(arranged(graph, feeds, shape, move, positive), { shape: to });
        }),
      ),
      { numRuns: 150 },
    ));
});

describe("row by row", () => {
  const sumOfRows = (x: Tensor) => ops.sum(x, { axes: [x.shape.length - 1], keep: true });

  for (const op of [ops.softmax, ops.logSoftmax]) {
    test(`${op.definition.name} gives that of its forward`, () =>
      fc.assert(
        fc.property(shapes, moves, (shape, move) =>
          expectSame((graph, feeds) => op(arranged(graph, feeds, shape, move, [-20, 20]))),
        ),
        { numRuns: 60 },
      ));
  }

  test("the gradient of softmax is one instruction", () =>
    fc.assert(
      fc.property(rowsOfTwo, moves, moves, (shape, moveDy, moveY) =>
        expectOne(Opcode.softmaxGradient, (graph, feeds) => {
          const dy = arranged(graph, feeds, shape, moveDy);
          const y = arranged(graph, feeds, shape, moveY, [0, 1]);
          return ops.multiply(y, ops.subtract(dy, sumOfRows(ops.multiply(dy, y))));
        }),
      ),
      { numRuns: 60 },
    ));

  test("the gradient of logSoftmax is one instruction", () =>
    fc.assert(
      fc.property(rowsOfTwo, moves, moves, (shape, moveDy, moveX) =>
        expectOne(Opcode.logSoftmaxGradient, (graph, feeds) => {
          const dy = arranged(graph, feeds, shape, moveDy);
          const y = ops.logSoftmax(arranged(graph, feeds, shape, moveX));
          return ops.subtract(dy, ops.multiply(ops.exp(y), sumOfRows(dy)));
        }),
      ),
      { numRuns: 60 },
    ));
});

describe("millions of numbers", () => {
  const many = numbers("many", [2_000_003], [0, 1]);

  for (const [name, shape, along] of [
    ["in one row", [2_000_003], [0]],
    ["in one column", [2_000_003, 1], [0]],
  ] as const) {
    for (const op of [ops.sum, ops.mean, ops.norm]) {
      test(`${name} have the ${op.definition.name} of float64, rounded once`, () => {
        const { machine, oracle } = runOp(op, [{ shape, data: many.data }], { axes: along, keep: false });
        // One rounding, and those of sums of four, which cancel out.
        expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(1e-7);
      });
    }
  }

  test("in columns have the sums of float64, rounded once", () => {
    const x = numbers("columns", [100_000, 20], [0, 1]);
    const { machine, oracle } = runOp(ops.sum, [x], { axes: [0], keep: false });
    expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(1e-7);
  });
});

describe("special numbers", () => {
  const rows = [
    [1, Number.NaN, 2, 3, 4, 5],
    [1, Number.POSITIVE_INFINITY, 2, 3, 4, 5],
    [1, Number.NEGATIVE_INFINITY, 2, 3, 4, 5],
    [Number.NEGATIVE_INFINITY, 2, 3, 4, 5, Number.POSITIVE_INFINITY],
    Array.from({ length: 6 }, () => Number.NEGATIVE_INFINITY),
    [100, 0, -100, 1e30, -1e30, 3],
    [1e-30, 1e-30, 2e-30, -1e-30, 0, 0],
    [1e30, 2e30, -1e30, 0, 0, 0],
  ];
  const x = { shape: [rows.length, 6], data: Float64Array.from(rows.flat()) };

  for (const [name, op] of Object.entries(reductions)) {
    test(`${name} treats as its forward does, in rows and in columns`, () => {
      for (const along of [0, 1]) {
        const { machine, oracle } = runOp(op, [x], { axes: [along], keep: false });
        expectNumbers(machine[0]!, oracle[0]!);
      }
    });
  }

  for (const op of [ops.softmax, ops.logSoftmax]) {
    test(`${op.definition.name} treats as its forward does`, () => {
      const { machine, oracle } = runOp(op, [x]);
      expectNumbers(machine[0]!, oracle[0]!);
    });
  }
});

test("the sum over nothing is 0", () => {
  for (const along of [0, 1]) {
    const empty: Shape = along === 0 ? [0, 3] : [3, 0];
    const { machine, plan } = runOp(ops.sum, [{ shape: empty, data: new Float64Array(0) }], {
      axes: [along],
      keep: false,
    });
    expect(hasKernels(plan)).toBe(true);
    expect([...machine[0]!.data]).toEqual([0, 0, 0]);
  }
});

test("two threads give the bits that one gives", async () => {
  const graph = new Graph();
  const feeds = new Map<string, NdArray>();
  const image = arranged(graph, feeds, [5, 7, 9, 11], []);
  const matrix = arranged(graph, feeds, [130, 203], []);
  const turned = arranged(graph, feeds, [130, 203], ["reversed"]);
  const wanted = [
    ...Object.values(reductions).flatMap((op) => [
      op(image, { axes: [0, 2, 3], keep: false }),
      op(matrix, { axes: [0], keep: false }),
      op(matrix, { axes: [1], keep: false }),
      op(turned, { axes: [1], keep: true }),
      op(matrix, { axes: [0, 1], keep: false }),
    ]),
    ops.softmax(matrix),
    ops.logSoftmax(turned),
  ];
  const { alone, together } = await runShared(wanted, feeds);
  expect(together).toEqual(alone);
});

/** A row of one number has no sum to take off. */
const rowsOfTwo = shapes.filter((shape) => shape.at(-1)! > 1);

/** Expects them from an instruction of this kind, behind copies at most. */
function expectOne(opcode: Opcode, build: Build): void {
  const { machine, oracle, plan } = runBuilt(build);
  expect(plan.steps.at(-1)!.instruction.opcode).toBe(opcode);
  // Both sides of the difference are at most 134, the sum of a row: 134 · 6e-8, and what it cancels out to may be 0.
  for (const [i, expected] of oracle[0]!.data.entries())
    expect(Math.abs(machine[0]!.data[i]! - expected)).toBeLessThan(2e-5);
}

/** NaN, infinities and all others, to a few roundings. */
function expectNumbers(found: NdArray, expected: NdArray): void {
  for (const [i, value] of expected.data.entries()) {
    const gap = Math.abs(found.data[i]! - value);
    if (Number.isFinite(value)) expect(gap, `number ${i}`).toBeLessThanOrEqual(1e-6 * Math.abs(value));
    else expect(found.data[i], `number ${i}`).toBe(value);
  }
}
