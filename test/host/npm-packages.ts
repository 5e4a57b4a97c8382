// npm packages in folders of their own, installed on first use: those of the test host, and of the benchmark's peers.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** Whether the folder's `node_modules` is what its lock file says. */
export async function hasPackages(folder: string): Promise<boolean> {
  return (await readFile(markIn(folder), "utf8").catch(() => "")) === (await lockfileHash(folder));
}

/** Makes the folder's `node_modules` what its lock file says. Needs npm and a registry; throws when npm fails. */
export async function installPackages(folder: string): Promise<void> {
  // npm 11 runs the scripts of dependencies unless told otherwise, and code-server's would refuse Node 20 or compile for
  // minutes. Everything we use arrives prebuilt, so no script has to run.
  await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  await writeFile(markIn(folder), await lockfileHash(folder));
}

function markIn(folder: string): string {
  return path.join(folder, "node_modules/.installed");
}

/** The mark is a hash, not a date: a fresh checkout gives every file today's date. */
async function lockfileHash(folder: string): Promise<string> {
  const lockfile = await readFile(path.join(folder, "package-lock.json"));
  return createHash("sha256").update(lockfile).digest("hex");
}

function npm(args: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, {
      cwd,
      stdio: ["ignore", process.stderr, process.stderr], // Standard output is for results.
      shell: process.platform === "win32", // npm is a script there.
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args.join(" ")} in ${cwd} ended with ${code ?? signal}.`));
    });
  });
}
