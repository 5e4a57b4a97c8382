// Shapes without numbers: what a layer, a function or a loss gives for inputs of known shape. Lowering calls it for
// every value; it traces the same compositions that build.ts uses, so the two cannot disagree.

import type { Shape } from "../protocol/array";
import type { Arguments, Call } from "../protocol/catalog";

/** A value of a network before the batch size is known. */
export interface SampleShape {
  /** For one sample. */
  readonly shape: Shape;
  /** Whether the batch dimension stands in front when it runs. */
  readonly batched: boolean;
}

export interface InferredLayer {
  readonly output: SampleShape;
  readonly weights: readonly InferredWeight[];
}

export interface InferredWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Call;
}

/** Throws ShapeError when the inputs do not fit the layer. `args` have their defaults filled in. */
export function inferLayer(_layer: string, _args: Arguments, _inputs: readonly SampleShape[]): InferredLayer {
  throw new Error("engine/model is being written");
}

/** Throws ShapeError when the inputs do not fit the function. */
export function inferFunction(_name: string, _args: Arguments, _inputs: readonly SampleShape[]): SampleShape {
  throw new Error("engine/model is being written");
}

/** Throws ShapeError when the loss cannot compare this output with targets of this shape (both for one sample). */
export function checkLossShapes(_loss: Call, _output: Shape, _target: Shape): void {
  throw new Error("engine/model is being written");
}
