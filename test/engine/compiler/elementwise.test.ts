// Kernels that compute element by element: any arrangement in memory, special numbers, digits.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BinaryFunction, Opcode } from "../../../engine/compiler/opcodes";
import { Graph, type Tensor } from "../../../engine/model/graph";
import type { AnyOp } from "../../../engine/model/op";
import { ops } from "../../../engine/model/ops";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { arranged, moves, numbers, shapes } from "./arrangements";
import {
  type Build,
  difference,
  expectClose,
  expectEqual,
  hasKernels,
  runBuilt,
  runOp,
  runShared,
} from "./machine-run";

const unaries = ["negate", "abs", "sign", "sqrt", "exp", "expm1", "log", "relu", "sigmoid", "tanh", "softplus", "erf"];
const arithmetic = ["add", "subtract", "multiply", "divide", "maximum", "minimum", "power"];
const comparisons = ["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"];

// A few float32 roundings, 6e-8 each; powers of numbers below 2 with exponents below 2 are not larger than 4.
const tolerance = 1e-6;
const expectSame = (build: Build): void => expectClose(runBuilt(build), tolerance);

describe("wherever its numbers stand in memory,", () => {
  for (const name of unaries) {
    test(`${name} gives those of its forward`, () =>
      fc.assert(
        fc.property(shapes, moves, (shape, move) =>
          expectSame((graph, feeds) =>
            graph.apply(opOf(name), [arranged(graph, feeds, shape, move, rangeOf(name))], {}),
          ),
        ),
        { numRuns: 30 },
      ));
  }

  for (const name of [...arithmetic, ...comparisons]) {
    test(`${name} gives those of its forward`, () =>
      fc.assert(
        fc.property(shapes, moves, moves, broadcasts, (shape, moveA, moveB, broadcast) =>
          expectSame((graph, feeds) => {
            const [ofA, ofB] = broadcast(shape);
            const a = arranged(graph, feeds, ofA, moveA, rangeOf(name));
            const b = arranged(graph, feeds, ofB, moveB, rangeOf(name));
            return graph.apply(opOf(name), [a, b], {});
          }),
        ),
        { numRuns: 30 },
      ));
  }

  test("select gives those of its forward", () =>
    fc.assert(
      fc.property(shapes, moves, moves, moves, (shape, moveCondition, moveA, moveB) =>
        expectSame((graph, feeds) => {
          const condition = ops.greater(arranged(graph, feeds, shape, moveCondition), graph.scalar(0));
          return ops.select(condition, arranged(graph, feeds, shape, moveA), arranged(graph, feeds, shape, moveB));
        }),
      ),
      { numRuns: 60 },
    ));

  test("clip gives those of its forward", () =>
    fc.assert(
      fc.property(shapes, moves, (shape, move) =>
        expectSame((graph, feeds) => ops.clip(arranged(graph, feeds, shape, move), { min: -0.5, max: 1 })),
      ),
      { numRuns: 30 },
    ));

  test("a copy has them in the order of its shape", () =>
    fc.assert(
      fc.property(shapes, fc.array(moves, { maxLength: 3 }), (shape, several) => {
        expectEqual(runBuilt((graph, feeds) => arranged(graph, feeds, shape, several.flat())));
      }),
      { numRuns: 300 },
    ));

  test("a power with an exponent that is known gives those of its forward", () =>
    fc.assert(
      fc.property(shapes, moves, fc.constantFrom(2, 0.5, -1, 3, -0.5, 0, 1.7), (shape, move, exponent) =>
        expectSame((graph, feeds) => ops.power(arranged(graph, feeds, shape, move, [0.5, 2]), graph.scalar(exponent))),
      ),
      { numRuns: 60 },
    ));
});

