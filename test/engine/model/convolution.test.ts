// What is special about images: shapes, padding, and what is said when something does not fit. Their numbers are
// compared with PyTorch's in layers.test.ts.

import { describe, expect, test } from "vitest";
import { gradients } from "../../../engine/model/differentiate";
import { Graph } from "../../../engine/model/graph";
import { inferLayer } from "../../../engine/model/infer";
import { ops } from "../../../engine/model/ops";
import type { Arguments } from "../../../engine/protocol/catalog";
import { array, evaluate, expectGradientsToAgree, randomArray, weightedSum } from "./numeric";

const infer = (layer: string, args: Arguments, shape: readonly number[]) =>
  inferLayer(layer, args, [{ shape, batched: true }]);
const shapeOf = (layer: string, args: Arguments, shape: readonly number[]) => infer(layer, args, shape).output.shape;

describe("shapes", () => {
  test("a convolution without padding loses the kernel's border", () => {
    expect(shapeOf("Conv2D", { filters: 8, kernel: 3 }, [1, 28, 28])).toEqual([8, 26, 26]);
    expect(shapeOf("Conv2D", { filters: 8, kernel: 3, stride: 2 }, [1, 28, 28])).toEqual([8, 13, 13]);
  });

  test("padding same keeps the size, or divides it by the stride and rounds up", () => {
    expect(shapeOf("Conv2D", { filters: 8, kernel: 3, padding: "same" }, [1, 28, 27])).toEqual([8, 28, 27]);
    expect(shapeOf("Conv2D", { filters: 8, kernel: 2, padding: "same", stride: 2 }, [1, 7, 8])).toEqual([8, 4, 4]);
    expect(shapeOf("MaxPool2D", { padding: "same" }, [3, 7, 8])).toEqual([3, 4, 4]);
  });

  test("weights are as PyTorch lays them out", () => {
    const shapes = (layer: string, args: Arguments) => infer(layer, args, [3, 8, 8]).weights.map(({ shape }) => shape);
    expect(shapes("Conv2D", { filters: 5, kernel: 3 })).toEqual([[5, 3, 3, 3], [5]]);
    expect(shapes("DepthwiseConv2D", { kernel: 3, multiplier: 2 })).toEqual([[6, 1, 3, 3], [6]]);
    expect(shapes("ConvTranspose2D", { filters: 5, kernel: 3, bias: false })).toEqual([[3, 5, 3, 3]]);
  });

  test("a transposed convolution makes the size that a convolution came from", () => {
    expect(shapeOf("ConvTranspose2D", { filters: 2, kernel: 3 }, [1, 4, 5])).toEqual([2, 6, 7]);
    expect(shapeOf("ConvTranspose2D", { filters: 2, kernel: 4, stride: 2, padding: 1 }, [1, 4, 5])).toEqual([2, 8, 10]);
    expect(shapeOf("ConvTranspose2D", { filters: 2, kernel: 3, stride: 2, padding: "same" }, [1, 4, 5])).toEqual([
      2, 8, 10,
    ]);
  });

  test("pooling leaves out what does not fill a window", () => {
    expect(shapeOf("MaxPool2D", {}, [3, 7, 8])).toEqual([3, 3, 4]);
    expect(shapeOf("AvgPool2D", { size: 3, stride: 1 }, [3, 7, 8])).toEqual([3, 5, 6]);
    expect(shapeOf("GlobalAvgPool", {}, [3, 7, 8])).toEqual([3]);
  });
});

describe("what does not fit", () => {
  test("an image has channels first", () => {
    expect(() => infer("Conv2D", { filters: 8, kernel: 3 }, [28, 28])).toThrow(
      "Conv2D needs an image [channels, height, width], but gets [28, 28]. An image without colors has one channel: -> Reshape([1, 28, 28]).",
    );
    expect(() => infer("MaxPool2D", {}, [64])).toThrow(
      "MaxPool2D needs an image [channels, height, width], but gets [64]. -> Reshape([channels, height, width]) makes an image of 64 numbers.",
    );
    expect(() => infer("GlobalAvgPool", {}, [])).toThrow("but gets a single number.");
  });

  test("a window that is larger than the image", () => {
    expect(() => infer("Conv2D", { filters: 8, kernel: 5 }, [1, 4, 8])).toThrow(
      "Conv2D: a window of 5 × 5 does not fit into [1, 4, 8], an image of 4 × 8. Make the window smaller, or write padding: same.",
    );
    expect(() => infer("AvgPool2D", {}, [1, 1, 1])).toThrow("AvgPool2D: a window of 2 × 2 does not fit into [1, 1, 1]");
  });

  test("pooling of nothing but padding", () =>
    expect(() => infer("MaxPool2D", { size: 2, padding: 2 }, [1, 4, 4])).toThrow(
      "MaxPool2D: a padding of 2 is more than half of the window of 2 × 2, so that some windows would be empty.",
    ));

  test("a transposed convolution that leaves nothing", () =>
    expect(() => infer("ConvTranspose2D", { filters: 1, kernel: 1, padding: 1 }, [1, 2, 2])).toThrow(
      "ConvTranspose2D: the padding of 1 on each side leaves nothing of an output of 2. Make it smaller.",
    ));
});

test("the largest of numbers with NaN is NaN, so that what went wrong stays visible", () => {
  const around = { top: 0, bottom: 0, left: 0, right: 0 };
  const pooling = { window: [2, 2], stride: [2, 2], padding: around } as const;
  const y = evaluate(
    (x) => ops.maxPool2d(x, pooling),
    array([[[[1, Number.NaN, 5, 4], [2, 3, -1, Number.NEGATIVE_INFINITY]]]]), // biome-ignore format: an image.
  );
  expect([...y.data]).toEqual([Number.NaN, 5]);
});

test("second derivatives of convolution and pooling agree with differences of the first", () => {
  const values = new Map([
    ["x", randomArray("x", [2, 1, 4, 4])],
    ["W", randomArray("W", [2, 1, 2, 2])],
  ]);
  const graph = new Graph();
  const feeds = { x: graph.feed("x", [2, 1, 4, 4]), W: graph.feed("W", [2, 1, 2, 2]) };
  const padding = { top: 1, bottom: 0, left: 0, right: 1 };
  const y = ops.conv2d(feeds.x, feeds.W, { stride: [1, 1], padding, groups: 1 });
  const pooled = ops.maxPool2d(ops.tanh(y), { window: [2, 2], stride: [2, 2], padding });
  const [dx, dW] = gradients(weightedSum(ops.multiply(pooled, pooled)), [feeds.x, feeds.W]);
  expectGradientsToAgree(ops.add(weightedSum(dx!), weightedSum(dW!)), feeds, values);
});
