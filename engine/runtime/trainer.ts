// One training: its epochs, their order, the learning rate and what is reported; the numbers themselves are a
// Computation's. `advance` does one unit of work, synchronously, and says what it was; nothing here knows of time slices,
// messages or files. The same seed gives the same bits.

import { batchAt, batchCount, epochOrder } from "../data/batches";
import { DataError, type Dataset } from "../data/dataset";
import { targetId } from "../model/build";
import { optimizer } from "../model/optimizers";
import { type Schedule, schedule } from "../model/schedules";
import { stoppingRule } from "../model/stopping";
import type { SamplePart } from "../protocol/inspection";
import type { Training, ValueId } from "../protocol/network";
import type { EpochReport, ObservedQuantity } from "../protocol/snapshot";
import { BestEpoch } from "./best-epoch";
import { CompiledComputation } from "./compiled-computation";
import type { Computation, CreateComputation, Inspection } from "./computation";
import { healthOf } from "./health";
import { type Breakdown, explainNotFinite } from "./not-finite";
import { observedIds } from "./observe";
import { type Scores, Tally } from "./tally";
import type { BatchPlace, ResumablePhase, TrainerState } from "./trainer-state";
import { PastMoment, type SamplesOf, type TrainingMoment } from "./training-moment";
import { samplesOf, type TrainingSamples } from "./training-samples";
import { UpdateMeter } from "./update-meter";
import type { Weights } from "./weights";

export interface TrainerOptions {
  readonly training: Training;
  readonly data: Dataset;
  /** When the training names a data set of its own for validation. */
  readonly validation?: Dataset;
  /** Milliseconds of any clock that only goes forward. */
  readonly now: () => number;
  /** On a machine, in float32, when absent. */
  readonly computation?: CreateComputation;
  /** Where to go on, of a training with the same samples in the same batches and the same parameters. */
  readonly state?: TrainerState;
}

/** What one unit of work was. */
export type Progress =
  /** An optimizer update. */
  | { readonly kind: "step" }
  /** A batch of the validation. */
  | { readonly kind: "validation" }
  | { readonly kind: "epoch"; readonly report: EpochReport }
  /** The training is over; nothing was done. `note` says why, when it is not that all epochs were made. */
  | { readonly kind: "finished"; readonly note?: string }
  /** Training cannot go on; the weights are those before the step that failed. */
  | ({ readonly kind: "failed" } & Breakdown);

/** Values and gradients of the last batch, computed with the weights as they are now. */
export interface Observation {
  readonly batchSize: number;
  readonly loss: number;
  readonly quantities: Readonly<Record<ValueId, ObservedQuantity>>;
}

type Phase =
  | Exclude<ResumablePhase, { readonly kind: "ended" }>
  | { readonly kind: "finished"; readonly note?: string }
  | ({ readonly kind: "failed"; readonly batch: number } & Breakdown);

export class Trainer implements TrainingMoment {
  readonly training: Training;
  readonly data: Dataset;
  readonly validation: Dataset | undefined;
  readonly reports: EpochReport[] = [];

  private phase: Phase = { kind: "training", batch: 0 };
  private epochNumber = 1;
  private steps = 0;
  private samplesTrained = 0;
  private milliseconds = 0;
  private readonly now: () => number;

  private readonly computation: Computation;
  private readonly updates: UpdateMeter;
  private readonly samples: TrainingSamples;
  private readonly baseRate: number;
  private readonly schedule: Schedule | undefined;
  private readonly best: BestEpoch;
  private readonly stepsPerEpoch: number;
  private readonly totalSteps: number;
  /** Weights of the last update, when a stopping rule went back to better ones. */
  private left: Weights | undefined;
  private rate: number;

  private order: Int32Array;
  private trainedTally: Tally;
  private validatedTally: Tally;
  /** What the last step, or the next when there was none, saw. */
  private lastBatch: Int32Array;
  private last: BatchPlace = { epoch: 1, batch: 0 };

