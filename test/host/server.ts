// Starts VS Code's server on the loopback interface and installs extensions into it.
import { type ChildProcess, execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { endProcess, spawnNode } from "./child";
import { nodeBinary } from "./node-binary";
import { serverRoot } from "./paths";
import { type Settings, testSettings } from "./settings";

export interface ServerOptions {
  /** Where the server keeps settings, logs and extensions; a temporary folder, removed by `stop`, when absent. */
  dataFolder?: string;
  /** 0, the default, lets the system choose. */
  port?: number;
  /** Whoever opens a window must know it; absent: no token, for tests only. */
  connectionToken?: string;
  /** Written to the settings file; those of the tests when absent. */
  settings?: Settings;
  /** Leaves a settings file that exists as it is. */
  keepSettings?: boolean;
  /** VSIX files to install before the start. */
  install?: string[];
  /** Folders of extensions to use as if they were installed; their files stay where they are. */
  link?: string[];
  /** Folders of extensions that shall count as built in. */
  extraBuiltins?: string[];
  /** Added to the environment of the server and of the extension host. */
  environment?: Record<string, string>;
  /**
   * VS Code's own switch for UI automation: reports console output and exit codes of extension tests to the page.
   * It also hides notification toasts, so it is for extension tests only, where nobody looks.
   */
  automation?: boolean;
}

export interface Server {
  /** Scheme, host and port: `http://127.0.0.1:41234`. */
  origin: string;
  /** Host and port, as remote URIs name the server. */
  authority: string;
  dataFolder: string;
  /** What the server printed so far. */
  log(): string;
  /** Resolves with the exit code when the server ends by itself. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

const serverScript = path.join(serverRoot, "out/server-main.js");
const listening = /Extension host agent listening on (\d+)/;

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const dataFolder = options.dataFolder ?? mkdtempSync(path.join(tmpdir(), "nnet-vscode-"));
  const removeData = () => {
    if (!options.dataFolder) rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    writeSettings(dataFolder, options);
    linkExtensions(dataFolder, options.link ?? []);
    for (const vsix of options.install ?? []) await installExtension(vsix, dataFolder);
    const child = spawnNode(nodeBinary(), serverArguments(dataFolder, options), {
      stdio: ["pipe", "pipe", "pipe"],
      env: serverEnvironment(dataFolder, options),
      cwd: dataFolder,
    });
    const output = collectOutput(child);
    const port = await portOf(child, output);
    return {
      origin: `http://127.0.0.1:${port}`,
      authority: `127.0.0.1:${port}`,
      dataFolder,
      log: () => output.text,
      ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))),
      async stop() {
        await endProcess(child);
        removeData();
      },
    };
  } catch (error) {
    removeData();
    throw error;
  }
}

/** Installs a VSIX the way a user's VS Code does; the server itself need not run. */
async function installExtension(vsix: string, dataFolder: string): Promise<void> {
  const extensionArguments = ["--extensions-dir", path.join(dataFolder, "extensions"), "--install-extension", vsix];
  const everything = [...commonArguments(dataFolder), ...extensionArguments, "--force"];
  // The node_modules beside the server's script hold what it imports, so the working folder does not matter.
  await promisify(execFile)(nodeBinary(), [serverScript, ...everything], {
    env: serverEnvironment(dataFolder, {}),
  });
}

/**
 * The server lists whatever is in its extensions folder when it starts for the first time.
 * (VS Code's own way, `extensionDevelopmentPath`, works in automation mode only, which differs from a user's window.)
 */
function linkExtensions(dataFolder: string, folders: string[]): void {
  const installed = path.join(dataFolder, "extensions");
  mkdirSync(installed, { recursive: true });
  for (const folder of folders) {
    symlinkSync(path.resolve(folder), path.join(installed, path.basename(path.resolve(folder))), "junction");
  }
}

function commonArguments(dataFolder: string): string[] {
  return ["--accept-server-license-terms", "--server-data-dir", dataFolder];
}

function serverArguments(dataFolder: string, options: ServerOptions): string[] {
  return [
    serverScript,
    ...commonArguments(dataFolder),
    ...["--host", "127.0.0.1", "--port", String(options.port ?? 0)],
    ...tokenArguments(dataFolder, options.connectionToken),
    ...["--extensions-dir", path.join(dataFolder, "extensions")],
    ...["--builtin-extensions-dir", linkBuiltins(dataFolder, options.extraBuiltins ?? [])],
    ...["--telemetry-level", "off", "--disable-telemetry", "--disable-experiments", "--disable-update-check"],
    ...["--disable-workspace-trust", "--disable-getting-started-override"],
    // Seconds an extension host outlives its window: short for tests, long enough for a person's reload.
    ...["--reconnection-grace-time", options.connectionToken ? "300" : "10"],
    ...(options.automation ? ["--enable-smoke-test-driver"] : []),
  ];
}

/** In a file, since every user of the machine can read the arguments of a process. */
function tokenArguments(dataFolder: string, token: string | undefined): string[] {
  if (token === undefined) return ["--without-connection-token"];
  const file = path.join(dataFolder, "connection-token");
  writeFileSync(file, token, { mode: 0o600 });
  return ["--connection-token-file", file];
}

function serverEnvironment(dataFolder: string, options: ServerOptions): NodeJS.ProcessEnv {
  // What a surrounding VS Code, Electron or test runner left behind would change how this one starts.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_(?!PROXY|TEST)|ELECTRON_|NODE_OPTIONS$|NODE_TEST|VITEST)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    EXTENSIONS_GALLERY: "{}", // Else extensions are looked up at open-vsx.org.
    XDG_RUNTIME_DIR: dataFolder, // Else sockets stay behind in the user's runtime folder.
    ...options.environment,
  };
}

function writeSettings(dataFolder: string, options: ServerOptions): void {
  const file = path.join(dataFolder, "data/User/settings.json");
  if (options.keepSettings && existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(options.settings ?? testSettings, null, 2)}\n`);
}

/**
 * Built-in extensions that look things up, ask to sign in, or are simply of no use here. Do not add one that has a
 * web version (git-base, emmet, npm, typescript, json …): the workbench would try to load that, and it is not there.
 */
const leftOut =
  /^(copilot|git|github|microsoft-authentication|mermaid-markdown-features|tunnel-forwarding|terminal-suggest|ms-vscode\..*|simple-browser|debug-auto-launch|debug-server-ready|grunt|gulp|jake|php-language-features)$/;

function linkBuiltins(dataFolder: string, extraFolders: string[]): string {
  const folder = path.join(dataFolder, "builtin");
  const shipped = path.join(serverRoot, "extensions");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const kept = readdirSync(shipped)
    .filter((name) => !leftOut.test(name) && existsSync(path.join(shipped, name, "package.json")))
    .map((name) => path.join(shipped, name));
  for (const source of [...kept, ...extraFolders]) {
    symlinkSync(source, path.join(folder, path.basename(source)), "junction");
  }
  return folder;
}

function collectOutput(child: ChildProcess): { text: string } {
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output.text += chunk.toString();
    });
  }
  return output;
}

function portOf(child: ChildProcess, output: { text: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`VS Code's server ended with ${code}.\n${output.text}`)));
    child.stdout?.on("data", () => {
      const port = listening.exec(output.text)?.[1];
      if (port) resolve(Number(port));
    });
  });
}
