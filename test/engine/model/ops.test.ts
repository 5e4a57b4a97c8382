// What is special about single ops, and NumPy's rules for broadcasting and matrix products against naive loops.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../../engine/model/graph";
import { ops } from "../../../engine/model/ops";
import { broadcastShapes, sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { array, evaluate, expectClose, gradientsOf, randomArray } from "./numeric";

const numbers = (result: NdArray | undefined): number[] => [...result!.data].map((value) => value + 0); // −0 becomes 0.

describe("gradients where a function has a corner", () => {
  test("relu's is 0 at exactly 0", () => {
    expect(numbers(gradientsOf(ops.relu, [array([-1, 0, 1])])[0])).toEqual([0, 0, 1]);
  });

  test("relu lets the lecture's gradient through where z > 0", () => {
    const z = array([
      [1, 2, -3, -4],
      [2, -7, -1, 3],
      [-1, 2, 5, -1],
    ]);
    const dy = array([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10, 11, 12],
    ]);
    expect(numbers(gradientsOf(ops.relu, [z], dy)[0])).toEqual([1, 2, 0, 0, 5, 0, 0, 8, 0, 10, 11, 0]);
  });

  test("abs' is 0 at 0", () => expect(numbers(gradientsOf(ops.abs, [array([-2, 0, 2])])[0])).toEqual([-1, 0, 1]));

  test("clip's is 1 on its bounds and 0 outside", () => {
    const clip = (x: Tensor) => ops.clip(x, { min: -1, max: 1 });
    expect(numbers(gradientsOf(clip, [array([-2, -1, 0, 1, 2])])[0])).toEqual([0, 1, 1, 1, 0]);
  });

  test("maximum and minimum share it between equal numbers", () => {
    for (const op of [ops.maximum, ops.minimum]) {
      expect(gradientsOf(op, [array([3]), array([3])]).map(numbers)).toEqual([[0.5], [0.5]]);
    }
  });

  test("max and min share it among all that are equal", () => {
    const max = (x: Tensor) => ops.max(x, { axes: [0], keep: false });
    expect(numbers(gradientsOf(max, [array([1, 4, 4, 2])])[0])).toEqual([0, 0.5, 0.5, 0]);
    const min = (x: Tensor) => ops.min(x, { axes: [0], keep: false });
    expect(numbers(gradientsOf(min, [array([1, 4, 1, 1])])[0])).toEqual([1 / 3, 0, 1 / 3, 1 / 3]);
  });

  test("norm's is 0 at 0", () => {
    const norm = (x: Tensor) => ops.norm(x, { axes: [0], keep: false });
    expect(numbers(gradientsOf(norm, [array([0, 0])])[0])).toEqual([0, 0]);
    expectClose(gradientsOf(norm, [array([3, -4])])[0]!, array([0.6, -0.8]), 1e-15);
  });

  test("power's are numbers at base 0 and exponent 0", () => {
    expect(numbers(gradientsOf(ops.power, [array([0]), array([2])])[0])).toEqual([0]);
    expect(numbers(gradientsOf(ops.power, [array([0]), array([0])])[0])).toEqual([0]);
    expect(numbers(gradientsOf(ops.power, [array([0]), array([2])])[1])).toEqual([0]);
    expect(numbers(gradientsOf(ops.power, [array([-3]), array([2])])[0])).toEqual([-6]);
  });

  test("the branch that select does not take gets 0, even where it is infinite", () => {
    const safeRoot = (x: Tensor) => {
      const zero = x.graph.scalar(0);
      return ops.select(ops.greater(x, zero), ops.sqrt(ops.maximum(x, x.graph.scalar(1))), zero);
    };
    expect(numbers(gradientsOf(safeRoot, [array([-1, 0, 4])])[0])).toEqual([0, 0, 0.25]);
  });
});

