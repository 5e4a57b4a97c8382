// The worker's side of the conversation at a desk of the test's own: its clock, its scheduler, the messages it sent.

import type { FileReader } from "../../../engine/data/dataset";
import type { EpochReport, Snapshot, TrainingState } from "../../../engine/protocol/snapshot";
import type { FromWorker, TrainingOrder, WorkerMethod, WorkerRequests } from "../../../engine/protocol/worker";
import { Session } from "../../../engine/runtime/session";
import { moduleOf } from "./support";

export const noFiles: FileReader = {
  read: () => Promise.reject(new Error("no file")),
  version: () => Promise.resolve(undefined),
};

/** A session whose time passes only in `work`: each reading of the clock is a millisecond later. */
export class Desk {
  readonly messages: FromWorker[] = [];
  private readonly waiting: (() => void)[] = [];
  private time = 0;
  private lastId = 0;
  private readonly session: Session;

  constructor(files: FileReader = noFiles) {
    this.session = new Session({
      filesOf: () => files,
      send: (message) => this.messages.push(structuredClone(message)),
      now: () => this.time++,
      later: (work) => this.waiting.push(work),
    });
  }

  async ask<M extends WorkerMethod>(
    method: M,
    parameters: WorkerRequests[M]["parameters"],
  ): Promise<WorkerRequests[M]["result"]> {
    const id = ++this.lastId;
    await this.session.answer({ id, method, parameters } as Parameters<Session["answer"]>[0]);
    const answer = this.messages.find((message) => "id" in message && message.id === id);
    if (answer?.kind === "error") throw new Error(answer.message);
    if (answer?.kind !== "answer") throw new Error("no answer");
    return answer.result as WorkerRequests[M]["result"];
  }

  /** Lets some slices of training happen; all that are left without a number. */
  work(slices = Number.POSITIVE_INFINITY): void {
    for (let slice = 0; slice < slices && this.waiting.length > 0; slice++) this.waiting.shift()!();
  }

  /** Lets slices happen, of training and of the question, until it is answered. */
  async until<Result>(answer: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    answer.then(settle, settle);
    while (!isSettled) {
      this.work(1);
      await new Promise(setImmediate);
    }
    return answer;
  }

  /** Settled when all checkpoints are written. */
  written(): Promise<void> {
    return this.session.close();
  }

  get states(): TrainingState["kind"][] {
    return this.messages.flatMap((message) => (message.kind === "state" ? [message.state.kind] : []));
  }

  get snapshots(): Snapshot[] {
    return this.messages.flatMap((message) => (message.kind === "snapshot" ? [message.snapshot] : []));
  }

  /** As told with the newest Snapshot. */
  get keptSteps(): readonly number[] {
    const told = this.messages.findLast((message) => message.kind === "snapshot");
    if (told?.kind !== "snapshot") throw new Error("no Snapshot");
    return told.keptSteps;
  }

  get reports(): EpochReport[] {
    return this.messages.flatMap((message) => (message.kind === "epochs" ? message.reports : []));
  }
}

export const orderOf = async (text: string, version = 1): Promise<TrainingOrder> => ({
  training: (await moduleOf(text)).trainings[0]!,
  folder: "/nowhere",
  document: "a.nnet",
  version,
});
