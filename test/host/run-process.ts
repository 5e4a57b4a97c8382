// Runs a program of `npm test`: its output streams to the terminal and is kept.
import { type ChildProcess, spawn } from "node:child_process";
import { spawnNode } from "./child";
import { repositoryRoot } from "./paths";

export interface Finished {
  /** null when a signal ended the program. */
  code: number | null;
  output: string;
}

/** Runs a Node script, a path from the repository's root. It does not survive this process. */
export function runNode(...args: string[]): Promise<Finished> {
  return finish(spawnNode(process.execPath, args, { cwd: repositoryRoot, stdio: ["pipe", "pipe", "pipe"] }));
}

/** Runs a program by its name. */
export function runCommand(command: string, ...args: string[]): Promise<Finished> {
  const shell = process.platform === "win32"; // npm is a script there.
  return finish(spawn(command, args, { cwd: repositoryRoot, stdio: ["ignore", "pipe", "pipe"], shell }));
}

function finish(child: ChildProcess): Promise<Finished> {
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    process.stderr.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