describe("large and strange numbers", () => {
  test("softmax and its logarithm do not overflow", () => {
    expect(numbers(evaluate(ops.softmax, array([1000, -1000, 1000])))).toEqual([0.5, 0, 0.5]);
    expectClose(
      evaluate(ops.logSoftmax, array([1000, -1000, 1000])),
      array([-Math.LN2, -2000 - Math.LN2, -Math.LN2]),
      1e-15,
    );
  });

  test("softmax gives the lecture's Jacobian at [0.7, 0.1, 0.2]", () => {
    const logits = array([Math.log(0.7), Math.log(0.1), Math.log(0.2)]);
    const row = (dy: number[]) => gradientsOf(ops.softmax, [logits], array(dy))[0]!;
    expectClose(row([1, 0, 0]), array([0.21, -0.07, -0.14]), 1e-15);
    expectClose(row([0, 1, 0]), array([-0.07, 0.09, -0.02]), 1e-15);
    expectClose(row([0, 0, 1]), array([-0.14, -0.02, 0.16]), 1e-15);
  });

  test("sigmoid and softplus are right far from 0", () => {
    expect(numbers(evaluate(ops.sigmoid, array([-1000, 1000])))).toEqual([0, 1]);
    expect(numbers(evaluate(ops.softplus, array([-1000, 1000])))).toEqual([0, 1000]);
  });

  test("NaN is not hidden", () => {
    const x = array([Number.NaN, 1]);
    for (const op of [ops.relu, ops.sigmoid, ops.abs]) expect(evaluate(op, x).data[0]).toBeNaN();
    expect(evaluate((x) => ops.max(x, { axes: [0], keep: false }), x).data[0]).toBeNaN();
    expect(evaluate(ops.maximum, x, array([2, 2])).data[0]).toBeNaN();
    // Zero times NaN is NaN: a matrix product must not skip zeros.
    expect(evaluate(ops.matmul, array([[0, 1]]), array([[Number.NaN], [1]])).data[0]).toBeNaN();
  });

  test("erf has the digits of the tables", () => {
    const known = [
      0, 0.1124629160182849, 0.5204998778130465, 0.8427007929497149, 0.9953222650189527, 0.9999779095030014,
    ];
    // Values from Python's math.erf.
    expectClose(evaluate(ops.erf, array([0, 0.1, 0.5, 1, 2, 3])), array(known), 2e-15);
    expectClose(
      evaluate(ops.erf, array([-2.4999, -2.5001, 7])),
      array([-0.9995928300996666, -0.9995932657565293, 1]),
      2e-15,
    );
  });
});

describe("empty arrays and wrong shapes", () => {
  const empty: NdArray = { shape: [0], data: new Float64Array(0) };
  const all = { axes: [0], keep: false };

  test("the mean, maximum and minimum of nothing are refused, the sum is 0", () => {
    expect(() => evaluate((x) => ops.mean(x, all), empty)).toThrow("mean of [0] has no value");
    expect(() => evaluate((x) => ops.max(x, all), empty)).toThrow("max of [0] has no value");
    expect(() => evaluate((x) => ops.min(x, all), empty)).toThrow("min of [0] has no value");
    expect(numbers(evaluate((x) => ops.sum(x, all), empty))).toEqual([0]);
  });

  test("shapes that do not broadcast are refused", () => {
    expect(() => evaluate(ops.add, array([1, 2]), array([1, 2, 3]))).toThrow(
      "[2] and [3] do not fit: 2 and 3 differ, and neither is 1.",
    );
  });

  test("a reshape keeps the count", () => {
    expect(() => evaluate((x) => ops.reshape(x, { shape: [3] }), array([1, 2]))).toThrow(
      "[2] cannot become [3]: 2 numbers are not 3.",
    );
  });
});

test("the lecture's circuit (x + y) z gives −12 and its gradients", () => {
  const circuit = (x: Tensor, y: Tensor, z: Tensor) => ops.multiply(ops.add(x, y), z);
  const inputs = [array(-2), array(5), array(-4)];
  expect(numbers(evaluate(circuit, ...inputs))).toEqual([-12]);
  expect(gradientsOf(circuit, inputs).map(numbers)).toEqual([[-4], [-4], [3]]);
});

test("a value used twice gathers both gradients", () => {
  expect(numbers(gradientsOf((x) => ops.add(ops.multiply(x, x), x), [array([3])])[0])).toEqual([7]);
});

