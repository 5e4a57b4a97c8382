// One number of a training explained: the formula that gives it with the numbers of the batch, where it comes from, and
// why it is what it is.

import type { Shape } from "./array";
import type { AskedMoment } from "./inspection";
import type { ValueId } from "./network";

export type Explained = "value" | "gradient";

export interface ExplainOrder extends AskedMoment {
  readonly id: ValueId;
  readonly of: Explained;
  /** Indices, that of the sample first where there is one; when absent, the element with the largest gradient. */
  readonly element?: readonly number[];
  /** Whether to compare the gradient with a central difference. */
  readonly checkGradient?: boolean;
}

/** Of the batch of `step`, with the weights as they were after it. */
export interface Explanation {
  readonly training: string;
  readonly epoch: number;
  readonly step: number;
  readonly id: ValueId;
  readonly of: Explained;
  /** `∂L/∂h`, `h`. */
  readonly name: string;
  readonly shape: Shape;
  readonly element: readonly number[];
  /** Whether it was chosen because its gradient, or without one its value, is the largest. */
  readonly isLargest: boolean;
  /** LaTeX, one formula a line: in names, with its numbers, its result. */
  readonly latex: string;
  /** The same. */
  readonly picture: Typeset;
  /** How many terms it adds up, and how many of them are written; the others are written as their sum. */
  readonly terms: { readonly all: number; readonly written: number };
  /** In float64, from the numbers in the formula. */
  readonly result: number;
  /** As the training has it, in its own precision. */
  readonly trained: { readonly number: number; readonly precision: "float32" | "float64" };
  /** Why it is 0, small or large, in words; empty where nothing special is the reason. */
  readonly causes: readonly string[];
  /** What it is computed from; for a gradient, those nearer to the loss. Empty next to the loss and for what is given. */
  readonly from: readonly ExplainedName[];
  /** What is computed from it; for a gradient, those further from the loss. */
  readonly to: readonly ExplainedName[];
  readonly difference?: CentralDifference;
}

export interface ExplainedName {
  readonly id: ValueId;
  readonly of: Explained;
  readonly name: string;
  /** The same element, where the shapes are the same. */
  readonly element?: readonly number[];
}

/** (L(x + ε) − L(x − ε)) / 2ε, in float64. */
export interface CentralDifference {
  readonly epsilon: number;
  readonly number: number;
  /** By the rules of differentiation, in float64. */
  readonly gradient: number;
  /** |number − gradient| by the larger of both; 0 when both are 0. */
  readonly relativeError: number;
  /** Whether both are 0 up to what rounding of the losses makes of their difference. */
  readonly isZero: boolean;
  /** (L(x) − L(x − ε)) / ε and (L(x + ε) − L(x)) / ε where the loss has a kink: the central difference is their mean. */
  readonly sides?: { readonly left: number; readonly right: number };
}

/** A formula as a picture. */
export interface Typeset {
  /** In `currentColor`. */
  readonly svg: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}
