// Arithmetic of shapes, and the one error that says two of them do not fit.

import type { Shape } from "../protocol/array";

/** Shapes that do not fit. `inputs` are the positions of the inputs to blame, so that a caller can mark their places. */
export class ShapeError extends Error {
  constructor(
    message: string,
    readonly inputs: readonly number[] = [0],
  ) {
    super(message);
    this.name = "ShapeError";
  }
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `[64, 3]`, as a user writes it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * The shape both broadcast to, by NumPy's rule: aligned at the last dimension, sizes are equal or one of them is 1.
 * Throws ShapeError, blaming both; its message begins with `problem`.
 */
export function broadcastShapes(
  a: Shape,
  b: Shape,
  problem = () => `${formatShape(a)} and ${formatShape(b)} do not fit`,
): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(`${problem()}: ${left} and ${right} differ, and neither is 1.`, [0, 1]);
    }
    return left === 1 ? right : left;
  });
}

/** How far apart neighbors along each axis lie in row-major order. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Strides to read an array of shape `from` as if it had the shape `to` it broadcasts to: 0 where it repeats. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]!));
}

/** The shape with the sizes along `axes` set to 1, or left out. */
export function reducedShape(shape: Shape, axes: readonly number[], options: { keep: boolean }): Shape {
  return options.keep
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** 0, 1, … rank − 1. */
export function axesOf(shape: Shape): number[] {
  return shape.map((_, axis) => axis);
}
