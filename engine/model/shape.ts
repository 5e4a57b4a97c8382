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