test("what does not depend on an input has no gradient", () => {
  expect(gradientsOf((x) => ops.exp(x), [array([1]), array([2])])[1]).toBeUndefined();
});

describe("NumPy's rules", () => {
  const size = fc.integer({ min: 1, max: 3 });
  const shape = fc.array(size, { maxLength: 4 });
  /** A shape and another that broadcasts with it. */
  const pair = shape.chain((base) =>
    fc
      .tuple(fc.integer({ min: 0, max: base.length }), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
      .map(([dropped, ones]) => ({
        a: base.map((size, axis) => (ones[axis] ? 1 : size)),
        b: base.map((size, axis) => (ones[axis + 4] ? 1 : size)).slice(dropped),
      })),
  );

  test("broadcasting pairs the elements that naive indexing pairs", () => {
    fc.assert(
      fc.property(pair, ({ a, b }) => {
        const [x, y] = [randomArray("a", a), randomArray("b", b)];
        const expected = indicesOf(broadcastShapes(a, b)).map((index) => elementAt(x, index) - elementAt(y, index));
        expect([...evaluate(ops.subtract, x, y).data]).toEqual(expected);
        expect([...evaluate(ops.subtract, y, x).data]).toEqual(expected.map((value) => 0 - value));
      }),
    );
  });

  test("the gradient of a broadcast input is the sum over its copies", () => {
    fc.assert(
      fc.property(pair, ({ a, b }) => {
        const [x, y] = [randomArray("a", a), randomArray("b", b)];
        const dy = randomArray("dy", broadcastShapes(a, b));
        const [dx] = gradientsOf(ops.multiply, [x, y], dy);
        const expected = new Float64Array(sizeOf(a));
        for (const index of indicesOf(dy.shape)) {
          expected[offsetOf(a, index)]! += elementAt(dy, index) * elementAt(y, index);
        }
        expectClose(dx!, { shape: a, data: expected }, 1e-13); // At most 81 terms.
      }),
    );
  });

  test("matrix products are sums of products, with outer dimensions broadcast", () => {
    const sizes = fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 9 }))) as fc.Arbitrary<
      [number, number, number]
    >;
    fc.assert(
      fc.property(pair, sizes, ({ a, b }, [rows, inner, columns]) => {
        const x = randomArray("a", [...a, rows, inner]);
        const y = randomArray("b", [...b, inner, columns]);
        const result = evaluate(ops.matmul, x, y);
        expect(result.shape).toEqual([...broadcastShapes(a, b), rows, columns]);
        const expected = indicesOf(result.shape).map((index) => {
          const outer = index.slice(0, -2);
          const [row, column] = index.slice(-2) as [number, number];
          let total = 0;
          for (let k = 0; k < inner; k++)
            total += elementAt(x, [...outer, row, k]) * elementAt(y, [...outer, k, column]);
          return total;
        });
        expectClose(result, { shape: result.shape, data: Float64Array.from(expected) }, 1e-14); // At most 9 terms.
      }),
    );
  });

  test("transposing moves every element to its permuted place", () => {
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 4 }).chain((shape) =>
          fc.record({
            shape: fc.constant(shape),
            order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
          }),
        ),
        ({ shape, order }) => {
          const x = randomArray("x", shape);
          const y = evaluate((x) => ops.transpose(x, { order }), x);
          for (const index of indicesOf(shape)) {
            expect(
              elementAt(
                y,
                order.map((axis) => index[axis]!),
              ),
            ).toBe(elementAt(x, index));
          }
        },
      ),
    );
  });
});

/** All positions of an array, in row-major order. */
function indicesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, size) => prefixes.flatMap((prefix) => Array.from({ length: size }, (_, i) => [...prefix, i])),
    [[]],
  );
}

/** Where the element that broadcasts to `index` stands. */
function offsetOf(shape: Shape, index: readonly number[]): number {
  return shape.reduce((offset, size, axis) => {
    const position = index[axis + index.length - shape.length]!;
    return offset * size + (size === 1 ? 0 : position);
  }, 0);
}

function elementAt({ shape, data }: NdArray, index: readonly number[]): number {
  return data[offsetOf(shape, index)]!;
}
