// Runs a Graph in float64 through the ops' own forwards: the engine of checks and the oracle for anything faster.

import type { NdArray } from "../protocol/array";
import type { Tensor } from "./graph";
import type { RunContext } from "./op";

/**
 * A Graph made ready to run again and again: its order is fixed and its buffers are allocated once.
 * Only what `wanted` depends on is computed.
 */
export class Evaluation {
  constructor(readonly wanted: readonly Tensor[]) {}

  /** Feeds by name. Throws when one is missing or its shape is another. */
  run(_feeds: ReadonlyMap<string, NdArray>, _context: RunContext): void {
    throw new Error("engine/model is being written");
  }

  /** The numbers of the last run; the same buffer is written again by the next. */
  value(_tensor: Tensor): NdArray {
    throw new Error("engine/model is being written");
  }
}