  /** Throws DataError or ShapeError, in its user's words, when training, network and data do not fit. */
  constructor({ training, data, validation, now, computation = onMachine, state }: TrainerOptions) {
    const { batchSize } = training;
    this.training = training;
    this.data = data;
    this.validation = validation;
    this.now = now;
    this.samples = samplesOf(training, data, validation);
    this.baseRate = optimizer(training.optimizer).rate;
    this.schedule = training.schedule && schedule(training.schedule);
    this.best = new BestEpoch(training.stop && stoppingRule(training.stop));
    this.stepsPerEpoch = batchCount(this.samples.training.length, batchSize);
    this.totalSteps = training.steps ?? training.epochs * this.stepsPerEpoch;
    this.rate = this.scheduledRate();
    this.order = this.orderOf(1);
    this.lastBatch = batchAt(this.order, batchSize, 0);
    this.trainedTally = this.emptyTally(this.samples.training);
    this.validatedTally = this.emptyTally(this.samples.validation?.samples);
    if (state) this.refuseBeyondEnd(state);
    const smallest = batchAt(this.order, batchSize, Math.min(this.stepsPerEpoch, this.totalSteps) - 1);
    this.computation = computation({
      training,
      input: this.samples.input,
      data,
      ...(validation && { validation }),
      batchSizes: [...new Set([this.lastBatch.length, smallest.length])],
    });
    this.updates = new UpdateMeter(this.computation, now);
    if (state) this.restore(state);
  }

  /** What the weights are kept in. */
  get precision(): Computation["precision"] {
    return this.computation.precision;
  }

  /** A copy. */
  get weights(): Weights {
    return this.computation.weights();
  }

  /** 1 for the first pass over the data. */
  get epoch(): number {
    return this.epochNumber;
  }

  /** Passes over the data there are to be; the last one may be cut short. */
  get epochs(): number {
    return Math.ceil(this.totalSteps / this.stepsPerEpoch);
  }

  /** Optimizer updates so far. */
  get step(): number {
    return this.steps;
  }

  /** Of the last update, or of the first when there was none. */
  get learningRate(): number {
    return this.rate;
  }

  /** How far the weights are trained: less than what was run when a stopping rule went back to better ones. */
  get trained(): { readonly epochs: number; readonly steps: number } {
    const { kept } = this.best;
    if (this.phase.kind === "finished" && kept) return { epochs: kept.epoch, steps: kept.step };
    return { epochs: this.reports.length, steps: this.steps };
  }

  /** Whether the training is over. */
  get isFinished(): boolean {
    return this.phase.kind === "finished";
  }

  /** Since the start, counting only what was worked. */
  get samplesPerSecond(): number {
    return this.milliseconds === 0 ? 0 : (1000 * this.samplesTrained) / this.milliseconds;
  }

  /** One unit of work. */
  advance(): Progress {
    const start = this.now();
    const progress = this.work();
    this.milliseconds += this.now() - start - this.updates.takeTime();
    return progress;
  }

  /** What is left of an epoch that was interrupted, one optimizer update, and if it ends an epoch, that epoch's report. */
  stepOnce(): Progress[] {
    const done: Progress[] = [];
    const before = this.steps;
    do done.push(this.advance());
    while (this.isBetweenEpochs || (this.steps === before && this.phase.kind === "training"));
    return done;
  }

  /** Has the update that follows measured, for the next observation. */
  observe(): Observation {
    const inspection = this.inspect();
    const { network } = this.training;
    const values = new Map(network.values.map((value) => [value.id, value]));
    const quantities = [...observedIds(network), targetId].map((id) => {
      const value = values.get(id);
      const health = value && healthOf(value, () => inspection.value(id));
      const update = this.updates.of(id);
      return [id, { ...inspection.quantity(id), ...(health && { health }), ...(update && { update }) }] as const;
    });
    this.updates.measureNext();
    return { batchSize: this.lastBatch.length, loss: inspection.loss, quantities: Object.fromEntries(quantities) };
  }

  /** Positions in the data of the samples that the last step saw, or that the next will see when there was none. */
  get batch(): Int32Array {
    return this.lastBatch;
  }

  /** The last batch, with the weights as they are now. Valid until the next step or inspection. */
  inspect(): Inspection {
    return this.computation.inspect(this.lastBatch, this.steps);
  }

