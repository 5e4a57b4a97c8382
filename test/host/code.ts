// Does what `code --extensionDevelopmentPath=… --extensionTestsPath=… FOLDER` does, on VS Code's server:
// runs the tests in a real extension host, prints what they print and ends with 0 when they pass, else with 1.
import path from "node:path";
import { format } from "node:util";
import { launchBrowser } from "./browser";
import { whenOrphaned } from "./child";
import { ensureHostPackages } from "./packages";
import { startServer } from "./server";
import { openWindow, type WindowOptions } from "./window";

const timeLimit = 10 * 60_000; // ms; a suite that takes longer hangs.
const exitCodeOfTimeout = 124; // As the command `timeout` has it.
const exitCodeOfCrash = 70; // EX_SOFTWARE of sysexits.h.

/** VS Code's own lines among the output of the tests. */
const noise =
  /^(Resolv|Creating a socket|\[(reconnection|AgentHost|AccountPolicy|ChatModel|DefaultAccount|Service Worker)|Ignoring fetching|Updating additional|ChatSessionStore|Canceled: )/;

whenOrphaned(() => process.kill(process.pid, "SIGTERM")); // Ends as when asked to.
process.exitCode = await runTests(parseArguments(process.argv.slice(2)));
process.exit();

/** The flags that name what to run; the many others (sandbox, profile, updates …) have no meaning here. */
function parseArguments(words: string[]): WindowOptions {
  const valuesOf = (flag: string) =>
    words.filter((word) => word.startsWith(`--${flag}=`)).map((word) => path.resolve(word.slice(flag.length + 3)));
  const [extensionTestsPath] = valuesOf("extensionTestsPath");
  const folder = words.find((word) => !word.startsWith("--"));
  if (!extensionTestsPath) throw new Error("code.ts runs extension tests only: --extensionTestsPath=FILE is missing.");
  return {
    extensionDevelopmentPaths: valuesOf("extensionDevelopmentPath"),
    extensionTestsPath,
    ...(folder ? { folder: path.resolve(folder) } : {}),
  };
}

async function runTests(options: WindowOptions): Promise<number> {
  await ensureHostPackages();
  const [server, browser] = await Promise.all([startServer({ automation: true }), launchBrowser()]);
  const stop = async () => {
    await browser.close().catch(() => {});
    await server.stop();
  };
  stopOnSignals(stop);
  try {
    const { page, testsEnded } = await openWindow(server, browser, { ...options, onLog: print });
    const crashed = new Promise<number>((resolve) => {
      page.once("crash", () => resolve(exitCodeOfCrash));
      browser.once("disconnected", () => resolve(exitCodeOfCrash));
      void server.ended.then(() => resolve(exitCodeOfCrash));
    });
    const code = await Promise.race([testsEnded, crashed, timeout()]);
    if (code === exitCodeOfTimeout) console.error(`The extension tests did not end in time.\n${server.log()}`);
    if (code === exitCodeOfCrash) console.error(`VS Code crashed during the extension tests.\n${server.log()}`);
    return code;
  } finally {
    await stop();
  }
}

/** The values are not formatted yet: mocha prints with %s and %d. */
function print(kind: string, values: unknown[]): void {
  if (noise.test(String(values[0]))) return;
  const stream = kind === "error" || kind === "warn" ? process.stderr : process.stdout;
  stream.write(`${format(...values)}\n`);
}

function timeout(): Promise<number> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(exitCodeOfTimeout), timeLimit).unref();
  });
}

/** @vscode/test-electron passes Ctrl+C on. */
function stopOnSignals(stop: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
}
