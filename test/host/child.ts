// Starts Node processes that end with this one.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { hostRoot } from "./paths";

const preload = pathToFileURL(path.join(hostRoot, "die-with-parent.js")).href;

/** `spawn` for a Node script whose process must not survive this one: its standard input is a pipe from here. */
export function spawnNode(
  node: string,
  args: string[],
  options: SpawnOptions & { stdio: ["pipe", "pipe" | "inherit", "pipe" | "inherit"] },
): ChildProcess {
  const env = { ...(options.env ?? process.env), DIE_WITH_PARENT: "1" };
  return spawn(node, ["--import", preload, ...args], { ...options, env });
}

/** Asks the process to end, insists after three seconds, and resolves when it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(insist);
}

/**
 * Calls `end` when the parent of this process is gone: a killed parent says nothing, its children are merely handed
 * to another process. Does not keep this process alive. Returns a function that stops watching.
 */
export function whenOrphaned(end: () => void): () => void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 1000);
  watch.unref();
  return () => clearInterval(watch);
}
