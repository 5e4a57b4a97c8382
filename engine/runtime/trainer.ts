// One training: a network, its data, its weights and its optimizer. `advance` does one unit of work, synchronously, and
// says what it was; nothing here knows of time slices, messages or files. The same seed gives the same bits.

import { allOf, batchAt, batchCount, epochOrder, gather, split } from "../data/batches";
import { DataError, type Dataset } from "../data/dataset";
import { targetId } from "../model/build";
import { type Clip, clipping } from "../model/clips";
import { metric } from "../model/metrics";
import { type Optimizer, optimizer } from "../model/optimizers";
import { type Schedule, schedule } from "../model/schedules";
import { formatShape, sizeOf } from "../model/shape";
import { type Patience, type StoppingRule, stoppingRule, untried } from "../model/stopping";
import type { NdArray } from "../protocol/array";
import type { Network, Training, ValueId } from "../protocol/network";
import type { EpochReport, Metrics, ObservedQuantity } from "../protocol/snapshot";
import { explainNotFinite } from "./not-finite";
import { summarize } from "./observe";
import { type Batch, contextOf, Pass } from "./pass";
import { freshWeights, type Weights } from "./weights";

export interface TrainerOptions {
  readonly training: Training;
  readonly data: Dataset;
  /** When the training names a data set of its own for validation. */
  readonly validation?: Dataset;
  /** Milliseconds of any clock that only goes forward. */
  readonly now: () => number;
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
  | { readonly kind: "failed"; readonly message: string };

/** Values and gradients of the last batch, computed with the weights as they are now. */
export interface Observation {
  readonly batchSize: number;
  readonly loss: number;
  readonly quantities: Readonly<Record<ValueId, ObservedQuantity>>;
}

/** Of a whole data set. */
export interface Scores {
  readonly loss: number;
  readonly metrics: Metrics;
}

type Phase =
  | { readonly kind: "training"; readonly batch: number }
  | { readonly kind: "validating"; readonly batch: number }
  | { readonly kind: "reporting" }
  | { readonly kind: "finished"; readonly note?: string }
  | { readonly kind: "failed"; readonly message: string };

/** A copy of the weights after an epoch. */
interface Kept {
  readonly epoch: number;
  readonly step: number;
  readonly weights: ReadonlyMap<ValueId, Float64Array>;
}

export class Trainer {
  readonly training: Training;
  readonly data: Dataset;
  readonly weights: Weights;
  readonly reports: EpochReport[] = [];

  private phase: Phase = { kind: "training", batch: 0 };
  private epochNumber = 1;
  private steps = 0;
  private samplesTrained = 0;
  private milliseconds = 0;
  private readonly now: () => number;

  private readonly input: ValueId;
  private readonly output: ValueId;
  private readonly trainable: readonly ValueId[];
  private readonly optimizer: Optimizer;
  private readonly slots: ReadonlyMap<ValueId, Float64Array[]>;
  private readonly schedule: Schedule | undefined;
  private readonly clip: Clip | undefined;
  private readonly stopping: StoppingRule | undefined;
  private readonly stepsPerEpoch: number;
  private readonly totalSteps: number;
  private patience: Patience = untried;
  /** Weights of the best epoch, when a stopping rule may ask for them. */
  private best: Kept | undefined;
  private rate: number;
  private readonly passes = new Map<string, Pass>();

  private readonly trainingSamples: Int32Array;
  private readonly validation: { readonly data: Dataset; readonly samples: Int32Array } | undefined;
  private order: Int32Array;
  private trainedTally: Tally;
  private validatedTally: Tally;
  /** What the last step, or the next when there was none, saw. */
  private lastBatch: Int32Array;

