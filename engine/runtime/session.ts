// The worker's side of the conversation: answers requests, trains in slices between them, sends Snapshots. Its clock,
// files and scheduler come from outside; weights and data never leave it.

import { DataError, type FileReader } from "../data/dataset";
import { describe } from "../data/readers";
import { meaningOf } from "../model/meaning";
import type { DataDescription } from "../protocol/data";
import type { Evaluation, EvaluationOrder, SliceOrder, TensorSlice } from "../protocol/inspection";
import type { Check, DataDeclaration } from "../protocol/network";
import type { CheckReport, EpochReport, RunResult, TrainingState } from "../protocol/snapshot";
import type {
  FromWorker,
  RunOrder,
  TrainingOrder,
  WorkerMethod,
  WorkerRequest,
  WorkerRequests,
} from "../protocol/worker";
import { runCheck } from "./check";
import { resumedFrom, stateFor } from "./checkpoint";
import { checkpointFileOf, type ReadCheckpoint } from "./checkpoint-file";
import { CheckpointWriter } from "./checkpoint-writer";
import type { CreateComputation } from "./computation";
import { DataCache } from "./data-cache";
import { derivationPage } from "./derive";
import { evaluate } from "./evaluation";
import { Explainer } from "./explainer";
import { inSlices, type Pacing, unless } from "./pacing";
import { ParameterFiles } from "./parameter-files";
import { run, weightsFor } from "./run";
import { sliceOf } from "./tensor-slice";
import { type Progress, Trainer } from "./trainer";
import type { TrainingMoment } from "./training-moment";
import { TrainingRuns } from "./training-runs";
import { TrainingWatch } from "./training-watch";

export interface SessionEnvironment {
  filesOf(folder: string): FileReader;
  send(message: FromWorker): void;
  /** In float64 when absent. */
  readonly computation?: CreateComputation;
  /** Milliseconds. */
  now(): number;
  /** Runs it after the messages that are waiting. */
  later(work: () => void): void;
}

const slice = 10; // ms of training between looks at the messages

type Result<Method extends WorkerMethod> = WorkerRequests[Method]["result"];

type Handlers = {
  readonly [Method in WorkerMethod]: (
    parameters: WorkerRequests[Method]["parameters"],
  ) => Result<Method> | Promise<Result<Method>>;
};

interface Beginning {
  readonly fromCheckpoint: boolean;
}

/** A training that has begun. */
interface Active {
  readonly trainer: Trainer;
  readonly order: TrainingOrder;
  readonly watch: TrainingWatch;
  running: boolean;
}

export class Session {
  private readonly data: DataCache;
  /** The training that runs, or whose weights are kept. */
  private active: Active | undefined;
  /** Counts trainings begun, stopped and reset: one that is being prepared is dropped when the number has moved on. */
  private generation = 0;
  /** Of the training being prepared. */
  private preparing: { startPaused: boolean } | undefined;
  private state: TrainingState = { kind: "idle" };
  /** Counts evaluations: one that is under way gives up when the number has moved on. */
  private evaluations = 0;
  /** Epochs that were not sent yet. */
  private unsent: EpochReport[] = [];
  private readonly runs = new TrainingRuns();
  private readonly explainer: Explainer;
  /** By the file they write. */
  private readonly writers = new Map<string, CheckpointWriter>();

  constructor(private readonly environment: SessionEnvironment) {
    this.data = new DataCache((folder) => environment.filesOf(folder));
    this.explainer = new Explainer(this.pacing);
  }

  async answer(request: WorkerRequest): Promise<void> {
    const { id } = request;
    try {
      this.send({ kind: "answer", id, result: await this.handle(request) });
    } catch (error) {
      this.send({ kind: "error", id, message: messageOf(error) });
    }
  }

  /** Ends everything: no request can be answered afterwards. Settled when all checkpoints are written. */
  async close(): Promise<void> {
    this.generation++;
    this.forget();
    this.runs.close();
    await Promise.all([...this.writers.values()].map((writer) => writer.settled()));
  }

  private handle<Method extends WorkerMethod>(request: {
    method: Method;
    parameters: WorkerRequests[Method]["parameters"];
  }): Result<Method> | Promise<Result<Method>> {
    return this.handlers[request.method](request.parameters);
  }

  private readonly handlers: Handlers = {
    describeData: ({ data, folder }) => this.describeData(data, folder),
    describeNumbers: ({ file, folder }) => this.filesFor(folder).describe(file),
    train: (order) => this.train(order, { fromCheckpoint: false }),
    trainFromCheckpoint: (order) => this.train(order, { fromCheckpoint: true }),
    step: (order) => this.step(order),
    pause: () => this.pause(),
    resume: () => this.resume(),
    stop: () => this.stop(),
    reset: () => this.reset(),
    inspect: (order) => this.inspect(order),
    explain: (order) => this.explainer.explain(this.moment(order.step), order),
    evaluate: (order) => this.evaluate(order),
    run: (order) => this.run(order),
    check: ({ check, folder }) => this.check(check, folder),
    derive: (order) => this.derive(order.check, order.folder),
  };

