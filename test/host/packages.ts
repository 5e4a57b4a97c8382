// Installs the host's npm packages when they are missing or outdated. Needs npm and a registry; neither root nor apt.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hostModules, hostRoot } from "./paths";
import { prepareServer } from "./prepare-server";

const lockFolder = path.join(hostRoot, ".install-lock");
const installedMark = path.join(hostModules, ".installed");

/**
 * Makes `test/host/node_modules` match `test/host/package-lock.json` and VS Code's server startable.
 *
 * Two callers at once are safe, in one process or in two: the second waits for the first.
 * Throws when npm fails. `log` receives one line for each thing done; nothing when there is nothing to do.
 */
export async function ensureHostPackages(log: (line: string) => void = console.log): Promise<void> {
  if (await isInstalled()) {
    prepareServer();
    return;
  }
  await withLock(log, async () => {
    if (!(await isInstalled())) await install(log);
    prepareServer();
  });
}

async function isInstalled(): Promise<boolean> {
  if (!existsSync(installedMark)) return false;
  return (await readFile(installedMark, "utf8")) === (await lockfileHash());
}

/** The mark is a hash, not a date: a fresh checkout gives every file today's date. */
async function lockfileHash(): Promise<string> {
  const lockfile = await readFile(path.join(hostRoot, "package-lock.json"));
  return createHash("sha256").update(lockfile).digest("hex");
}

async function install(log: (line: string) => void): Promise<void> {
  const started = performance.now();
  log("Installing VS Code's server, Chromium and fonts into test/host/node_modules (about 550 MB, once) ...");
  // npm 11 runs the scripts of dependencies unless told otherwise, and code-server's would refuse Node 20
  // or compile for minutes. Everything we use arrives prebuilt, so no script has to run.
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], hostRoot);
  await writeFile(installedMark, await lockfileHash());
  log(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

function run(command: string, args: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(" ")} in ${cwd} ended with ${code ?? signal}.`));
    });
  });
}

/** Runs `action` while no other process does. The lock is a folder, because creating one is atomic everywhere. */
async function withLock(log: (line: string) => void, action: () => Promise<void>): Promise<void> {
  let waiting = false;
  while (!(await acquireLock())) {
    if (!waiting) log("Waiting for another process that is installing the test host ...");
    waiting = true;
    await sleep(300);
  }
  try {
    await action();
  } finally {
    await rm(lockFolder, { recursive: true, force: true });
  }
}

async function acquireLock(): Promise<boolean> {
  try {
    await mkdir(lockFolder);
    await writeFile(path.join(lockFolder, "pid"), String(process.pid));
    return true;
  } catch {
    // A lock whose owner is gone (killed while installing) would otherwise last forever.
    if (await lockIsAbandoned()) await rm(lockFolder, { recursive: true, force: true });
    return false;
  }
}

async function lockIsAbandoned(): Promise<boolean> {
  try {
    const owner = Number(await readFile(path.join(lockFolder, "pid"), "utf8"));
    return owner > 0 && !isAlive(owner);
  } catch {
    return lockIsOld();
  }
}

/** The owner died between creating the folder and writing its number into it. */
async function lockIsOld(): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(lockFolder);
    return Date.now() - mtimeMs > 10_000;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
