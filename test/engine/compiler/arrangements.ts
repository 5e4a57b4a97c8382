// Tensors whose numbers stand anyhow in memory: kernels must read them all.

import fc from "fast-check";
import type { Graph, Tensor } from "../../../engine/model/graph";
import { ops } from "../../../engine/model/ops";
import { randomStream, streamOf } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { float32 } from "./machine-run";

/** What a tensor is of another: its axes in another order, a part of it, or repeated along every second axis. */
export type Move = "reversed" | "rotated" | "cut" | "repeatedRows" | "repeatedColumns";

export const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.constantFrom<Move>("reversed", "rotated", "cut", "repeatedRows", "repeatedColumns"),
  { maxLength: 2 },
);

/** Up to four axes, up to 20,000 numbers, odd sizes and 1 among them. */
export const shapes: fc.Arbitrary<Shape> = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 67 })), { minLength: 1, maxLength: 4 })
  .filter((shape) => sizeOf(shape) <= 20_000);

/** A tensor of `shape` made by moves of a feed, which gets random numbers in `range`. */
export function arranged(
  graph: Graph,
  feeds: Map<string, NdArray>,
  shape: Shape,
  [move, ...others]: readonly Move[],
  range: readonly [low: number, high: number] = [-2, 2],
): Tensor {
  const from = (source: Shape) => arranged(graph, feeds, source, others, range);
  const axes = shape.map((_, axis) => axis);
  // A single number cannot be moved.
  switch (shape.length > 0 ? move : undefined) {
    case undefined: {
      const name = `x${feeds.size}`;
      feeds.set(name, numbers(name, shape, range));
      return graph.feed(name, shape);
    }
    case "reversed":
      return ops.transpose(from(shape.toReversed()), { order: axes.toReversed() });
    case "rotated":
      return ops.transpose(from([...shape.slice(1), shape[0]!]), { order: [axes.length - 1, ...axes.slice(0, -1)] });
    case "cut": {
      const axis = axes.length - 1;
      const size = shape[axis]!;
      return ops.slice(from([...shape.slice(0, axis), size + 3]), { axis, start: 2, end: size + 2 });
    }
    case "repeatedRows":
      return ops.broadcastTo(from(shape.map((size, axis) => (axis % 2 === 0 ? 1 : size))), { shape });
    case "repeatedColumns":
      return ops.broadcastTo(from(shape.map((size, axis) => (axis % 2 === 0 ? size : 1))), { shape });
    default:
      throw new Error(`There is no move ${move}.`);
  }
}

/** The same for the same name. */
export function numbers(name: string, shape: Shape, [low, high]: readonly [number, number]): NdArray {
  const random = randomStream(1, streamOf(name));
  return float32({ shape, data: Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random()) });
}
