// Kernels that move numbers change none of them, whatever the shapes; and indices that do not exist are told.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Machine } from "../../../engine/compiler/machine";
import { Opcode } from "../../../engine/compiler/opcodes";
import { plan } from "../../../engine/compiler/plan";
import { classGradient, gatherRows, scatterRows, takeOfRows } from "../../../engine/compiler/rows";
import { Graph } from "../../../engine/model/graph";
import type { AnyOp } from "../../../engine/model/op";
import { ops } from "../../../engine/model/ops";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { context, difference, expectEqual, hasKernels, numbers, runBoth, runOp, runShared } from "./machine-run";

const size = fc.integer({ min: 1, max: 67 });
const few = fc.integer({ min: 1, max: 9 });
const seed = fc.nat(1_000_000);

/** A shape with a place to join, cut or fill along. */
const shapeAndAxis = fc
  .oneof(fc.tuple(size), fc.tuple(size, size), fc.tuple(few, few, few), fc.tuple(few, few, few, few))
  .chain((shape) => fc.record({ shape: fc.constant<Shape>(shape), axis: fc.nat(shape.length - 1) }));

describe("joining", () => {
  test("puts any two arrays one behind the other", () =>
    fc.assert(
      fc.property(shapeAndAxis, size, seed, ({ shape, axis }, other, seed) => {
        const [a, b] = [numbers(shape, seed), numbers(shape.with(axis, other), seed + 1)];
        expectEqual(runOp(ops.concat as unknown as AnyOp, [a, b], { axis }));
      }),
    ));

  test("takes parts and transposes of arrays", () =>
    fc.assert(
      fc.property(few, few, few, seed, (M, N, K, seed) => {
        const graph = new Graph();
        const a = ops.transpose(graph.feed("a", [N, M]), { order: [1, 0] });
        const b = ops.slice(graph.feed("b", [M, N + K]), { axis: 1, start: K, end: N + K });
        const feeds = new Map([
          ["a", numbers([N, M], seed)],
          ["b", numbers([M, N + K], seed + 1)],
        ]);
        expectEqual(runBoth([ops.concat(a, b, { axis: 0 }), ops.concat(a, b, { axis: 1 })], feeds));
      }),
    ));
});

test("zeros stand around what is put into a larger array", () =>
  fc.assert(
    fc.property(shapeAndAxis, fc.nat(20), fc.nat(20), seed, ({ shape, axis }, start, behind, seed) => {
      const attributes = { axis, start, size: start + shape[axis]! + behind };
      expectEqual(runOp(ops.embed as unknown as AnyOp, [numbers(shape, seed)], attributes));
    }),
  ));

describe("indices", () => {
  const indices = (count: number, rows: number) => fc.array(fc.nat(count - 1), { minLength: rows, maxLength: rows });
  const table = fc
    .record({ count: size, rows: size, size })
    .chain(({ count, rows, size }) =>
      fc.record({ count: fc.constant(count), size: fc.constant(size), indices: indices(count, rows), seed }),
    );

  test("become rows with a single 1", () =>
    fc.assert(
      fc.property(table, ({ count, indices }) => {
        expectEqual(runOp(ops.oneHot as unknown as AnyOp, [vector(indices)], { classes: count }));
      }),
    ));

  test("pick rows of a table", () =>
    fc.assert(
      fc.property(table, ({ count, size, indices, seed }) => {
        expectEqual(runOp(gatherRows as unknown as AnyOp, [vector(indices), numbers([count, size], seed)]));
      }),
    ));

  test("add rows to those of a table", () =>
    fc.assert(
      fc.property(table, ({ count, size, indices, seed }) => {
        const dy = numbers([indices.length, size], seed);
        const { machine, oracle, plan } = runOp(scatterRows as unknown as AnyOp, [vector(indices), dy], { count });
        expect(hasKernels(plan)).toBe(true);
        // Sums of up to 67 numbers.
        expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(1e-6);
      }),
    ));

  test("take a number of each row", () =>
    fc.assert(
      fc.property(table, ({ count, indices, seed }) => {
        expectEqual(runOp(takeOfRows as unknown as AnyOp, [vector(indices), numbers([indices.length, count], seed)]));
      }),
    ));

  test("say where a distribution should have its 1", () =>
    fc.assert(
      fc.property(table, ({ count, indices, seed }) => {
        const p = numbers([indices.length, count], seed);
        const scale = Math.fround(-1 / 3);
        const { machine, oracle, plan } = runOp(classGradient as unknown as AnyOp, [vector(indices), p], { scale });
        expect(hasKernels(plan)).toBe(true);
        // A difference and a product are rounded.
        expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(2e-7);
      }),
    ));

  test.each([2.5, -1, 4, 1e30, Number.NaN, Number.POSITIVE_INFINITY])(
    "that are %d end the run with its reason",
    (index) => {
      const graph = new Graph();
      const made = plan({ wanted: [ops.oneHot(graph.feed("x", [3]), { classes: 4 })], feedAt: () => undefined });
      expect(hasKernels(made)).toBe(true);
      const machine = new Machine();
      const program = machine.add(made);
      const x = machine.numbers(made.feeds.get("x")!, program);
      x.set([0, 3, index]);
      expect(() => machine.run(program, context, 1)).toThrow(`There is no class or index ${Math.fround(index)}`);
      x.set([0, 3, 1]);
      expect(machine.run(program, context, 1)).toEqual({ kind: "done" });
    },
  );
});

