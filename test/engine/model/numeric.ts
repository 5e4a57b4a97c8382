// Numbers for the tests of engine/model: arrays, runs, and central differences as the oracle for gradients.

import { expect } from "vitest";
import { gradients } from "../../../engine/model/differentiate";
import { Evaluation, noRandomNumbers } from "../../../engine/model/evaluate";
import type { Tensor } from "../../../engine/model/graph";
import { Graph } from "../../../engine/model/graph";
import type { RunContext } from "../../../engine/model/op";
import { ops } from "../../../engine/model/ops";
import { randomAt, randomStream, streamOf } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";

export type Nested = number | readonly Nested[];

/** `array([[1, 2], [3, 4]])` is [2, 2]. */
export function array(nested: Nested): NdArray {
  const shape: number[] = [];
  for (let inner = nested; typeof inner !== "number"; inner = inner[0]!) shape.push(inner.length);
  return { shape, data: Float64Array.from(numbersIn(nested)) };
}

function numbersIn(nested: Nested): number[] {
  return typeof nested === "number" ? [nested] : nested.flatMap(numbersIn);
}

/** Uniform numbers in a range, always the same for a name. */
export function randomArray(name: string, shape: Shape, [low, high]: readonly [number, number] = [-1.5, 1.5]): NdArray {
  const random = randomStream(1, streamOf(name));
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random()) };
}

/** Draws the same numbers in every run. */
export const sameRandomNumbers: RunContext = { random: (stream, index) => randomAt(7, stream, index) };

/** What a composition of ops gives for these inputs. */
export function evaluate(compose: (...inputs: Tensor[]) => Tensor, ...inputs: NdArray[]): NdArray {
  const graph = new Graph();
  const y = compose(...inputs.map((input) => graph.constant(input)));
  const evaluation = new Evaluation([y]);
  evaluation.run(new Map(), noRandomNumbers);
  return evaluation.value(y);
}

/** Gradients of a composition's result, or of its product with `dy`, with respect to each input. */
export function gradientsOf(
  compose: (...inputs: Tensor[]) => Tensor,
  inputs: readonly NdArray[],
  dy?: NdArray,
): (NdArray | undefined)[] {
  const graph = new Graph();
  const tensors = inputs.map((input) => graph.constant(input));
  const result = gradients(compose(...tensors), tensors, dy && graph.constant(dy));
  const evaluation = new Evaluation(result.filter((gradient) => gradient !== undefined));
  return result.map((gradient) => gradient && evaluation.value(gradient));
}

/** One number from many, with another weight for each, so that no two errors cancel. */
export function weightedSum(y: Tensor): Tensor {
  const weights = y.graph.constant(randomArray("upstream", y.shape));
  return ops.sum(ops.multiply(y, weights), { axes: y.shape.map((_, axis) => axis), keep: false });
}

/**
 * Compares the gradients of a scalar with central differences, for every element of the feeds in `values`.
 * Feeds no gradient reaches must not change the scalar where `constant` does not name them.
 */
export function expectGradientsToAgree(
  y: Tensor,
  feeds: Readonly<Record<string, Tensor>>,
  values: ReadonlyMap<string, NdArray>,
  context: RunContext = sameRandomNumbers,
): void {
  const names = Object.keys(feeds);
  const analytic = gradients(y, Object.values(feeds));
  const forward = new Evaluation([y]);
  const backward = new Evaluation(analytic.filter((gradient) => gradient !== undefined));
  backward.run(values, context);
  const at = (): number => {
    forward.run(values, context);
    return forward.value(y).data[0]!;
  };
  for (const [position, name] of names.entries()) {
    const { data } = values.get(name)!;
    const gradient = analytic[position] && backward.value(analytic[position]);
    if (gradient) expect(gradient.shape, `shape of the gradient of ${name}`).toEqual(feeds[name]!.shape);
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      data[i] = value + step;
      const above = at();
      data[i] = value - step;
      const below = at();
      data[i] = value;
      const numeric = (above - below) / (2 * step);
      const exact = gradient?.data[i] ?? 0;
      const error = Math.abs(exact - numeric) / Math.max(Math.abs(exact), Math.abs(numeric), smallGradient);
      expect(error, `gradient of ${name}[${i}]: ${exact} by formula, ${numeric} by differences`).toBeLessThan(
        tolerance,
      );
    }
  }
}

// The differences are off by step² · f‴/6 ≈ 2e-11 and by 1e-16 · f / step ≈ 1e-11: 1e-6 of a gradient of 1e-4.
const step = 1e-5;
const smallGradient = 1e-4;
const tolerance = 1e-6;

export function expectClose(actual: NdArray, expected: NdArray, tolerance: number): void {
  expect(actual.shape).toEqual(expected.shape);
  for (let i = 0; i < expected.data.length; i++) {
    const difference = Math.abs(actual.data[i]! - expected.data[i]!);
    const scale = Math.max(1, Math.abs(expected.data[i]!));
    expect(difference / scale, `element ${i}: ${actual.data[i]} for ${expected.data[i]}`).toBeLessThanOrEqual(
      tolerance,
    );
  }
}