  private describeData(data: DataDeclaration, folder: string): Promise<DataDescription> {
    return describe(() => this.data.get(data, folder));
  }

  private async train(order: TrainingOrder, from: Beginning): Promise<undefined> {
    const begun = await this.begin(order, { startPaused: false }, from);
    if (!begun) return;
    if (this.state.kind === "paused") this.sendSnapshot(begun);
    else this.go(begun);
  }

  private async step(order: TrainingOrder): Promise<undefined> {
    const { active } = this;
    const goesOn =
      active !== undefined &&
      (this.state.kind === "running" || this.state.kind === "paused") &&
      meaningOf(active.order.training) === meaningOf(order.training);
    const stepped = goesOn
      ? this.goOnPaused(active, order)
      : await this.begin(order, { startPaused: true }, { fromCheckpoint: false });
    if (!stepped) return;
    for (const progress of stepped.trainer.stepOnce()) this.report(stepped, progress);
    if (this.state.kind !== "paused") return;
    if (stepped.trainer.isFinished) this.report(stepped, { kind: "finished" });
    else this.sendSnapshot(stepped);
  }

  /** The same training, held and with the newest version of its document. */
  private goOnPaused(active: Active, order: TrainingOrder): Active {
    active.running = false;
    if (this.state.kind !== "paused") this.enter({ kind: "paused", training: order.training.name });
    this.active = { ...active, order, running: false };
    return this.active;
  }

  private pause(): undefined {
    if (this.preparing) this.preparing.startPaused = true;
    const { active } = this;
    if (!active?.running) return;
    active.running = false;
    this.enter({ kind: "paused", training: active.order.training.name });
    this.sendSnapshot(active);
  }

  private resume(): undefined {
    if (this.preparing) this.preparing.startPaused = false;
    if (this.state.kind === "paused" && this.active) this.go(this.active);
  }

  private async stop(): Promise<undefined> {
    const { active, state } = this;
    this.generation++;
    this.preparing = undefined;
    if (active) active.running = false;
    if (state.kind === "preparing" || state.kind === "running" || state.kind === "paused") {
      this.enter({ kind: "stopped", training: state.training });
      if (active && state.kind !== "preparing") {
        this.sendSnapshot(active);
        await this.writeLast(active);
      }
    }
  }

  private async reset(): Promise<undefined> {
    const stopped = this.stop();
    this.forget();
    this.enter({ kind: "idle" });
    await stopped;
  }

  /** Gives up the training that was begun, and its weights. */
  private forget(): void {
    const { active } = this;
    this.active = undefined;
    if (!active) return;
    active.running = false;
    active.trainer.close();
  }

  private inspect(order: SliceOrder): TensorSlice {
    const moment = this.moment(order.step);
    return { ...sliceOf(moment.inspect(), order), step: moment.step };
  }

  private async evaluate({ part, step }: EvaluationOrder): Promise<Evaluation | undefined> {
    const moment = this.moment(step);
    const evaluation = ++this.evaluations;
    const work = unless(() => evaluation !== this.evaluations, evaluate(moment, part));
    return await inSlices(work, this.pacing);
  }

  /** As it was after a step, or as it is. Throws DataError when there is nothing to look at. */
  private moment(step: number | undefined): TrainingMoment {
    if (!this.active) throw new DataError("there are no weights to look at yet: train or step first");
    return this.active.watch.moment(step);
  }

  private async run(order: RunOrder): Promise<RunResult> {
    const { input, network, seed } = order;
    const data = input.kind === "sample" ? await this.data.get(input.data, order.folder) : undefined;
    const weights = await weightsFor(network, seed, this.active?.trainer, this.filesFor(order.folder));
    return run(order, weights, data);
  }

  /** A training that a check runs first is its own: it leaves the one that is active alone, and takes turns with it. */
  private check(check: Check, folder: string): Promise<CheckReport> {
    const { pacing } = this;
    const files = this.filesFor(folder);
    const environment = {
      ...pacing,
      files,
      ...this.computation,
      data: (declaration: DataDeclaration) => this.data.get(declaration, folder),
    };
    return runCheck(check, { ...pacing, files, train: (training, look) => this.runs.use(training, environment, look) });
  }

  private get pacing(): Pacing {
    return { now: () => this.environment.now(), pause: () => this.turn() };
  }

  /** Settled after the messages and the slice of training that are waiting. */
  private turn(): Promise<void> {
    return new Promise((resolve) => this.environment.later(resolve));
  }

  private async derive(check: Check, folder: string): Promise<{ markdown: string }> {
    return { markdown: derivationPage({ ...check, network: await this.filesFor(folder).read(check.network) }) };
  }

  private get computation(): { readonly computation?: CreateComputation } {
    const { computation } = this.environment;
    return computation ? { computation } : {};
  }

  private filesFor(folder: string): ParameterFiles {
    return new ParameterFiles((of) => this.environment.filesOf(of), folder);
  }

