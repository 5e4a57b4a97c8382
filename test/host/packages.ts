// Installs the host's npm packages when they are missing or outdated. Needs npm and a registry; neither root nor apt.
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasPackages, installPackages } from "./npm-packages";
import { hostRoot } from "./paths";
import { prepareServer } from "./prepare-server";

const lockFolder = path.join(hostRoot, ".install-lock");

/**
 * Makes `test/host/node_modules` match `test/host/package-lock.json` and VS Code's server startable.
 *
 * Two callers at once are safe, in one process or in two: the second waits for the first.
 * Throws when npm fails. `log` receives one line for each thing done; nothing when there is nothing to do.
 */
export async function ensureHostPackages(log: (line: string) => void = console.log): Promise<void> {
  if (await hasPackages(hostRoot)) {
    prepareServer();
    return;
  }
  await withLock(log, async () => {
    if (!(await hasPackages(hostRoot))) await install(log);
    prepareServer();
  });
}

async function install(log: (line: string) => void): Promise<void> {
  const started = performance.now();
  log("Installing VS Code's server, Chromium and fonts into test/host/node_modules (about 550 MB, once) ...");
  await installPackages(hostRoot);
  log(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
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
