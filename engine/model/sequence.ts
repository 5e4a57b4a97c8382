// Sequences [T, F] taken apart into their steps and put together again, for layers that go through them in order.

import type { Shape } from "../protocol/array";
import type { Tensor } from "./graph";
import { transpose } from "./ops/linear-algebra";
import { concat, reshape, slice } from "./ops/movement";
import { formatShape, ShapeError } from "./shape";

/** [T, F] of a sample. Throws ShapeError for anything else. */
export function sequenceShape(layer: string, sample: Shape): readonly [number, number] {
  if (sample.length === 2) return sample as unknown as readonly [number, number];
  const what = sample.length === 0 ? "a single number" : formatShape(sample);
  const advice = sample.length === 1 ? ` -> Reshape([${sample[0]}, 1]) makes ${sample[0]} steps of one number.` : "";
  throw new ShapeError(`${layer} needs a sequence [steps, features], but gets ${what}.${advice}`);
}

/** x [N, T, F] → T tensors [N, F]. */
export function stepsOf(x: Tensor): Tensor[] {
  const [batch, steps, features] = x.shape as readonly [number, number, number];
  const byTime = transpose(x, { order: [1, 0, 2] });
  return parts(byTime, 0, steps).map((step) => reshape(step, { shape: [batch, features] }));
}

/** T tensors [N, F] → [N, T, F]. */
export function fromSteps(steps: readonly Tensor[]): Tensor {
  const [batch, features] = steps[0]!.shape as readonly [number, number];
  const byTime = joined(steps.map((step) => reshape(step, { shape: [1, batch, features] })));
  return transpose(byTime, { order: [1, 0, 2] });
}

/** `count` equal parts along the last axis. */
export function equalParts(x: Tensor, count: number): Tensor[] {
  const axis = x.shape.length - 1;
  const size = x.shape[axis]! / count;
  return Array.from({ length: count }, (_, part) => slice(x, { axis, start: part * size, end: (part + 1) * size }));
}

// By halves: the gradient of a slice is as large as what it was cut from, so T slices of the whole would take T².

function parts(x: Tensor, start: number, end: number): Tensor[] {
  if (end - start === 1) return [x];
  const middle = Math.ceil((end - start) / 2);
  const first = slice(x, { axis: 0, start: 0, end: middle });
  const second = slice(x, { axis: 0, start: middle, end: end - start });
  return [...parts(first, start, start + middle), ...parts(second, start + middle, end)];
}

function joined(list: readonly Tensor[]): Tensor {
  if (list.length === 1) return list[0]!;
  const middle = Math.ceil(list.length / 2);
  return concat(joined(list.slice(0, middle)), joined(list.slice(middle)), { axis: 0 });
}
