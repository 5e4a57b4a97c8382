// The bundled program in a process of its own: exit codes, Ctrl+C, a closed pipe.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { CheckpointFile } from "../../engine/runtime/checkpoint-file";
import { xor } from "../engine/runtime/support";

const folder = mkdtempSync(join(tmpdir(), "nnet-process-"));
const program = join(folder, "cli.mjs");

beforeAll(async () => {
  writeFileSync(join(folder, "endless.nnet"), xor.replace("epochs: 200", "epochs: 100000000"));
  await build({
    entryPoints: [fileURLToPath(new URL("../../extension/cli/main.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outfile: program,
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
});

const start = (...args: string[]): ChildProcess => spawn(process.execPath, [program, ...args], { cwd: folder });
const exitCode = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on("exit", resolve));
const firstOutput = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => child.stdout!.once("data", () => resolve()));

test("Ctrl+C ends a training with exit code 130", async () => {
  const child = start("train", "endless.nnet", "--json");
  child.stdout!.on("data", () => {});
  const code = exitCode(child);
  await firstOutput(child);
  child.kill("SIGINT");
  expect(await code).toBe(130);
});

test("a reader that closes the pipe ends it without an error", async () => {
  const child = start("train", "endless.nnet", "--json");
  let error = "";
  child.stderr!.on("data", (text) => {
    error += text;
  });
  const code = exitCode(child);
  await firstOutput(child);
  child.stdout!.destroy();
  expect(await code).toBe(0);
  expect(error).toBe("");
});

test("killed at any moment it leaves a whole checkpoint, further on each time, and nothing it reads over", async () => {
  const file = new CheckpointFile(folder, "killed.safetensors");
  let steps = 0;
  for (const chunks of [0, 1, 2, 5, 9]) {
    const resume = steps > 0 ? ["--resume"] : [];
    const child = start("train", "endless.nnet", "--json", "--checkpoint", "killed.safetensors", ...resume);
    const code = exitCode(child);
    await written(child, file.full, chunks);
    child.kill("SIGKILL");
    expect(await code).toBe(null);
    const { checkpoint } = await file.read();
    expect(checkpoint.state.steps).toBeGreaterThan(steps);
    steps = checkpoint.state.steps;
  }
});

/** Until the file is another one than at first, and some more pieces of output have come. */
function written(child: ChildProcess, path: string, chunks: number): Promise<void> {
  const version = () => statSync(path, { throwIfNoEntry: false })?.ino;
  const before = version();
  let left = chunks;
  return new Promise((resolve) =>
    child.stdout!.on("data", () => {
      const now = version();
      if (now !== undefined && now !== before && left-- === 0) resolve();
    }),
  );
}

test("a wrong command ends with exit code 2", async () => {
  expect(await exitCode(start("train"))).toBe(2);
});
