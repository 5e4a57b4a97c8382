// Optimizers: how one update turns gradients into new weights.

import type { Call } from "../protocol/catalog";

export interface Optimizer {
  /** Arrays of the parameter's size kept between steps, all starting at 0: momentum, second moments. */
  readonly slots: number;
  /** Updates `weights` in place. `step` counts from 1. */
  update(weights: Float64Array, gradient: Float64Array, slots: readonly Float64Array[], step: number): void;
}

export function optimizer(_call: Call): Optimizer {
  throw new Error("engine/model is being written");
}
