// Finds and starts a Chromium: the one from npm, so that every machine draws the same, else an installed one.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { fontEnvironment } from "./fonts";
import { hostCache, hostModules } from "./paths";

interface FoundBrowser {
  executable: string;
  environment: NodeJS.ProcessEnv;
}

const browserArguments = [
  "--no-sandbox", // Chromium refuses to sandbox when it runs as root.
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage", // Containers often have a tiny /dev/shm.
  "--no-first-run",
  "--force-color-profile=srgb",
  "--font-render-hinting=none",
];

/** Starts a headless Chromium. `CHROME_PATH` names another one than the one from npm. */
export async function launchBrowser(): Promise<Browser> {
  const found = await findBrowser();
  const environment = { ...process.env, ...fontEnvironment(), ...found.environment };
  return chromium.launch({
    executablePath: found.executable,
    headless: true,
    env: withoutUndefined(environment),
    args: browserArguments,
  });
}

async function findBrowser(): Promise<FoundBrowser> {
  const chosen = process.env.CHROME_PATH;
  if (chosen) return { executable: chosen, environment: {} };
  const fromNpm = await npmChromium();
  if (fromNpm) return fromNpm;
  const installed = installedBrowsers().find((file) => existsSync(file));
  if (installed) return { executable: installed, environment: {} };
  throw new Error("No Chromium found. Install Chrome, Chromium or Edge, or set CHROME_PATH to its executable.");
}

/** Chromium out of the npm package @sparticuz/chromium (Linux x64 only), unpacked once. */
async function npmChromium(): Promise<FoundBrowser | undefined> {
  const packageFolder = path.join(hostModules, "@sparticuz/chromium");
  if (process.platform !== "linux" || process.arch !== "x64" || !existsSync(packageFolder)) return undefined;
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")) as { version: string };
  const folder = path.join(hostCache, `chromium-${version}`);
  if (!existsSync(folder)) await unpackChromium(packageFolder, folder);

  const executable = path.join(folder, "chromium");
  const runsAsIs = spawnSync(executable, ["--version"]).status === 0;
  return { executable, environment: runsAsIs ? {} : missingLibraries(folder) };
}

/** A bare Debian lacks libnspr4, libnss3, libnssutil3 and libexpat; the package brings them. */
function missingLibraries(folder: string): NodeJS.ProcessEnv {
  const inherited = process.env.LD_LIBRARY_PATH;
  return { LD_LIBRARY_PATH: [path.join(folder, "al2023/lib"), ...(inherited ? [inherited] : [])].join(":") };
}

/**
 * The package unpacks into the temporary folder, piece by piece, and reuses whatever it finds there.
 * So a process of its own unpacks into an empty temporary folder, which is renamed when complete:
 * an interrupted or concurrent run does no harm, and our own temporary folder stays what it is.
 */
async function unpackChromium(packageFolder: string, folder: string): Promise<void> {
  mkdirSync(path.dirname(folder), { recursive: true });
  const building = mkdtempSync(`${folder}-`);
  const script = `
    import chromium, { inflate } from ${JSON.stringify(pathToFileURL(path.join(packageFolder, "build/index.js")).href)};
    await chromium.executablePath();
    await inflate(${JSON.stringify(path.join(packageFolder, "bin/al2023.tar.br"))});`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, TMPDIR: building },
  });
  try {
    renameSync(building, folder);
  } catch {
    rmSync(building, { recursive: true, force: true }); // Another process was first.
  }
}

function installedBrowsers(): string[] {
  return [
    ...onPath("chromium", "chromium-headless-shell", "chromium-browser"),
    ...onPath("google-chrome-stable", "google-chrome", "microsoft-edge-stable", "microsoft-edge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ...windowsBrowsers(),
  ];
}

function onPath(...names: string[]): string[] {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

function windowsBrowsers(): string[] {
  const folders = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((name) => process.env[name] ?? []);
  const browsers = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
  return folders.flatMap((folder) => browsers.map((browser) => path.join(folder, browser)));
}

function withoutUndefined(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry) => entry[1] !== undefined)) as Record<
    string,
    string
  >;
}
