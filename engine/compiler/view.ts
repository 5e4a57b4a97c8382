// Tensors in a machine's memory: which buffer their numbers stand in, and how far apart.

import { sameShape, sizeOf, stridesOf } from "../model/shape";
import type { Shape } from "../protocol/array";

/** Room for `size` float32 numbers. Kernels may read up to 32 bytes past its end, and write nothing there. */
export interface Buffer {
  readonly size: number;
  readonly place: Place;
}

export type Place =
  /** A plan finds it room for as long as it is needed. */
  | { readonly kind: "arena" }
  /** Written once, when the program is made. */
  | { readonly kind: "constant"; readonly data: ArrayLike<number> }
  /** At an address of the machine's own, in bytes: parameters and what belongs to them. */
  | { readonly kind: "fixed"; readonly address: number };

/** A tensor: element [i, j, …] is number `offset + i·strides[0] + j·strides[1] + …` of the buffer. */
export interface View {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly shape: Shape;
  /** In numbers; 0 where it is broadcast. */
  readonly strides: readonly number[];
}

/** All of a buffer in row-major order. */
export function contiguousView(buffer: Buffer, shape: Shape): View {
  return { buffer, offset: 0, shape, strides: stridesOf(shape) };
}

/** Whether its numbers stand one after another in row-major order. */
export function isContiguous({ shape, strides }: View): boolean {
  const rowMajor = stridesOf(shape);
  return sizeOf(shape) === 0 || shape.every((size, axis) => size === 1 || strides[axis] === rowMajor[axis]);
}

/** The same numbers as another shape; undefined when they would have to be moved for it. */
export function reshaped(view: View, shape: Shape): View | undefined {
  if (sameShape(view.shape, shape)) return view;
  if (isContiguous(view)) return { ...view, shape, strides: stridesOf(shape) };
  const strides = withoutOnes(view);
  const sizes = view.shape.filter((size) => size !== 1);
  if (
    !sameShape(
      sizes,
      shape.filter((size) => size !== 1),
    )
  )
    return undefined;
  let next = 0;
  return { ...view, shape, strides: shape.map((size) => (size === 1 ? 0 : strides[next++]!)) };
}

export function transposed(view: View, order: readonly number[]): View {
  return {
    ...view,
    shape: order.map((axis) => view.shape[axis]!),
    strides: order.map((axis) => view.strides[axis]!),
  };
}

/** Seen with the shape it broadcasts to. */
export function broadcastView(view: View, shape: Shape): View {
  const missing = shape.length - view.shape.length;
  const strides = shape.map((_, axis) => {
    const own = axis - missing;
    return own < 0 || view.shape[own] === 1 ? 0 : view.strides[own]!;
  });
  return { ...view, shape, strides };
}

/** The positions [start, end) of an axis. */
export function sliced(view: View, axis: number, start: number, end: number): View {
  return {
    ...view,
    offset: view.offset + start * view.strides[axis]!,
    shape: view.shape.map((size, other) => (other === axis ? end - start : size)),
  };
}

const withoutOnes = ({ shape, strides }: View): number[] => strides.filter((_, axis) => shape[axis] !== 1);
