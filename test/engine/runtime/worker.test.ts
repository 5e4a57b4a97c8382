// The bundled worker in a thread of its own: it answers while it trains. Nothing here measures time.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { FromWorker, TrainingOrder, WorkerMethod, WorkerRequests } from "../../../engine/protocol/worker";
import { checkOf, moduleOf, noisy } from "./support";

const bundle = join(mkdtempSync(join(tmpdir(), "nnet-worker-")), "worker.cjs");

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL("../../../engine/runtime/worker.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outfile: bundle,
    logLevel: "warning",
  });
});

class Conversation {
  readonly messages: FromWorker[] = [];
  private readonly worker = new Worker(bundle);
  private readonly listeners = new Set<() => void>();
  private lastId = 0;

  constructor() {
    this.worker.on("message", (message: FromWorker) => {
      this.messages.push(message);
      for (const listener of this.listeners) listener();
    });
  }

  async ask<M extends WorkerMethod>(method: M, parameters: WorkerRequests[M]["parameters"]): Promise<void> {
    const id = ++this.lastId;
    this.worker.postMessage({ id, method, parameters });
    await this.until(() => this.messages.some((message) => "id" in message && message.id === id));
  }

  until(happened: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!happened()) return;
        this.listeners.delete(look);
        resolve();
      };
      this.listeners.add(look);
      look();
    });
  }

  get steps(): number[] {
    return this.messages.flatMap((message) => (message.kind === "snapshot" ? [message.snapshot.step] : []));
  }

  get state(): string {
    return this.messages.flatMap((message) => (message.kind === "state" ? [message.state.kind] : [])).at(-1) ?? "none";
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

let conversation: Conversation;
afterEach(() => conversation.end());

const endless = async (): Promise<TrainingOrder> => {
  const { trainings } = await moduleOf(noisy.replace("epochs: 5", "epochs: 100000000"));
  return { training: trainings[0]!, folder: "/nowhere", document: "a.nnet", version: 1 };
};

test("snapshots keep coming while it trains, and stop is answered", async () => {
  conversation = new Conversation();
  await conversation.ask("train", await endless());
  await conversation.until(() => conversation.steps.length >= 3);
  expect(conversation.steps).toEqual([...conversation.steps].sort((a, b) => a - b));
  await conversation.ask("stop", undefined);
  expect(conversation.state).toBe("stopped");
  const { length } = conversation.messages;
  // Another answer comes after everything the training could still have sent.
  await conversation.ask("pause", undefined);
  expect(conversation.messages).toHaveLength(length + 1);
});

test("a pause holds the step count until it resumes", async () => {
  conversation = new Conversation();
  await conversation.ask("train", await endless());
  await conversation.until(() => conversation.steps.length >= 1);
  await conversation.ask("pause", undefined);
  const held = conversation.steps.at(-1)!;
  await conversation.ask("step", await endless());
  expect(conversation.steps.at(-1)).toBe(held + 1);
  await conversation.ask("resume", undefined);
  await conversation.until(() => conversation.steps.at(-1)! > held + 1);
  await conversation.ask("reset", undefined);
  expect(conversation.state).toBe("idle");
});

test("a check that trains first lets everything else be answered, and ends with its worker", async () => {
  conversation = new Conversation();
  const { training, folder } = await endless();
  const check = await checkOf(`network Double(x) { y = 2 * x  return y }
    check "never" on Double(x: 3) { expect y == 6 }`);
  const never = { ...check, network: training.network, after: training };
  let answered = false;
  void conversation.ask("check", { check: never, folder }).then(() => {
    answered = true;
  });
  await conversation.ask("describeData", { data: training.data, folder });
  // Other trainings take turns with the check's.
  await conversation.ask("train", await endless());
  await conversation.until(() => conversation.steps.length >= 2);
  await conversation.ask("stop", undefined);
  expect(answered).toBe(false);
});
