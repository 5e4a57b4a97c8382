// A worker that ends by itself: what waits for it hears why, and the next request finds a new one.

import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Training } from "../../engine/protocol/network";
import { Session } from "../../extension/host/session";
import { WorkerClient } from "../../extension/host/worker-client";
import { eventually } from "./support";

/** Stands in for the training worker: stops at `pause`, never answers `run`, and answers everything else. */
const script = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ id, method, parameters }) => {
  if (method === "pause") throw new Error("out of memory");
  if (method === "run") return;
  if (method === "train") parentPort.postMessage({ kind: "state", state: { kind: "running", training: parameters.training.name } });
  parentPort.postMessage({ kind: "answer", id });
});
`;

suite("a worker that ends by itself", () => {
  let folder: string;
  let bundle: string;

  setup(() => {
    folder = mkdtempSync(path.join(tmpdir(), "nnet-worker-"));
    bundle = path.join(folder, "worker.cjs");
    writeFileSync(bundle, script);
  });
  teardown(() => rmSync(folder, { recursive: true, force: true }));

  test("tells everyone who waits why, and the next request finds a new one", async () => {
    const client = new WorkerClient(bundle);
    const crashes: string[] = [];
    client.onCrash((message) => crashes.push(message));
    const expected = /stopped unexpectedly: out of memory\. Its weights are lost/;
    await assert.rejects(client.request("pause", undefined), expected);
    assert.equal(crashes.length, 1);
    assert.match(crashes[0]!, expected);
    await client.request("stop", undefined);
    client.dispose();
  });

  test("ends what it does when it is restarted, for the given reason", async () => {
    const client = new WorkerClient(bundle);
    const endless = assert.rejects(client.request("run", undefined as never), /The run was cancelled/);
    client.restart("The run was cancelled.");
    await endless;
    await client.request("stop", undefined);
    client.dispose();
  });

  test("makes its training a failed one, told once", async () => {
    const session = new Session(vscode.Uri.file(path.join(folder, "some.nnet")), bundle);
    const failures: string[] = [];
    session.onDidChange(() => {
      if (session.state.kind === "failed") failures.push(session.state.message);
    });
    await session.train({ name: "Some" } as Training, 1);
    await eventually(
      () => session.state.kind,
      (kind) => kind === "running",
    );
    await session.pause();
    assert.equal(failures.length, 1);
    assert.match(failures[0]!, /The training worker stopped unexpectedly: out of memory/);
    await session.train({ name: "Some" } as Training, 2);
    assert.equal(session.state.kind, "running");
    await session.close();
  });
});