describe("gradients of activations are one instruction", () => {
  // Near ±1 the digits of 1 − y² cancel out.
  const insideOne = [-0.9, 0.9] as const;
  const one = (x: Tensor) => x.graph.scalar(1);
  const slopes: Readonly<Record<string, (dy: Tensor, y: Tensor) => Tensor>> = {
    reluGradient: (dy, y) => ops.multiply(dy, ops.greater(y, y.graph.scalar(0))),
    tanhGradient: (dy, y) => ops.multiply(dy, ops.subtract(one(y), ops.multiply(y, y))),
    sigmoidGradient: (dy, y) => ops.multiply(dy, ops.multiply(y, ops.subtract(one(y), y))),
  };
  for (const [name, slope] of Object.entries(slopes)) {
    test(name, () =>
      fc.assert(
        fc.property(shapes, moves, moves, (shape, moveDy, moveY) => {
          const { machine, oracle, plan } = runBuilt((graph, feeds) =>
            slope(arranged(graph, feeds, shape, moveDy), arranged(graph, feeds, shape, moveY, insideOne)),
          );
          const { opcode, words } = plan.steps.at(-1)!.instruction;
          expect([opcode, words[0]]).toEqual([Opcode.binary, BinaryFunction[name as keyof typeof BinaryFunction]]);
          expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(tolerance);
        }),
        { numRuns: 30 },
      ),
    );
  }

  test("and so is the loss of a sigmoid", () =>
    fc.assert(
      fc.property(shapes, moves, moves, (shape, moveZ, moveT) => {
        const { machine, oracle, plan } = runBuilt((graph, feeds) => {
          const z = arranged(graph, feeds, shape, moveZ, [-20, 20]);
          return ops.subtract(ops.softplus(z), ops.multiply(arranged(graph, feeds, shape, moveT, [0, 1]), z));
        });
        const { opcode, words } = plan.steps.at(-1)!.instruction;
        expect([opcode, words[0]]).toEqual([Opcode.binary, BinaryFunction.sigmoidCrossEntropy]);
        expect(plan.operations.some(({ name }) => name === "softplus")).toBe(false);
        expect(difference(machine[0]!, oracle[0]!)).toBeLessThan(tolerance);
      }),
      { numRuns: 30 },
    ));

  test("what shrinks along a sequence is 0 before it is too small for full precision", () => {
    const gradients = [1e-29, -1e-29, 1e-31, -1e-31, 1e-40, Number.NaN, Number.NEGATIVE_INFINITY];
    const { machine, plan } = runBuilt((graph, feeds) => {
      const dy = { shape: [gradients.length], data: Float64Array.from(gradients, Math.fround) };
      feeds.set("dy", dy).set("y", { shape: dy.shape, data: new Float64Array(gradients.length).fill(0.5) });
      return slopes.sigmoidGradient!(graph.feed("dy", dy.shape), graph.feed("y", dy.shape));
    });
    expect(hasKernels(plan)).toBe(true);
    const quarter = Math.fround(1e-29) / 4;
    expect([...machine[0]!.data].map((x) => x + 0)).toEqual([
      quarter,
      -quarter,
      0,
      0,
      0,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ]);
  });
});

// NaN, infinities, zeros of both signs, what is beyond the range of exp, numbers with leading zeros.
const special = [
  Number.NaN,
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 0.3, -0.3],
  ...[88, 89, 100, -88, -105, 1e30, -1e30, 1e-30, -1e-30, 1e-40, -1e-40],
];

describe("special numbers", () => {
  for (const name of unaries) {
    test(`${name} treats as its forward does`, () => {
      const { machine, oracle } = runOp(opOf(name), [{ shape: [special.length], data: Float64Array.from(special) }]);
      for (const [i, x] of special.entries()) expectNumber(machine[0]!.data[i]!, oracle[0]!.data[i]!, `${name} ${x}`);
    });
  }

  for (const name of [...arithmetic, ...comparisons]) {
    test(`${name} treats as its forward does`, () => {
      const count = special.length;
      const pairs: readonly NdArray[] = [
        { shape: [count, 1], data: Float64Array.from(special) },
        { shape: [1, count], data: Float64Array.from(special) },
      ];
      const { machine, oracle } = runOp(opOf(name), pairs);
      for (const [i, found] of machine[0]!.data.entries()) {
        const what = `${special[Math.floor(i / count)]} ${name} ${special[i % count]}`;
        expectNumber(found, oracle[0]!.data[i]!, what);
      }
    });
  }

  for (const exponent of [2, 0.5, -1]) {
    test(`the power of ${exponent} treats as its forward does`, () => {
      const { machine, oracle } = runBuilt((graph, feeds) => {
        feeds.set("x", { shape: [special.length], data: Float64Array.from(special, Math.fround) });
        return ops.power(graph.feed("x", [special.length]), graph.scalar(exponent));
      });
      for (const [i, x] of special.entries())
        expectNumber(machine[0]!.data[i]!, oracle[0]!.data[i]!, `${x} ^ ${exponent}`);
    });
  }
});

