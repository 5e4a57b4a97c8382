// The second thread of a machine: a worker that has the same kernels over the same memory and takes part in its runs.

import { Worker } from "node:worker_threads";
import type { Shared } from "../compiler/machine";

export class KernelThread {
  private readonly ready = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;

  constructor({ module, memory }: Shared) {
    // As text, because bundles, tests and scripts all find their own files elsewhere.
    this.worker = new Worker(source, { eval: true, workerData: { module, memory, ready: this.ready } });
    this.worker.unref();
  }

  /** Whether it takes part: a run with two threads waits for it from then on. */
  get isReady(): boolean {
    return Atomics.load(this.ready, 0) === 1;
  }

  /** Holds up the caller until it takes part. */
  wait(): void {
    Atomics.wait(this.ready, 0, 0);
  }

  /** For a thread that did not get ready; one that did ends with its machine. */
  terminate(): void {
    void this.worker.terminate();
  }
}

const source = `
const { workerData } = require("node:worker_threads");
const { module, memory, ready } = workerData;
const host = () => { throw new Error("Only the first thread runs ops of the host."); };
const { serve } = new WebAssembly.Instance(module, { env: { memory, host } }).exports;
Atomics.store(ready, 0, 1);
Atomics.notify(ready, 0);
serve(1, 0);
`;