test("an index without a row ends the run with its reason, though no row of ones and zeros was made", () => {
  const graph = new Graph();
  const rows = ops.matmul(ops.oneHot(graph.feed("x", [2]), { classes: 4 }), graph.feed("table", [4, 3]));
  const made = plan({ wanted: [rows], feedAt: () => undefined });
  expect(made.steps.map(({ instruction }) => instruction.opcode)).toEqual([Opcode.gatherRows]);
  const machine = new Machine();
  const program = machine.add(made);
  machine.numbers(made.feeds.get("x")!, program).set([1, 4]);
  expect(() => machine.run(program, context, 1)).toThrow("There is no class or index 4");
});

test.each([
  ["taken out of rows", takeOfRows, Opcode.takeOfRows],
  ["a distribution should have", classGradient, Opcode.classGradient],
])("an index that is not there ends the run with its reason where numbers are %s", (_, op, opcode) => {
  const graph = new Graph();
  const inputs = [graph.feed("x", [2]), graph.feed("rows", [2, 3])];
  const wanted = graph.apply(op as unknown as AnyOp, inputs, { scale: 1 });
  const made = plan({ wanted: [wanted], feedAt: () => undefined });
  expect(made.steps.map(({ instruction }) => instruction.opcode)).toEqual([opcode]);
  const machine = new Machine();
  const program = machine.add(made);
  machine.numbers(made.feeds.get("x")!, program).set([2, 3]);
  expect(() => machine.run(program, context, 1)).toThrow("There is no class or index 3");
});

test("two threads move as one does", async () => {
  const graph = new Graph();
  const a = graph.feed("a", [23, 13]);
  const b = graph.feed("b", [23, 29]);
  const x = graph.feed("x", [23]);
  const wanted = [
    ops.concat(a, b, { axis: 1 }),
    ops.embed(a, { axis: 0, start: 3, size: 31 }),
    ops.oneHot(x, { classes: 7 }),
    graph.apply(gatherRows as unknown as AnyOp, [x, a], {}),
    graph.apply(scatterRows as unknown as AnyOp, [x, b], { count: 9 }),
    graph.apply(takeOfRows as unknown as AnyOp, [x, a], {}),
    graph.apply(classGradient as unknown as AnyOp, [x, a], { scale: 0.5 }),
    ops.dropoutMask(b, { rate: 0.3, stream: 5 }),
  ];
  const feeds = new Map([
    ["a", numbers([23, 13], 1)],
    ["b", numbers([23, 29], 2)],
    ["x", vector(Array.from({ length: 23 }, (_, position) => (5 * position) % 7))],
  ]);
  const { alone, together } = await runShared(wanted, feeds);
  expect(together).toEqual(alone);
});

const vector = (data: readonly number[]): NdArray => ({ shape: [data.length], data: Float64Array.from(data) });
