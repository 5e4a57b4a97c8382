// Network → Graph, for one batch size. Adds the batch dimension, runs nothing.

import type { Shape } from "../protocol/array";
import type { Call } from "../protocol/catalog";
import type { Network, ValueId } from "../protocol/network";
import type { Graph, Tensor } from "./graph";

export interface BuildOptions {
  readonly batchSize: number;
  /** Dropout drops in `train` only. */
  readonly mode: "train" | "eval";
}

export interface BuiltNetwork {
  readonly graph: Graph;
  /** Every value and parameter by id. Inputs and parameters are feeds named by their id. */
  readonly tensors: ReadonlyMap<ValueId, Tensor>;
}

/** Throws ShapeError, naming the value, for a network that is not `complete`. */
export function build(_network: Network, _options: BuildOptions): BuiltNetwork {
  throw new Error("engine/model is being written");
}

export interface BuiltLoss {
  /** Feed of the targets, `[batch, …targetShape]`. */
  readonly target: Tensor;
  /** Scalar. */
  readonly loss: Tensor;
  /**
   * Gradients of the loss with respect to values, parameters or `target`, by id; ids no gradient reaches are left out.
   * A probability fused with its loss still has its own gradient here.
   */
  gradients(ids: readonly ValueId[]): Map<ValueId, Tensor>;
}

/** The id under which the targets' gradient is asked for. */
export const targetId: ValueId = "target";

/**
 * Appends a loss of the network's (first) output to the graph. targetShape is for one sample.
 * Throws ShapeError when output and target do not fit.
 */
export function buildLoss(
  _built: BuiltNetwork,
  _network: Network,
  _loss: Call,
  _targetShape: Shape,
  _reduction: "mean" | "sum",
): BuiltLoss {
  throw new Error("engine/model is being written");
}
