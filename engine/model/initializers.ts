// Initializers: the numbers a parameter begins with.

import type { NdArray, Shape } from "../protocol/array";
import type { Initializer } from "../protocol/network";

/** `random` gives uniform numbers in [0, 1). A literal must have the parameter's shape. */
export function initialize(_initializer: Initializer, _shape: Shape, _random: () => number): NdArray {
  throw new Error("engine/model is being written");
}
