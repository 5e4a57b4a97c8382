// Makes VS Code's server startable without its own `npm install`, which would compile native modules:
// a `node_modules` folder beside the server, made of links to our packages and of small stand-ins.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { hostModules, hostRoot, serverRoot } from "./paths";

/**
 * Name the server imports → package that answers. Node would find most of them further up by itself,
 * but the browser fetches some (oniguruma, textmate, xterm) from below the server's own folder.
 */
const links: Record<string, string> = {
  "@parcel/watcher": "@parcel/watcher",
  "@vscode/proxy-agent": "@vscode/proxy-agent",
  "@vscode/ripgrep": "@vscode/ripgrep",
  // The "universal" package carries ripgrep for all platforms (56 MB); ours exports the same `rgPath`.
  "@vscode/ripgrep-universal": "@vscode/ripgrep",
  "@xterm": "@xterm",
  cookie: "cookie",
  minimist: "minimist",
  "node-pty": "node-pty",
  "vscode-oniguruma": "vscode-oniguruma",
  "vscode-regexpp": "vscode-regexpp",
  "vscode-textmate": "vscode-textmate",
  ws: "ws",
  yauzl: "yauzl",
  yazl: "yazl",
};

/** Name the server imports → file in `stand-ins/` that answers instead of a native or telemetry package. */
const standIns: Record<string, string> = {
  "@microsoft/1ds-core-js": "telemetry.js",
  "@vscode/deviceid": "device-id.js",
  "@vscode/native-watchdog": "watchdog.js",
  "@vscode/spdlog": "logger.js",
};

/** 94 MB of built-in extensions and 67 MB of C headers that nothing here starts or compiles against. */
const unusedExtensions = ["copilot", "mermaid-markdown-features", "microsoft-authentication"];

/** Links, stand-ins and pruning; does nothing when they are there already. */
export function prepareServer(): void {
  const destination = path.join(serverRoot, "node_modules");
  const recipe = describeRecipe();
  if (readIfThere(path.join(destination, ".recipe")) === recipe) return;

  // Built aside, then swapped in: another process may be doing the same, or starting a server.
  const building = mkdtempSync(`${destination}-`);
  for (const [name, source] of Object.entries(links)) linkPackage(path.join(building, name), source);
  for (const [name, file] of Object.entries(standIns)) writeStandIn(path.join(building, name), name, file);
  writeFileSync(path.join(building, ".recipe"), recipe);
  rmSync(destination, { recursive: true, force: true });
  try {
    renameSync(building, destination);
  } catch {
    rmSync(building, { recursive: true, force: true }); // The other process was first.
  }
  removeUnused();
}

/** Contains absolute paths, so that a moved or copied repository gets new links. */
function describeRecipe(): string {
  const sources = Object.values(standIns).map((file) => readFileSync(standInFile(file), "utf8"));
  return JSON.stringify([hostModules, links, standIns, sources]);
}

function linkPackage(link: string, source: string): void {
  const target = path.join(hostModules, source);
  if (!existsSync(target)) return;
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(target, link, "junction");
}

function writeStandIn(folder: string, name: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name, version: "0.0.0", type: "module", exports: "./index.js" };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  cpSync(standInFile(file), path.join(folder, "index.js"));
}

function removeUnused(): void {
  for (const extension of unusedExtensions) {
    rmSync(path.join(serverRoot, "extensions", extension), { recursive: true, force: true });
  }
  for (const name of readdirSync(hostModules).filter((entry) => /^node-(linux|win|bin)-/.test(entry))) {
    rmSync(path.join(hostModules, name, "include"), { recursive: true, force: true });
  }
}

function standInFile(file: string): string {
  return path.join(hostRoot, "stand-ins", file);
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
