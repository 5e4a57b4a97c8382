// Where the numbers of one training live and are computed. Samples go in by their positions in a data set, numbers come
// out; epochs, order and reports belong to the Trainer.

import type { Dataset } from "../data/dataset";
import type { Update } from "../model/optimizers";
import type { NdArray } from "../protocol/array";
import type { Training, ValueId } from "../protocol/network";
import type { ObservedQuantity } from "../protocol/snapshot";
import type { WeightChanges } from "./weight-changes";
import type { Weights } from "./weights";

export interface ComputationOptions {
  readonly training: Training;
  /** The network's input, which the data fit. */
  readonly input: ValueId;
  readonly data: Dataset;
  /** When the training names a data set of its own for validation. */
  readonly validation?: Dataset;
  /** How many samples a step may have: made ready at once, so that what does not fit is said before the first. */
  readonly batchSizes: readonly number[];
}

/** Throws DataError or ShapeError, in its user's words, when network, loss and data do not fit. */
export type CreateComputation = (options: ComputationOptions) => Computation;

/** Weights, optimizer state and the activations of a batch. Loss, penalties, clip and optimizer are the training's. */
export interface Computation {
  /** What the weights are kept in. */
  readonly precision: "float64" | "float32";
  /** One optimizer update. When loss, gradients or what is to be written are not finite, nothing changes. */
  step(samples: Int32Array, update: Update): StepResult;
  /** Loss and first output in eval mode. */
  evaluate(source: SampleSource, samples: Int32Array): Evaluated;
  /**
   * A batch in train mode, with the weights as they are and the random numbers of the update after `step`. Valid until
   * the next call.
   */
  inspect(samples: Int32Array, step: number): Inspection;
  /** How much updates change the weights. */
  readonly changes: WeightChanges;
  /** A copy. */
  weights(): Weights;
  /** A copy. */
  state(): OptimizerState;
  /** Copies what is given; without a state the optimizer's own stays. Names and shapes are those of the network. */
  restore(weights: Weights, state?: OptimizerState): void;
  /** A copy, for `during`. */
  pack(): PackedWeights;
  /** What `look` gives while these weights, which it packed before, stand in the place of the current ones. */
  during<Result>(weights: PackedWeights, look: () => Result): Result;
  /** Ends threads and gives memory back; nothing can be asked for afterwards. Closing twice is closing once. */
  close(): void;
}

/** Which data set the positions of samples count in: the training's, or the one it names for validation. */
export type SampleSource = "data" | "validation";

/** All parameters, one after another, in the order and precision that a Computation keeps them in. */
export type PackedWeights = Float32Array | Float64Array;

/** The optimizer's slots of each trainable parameter, in its optimizer's order. */
export type OptimizerState = ReadonlyMap<ValueId, readonly Float64Array[]>;

export type StepResult = ({ readonly kind: "done" } & Evaluated) | { readonly kind: "notFinite" };

/** Arrays are valid until the next call. */
export interface Evaluated {
  /** Mean over the batch, penalties included. */
  readonly loss: number;
  /** `[batch, …]`, the network's first. */
  readonly output: NdArray;
  /** `[batch, …]` */
  readonly target: NdArray;
}

/** Ids are those of values, of parameters, and `target`. */
export interface Inspection {
  readonly loss: number;
  value(id: ValueId): NdArray;
  /** Of the loss; undefined where no gradient flows. */
  gradient(id: ValueId): NdArray | undefined;
  /** Both, summarized. */
  quantity(id: ValueId): ObservedQuantity;
}
