// One document's training: its worker, its state, its last snapshot and its epochs. Asks the worker and keeps what it
// answers; decides nothing about how it is shown.

import * as path from "node:path";
import * as vscode from "vscode";
import type { AskedMoment } from "../../engine/protocol/inspection";
import type { Network, Training } from "../../engine/protocol/network";
import type { EpochReport, RunResult, Snapshot, TrainingState } from "../../engine/protocol/snapshot";
import type { EarlierRun } from "../../engine/protocol/webview";
import type { RunOrder, TrainingOrder, WorkerEvent, WorkerMethod, WorkerRequests } from "../../engine/protocol/worker";
import type { Analysis } from "../language/analyze";
import { meaningOf } from "../language/meaning";
import { History } from "./history";
import { Recording } from "./recording";
import { WorkerClient } from "./worker-client";

export type SessionChange =
  | { readonly kind: "state" }
  | { readonly kind: "snapshot" }
  | { readonly kind: "notice"; readonly level: "information" | "warning"; readonly message: string }
  | { readonly kind: "epochs"; readonly reports: readonly EpochReport[] };

export class Session {
  readonly worker: WorkerClient;
  private readonly changes = new vscode.EventEmitter<SessionChange>();
  private readonly meanings = new WeakMap<Network, string>();
  private currentState: TrainingState = { kind: "idle" };
  private currentSnapshot: Snapshot | undefined;
  private reports = new History();
  private recording = new Recording();
  /** Whose weights the worker has, oldest first. */
  private keptSteps: readonly number[] = [];
  /** The recorded step that is looked at; the newest when undefined. */
  private shownStep: number | undefined;
  private readonly earlier: EarlierRun[] = [];
  private runs = 0;
  private order: TrainingOrder | undefined;

  readonly onDidChange = this.changes.event;

  constructor(
    readonly uri: vscode.Uri,
    workerBundle: string,
  ) {
    this.worker = new WorkerClient(workerBundle);
    this.worker.onEvent((event) => this.receive(event));
    this.worker.onCrash((message) => this.crashed(message));
  }

  get state(): TrainingState {
    return this.currentState;
  }

  get snapshot(): Snapshot | undefined {
    return this.currentSnapshot;
  }

  /** What is looked at: the newest Snapshot, or a recorded one. */
  get shown(): Snapshot | undefined {
    return this.shownStep === undefined ? this.currentSnapshot : this.recording.at(this.shownStep);
  }

  /** Whether a recorded Snapshot is looked at instead of the newest. */
  get looksBack(): boolean {
    return this.shownStep !== undefined;
  }

  /** What the worker is asked about: the step that is looked at, or the newest it has. */
  get moment(): AskedMoment {
    const { shown } = this;
    return this.looksBack && shown ? { step: shown.step } : {};
  }

  /** Of the current training, oldest first; evenly spread when there were many. */
  get recorded(): readonly Snapshot[] {
    return this.recording.snapshots;
  }

  /** Recorded steps whose weights the worker no longer has, oldest first: what is asked about them is refused. */
  get goneSteps(): readonly number[] {
    const kept = new Set(this.keptSteps);
    return this.recorded.map(({ step }) => step).filter((step) => !kept.has(step));
  }

  /** Looks at the training as it was after this step; without one, as it is. */
  look(step: number | undefined): void {
    this.shownStep = step === undefined ? undefined : this.recording.at(step)?.step;
    this.changes.fire({ kind: "snapshot" });
  }

  /** The trainings before the current one, oldest first: the last few. */
  get earlierRuns(): readonly EarlierRun[] {
    return this.earlier;
  }

  /** The epochs of the current training, oldest first; of a very long one fewer, evenly spread. */
  get history(): readonly EpochReport[] {
    return this.reports.reports;
  }

  /** What is or was trained last, as it was written then. */
  get training(): Training | undefined {
    return this.order?.training;
  }

  /** What relative paths of data sources start from. */
  get folder(): string {
    return folderOf(this.uri);
  }

  /** Whether the text no longer says what was trained; comments and other declarations do not count. */
  isStale(analysis: Analysis): boolean {
    const trained = this.order?.training;
    if (!trained) return false;
    const written = analysis.module.trainings.find(({ name }) => name === trained.name);
    return !written || this.meaningOf(written.network) !== this.meaningOf(trained.network);
  }

  /** Each is asked about with every frame. */
  private meaningOf(network: Network): string {
    const known = this.meanings.get(network) ?? meaningOf(network);
    this.meanings.set(network, known);
    return known;
  }