  /** Reads the data and builds the trainer; undefined when something else was asked for meanwhile. */
  private async begin(
    order: TrainingOrder,
    preparing: { startPaused: boolean },
    { fromCheckpoint }: Beginning,
  ): Promise<Active | undefined> {
    const { training, folder } = order;
    const generation = ++this.generation;
    if (this.active) this.active.running = false;
    this.preparing = preparing;
    this.enter({ kind: "preparing", training: training.name });
    try {
      const { validation } = training;
      const data = await this.data.get(training.data, folder);
      const validationData = validation.kind === "data" ? await this.data.get(validation.data, folder) : undefined;
      const network = await this.filesFor(folder).read(training.network);
      const read = fromCheckpoint ? await this.readCheckpoint(order) : undefined;
      if (generation !== this.generation) return undefined;
      const trainer = new Trainer({
        training: { ...training, network },
        data,
        ...(validationData && { validation: validationData }),
        now: () => this.environment.now(),
        ...this.computation,
        ...(read && { state: stateFor(read, training, data, validationData) }),
      });
      this.forget();
      const watch = new TrainingWatch(trainer, () => this.environment.now());
      this.active = { trainer, watch, order, running: false };
      if (read) this.tellResumed(read, trainer);
    } catch (error) {
      if (generation !== this.generation) return undefined;
      this.preparing = undefined;
      this.enter({ kind: "failed", training: training.name, message: messageOf(error) });
      throw error;
    }
    this.preparing = undefined;
    if (preparing.startPaused) this.enter({ kind: "paused", training: training.name });
    return this.active;
  }

  private async readCheckpoint(order: TrainingOrder): Promise<ReadCheckpoint> {
    const file = checkpointFileOf(order.training, order);
    if (!file)
      throw new DataError(`${order.training.name} has no entry checkpoint, which says where it is written down`);
    await this.writers.get(file.full)?.settled();
    return file.read();
  }

  private tellResumed({ file, warning }: ReadCheckpoint, trainer: Trainer): void {
    if (warning !== undefined) this.send({ kind: "notice", level: "warning", message: warning });
    this.send({ kind: "notice", level: "information", message: resumedFrom(file, trainer) });
    for (const report of trainer.reports) this.unsent.push(report);
  }

  /** Begins to write a checkpoint when one is due. */
  private writeDue({ trainer, order }: Active, epoch: number): void {
    const { checkpoint } = order.training;
    if (checkpoint && epoch % checkpoint.epochs === 0) this.writerFor(order)?.offer(trainer);
  }

  /** Settled when it is written, if one is to be. */
  private async writeLast({ trainer, order }: Active): Promise<void> {
    if (trainer.step > 0) await this.writerFor(order)?.finish(trainer);
  }

  private writerFor(order: TrainingOrder): CheckpointWriter | undefined {
    const file = checkpointFileOf(order.training, order);
    if (!file) return undefined;
    const known = this.writers.get(file.full);
    if (known) return known;
    const writer = new CheckpointWriter(file, {
      now: () => this.environment.now(),
      warn: (message) => this.send({ kind: "notice", level: "warning", message }),
    });
    this.writers.set(file.full, writer);
    return writer;
  }

  /** Trains until something is asked for or nothing is left to do. */
  private go(active: Active): void {
    active.running = true;
    this.enter({ kind: "running", training: active.order.training.name });
    this.environment.later(() => this.trainSlice(active));
  }

  private trainSlice(active: Active): void {
    const { now } = this.environment;
    const end = now() + slice;
    try {
      for (let time = now(); active.running && time < end; time = now()) {
        this.report(active, active.trainer.advance());
        if (active.running && active.watch.isDue(time)) this.sendSnapshot(active);
      }
    } catch (error) {
      active.running = false;
      this.enter({ kind: "failed", training: active.order.training.name, message: messageOf(error) });
    }
    this.sendEpochs();
    if (active.running) this.environment.later(() => this.trainSlice(active));
  }

  private report(active: Active, progress: Progress): void {
    const training = active.order.training.name;
    switch (progress.kind) {
      case "step":
      case "validation":
        return;
      case "epoch":
        this.unsent.push(progress.report);
        this.writeDue(active, progress.report.epoch);
        return;
      case "finished":
        active.running = false;
        this.sendSnapshot(active);
        this.enter({ kind: "finished", training, ...(progress.note !== undefined && { note: progress.note }) });
        void this.writeLast(active);
        return;
      case "failed":
        active.running = false;
        this.sendSnapshot(active);
        this.enter({
          kind: "failed",
          training,
          message: progress.message,
          ...(progress.value !== undefined && { value: progress.value }),
        });
        return;
      default:
        progress satisfies never;
    }
  }

  private sendSnapshot({ watch, order }: Active): void {
    const snapshot = watch.look(order.version);
    this.send({ kind: "snapshot", snapshot, keptSteps: watch.keptSteps });
  }

  private enter(state: TrainingState): void {
    this.state = state;
    this.send({ kind: "state", state });
  }

  /** After the epochs that came before it. */
  private send(message: FromWorker): void {
    this.sendEpochs();
    this.environment.send(message);
  }

  private sendEpochs(): void {
    if (this.unsent.length === 0) return;
    this.environment.send({ kind: "epochs", reports: this.unsent });
    this.unsent = [];
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
