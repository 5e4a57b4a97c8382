// Where a training stands, as plain data: with it a Trainer goes on bit by bit as if it had never been interrupted. There
// are no random numbers in it, because each depends on the seed and what it is for alone.

import type { Patience } from "../model/stopping";
import type { EpochReport } from "../protocol/snapshot";
import type { OptimizerState } from "./computation";
import type { TallyState } from "./tally";
import type { Weights } from "./weights";

export interface TrainerState {
  /** Counts from 1. */
  readonly epoch: number;
  /** Optimizer updates made. */
  readonly steps: number;
  /** What comes next. */
  readonly phase: ResumablePhase;
  readonly last: BatchPlace;
  /** Of the last update, or of the first when there was none. */
  readonly rate: number;
  readonly samplesTrained: number;
  /** Of work. */
  readonly milliseconds: number;
  readonly reports: readonly EpochReport[];
  readonly patience: Patience;
  readonly best?: Kept;
  /** Those of the last update, also when a stopping rule went back to better ones. */
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
  readonly trained: TallyState;
  readonly validated: TallyState;
}

export type ResumablePhase =
  | { readonly kind: "training"; readonly batch: number }
  | { readonly kind: "validating"; readonly batch: number }
  | { readonly kind: "reporting" }
  /** After the report of the last epoch. */
  | { readonly kind: "ended" };

/** The batch that the last step, or the next when there was none, saw. */
export interface BatchPlace {
  readonly epoch: number;
  readonly batch: number;
}

/** A copy of the weights after an epoch. */
export interface Kept {
  readonly epoch: number;
  readonly step: number;
  readonly weights: Weights;
}
