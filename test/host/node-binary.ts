// Finds a Node that can run VS Code's server.
import { existsSync } from "node:fs";
import path from "node:path";
import { hostModules } from "./paths";

/**
 * The Node that came with the host's packages, else this one if it is new enough.
 *
 * VS Code 1.139 calls `module.registerHooks`, which Node has since 22.15.
 */
export function nodeBinary(): string {
  const fromNpm = npmNodePackages()
    .map((name) => path.join(hostModules, name, "bin", process.platform === "win32" ? "node.exe" : "node"))
    .find((file) => existsSync(file));
  if (fromNpm) return fromNpm;
  if (isAtLeast(22, 15)) return process.execPath;
  throw new Error(
    `VS Code's server needs Node 22.15 or newer; this is ${process.version} on ${process.platform}-${process.arch}, ` +
      "for which the test host installs no Node of its own. Install a newer Node and run the command again.",
  );
}

function npmNodePackages(): string[] {
  const platform = process.platform === "win32" ? "win" : process.platform;
  return [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
}

function isAtLeast(major: number, minor: number): boolean {
  const [thisMajor = 0, thisMinor = 0] = process.versions.node.split(".").map(Number);
  return thisMajor > major || (thisMajor === major && thisMinor >= minor);
}
