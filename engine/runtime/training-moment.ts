// A training after one of its steps: what is asked about it is answered from here. The newest moment is the Trainer itself;
// of a past one so much is kept that the same numbers can be computed again.

import type { Dataset } from "../data/dataset";
import type { SamplePart } from "../protocol/inspection";
import type { Training } from "../protocol/network";
import type { Computation, Inspection, PackedWeights } from "./computation";
import type { TrainerState } from "./trainer-state";
import type { Weights } from "./weights";

export interface TrainingMoment {
  readonly training: Training;
  readonly data: Dataset;
  /** What the weights are kept in. */
  readonly precision: Computation["precision"];
  /** 1 for the first pass over the data. */
  readonly epoch: number;
  /** Optimizer updates until then. */
  readonly step: number;
  /** Positions in the data of the samples that the last step saw, or that the next will see when there was none. */
  readonly batch: Int32Array;
  /** A copy. */
  readonly weights: Weights;
  /** Undefined when it is not validated. */
  samplesOf(part: SamplePart): SamplesOf | undefined;
  /** The batch, with the weights after the step. Valid until the next step or inspection. */
  inspect(): Inspection;
}

export interface SamplesOf {
  readonly dataset: Dataset;
  readonly samples: Int32Array;
}

/** What is kept of a moment; the rest follows from the training. */
export interface KeptMoment extends Pick<TrainerState, "epoch" | "steps" | "last"> {
  readonly weights: PackedWeights;
}

export class PastMoment implements TrainingMoment {
  constructor(
    /** What does not change from moment to moment is asked of the newest. */
    private readonly trainer: TrainingMoment,
    private readonly computation: Computation,
    private readonly kept: KeptMoment,
    private readonly batchAt: (place: KeptMoment["last"]) => Int32Array,
  ) {}

  get training(): Training {
    return this.trainer.training;
  }

  get data(): Dataset {
    return this.trainer.data;
  }

  get precision(): Computation["precision"] {
    return this.trainer.precision;
  }

  samplesOf(part: SamplePart): SamplesOf | undefined {
    return this.trainer.samplesOf(part);
  }

  get epoch(): number {
    return this.kept.epoch;
  }

  get step(): number {
    return this.kept.steps;
  }

  get batch(): Int32Array {
    return this.batchAt(this.kept.last);
  }

  get weights(): Weights {
    return this.during(() => this.computation.weights());
  }

  inspect(): Inspection {
    const inspection = this.during(() => this.computation.inspect(this.batch, this.step));
    // A parameter's numbers, and views of them, stand where the current weights are.
    return {
      loss: inspection.loss,
      value: (id) => this.during(() => inspection.value(id)),
      gradient: (id) => this.during(() => inspection.gradient(id)),
      quantity: (id) => this.during(() => inspection.quantity(id)),
    };
  }

  private during<Result>(look: () => Result): Result {
    return this.computation.during(this.kept.weights, look);
  }
}
