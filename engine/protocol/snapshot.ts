// What can be seen of a training from outside the worker: reports and statistics, never the weights themselves.

import type { NdArray, Shape } from "./array";
import type { ValueId } from "./network";

/** Statistics of one tensor over all its finite elements. */
export interface TensorSummary {
  readonly shape: Shape;
  readonly mean: number;
  /** Of the population: divided by the number of elements. */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
  /** L2 norm. */
  readonly norm: number;
  /** Share of elements that are exactly 0, in [0, 1]. */
  readonly zeroFraction: number;
  /** How many elements are NaN or infinite. */
  readonly notFinite: number;
  readonly histogram: Histogram;
  /** The elements themselves in row-major order when the tensor is at most 6 × 6. */
  readonly elements?: readonly number[];
}

/** Equal bins from `low` to `high`. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

export interface ObservedQuantity {
  readonly value: TensorSummary;
  /** Of the loss with respect to it; absent where no gradient flows. */
  readonly gradient?: TensorSummary;
  /** Of a trained parameter; absent before the first update. */
  readonly update?: ParameterUpdate;
  /** Of an activation that can die or saturate. */
  readonly health?: ActivationHealth;
}

/** What one real update changed: of those since the Snapshot before, the first. */
export interface ParameterUpdate {
  /** Optimizer updates at that time, itself included. */
  readonly step: number;
  readonly change: TensorSummary;
  /** Norm of the change by the norm of the weights before it; absent when these were all 0. */
  readonly ratio?: number;
}

/** Over the last batch. A unit is a feature; of an image, a channel. */
export interface ActivationHealth {
  readonly units: number;
  /** How many units are 0 for every sample, where 0 lets no gradient through. */
  readonly dead?: number;
  /** Share of the numbers so near to their bounds that hardly any gradient gets through, in [0, 1]. */
  readonly saturated?: number;
}

/** One moment of a training: the batch of the last step, all values and gradients of it. */
export interface Snapshot {
  readonly training: string;
  /** Document version the training was started from. */
  readonly version: number;
  /** 1 for the first pass over the data. */
  readonly epoch: number;
  /** Optimizer updates so far. */
  readonly step: number;
  readonly batchSize: number;
  /** Of the last batch, penalties included. */
  readonly loss: number;
  /** Of the last update, or of the first when there was none. */
  readonly learningRate: number;
  readonly samplesPerSecond: number;
  /** By value or parameter id. */
  readonly quantities: Readonly<Record<ValueId, ObservedQuantity>>;
}

export type Metrics = Readonly<Record<string, number>>;

export interface EpochReport {
  readonly epoch: number;
  /** How many there are to be. */
  readonly epochs: number;
  readonly step: number;
  /** Mean over the epoch's samples, as they were trained on; penalties included. */
  readonly loss: number;
  /** Of the epoch's last update. */
  readonly learningRate: number;
  readonly metrics: Metrics;
  readonly validation?: { readonly loss: number; readonly metrics: Metrics };
  /** Since the start of the training, pauses left out. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

/** Where a training stands. */
export type TrainingState =
  | { readonly kind: "idle" }
  | { readonly kind: "preparing"; readonly training: string }
  | { readonly kind: "running"; readonly training: string }
  | { readonly kind: "paused"; readonly training: string }
  /** `note` is set when it did not simply run to its end: why it ended early, and which weights it has. */
  | { readonly kind: "finished"; readonly training: string; readonly note?: string }
  | { readonly kind: "stopped"; readonly training: string }
  /** `value` is the value or parameter where numbers ceased to be finite. */
  | { readonly kind: "failed"; readonly training: string; readonly message: string; readonly value?: ValueId };

export interface RunResult {
  /** Where the input came from: `sample 3 of Digits`, `typed numbers`. */
  readonly origin: string;
  /** Whether the weights are trained ones, and how far. */
  readonly weights: string;
  readonly inputs: readonly NamedArray[];
  readonly outputs: readonly NamedArray[];
  /** Class names when the outputs are their probabilities. */
  readonly classes?: readonly string[];
  /** Name of the predicted class. */
  readonly prediction?: string;
  /** The sample's own target or class name, if it came from a data set. */
  readonly expected?: string;
}

/** Without a batch dimension. */
export interface NamedArray {
  readonly name: string;
  readonly array: NdArray;
}

export interface CheckReport {
  readonly title: string;
  readonly ok: boolean;
  readonly expectations: readonly ExpectationReport[];
  /** Why the check could not run at all. */
  readonly problem?: string;
}

export interface ExpectationReport {
  readonly text: string;
  readonly ok: boolean;
  /** Right-hand and left-hand side, as printed: `[[2, -1], [0, 1]]`. */
  readonly expected: string;
  readonly actual: string;
  /** What differs and where, empty when it holds. */
  readonly difference: string;
}
