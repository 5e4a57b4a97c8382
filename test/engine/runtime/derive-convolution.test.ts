// A convolution by hand: every element of it and of its gradients is worked out from the numbers it is made of.

import { describe, expect, test } from "vitest";
import { ops } from "../../../engine/model/ops";
import { type Convolution, productsOf } from "../../../engine/model/ops/convolution";
import { sizeOf } from "../../../engine/model/shape";
import { derivationPage } from "../../../engine/runtime/derive";
import { evaluate, randomArray } from "../model/numeric";
import { checkOf } from "./support";

test("the products are those the three ops add up", () => {
  const padding = { top: 1, bottom: 0, left: 0, right: 2 };
  const convolution: Convolution = { stride: [2, 1], padding, groups: 2 };
  const [x, W] = [randomArray("x", [2, 4, 5, 4]), randomArray("W", [2, 2, 3, 2])];
  const y = evaluate((a, b) => ops.conv2d(a, b, convolution), x, W);
  const sums = { x: new Float64Array(x.data.length), W: new Float64Array(W.data.length), y: y.data.map(() => 0) };
  for (const at of productsOf({ x: x.shape, W: W.shape, y: y.shape }, convolution)) {
    sums.y[at.y]! += x.data[at.x]! * W.data[at.W]!;
    sums.x[at.x]! += y.data[at.y]! * W.data[at.W]!;
    sums.W[at.W]! += x.data[at.x]! * y.data[at.y]!;
  }
  const dx = evaluate((a, b) => ops.conv2dInput(a, b, { ...convolution, size: [5, 4] }), y, W);
  const dW = evaluate((a, b) => ops.conv2dWeights(a, b, { ...convolution, kernel: [3, 2] }), x, y);
  for (const [sum, expected] of [
    [sums.y, y.data],
    [sums.x, dx.data],
    [sums.W, dW.data],
  ] as const) {
    expect(sum).toHaveLength(expected.length);
    for (let i = 0; i < sum.length; i++) expect(sum[i]).toBeCloseTo(expected[i]!, 12);
  }
});

test("the products with one number in them are those of all that have it", () => {
  const padding = { top: 1, bottom: 0, left: 0, right: 2 };
  const convolution: Convolution = { stride: [2, 1], padding, groups: 2 };
  const shapes = { x: [2, 4, 5, 4], W: [2, 2, 3, 2], y: [2, 2, 2, 5] };
  const all = [...productsOf(shapes, convolution)];
  for (const role of ["x", "W", "y"] as const) {
    for (let position = 0; position < sizeOf(shapes[role]); position++) {
      const found = [...productsOf(shapes, convolution, { role, position })];
      expect(found, `${role} ${position}`).toEqual(all.filter((places) => places[role] === position));
    }
  }
});

describe("on paper", () => {
  const check = `
    network Edge(x: [1, 3, 3]) { return x -> Conv2D(1, 2) as c -> MaxPool2D as m }
    check "by hand" on Edge(x: [[[1, 2, 0], [0, 1, 3], [2, 1, 1]]]) {
      given c.W = [[[[1, 0], [0, -1]]]]
      target: [[[1]]]
      loss: MSE
      optimizer: SGD(rate: 1)
      expect c == [[[0, -1], [-1, 0]]]
      expect grad(c) == [[[-2, 0], [0, 0]]]
      expect grad(c.W) == [[[[-2, -4], [0, -2]]]]
      step
      expect c.b == [2]
    }`;

  test("each element of an image and of a filter's gradient has its products", async () => {
    const markdown = derivationPage(await checkOf(check));
    expect(markdown).toContain(String.raw`2 \cdot 1 + 0 \cdot 0 + 1 \cdot 0 + 3 \cdot (-1)`);
    expect(markdown).toContain(String.raw`2 \cdot (-2) + 0 \cdot 0 + 1 \cdot 0 + 3 \cdot 0`);
    expect(markdown).not.toContain("✗");
  });
});
