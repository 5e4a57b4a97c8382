// Functions are written for one sample: on a batch they give, for each sample, what they give for it alone.

import { describe, expect, test } from "vitest";
import { Evaluation, noRandomNumbers } from "../../../engine/model/evaluate";
import { applyFunction, functions } from "../../../engine/model/functions";
import { Graph } from "../../../engine/model/graph";
import { inferFunction } from "../../../engine/model/infer";
import type { Sample } from "../../../engine/model/sample";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Arguments } from "../../../engine/protocol/catalog";
import { array, expectClose, randomArray } from "./numeric";
import { thrown } from "./thrown";

const batch = 3;

interface Input {
  readonly data: NdArray;
  readonly batched: boolean;
}

function call(name: string, inputs: readonly Input[], args: Arguments = {}): NdArray {
  const graph = new Graph();
  const samples: Sample[] = inputs.map(({ data, batched }) => ({ tensor: graph.constant(data), batched }));
  const { tensor } = applyFunction(name, args, samples);
  const evaluation = new Evaluation([tensor]);
  evaluation.run(new Map(), noRandomNumbers);
  return evaluation.value(tensor);
}

/** Compares a batch with its samples one by one. */
function expectPerSample(name: string, inputs: readonly Input[], args: Arguments = {}): void {
  const together = call(name, inputs, args);
  const alone = Array.from({ length: batch }, (_, n) =>
    call(
      name,
      inputs.map(({ data, batched }) => ({ data: batched ? sampleOf(data, n) : data, batched: false })),
      args,
    ),
  );
  expect(together.shape).toEqual([batch, ...alone[0]!.shape]);
  // Sums may run in another order.
  for (const [n, one] of alone.entries()) expectClose(sampleOf(together, n), one, 1e-14);
}

function sampleOf({ shape, data }: NdArray, n: number): NdArray {
  const size = sizeOf(shape.slice(1));
  return { shape: shape.slice(1), data: data.slice(n * size, (n + 1) * size) };
}

function input(name: string, shape: Shape, batched: boolean, range?: readonly [number, number]): Input {
  return { data: randomArray(name, batched ? [batch, ...shape] : shape, range), batched };
}

describe("a batch gives what its samples give alone", () => {
  for (const [name, { example }] of Object.entries(functions)) {
    if (name === "augmented") continue; // Parameters have no batch dimension.
    test(name, () => {
      const inputs = example.inputs.map((shape, i) => input(`${i}`, shape, true, example.range));
      expectPerSample(name, inputs, example.arguments);
      for (const single of inputs.length > 1 ? inputs.keys() : []) {
        const mixed = example.inputs.map((shape, i) => input(`${i}`, shape, i !== single, example.range));
        expectPerSample(name, mixed, example.arguments);
      }
    });
  }

  // Ranks that differ are where a batch dimension could be taken for one of the sample's.
  const broadcast: [Shape, Shape][] = [
    [[3], [2, 3]],
    [[2, 3], [3]],
    [[], [3]],
    [[3], []],
    [[3, 1], [3]],
    [[3, 3], [3]],
    [
      [2, 1, 3],
      [4, 1],
    ],
  ];
  const products: [Shape, Shape][] = [
    [[3], [3]],
    [[3], [3, 2]],
    [[2, 3], [3]],
    [
      [3, 3],
      [3, 3],
    ],
    [
      [4, 2, 3],
      [3, 2],
    ],
    [
      [2, 3],
      [4, 3, 2],
    ],
    [[3], [4, 3, 2]],
    [[4, 2, 3], [3]],
  ];
  for (const [name, shapes] of [
    ["subtract", broadcast],
    ["max", broadcast],
    ["matmul", products],
  ] as const) {
    for (const [a, b] of shapes) {
      for (const [left, right] of [
        [true, true],
        [true, false],
        [false, true],
      ] as const) {
        const written = `${left ? "N × " : ""}[${a}] and ${right ? "N × " : ""}[${b}]`;
        test(`${name} of ${written}`, () => expectPerSample(name, [input("a", a, left), input("b", b, right)]));
      }
    }
  }

  test("reductions along one axis of the sample", () => {
    for (const name of ["sum", "mean", "max", "min", "norm"]) {
      for (const axis of [0, 1, -1]) expectPerSample(name, [input("x", [2, 4], true)], { axis });
    }
  });
});

