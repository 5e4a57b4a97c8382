// The JavaScript peers' packages, installed on first use into a folder of their own: nnet depends on none of them.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** Makes `node_modules` match the folder's lock file. Throws when npm fails. */
export async function ensurePackages(folder: string, log: (line: string) => void): Promise<void> {
  const mark = path.join(folder, "node_modules/.installed");
  // A hash, not a date: a fresh checkout gives every file today's date.
  const wanted = createHash("sha256")
    .update(await readFile(path.join(folder, "package-lock.json")))
    .digest("hex");
  if ((await readFile(mark, "utf8").catch(() => "")) === wanted) return;
  log("installing the JavaScript peers (about 310 MB, once)");
  await npmInstall(folder);
  await writeFile(mark, wanted);
}

function npmInstall(folder: string): Promise<void> {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, {
      cwd: folder,
      stdio: ["ignore", process.stderr, process.stderr],
      shell: process.platform === "win32", // npm is a script there.
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args.join(" ")} ended with ${code ?? signal}`));
    });
  });
}