  /** Throws DataError or ShapeError, in its user's words, when training, network and data do not fit. */
  constructor({ training, data, validation, now }: TrainerOptions) {
    const { network } = training;
    this.training = training;
    this.data = data;
    this.now = now;
    this.input = inputFor(network, data, training.data.name);
    if (training.validation.kind === "data" && validation) {
      inputFor(network, validation, training.validation.data.name);
    }
    this.output = network.outputs[0]!.value;
    this.weights = freshWeights(network, training.seed);
    this.trainable = network.parameters.filter(({ trainable }) => trainable).map(({ id }) => id);
    this.optimizer = optimizer(training.optimizer);
    this.slots = new Map(
      this.trainable.map((id) => {
        const size = this.weights.get(id)!.data.length;
        return [id, Array.from({ length: this.optimizer.slots }, () => new Float64Array(size))];
      }),
    );

    this.schedule = training.schedule && schedule(training.schedule);
    this.clip = training.clip && clipping(training.clip);
    this.stopping = training.stop && stoppingRule(training.stop);

    const sides = training.validation.kind === "fraction" ? splitBy(training, data) : undefined;
    this.trainingSamples = sides?.training ?? allOf(data);
    this.validation = sides
      ? { data, samples: sides.validation }
      : validation && { data: validation, samples: allOf(validation) };
    this.stepsPerEpoch = batchCount(this.trainingSamples.length, training.batchSize);
    this.totalSteps = training.steps ?? training.epochs * this.stepsPerEpoch;
    this.rate = this.scheduledRate();
    this.order = this.orderOf(1);
    this.lastBatch = batchAt(this.order, training.batchSize, 0);
    this.trainedTally = new Tally(training.metrics, this.trainingSamples.length);
    this.validatedTally = new Tally(training.metrics, this.validation?.samples.length ?? 0);
    // What does not fit is said before the first step.
    for (const batch of [0, Math.min(this.stepsPerEpoch, this.totalSteps) - 1]) {
      this.pass("train", batchAt(this.order, training.batchSize, batch).length);
    }
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
    const { best } = this;
    if (this.phase.kind === "finished" && best) return { epochs: best.epoch, steps: best.step };
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
    this.milliseconds += this.now() - start;
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

  observe(): Observation {
    const { network } = this.training;
    const pass = this.pass("observe", this.lastBatch.length);
    const batch = this.batchOf(this.data, this.lastBatch);
    pass.run(this.weights, batch, contextOf(this.training.seed, this.steps));
    const quantities: Record<ValueId, ObservedQuantity> = {};
    for (const id of observedIds(network)) {
      const gradient = pass.gradient(id);
      quantities[id] = {
        value: summarize(pass.value(id)),
        ...(gradient && { gradient: summarize(gradient) }),
      };
    }
    const targetGradient = pass.gradient(targetId);
    quantities[targetId] ??= {
      value: summarize(batch.target),
      ...(targetGradient && { gradient: summarize(targetGradient) }),
    };
    return { batchSize: this.lastBatch.length, loss: pass.loss, quantities };
  }

  /**
   * Loss and metrics of the weights as they are, on the validation's samples, or on the training's when there is no
   * validation. Nothing is dropped. Yields after each batch.
   */
  *score(metrics: readonly string[]): Generator<undefined, Scores, undefined> {
    const { data, samples } = this.validation ?? { data: this.data, samples: this.trainingSamples };
    const tally = new Tally(metrics, samples.length);
    for (let batch = 0; batch < batchCount(samples.length, validationBatch); batch++) {
      this.tallyBatch(tally, data, batchAt(samples, validationBatch, batch));
      yield;
    }
    return tally.result();
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
        return { kind: "failed", message: this.phase.message };
      default:
        throw new Error(this.phase satisfies never);
    }
  }

  private trainBatch(batch: number): Progress {
    const { batchSize, seed } = this.training;
    this.lastBatch = batchAt(this.order, batchSize, batch);
    const pass = this.pass("train", this.lastBatch.length);
    const feeds = this.batchOf(this.data, this.lastBatch);
    pass.run(this.weights, feeds, contextOf(seed, this.steps));
    const gradients = this.trainable.flatMap((id) => {
      const gradient = pass.gradient(id);
      return gradient ? [{ id, gradient }] : [];
    });
    const { updates } = pass;
    const results = [...gradients.map(({ gradient }) => gradient), ...updates.map(([, next]) => next)];
    if (!Number.isFinite(pass.loss) || !results.every(allFinite)) return this.fail(feeds);

    this.trainedTally.add(pass.loss, pass.value(this.output), feeds.target);
    this.rate = this.scheduledRate();
    this.steps++;
    this.samplesTrained += this.lastBatch.length;
    const arrays = gradients.map(({ gradient }) => gradient.data);
    const clipped = this.clip ? this.clip(arrays) : arrays;
    const update = { step: this.steps, rate: this.rate };
    for (const [index, { id }] of gradients.entries()) {
      this.optimizer.update(this.weights.get(id)!.data, clipped[index]!, this.slots.get(id)!, update);
    }
    for (const [id, next] of updates) this.weights.get(id)!.data.set(next.data);
    const more = batch + 1 < this.stepsPerEpoch && this.steps < this.totalSteps;
    if (more) this.phase = { kind: "training", batch: batch + 1 };
    else this.phase = this.validation ? { kind: "validating", batch: 0 } : { kind: "reporting" };
    return { kind: "step" };
  }

