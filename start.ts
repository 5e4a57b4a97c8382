// `npm start`: builds and packages the extension, installs it, and opens VS Code on the examples.
// In the desktop VS Code when there is one that can show a window, else in VS Code's server for the browser.
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureHostPackages } from "./test/host/packages";
import { examplesFolder, repositoryRoot } from "./test/host/paths";
import { runCommand } from "./test/host/run-process";
import { type Server, startServer } from "./test/host/server";
import { personSettings } from "./test/host/settings";

const vsix = path.join(repositoryRoot, "dist/nnet.vsix");
const help = `npm start -- [--browser] [--port N] [--data DIR]

  --browser   use the browser even when a desktop VS Code is installed
  --port N    port on 127.0.0.1 for the browser; a free one when absent
  --data DIR  keep settings and state of the browser's VS Code in DIR; thrown away at the end when absent`;

interface Options {
  browser: boolean;
  port: number;
  dataFolder: string | undefined;
}

try {
  await start(parseOptions());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function start(options: Options): Promise<void> {
  if (options.port !== 0) await requireFreePort(options.port);
  await npmRun("package"); // Builds first.
  const desktop = options.browser ? undefined : desktopCode();
  if (desktop) await openDesktop(desktop);
  else await serve(options);
}

function parseOptions(): Options {
  const { values } = parseArgs({
    options: {
      browser: { type: "boolean", default: false },
      port: { type: "string", default: "0" },
      data: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port ${values.port}: expected a whole number from 0 to 65535.`);
  }
  return { browser: values.browser, port, dataFolder: values.data && path.resolve(values.data) };
}

async function npmRun(script: string): Promise<void> {
  const { code } = await runCommand("npm", "run", script);
  if (code !== 0) throw new Error(`"npm run ${script}" failed; its messages are above.`);
}

/** The `code` command, if there is one and a screen for its window. */
function desktopCode(): string | undefined {
  const hasScreen = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasScreen) return undefined;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  const candidates = (process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, name));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function openDesktop(code: string): Promise<void> {
  const installed = await runCommand(code, "--install-extension", vsix, "--force");
  if (installed.code !== 0) throw new Error(`${code} could not install ${vsix}. Try "npm start -- --browser".`);
  const opened = await runCommand(code, examplesFolder);
  if (opened.code !== 0) throw new Error(`${code} could not open a window. Try "npm start -- --browser".`);
  console.log(`Opened ${examplesFolder} in VS Code. Open digits.nnet and run "nnet: Train" from the command palette.`);
}

async function serve({ port, dataFolder }: Options): Promise<void> {
  await ensureHostPackages();
  if (dataFolder) mkdirSync(dataFolder, { recursive: true });
  // On a shared machine others can reach the loopback interface; the token keeps them out.
  const token = randomBytes(24).toString("hex");
  const server = await startServer({
    port,
    connectionToken: token,
    settings: personSettings,
    keepSettings: true,
    install: [vsix],
    ...(dataFolder ? { dataFolder } : {}),
  });
  const usedPort = new URL(server.origin).port;
  const address = `${server.origin}/?${new URLSearchParams({ tkn: token, folder: examplesFolder })}`;
  console.log(`
VS Code with nnet is running. Open this address in a browser (Ctrl+C here ends it):

  ${address}

Then open digits.nnet and run "nnet: Train" from the command palette (F1).
On another machine? Forward the port first: ssh -L ${usedPort}:127.0.0.1:${usedPort} THIS_MACHINE
`);
  await untilEnded(server);
}

/** Until Ctrl+C, or until the server ends by itself, which is an error. */
async function untilEnded(server: Server): Promise<void> {
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve("interrupted"));
  });
  const reason = await Promise.race([interrupted, server.ended]);
  const log = server.log();
  await server.stop();
  if (reason === "interrupted") process.exit(0);
  throw new Error(`VS Code's server ended by itself (${reason}).\n${log}`);
}

async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => reject(portError(port, error)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

function portError(port: number, error: NodeJS.ErrnoException): Error {
  if (error.code === "EADDRINUSE") return new Error(`Port ${port} is taken. Choose another: npm start -- --port N`);
  if (error.code === "EACCES") return new Error(`Port ${port} needs special rights. Choose one above 1023.`);
  return error;
}
