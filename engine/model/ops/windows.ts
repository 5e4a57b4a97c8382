// Windows that move over images, channels first: where they fit, and how often.

import type { Shape } from "../../protocol/array";
import { formatShape, ShapeError } from "../shape";

/** How a window moves over an image. */
export interface Sliding {
  /** Steps of the window down and to the right. */
  readonly stride: readonly [down: number, right: number];
  /** Zeros (for a maximum: nothing) around the image. */
  readonly padding: Padding;
}

export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Positions of a window of size `kernel` along `size` numbers with `padding` zeros around; less than 1 for none. */
export function positionsAlong(size: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((size + padding - kernel) / stride) + 1;
}

/** The number of positions of one channel. */
export const planeOf = (shape: Shape): number => shape[2]! * shape[3]!;

export const sizeOfImage = (shape: Shape): readonly [number, number] => [shape[2]!, shape[3]!];

export function image(shape: Shape): readonly [number, number, number, number] {
  if (shape.length !== 4) throw new ShapeError(`${formatShape(shape)} is no batch of images with channels.`);
  return shape as unknown as readonly [number, number, number, number];
}

/** [I, J]. Throws ShapeError when the window fits nowhere. */
export function windows(
  [height, width]: readonly [number, number],
  kernel: readonly [number, number],
  { stride, padding }: Sliding,
): readonly [number, number] {
  const { top, bottom, left, right } = padding;
  const size = [
    positionsAlong(height, kernel[0], stride[0], top + bottom),
    positionsAlong(width, kernel[1], stride[1], left + right),
  ] as const;
  if (size[0] < 1 || size[1] < 1) {
    throw new ShapeError(`A window of ${formatShape(kernel)} does not fit into ${formatShape([height, width])}.`);
  }
  return size;
}