  private validateBatch(batch: number): Progress {
    const { data, samples } = this.validation!;
    this.tallyBatch(this.validatedTally, data, batchAt(samples, validationBatch, batch));
    const more = batch + 1 < batchCount(samples.length, validationBatch);
    this.phase = more ? { kind: "validating", batch: batch + 1 } : { kind: "reporting" };
    return { kind: "validation" };
  }

  private tallyBatch(tally: Tally, data: Dataset, selected: Int32Array): void {
    const pass = this.pass("validate", selected.length);
    const feeds = this.batchOf(data, selected);
    pass.run(this.weights, feeds, contextOf(this.training.seed, this.steps));
    tally.add(pass.loss, pass.value(this.output), feeds.target);
  }

  private endEpoch(): Progress {
    const { metrics } = this.training;
    const report: EpochReport = {
      epoch: this.epochNumber,
      epochs: this.epochs,
      step: this.steps,
      learningRate: this.rate,
      ...this.trainedTally.result(),
      ...(this.validation && { validation: this.validatedTally.result() }),
      seconds: this.milliseconds / 1000,
      samplesPerSecond: this.samplesPerSecond,
    };
    this.reports.push(report);
    this.watch(report);
    if (this.patience.isOver || this.steps >= this.totalSteps) {
      this.finish();
    } else {
      this.epochNumber++;
      this.order = this.orderOf(this.epochNumber);
      this.trainedTally = new Tally(metrics, this.trainingSamples.length);
      this.validatedTally = new Tally(metrics, this.validation?.samples.length ?? 0);
      this.phase = { kind: "training", batch: 0 };
    }
    return { kind: "epoch", report };
  }

  /** Lets the stopping rule look at an epoch, and keeps its weights if they are the best so far. */
  private watch({ epoch, step, loss, validation }: EpochReport): void {
    if (!this.stopping) return;
    this.patience = this.stopping.next(this.patience, epoch, validation?.loss ?? loss);
    if (this.patience.bestEpoch !== epoch) return;
    const weights = new Map([...this.weights].map(([id, { data }]) => [id, data.slice()]));
    this.best = { epoch, step, weights };
  }

  /** Goes back to the best weights, when a stopping rule kept some. */
  private finish(): void {
    const { best, stopping, patience, epochNumber } = this;
    if (!stopping || !best || best.epoch === epochNumber) {
      this.phase = { kind: "finished" };
      return;
    }
    for (const [id, data] of best.weights) this.weights.get(id)!.data.set(data);
    const watched = this.validation ? "validation loss" : "loss";
    const epochs = epochNumber - best.epoch;
    const why = patience.isOver
      ? `stopped after epoch ${epochNumber}: the ${watched} did not improve for ${epochs} ${epochs === 1 ? "epoch" : "epochs"}`
      : `the ${watched} was lowest after epoch ${best.epoch}`;
    this.phase = { kind: "finished", note: `${why}; its weights are those of epoch ${best.epoch}` };
  }

  /** Learning rate of the next update. */
  private scheduledRate(): number {
    const { steps: step, stepsPerEpoch, totalSteps } = this;
    const position = { step, epoch: this.epochNumber - 1, stepsPerEpoch, totalSteps };
    return this.optimizer.rate * (this.schedule?.(position) ?? 1);
  }

  private fail(feeds: Batch & { readonly target: NdArray }): Progress {
    const { network, seed } = this.training;
    const pass = this.pass("observe", this.lastBatch.length);
    pass.run(this.weights, feeds, contextOf(seed, this.steps));
    const message = explainNotFinite({
      training: this.training,
      epoch: this.epochNumber,
      // The update that could not be made.
      step: this.steps + 1,
      loss: pass.loss,
      weights: this.weights,
      value: (id) => pass.value(id),
      gradient: (id) => pass.gradient(id),
      ids: observedIds(network),
    });
    this.phase = { kind: "failed", message };
    return { kind: "failed", message };
  }

  private orderOf(epoch: number): Int32Array {
    const { seed, shuffle } = this.training;
    return epochOrder(this.trainingSamples, { seed, epoch, shuffle });
  }