  /** Where it stands now, to be looked at when it has gone on. */
  keepMoment(): PastMoment {
    const { computation, epochNumber, steps, last } = this;
    const kept = { epoch: epochNumber, steps, last, weights: computation.pack() };
    return new PastMoment(this, computation, kept, (place) => this.batchOf(place));
  }

  /** Undefined when it is not validated. */
  samplesOf(part: SamplePart): SamplesOf | undefined {
    const { training, validation } = this.samples;
    if (part === "training") return { dataset: this.data, samples: training };
    if (!validation) return undefined;
    return { dataset: validation.source === "data" ? this.data : this.validation!, samples: validation.samples };
  }

  /**
   * Loss and metrics of the weights as they are, on the validation's samples, or on the training's when there is no
   * validation. Nothing is dropped. Yields after each batch.
   */
  *score(metrics: readonly string[]): Generator<undefined, Scores, undefined> {
    const { source, samples } = this.samples.validation ?? { source: "data", samples: this.samples.training };
    const tally = new Tally(metrics, samples.length);
    for (let batch = 0; batch < batchCount(samples.length, validationBatch); batch++) {
      tally.add(this.computation.evaluate(source, batchAt(samples, validationBatch, batch)));
      yield;
    }
    return tally.result();
  }

  /** A copy of where it stands. Of a training that failed: before the step that could not be made. */
  state(): TrainerState {
    const { epochNumber, steps, phase, last, rate, samplesTrained, milliseconds } = this;
    return {
      epoch: epochNumber,
      steps,
      phase: resumable(phase),
      last,
      rate,
      samplesTrained,
      milliseconds,
      reports: [...this.reports],
      ...this.best.state(),
      weights: this.left ?? this.computation.weights(),
      optimizer: this.computation.state(),
      trained: this.trainedTally.state(),
      validated: this.validatedTally.state(),
    };
  }

  /** Ends what computes; nothing can be asked of it or its weights afterwards. */
  close(): void {
    this.computation.close();
  }

  private get isBetweenEpochs(): boolean {
    return this.phase.kind === "validating" || this.phase.kind === "reporting";
  }

  private work(): Progress {
    switch (this.phase.kind) {
      case "training":
        return this.trainBatch(this.phase.batch);
      case "validating":
        return this.validateBatch(this.phase.batch);
      case "reporting":
        return this.endEpoch();
      case "finished":
        return this.phase;
      case "failed":
        return failureOf(this.phase);
      default:
        throw new Error(this.phase satisfies never);
    }
  }

  private trainBatch(batch: number): Progress {
    this.last = { epoch: this.epochNumber, batch };
    this.lastBatch = batchAt(this.order, this.training.batchSize, batch);
    const rate = this.scheduledRate();
    const update = { step: this.steps + 1, rate };
    const result = this.updates.around(update.step, () => this.computation.step(this.lastBatch, update));
    if (result.kind === "notFinite") return this.fail(batch);

    this.trainedTally.add(result);
    this.rate = rate;
    this.steps++;
    this.samplesTrained += this.lastBatch.length;
    const more = batch + 1 < this.stepsPerEpoch && this.steps < this.totalSteps;
    if (more) this.phase = { kind: "training", batch: batch + 1 };
    else this.phase = this.samples.validation ? { kind: "validating", batch: 0 } : { kind: "reporting" };
    return { kind: "step" };
  }

  private validateBatch(batch: number): Progress {
    const { source, samples } = this.samples.validation!;
    this.validatedTally.add(this.computation.evaluate(source, batchAt(samples, validationBatch, batch)));
    const more = batch + 1 < batchCount(samples.length, validationBatch);
    this.phase = more ? { kind: "validating", batch: batch + 1 } : { kind: "reporting" };
    return { kind: "validation" };
  }

  private endEpoch(): Progress {
    const { validation } = this.samples;
    const report: EpochReport = {
      epoch: this.epochNumber,
      epochs: this.epochs,
      step: this.steps,
      learningRate: this.rate,
      ...this.trainedTally.result(),
      ...(validation && { validation: this.validatedTally.result() }),
      seconds: this.milliseconds / 1000,
      samplesPerSecond: this.samplesPerSecond,
    };
    this.reports.push(report);
    this.best.watch(report, () => this.computation.weights());
    this.afterEpoch();
    return { kind: "epoch", report };
  }