describe("within four units of the last place, on both sides of 0 and close to it,", () => {
  // Below −87 exp is 0 instead of a number with leading zeros.
  const ranges: Readonly<Record<string, readonly (readonly [low: number, high: number])[]>> = {
    exp: spans(86.9),
    expm1: spans(86.9),
    log: [
      [1e-38, 3e38],
      [0.5, 2],
      [0.999, 1.001],
    ],
    tanh: spans(20),
    sigmoid: spans(86.9),
    softplus: spans(86.9),
    erf: spans(9),
  };
  for (const [name, all] of Object.entries(ranges)) {
    test(`${name} is its function`, () => {
      for (const range of all) {
        const x = sweep(range);
        const { machine, oracle } = runOp(opOf(name), [x]);
        let worst = 0;
        for (const [i, expected] of oracle[0]!.data.entries()) {
          const gap = Math.abs(machine[0]!.data[i]! - expected);
          if (gap > 0) worst = Math.max(worst, gap / Math.abs(expected));
        }
        expect(worst, `${name} on ${range}`).toBeLessThan(4 * 2 ** -23);
      }
    });
  }

  test("power is its function, whatever the exponent", () => {
    const { machine, oracle } = runOp(opOf("power"), [
      numbers("base", [10_000], [1e-3, 30]),
      numbers("exponent", [10_000], [-8, 8]),
    ]);
    for (const [i, expected] of oracle[0]!.data.entries()) {
      // One rounding.
      expect(Math.abs(machine[0]!.data[i]! - expected)).toBeLessThan(2 ** -23 * expected);
    }
  });
});

test("tanh never leaves [−1, 1], nor sigmoid [0, 1], nor erf [−1, 1]", () => {
  for (const [name, low] of [["tanh", -1] as const, ["sigmoid", 0] as const, ["erf", -1] as const]) {
    for (const range of spans(100)) {
      const { machine } = runOp(opOf(name), [sweep(range)]);
      expect(machine[0]!.data.every((value) => value >= low && value <= 1)).toBe(true);
    }
  }
});

test("two threads give the bits that one gives", async () => {
  const graph = new Graph();
  const feeds = new Map<string, NdArray>();
  const shape = [33, 129];
  const plain = arranged(graph, feeds, shape, []);
  const row = arranged(graph, feeds, [1, 129], []);
  const column = arranged(graph, feeds, [33, 1], []);
  const turned = arranged(graph, feeds, shape, ["reversed"]);
  const wanted = [
    ops.multiply(plain, row),
    ops.subtract(column, plain),
    ops.add(turned, plain),
    ops.tanh(plain),
    ops.exp(ops.reshape(turned, { shape: [129, 33] })),
    ops.select(ops.less(row, plain), column, turned),
  ];
  const { alone, together } = await runShared(wanted, feeds);
  expect(together).toEqual(alone);
});

/** Within a few roundings; what float32 cannot hold in full may be 0 or infinite. */
function expectNumber(found: number, expected: number, what: string): void {
  const size = Math.abs(expected);
  if (size > 0 && size < 2 ** -125) expect(Math.abs(found), what).toBeLessThan(2 ** -125);
  else if (Number.isFinite(Math.fround(expected)))
    expect(Math.abs(found - expected), what).toBeLessThanOrEqual(tolerance * size);
  else expect(found, what).toBe(Math.fround(expected));
}

/** Shapes of two inputs that broadcast to one of the given shape. */
const broadcasts = fc.constantFrom<(shape: Shape) => readonly [Shape, Shape]>(
  (shape) => [shape, shape],
  (shape) => [shape, shape.slice(1)],
  (shape) => [shape.slice(-1), shape],
  (shape) => [shape, []],
  (shape) => [[], shape],
  (shape) => [shape, [...shape.slice(0, -1), 1]],
  (shape) => [[...shape.slice(0, -1), 1], shape.slice(-1)],
  (shape) => [
    [1, ...shape.slice(1)],
    [shape[0]!, ...shape.slice(1).map(() => 1)],
  ],
);

/** Where the function is smooth, and defined. */
function rangeOf(name: string): readonly [number, number] {
  return ["sqrt", "log", "divide", "power"].includes(name) ? [0.5, 2] : [-2, 2];
}

const opOf = (name: string): AnyOp => (ops as unknown as Readonly<Record<string, AnyOp>>)[name]!;

function spans(most: number): [number, number][] {
  return [
    [-most, most],
    [1e-30, most],
    [-most, -1e-30],
  ];
}

/** 50,001 numbers: evenly apart if the range has 0 inside, else by even factors. */
function sweep([low, high]: readonly [number, number]): NdArray {
  const count = 50_000;
  const at = (share: number) => (low * high > 0 ? low * (high / low) ** share : low + (high - low) * share);
  return { shape: [count + 1], data: Float64Array.from({ length: count + 1 }, (_, i) => at(i / count)) };
}
