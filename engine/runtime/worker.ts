// Entry of the training worker (`worker_threads`): connects a Session to the port, the clock and the file system.

import { availableParallelism } from "node:os";
import { parentPort } from "node:worker_threads";
import { filesOf } from "../data/files";
import type { FromWorker, WorkerRequest } from "../protocol/worker";
import { CompiledComputation } from "./compiled-computation";
import { Session } from "./session";

const port = parentPort;
if (!port) throw new Error("worker.ts is the entry of a worker thread");

// With two cores, two threads would leave none to the editor: hovers would come seconds late.
const threads = availableParallelism() > 2 ? undefined : 1;

const session = new Session({
  computation: (options) => new CompiledComputation(options, threads),
  filesOf,
  send: (message: FromWorker) => port.postMessage(message),
  now: () => performance.now(),
  // setImmediate comes after the messages that have arrived.
  later: (work) => void setImmediate(work),
});

port.on("message", (request: WorkerRequest) => void session.answer(request));
port.once("close", () => session.close());