  async train(training: Training, version: number): Promise<void> {
    await this.begin("train", training, version);
  }

  async trainFromCheckpoint(training: Training, version: number): Promise<void> {
    await this.begin("trainFromCheckpoint", training, version);
  }

  async step(training: Training, version: number): Promise<void> {
    const { state, order } = this;
    const isUnderWay = state.kind === "paused" || state.kind === "running";
    const goesOn = isUnderWay && order && meaningOf(order.training) === meaningOf(training);
    if (!goesOn) {
      await this.begin("step", training, version);
      return;
    }
    this.order = this.orderOf(training, version);
    await this.control("step", this.order);
  }

  async pause(): Promise<void> {
    await this.control("pause", undefined);
  }

  async resume(): Promise<void> {
    await this.control("resume", undefined);
  }

  async stop(): Promise<void> {
    await this.control("stop", undefined);
  }

  async reset(): Promise<void> {
    await this.worker.request("reset", undefined);
    this.forget();
    this.setState({ kind: "idle" });
  }

  async run(order: RunOrder): Promise<RunResult> {
    return await this.worker.request("run", order);
  }

  /** Stops a training first, so that its last checkpoint is on the disk. */
  async close(): Promise<void> {
    const { kind } = this.state;
    try {
      if (kind === "running" || kind === "paused") await this.stop();
    } finally {
      this.worker.dispose();
      this.changes.dispose();
    }
  }

  private async begin(
    method: "train" | "trainFromCheckpoint" | "step",
    training: Training,
    version: number,
  ): Promise<void> {
    const order = this.orderOf(training, version);
    this.forget(order);
    this.setState({ kind: "preparing", training: training.name });
    try {
      await this.control(method, order);
    } catch (error) {
      this.setState({ kind: "idle" });
      throw error;
    }
  }

  private orderOf(training: Training, version: number): TrainingOrder {
    return { training, folder: this.folder, document: path.basename(this.uri.path), version };
  }

  /** A failure that ends the training is told as its state, and only there. */
  private async control<M extends WorkerMethod>(method: M, parameters: WorkerRequests[M]["parameters"]): Promise<void> {
    try {
      await this.worker.request(method, parameters);
    } catch (error) {
      if (this.state.kind !== "failed") throw error;
    }
  }

  private receive(event: WorkerEvent): void {
    switch (event.kind) {
      case "state":
        this.setState(event.state);
        return;
      case "epochs":
        for (const report of event.reports) this.reports.add(report);
        this.changes.fire({ kind: "epochs", reports: event.reports });
        return;
      case "snapshot":
        this.currentSnapshot = event.snapshot;
        this.recording.add(event.snapshot);
        this.keptSteps = event.keptSteps;
        this.changes.fire({ kind: "snapshot" });
        return;
      case "notice":
        this.changes.fire(event);
        return;
      default:
        event satisfies never;
    }
  }

  private crashed(message: string): void {
    const { state } = this;
    const training = state.kind === "running" || state.kind === "paused" || state.kind === "preparing";
    if (training) {
      this.setState({ kind: "failed", training: state.training, message });
      return;
    }
    this.forget();
    this.setState({ kind: "idle" });
  }

  private setState(state: TrainingState): void {
    this.currentState = state;
    this.changes.fire({ kind: "state" });
  }

  private keepRun(): void {
    const { order, history } = this;
    if (!order || history.length === 0) return;
    const stride = Math.ceil(history.length / mostEarlierReports);
    const reports = history.filter((report, index) => index % stride === 0 || report === history.at(-1));
    this.earlier.push({ name: `${order.training.name} ${++this.runs}`, reports });
    if (this.earlier.length > mostEarlierRuns) this.earlier.shift();
  }

  /** Of what was trained; `next` takes its place. */
  private forget(next?: TrainingOrder): void {
    this.keepRun();
    this.currentSnapshot = undefined;
    this.recording = new Recording();
    this.keptSteps = [];
    this.shownStep = undefined;
    this.reports = new History();
    this.order = next;
    this.changes.fire({ kind: "snapshot" });
  }
}

/** Of one earlier run and of all. */
const mostEarlierReports = 200;
const mostEarlierRuns = 5;

/** The folder of a file; for a document that has none yet, the first folder of the workspace. */
export function folderOf(uri: vscode.Uri): string {
  if (uri.scheme === "file") return path.dirname(uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? process.cwd();
}