describe("values", () => {
  const of = (name: string, ...inputs: Parameters<typeof array>) =>
    call(
      name,
      inputs.map((data) => ({ data: array(data), batched: false })),
    );
  const pair = (name: string, a: Parameters<typeof array>[0], b: Parameters<typeof array>[0]) =>
    call(
      name,
      [a, b].map((data) => ({ data: array(data), batched: false })),
    );

  test("comparisons give 1 and 0", () => {
    expect(pair("less", [1, 2, 3], 2)).toEqual(array([1, 0, 0]));
    expect(pair("greaterEqual", [1, 2, 3], 2)).toEqual(array([0, 1, 1]));
    expect(pair("notEqual", [1, 2, 3], 2)).toEqual(array([1, 0, 1]));
  });

  test("two vectors have a dot product", () => expect(pair("matmul", [1, 2, 3], [4, 5, 6])).toEqual(array(32)));

  test("a vector is its own transpose", () => expect(of("transpose", [1, 2])).toEqual(array([1, 2])));

  test("indexing counts from the end, too", () => {
    const rows = {
      data: array([
        [1, 2],
        [3, 4],
      ]),
      batched: false,
    };
    expect(call("index", [rows], { position: -1 })).toEqual(array([3, 4]));
  });

  test("slicing takes neighbors along a dimension; limits beyond the ends are the ends", () => {
    const rows = {
      data: array([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      batched: false,
    };
    expect(call("slice", [rows], { start: 1, axis: 1 })).toEqual(
      array([
        [2, 3],
        [5, 6],
      ]),
    );
    expect(call("slice", [rows], { start: -1, end: 9, axis: 0 })).toEqual(array([[4, 5, 6]]));
    expect(call("index", [rows], { position: -1, axis: 1 })).toEqual(array([3, 6]));
  });

  test("augmented stacks the bias on the weights", () =>
    expect(
      pair(
        "augmented",
        [9, 8],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    ).toEqual(
      array([
        [9, 8],
        [1, 2],
        [3, 4],
      ]),
    ));

  test("norm is Euclidean", () => expect(of("norm", [[3], [4]])).toEqual(array(5)));
});

describe("shapes that do not fit are told in the user's words", () => {
  const infer = (name: string, a: Shape, b?: Shape, args: Arguments = {}) =>
    inferFunction(
      name,
      args,
      (b ? [a, b] : [a]).map((shape) => ({ shape, batched: true })),
    );

  const messages: [string, () => unknown, string, number[]][] = [
    [
      "matmul",
      () => infer("matmul", [64], [32, 10]),
      "[64] @ [32, 10] does not fit: the last dimension of the left side is 64, the first of the right side is 32.",
      [0, 1],
    ],
    [
      "matmul of a number",
      () => infer("matmul", [2, 2], []),
      "@ needs vectors or matrices, but gets a single number. Write * for its product.",
      [1],
    ],
    [
      "matmul of stacks",
      () => infer("matmul", [4, 2, 3], [5, 3, 2]),
      "[4, 2, 3] @ [5, 3, 2] does not fit before the last two dimensions: 4 and 5 differ, and neither is 1.",
      [0, 1],
    ],
    ["add", () => infer("add", [2, 3], [4]), "[2, 3] + [4] does not fit: 3 and 4 differ, and neither is 1.", [0, 1]],
    ["max", () => infer("max", [2], [3]), "max([2], [3]) does not fit: 2 and 3 differ, and neither is 1.", [0, 1]],
    ["axis", () => infer("sum", [2, 3], undefined, { axis: 2 }), "[2, 3] has no dimension 2.", [0]],
    ["index", () => infer("index", [2], undefined, { position: 2 }), "[2] has no position 2: there are 2.", [0]],
    [
      "index of a dimension",
      () => infer("index", [2, 3], undefined, { position: 3, axis: 1 }),
      "[2, 3] has no position 3 in dimension 1: there are 3.",
      [0],
    ],
    [
      "index of too many dimensions",
      () => infer("index", [2], undefined, { position: 0, axis: 1 }),
      "[2] has one dimension: there is no dimension 1 to choose from.",
      [0],
    ],
    [
      "slice",
      () => infer("slice", [2, 3], undefined, { start: 2, end: 1, axis: 1 }),
      "nothing is left of [2, 3] between 2 and 1: dimension 1 has positions 0 to 2.",
      [0],
    ],
    ["softmax", () => infer("softmax", []), "softmax needs a vector, but gets a single number.", [0]],
    ["too many", () => infer("exp", [2], [2]), "exp takes 1 value, but gets 2.", [0, 1]],
  ];
  for (const [name, action, message, inputs] of messages) {
    test(name, () => {
      const error = thrown(action);
      expect(error.message).toBe(message);
      expect(error.inputs).toEqual(inputs);
    });
  }

  test("the batch is never one of the sample's dimensions", () => {
    expect(infer("add", [3], [2, 3])).toEqual({ shape: [2, 3], batched: true });
    expect(inferFunction("sum", {}, [{ shape: [2, 3], batched: true }])).toEqual({ shape: [], batched: true });
    expect(inferFunction("sum", {}, [{ shape: [2, 3], batched: false }])).toEqual({ shape: [], batched: false });
  });
});
