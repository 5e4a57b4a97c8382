// The training worker as seen from the extension host: typed requests with answers, and events. Starts the worker when it
// is first asked for something and again after a crash; knows nothing about documents.

import { Worker } from "node:worker_threads";
import * as vscode from "vscode";
import type {
  FromWorker,
  WorkerEvent,
  WorkerMethod,
  WorkerRequest,
  WorkerRequests,
} from "../../engine/protocol/worker";

type AnyResult = WorkerRequests[WorkerMethod]["result"];

interface Pending {
  readonly resolve: (result: AnyResult) => void;
  readonly reject: (reason: Error) => void;
}

export class WorkerClient implements vscode.Disposable {
  private readonly events = new vscode.EventEmitter<WorkerEvent>();
  private readonly crashes = new vscode.EventEmitter<string>();
  private readonly pending = new Map<number, Pending>();
  private worker: Worker | undefined;
  private lastId = 0;

  readonly onEvent = this.events.event;
  /** The worker ended without being asked to; says why. The next request starts a new one. */
  readonly onCrash = this.crashes.event;

  /** `bundle` is the path of the worker's script. */
  constructor(private readonly bundle: string) {}

  request<M extends WorkerMethod>(
    method: M,
    parameters: WorkerRequests[M]["parameters"],
  ): Promise<WorkerRequests[M]["result"]> {
    this.worker ??= this.start();
    const { worker } = this;
    const id = ++this.lastId;
    const answer = new Promise<AnyResult>((resolve, reject) => this.pending.set(id, { resolve, reject }));
    worker.postMessage({ id, method, parameters } as WorkerRequest);
    return answer as Promise<WorkerRequests[M]["result"]>;
  }

  /** Ends what the worker is doing, for this reason; the next request starts a new one. */
  restart(reason: string): void {
    void this.worker?.terminate();
    this.abandon(new Error(reason));
  }

  dispose(): void {
    this.restart("The document was closed.");
    this.events.dispose();
    this.crashes.dispose();
  }

  private start(): Worker {
    const worker = new Worker(this.bundle, { name: "nnet" });
    worker.on("message", (message: FromWorker) => this.receive(message));
    worker.on("error", (error) => this.crashed(worker, error.message));
    worker.on("exit", (code) => this.crashed(worker, `it ended with exit code ${code}`));
    return worker;
  }

  private receive(message: FromWorker): void {
    switch (message.kind) {
      case "answer":
        this.settle(message.id)?.resolve(message.result);
        return;
      case "error":
        this.settle(message.id)?.reject(new Error(message.message));
        return;
      default:
        this.events.fire(message);
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private crashed(worker: Worker, reason: string): void {
    // An error is followed by an exit; the first of them counts. A disposed client's worker was ended by us.
    if (this.worker !== worker) return;
    this.worker = undefined;
    const message = `The training worker stopped unexpectedly: ${reason}. Its weights are lost; the next command starts a new one.`;
    this.abandon(new Error(message));
    this.crashes.fire(message);
  }

  private abandon(reason: Error): void {
    this.worker = undefined;
    const abandoned = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of abandoned) reject(reason);
  }
}