  private batchOf(data: Dataset, samples: Int32Array): Batch & { readonly target: NdArray } {
    return { inputs: { [this.input]: gather(data.inputs, samples) }, target: gather(data.targets, samples) };
  }

  /** Passes are built once for each batch size: the last batch of an epoch may have one of its own. */
  private pass(purpose: "train" | "validate" | "observe", batchSize: number): Pass {
    const key = `${purpose} ${batchSize}`;
    const known = this.passes.get(key);
    if (known) return known;
    const { network, loss, regularize } = this.training;
    const everything = observedIds(network);
    const pass = new Pass(network, {
      batchSize,
      mode: purpose === "validate" ? "eval" : "train",
      updates: purpose === "train",
      loss: {
        loss,
        targetShape: this.data.summary.targetShape,
        reduction: "mean",
        ...(regularize && { regularize }),
      },
      values: purpose === "observe" ? everything : [this.output],
      gradients: { train: this.trainable, validate: [], observe: [...everything, targetId] }[purpose],
    });
    this.passes.set(key, pass);
    return pass;
  }
}

const validationBatch = 256; // Samples; any number gives the same result up to rounding, large ones run faster.

/** Everything that can be looked at: values, and parameters that are not values themselves. */
function observedIds({ values, parameters }: Network): ValueId[] {
  return [...new Set([...values.map(({ id }) => id), ...parameters.map(({ id }) => id)])];
}

/** The network's only input, if these samples fit it. */
function inputFor(network: Network, { summary }: Dataset, name: string): ValueId {
  if (!network.complete) throw new DataError(`${network.name} has errors and cannot run until they are mended`);
  const inputs = network.values.filter(({ source }) => source.kind === "input");
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new DataError(
      `${network.name} has ${inputs.length} inputs (${inputs.map(({ id }) => id).join(", ")}), but ${name} gives one for each sample`,
    );
  }
  const shape = input.shape ?? [];
  if (formatShape(shape) !== formatShape(summary.inputShape)) {
    throw new DataError(
      `${name} gives samples of shape ${formatShape(summary.inputShape)}, but ${network.name} takes ${input.id}: ${formatShape(shape)}`,
    );
  }
  return input.id;
}

function splitBy({ validation, seed, data: { name } }: Training, { summary }: Dataset) {
  if (validation.kind !== "fraction") return undefined;
  if (summary.samples < 2) {
    throw new DataError(`${name} has a single sample: nothing can be split off for validation`);
  }
  return split(summary.samples, validation.fraction, seed);
}

function allFinite({ data }: NdArray): boolean {
  // 0 · NaN and 0 · ∞ are NaN, and NaN stays.
  let zero = 0;
  for (const value of data) zero += 0 * value;
  return zero === 0;
}

/** Loss and metrics over the samples of one epoch. */
class Tally {
  private samples = 0;
  private lossSum = 0;
  private predictions: Collected | undefined;
  private targets: Collected | undefined;

  constructor(
    private readonly metrics: readonly string[],
    private readonly capacity: number,
  ) {}

  /** loss is the mean over the batch. */
  add(loss: number, predictions: NdArray, targets: NdArray): void {
    const count = targets.shape[0]!;
    this.samples += count;
    this.lossSum += loss * count;
    if (this.metrics.length === 0) return;
    this.predictions ??= new Collected(predictions.shape, this.capacity);
    this.targets ??= new Collected(targets.shape, this.capacity);
    this.predictions.add(predictions);
    this.targets.add(targets);
  }

  result(): Scores {
    const { predictions, targets } = this;
    const metrics =
      predictions && targets
        ? this.metrics.map((name) => [name, metric(name, predictions.array(), targets.array())] as const)
        : [];
    return { loss: this.lossSum / this.samples, metrics: Object.fromEntries(metrics) };
  }
}

/** Batches put together again. */
class Collected {
  private readonly sampleShape: readonly number[];
  private readonly data: Float64Array;
  private length = 0;

  constructor([, ...sampleShape]: readonly number[], capacity: number) {
    this.sampleShape = sampleShape;
    this.data = new Float64Array(capacity * sizeOf(sampleShape));
  }

  add({ data }: NdArray): void {
    this.data.set(data, this.length);
    this.length += data.length;
  }

  array(): NdArray {
    const samples = this.length / sizeOf(this.sampleShape);
    return { shape: [samples, ...this.sampleShape], data: this.data.subarray(0, this.length) };
  }
}