  private afterEpoch(): void {
    if (this.best.isOver || this.steps >= this.totalSteps) {
      this.finish();
      return;
    }
    const { training, validation } = this.samples;
    this.epochNumber++;
    this.order = this.orderOf(this.epochNumber);
    this.trainedTally = this.emptyTally(training);
    this.validatedTally = this.emptyTally(validation?.samples);
    this.phase = { kind: "training", batch: 0 };
  }

  /** Goes back to the best weights, when a stopping rule kept some. */
  private finish(): void {
    const { epochNumber, computation } = this;
    const { kept } = this.best;
    if (!kept || kept.epoch === epochNumber) {
      this.phase = { kind: "finished" };
      return;
    }
    this.left = computation.weights();
    computation.restore(kept.weights);
    const watched = this.samples.validation ? "validation loss" : "loss";
    this.phase = { kind: "finished", note: this.best.reasonAfter(epochNumber, kept, watched) };
  }

  /** Learning rate of the next update. */
  private scheduledRate(): number {
    const { steps: step, stepsPerEpoch, totalSteps } = this;
    const position = { step, epoch: this.epochNumber - 1, stepsPerEpoch, totalSteps };
    return this.baseRate * (this.schedule?.(position) ?? 1);
  }

  private fail(batch: number): Progress {
    const { computation, training } = this;
    const inspection = this.inspect();
    const breakdown = explainNotFinite({
      training,
      epoch: this.epochNumber,
      // The update that could not be made.
      step: this.steps + 1,
      loss: inspection.loss,
      precision: computation.precision,
      weights: computation.weights(),
      value: (id) => inspection.value(id),
      gradient: (id) => inspection.gradient(id),
      ids: observedIds(training.network),
    });
    this.phase = { kind: "failed", batch, ...breakdown };
    return failureOf(breakdown);
  }

  /** Throws DataError when a state has come further than this training goes. */
  private refuseBeyondEnd({ steps, phase }: TrainerState): void {
    const { training, totalSteps } = this;
    if (steps < totalSteps || (steps === totalSteps && phase.kind !== "training")) return;
    throw new DataError(
      `${training.name} has made ${steps} steps already, and is to end after ${totalSteps}: give it more epochs`,
    );
  }

  private restore(state: TrainerState): void {
    const { epoch, steps, phase, last, trained, validated } = state;
    const { metrics } = this.training;
    const { training, validation } = this.samples;
    this.epochNumber = epoch;
    this.steps = steps;
    this.samplesTrained = state.samplesTrained;
    this.milliseconds = state.milliseconds;
    this.rate = state.rate;
    for (const report of state.reports) this.reports.push(report);
    this.best.restore(state);
    this.order = this.orderOf(epoch);
    this.last = last;
    this.lastBatch = this.batchOf(last);
    this.trainedTally = new Tally(metrics, training.length, trained);
    this.validatedTally = new Tally(metrics, validation?.samples.length ?? 0, validated);
    this.computation.restore(state.weights, state.optimizer);
    if (phase.kind === "ended") this.afterEpoch();
    else this.phase = phase;
  }

  private batchOf({ epoch, batch }: BatchPlace): Int32Array {
    const order = epoch === this.epochNumber ? this.order : this.orderOf(epoch);
    return batchAt(order, this.training.batchSize, batch);
  }

  private orderOf(epoch: number): Int32Array {
    const { seed, shuffle } = this.training;
    return epochOrder(this.samples.training, { seed, epoch, shuffle });
  }

  private emptyTally(samples: Int32Array | undefined): Tally {
    return new Tally(this.training.metrics, samples?.length ?? 0);
  }
}

function resumable(phase: Phase): ResumablePhase {
  switch (phase.kind) {
    case "finished":
      return { kind: "ended" };
    case "failed":
      return { kind: "training", batch: phase.batch };
    default:
      return phase;
  }
}

function failureOf({ message, value }: Breakdown): Progress {
  return { kind: "failed", message, ...(value !== undefined && { value }) };
}

const onMachine: CreateComputation = (options) => new CompiledComputation(options);

const validationBatch = 256; // Samples; any number gives the same result up to rounding, large ones run faster.
