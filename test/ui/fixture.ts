// A real VS Code for a test: server, extension host and workbench in Chromium, on a copy of the examples.
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { type Bridge, createBridge, writeBridgeExtension } from "../host/bridge";
import type { Evaluate, HostFacts } from "../host/bridge-protocol";
import { launchBrowser } from "../host/browser";
import { whenOrphaned } from "../host/child";
import { recentLogs } from "../host/logs";
import { ensureHostPackages } from "../host/packages";
import { examplesFolder, repositoryRoot } from "../host/paths";
import { type Server, startServer } from "../host/server";
import { type Settings, testSettings } from "../host/settings";
import { openWindow } from "../host/window";
import { type ReadOptions, readLines, textEditor, type WordInLine } from "./support/editor";
import { eventually } from "./support/eventually";
import { areWrittenDown } from "./support/open-editors";
import { type ThemeName, themes } from "./support/themes";
import * as workbench from "./support/workbench";

export interface OpenOptions {
  /** The folder whose copy is the workspace; `examples/` when absent. */
  folder?: string;
  /** What is in the workspace besides, by place. */
  files?: Readonly<Record<string, string>>;
  /** Neither activity bar nor side bar: all room is for editors. */
  bare?: boolean;
  /**
   * The folder to use the extension from (the repository, when absent: package.json and dist),
   * or a VSIX to install as a user does.
   */
  extension?: { folder: string } | { vsix: string };
  theme?: ThemeName;
  viewport?: { width: number; height: number };
  /** On top of the tests' settings. */
  settings?: Settings;
  /** Milliseconds until the extension host must have started. */
  timeout?: number;
}

export interface VSCode {
  page: Page;
  facts: HostFacts;
  /** Absolute path of the workspace, a temporary copy. */
  workspace: string;
  /** Runs a function in the extension host; see `Evaluate` for what travels. */
  eval: Evaluate;
  /** Runs a command by its whole title through the palette, with the keyboard. */
  command(title: string): Promise<void>;
  /** Opens a file of the workspace and waits until its text is on the screen and has the keyboard. */
  openFile(name: string): Promise<void>;
  /** Scrolls to the first line that contains `text` and puts the cursor there, or so many characters behind it. */
  reveal(text: string, behind?: number): Promise<void>;
  /** Presses keys in the text editor, once it has the keyboard. */
  press(...keys: readonly string[]): Promise<void>;
  /** Types into the text editor, once it has the keyboard. */
  type(text: string): Promise<void>;
  /** The visible lines as a person sees them, inlay hints included. */
  editorText(options?: ReadOptions): Promise<string>;
  lineLocator(text: string): Locator;
  /** Hovers with the mouse and returns the hover's contents. */
  hover(target: Locator | WordInLine): Promise<Locator>;
  webview(options?: workbench.WebviewOptions): FrameLocator;
  notification(text: string | RegExp): Locator;
  codeLens(text: string | RegExp): Locator;
  statusBarItem(text: string | RegExp): Locator;
  dialogButton(label: string): Locator;
  setTheme(theme: ThemeName): Promise<void>;
  /** Reads until the reading is accepted; `what` says what is wrong when none is. */
  eventually<T>(read: () => Promise<T>, accept: (value: T) => boolean, what: string): Promise<T>;
  /** Reloads the window, which opens its editors again, and waits until its extension host answers. */
  reload(): Promise<void>;
  /** Writes a PNG; a relative path starts at the repository's root. */
  screenshot(file: string): Promise<void>;
  /** The logs of the server, of the extension host and of the page, for a failure's message. */
  logs(): string;
  close(): Promise<void>;
}

/** Those of this test file that are not closed yet. */
export const openWindows = new Set<VSCode>();

export async function openVSCode(options: OpenOptions = {}): Promise<VSCode> {
  const cleanup: (() => unknown)[] = [];
  const close = async () => {
    for (const step of cleanup.splice(0).reverse()) await Promise.resolve(step()).catch(() => {});
  };
  // Vitest's worker outlives a killed vitest. (It also forbids `process.exit` inside of tests.)
  cleanup.push(whenOrphaned(() => void close().finally(() => process.kill(process.pid, "SIGKILL"))));
  try {
    return await open(options, cleanup, close);
  } catch (error) {
    await close(); // Else a server or a browser without an owner keeps the test process alive.
    throw error;
  }
}

async function open(options: OpenOptions, cleanup: (() => unknown)[], close: () => Promise<void>): Promise<VSCode> {
  await ensureHostPackages();
  const workspace = copyToTemporaryFolder(options.folder ?? examplesFolder);
  cleanup.push(() => rmSync(path.dirname(workspace), { recursive: true, force: true, maxRetries: 5 }));
  for (const [name, text] of Object.entries(options.files ?? {})) {
    const place = path.join(workspace, name);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
  const bridge = await createBridge();
  cleanup.push(() => bridge.close());

  const [server, browser] = await bothOrNeither(startTestServer(options, bridge, cleanup), launchBrowser(), cleanup);
  const { page, context } = await openWindow(server, browser, {
    folder: workspace,
    ...(options.viewport ? { viewport: options.viewport } : {}),
  });
  cleanup.push(() => context.close());
  const pageLog = listen(page);
  const logs = () => [server.log(), recentLogs(server.dataFolder), ...pageLog].join("\n");
  const ready = () => whenReady(page, bridge, server, options.timeout ?? 60_000, logs);

  const vs = driver(page, bridge, workspace, await ready(), logs, ready, close);
  openWindows.add(vs);
  cleanup.push(() => openWindows.delete(vs));
  await vs.setTheme(options.theme ?? "dark");
  if (options.bare) await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeSidebar"));
  return vs;
}

function extensionOf(options: OpenOptions): { folder: string } | { vsix: string } {
  const extension = options.extension ?? { folder: repositoryRoot };
  if ("vsix" in extension && !existsSync(extension.vsix)) {
    throw new Error(`There is no ${extension.vsix}. Run "npm run package" first.`);
  }
  return extension;
}

async function startTestServer(options: OpenOptions, bridge: Bridge, cleanup: (() => unknown)[]): Promise<Server> {
  const extension = extensionOf(options);
  const bridgeFolder = mkdtempSync(path.join(tmpdir(), "nnet-bridge-"));
  cleanup.push(() => rmSync(bridgeFolder, { recursive: true, force: true }));
  // The bridge counts as built in: then the window under test is a user's window, with its toasts and dialogs,
  // which VS Code leaves out when a window runs extension tests.
  return startServer({
    extraBuiltins: [await writeBridgeExtension(bridgeFolder)],
    environment: bridge.environment,
    ...("vsix" in extension ? { install: [path.resolve(extension.vsix)] } : { link: [extension.folder] }),
    settings: {
      ...testSettings,
      ...(options.bare && { "workbench.activityBar.location": "hidden" }),
      ...options.settings,
    },
  });
}

/** Starts two things side by side; registers what has to be closed, even when the other one failed. */
async function bothOrNeither<A extends { stop(): unknown }, B extends { close(): unknown }>(
  first: Promise<A>,
  second: Promise<B>,
  cleanup: (() => unknown)[],
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === "fulfilled") cleanup.push(() => a.value.stop());
  if (b.status === "fulfilled") cleanup.push(() => b.value.close());
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}

/** Real path: VS Code compares paths as text, and macOS's temporary folder is a link. */
function copyToTemporaryFolder(folder: string): string {
  const copy = path.join(realpathSync(mkdtempSync(path.join(tmpdir(), "nnet-workspace-"))), path.basename(folder));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

function listen(page: Page): string[] {
  const lines: string[] = [];
  page.on("pageerror", (error) => lines.push(`[page] ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") lines.push(`[page] ${message.text()}`);
  });
  return lines;
}

async function whenReady(page: Page, bridge: Bridge, server: Server, timeout: number, logs: () => string) {
  const failure = (why: string) => new Error(`${why}\n${logs()}`);
  let timer: NodeJS.Timeout | undefined;
  const troubles = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure(`The extension host did not start within ${timeout} ms.`)), timeout);
    page.once("crash", () => reject(failure("The page crashed.")));
    void server.ended.then((code) => reject(failure(`VS Code's server ended with ${code}.`)));
  });
  troubles.catch(() => {}); // The server ends in every test, long after anybody waits for this.
  try {
    const facts = await Promise.race([bridge.connected(), troubles]);
    await Promise.race([page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout }), troubles]);
    return facts;
  } finally {
    clearTimeout(timer);
  }
}

function driver(
  page: Page,
  bridge: Bridge,
  workspace: string,
  facts: HostFacts,
  logs: () => string,
  ready: () => Promise<HostFacts>,
  close: () => Promise<void>,
): VSCode {
  const textHasKeyboard = () => page.locator(`${textEditor}.focused`).waitFor();
  const lineLocator = (text: string) => page.locator(`${textEditor} .view-line`).filter({ hasText: text }).first();
  return {
    page,
    facts,
    workspace,
    eval: bridge.evaluate,
    command: (title) => workbench.runFromPalette(page, title),
    async openFile(name) {
      const file = path.join(workspace, name);
      await workbench.webviewIsNoticed(page);
      await bridge.evaluate(async (vscode, path) => {
        await vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn: vscode.ViewColumn.One });
      }, file);
      const editor = page.locator(`${textEditor}.focused[data-uri$=${JSON.stringify(encodeURI(path.basename(file)))}]`);
      await editor.locator(".view-line").first().waitFor();
    },
    reveal: (text, behind = 0) => reveal(bridge, text, behind),
    async press(...keys) {
      await textHasKeyboard();
      for (const key of keys) await page.keyboard.press(key);
    },
    async type(text) {
      await textHasKeyboard();
      await page.keyboard.type(text);
    },
    editorText: async (readOptions) => (await readLines(page, readOptions)).join("\n"),
    lineLocator,
    hover: (target) => workbench.hover(page, target),
    webview: (webviewOptions) => workbench.webview(page, webviewOptions),
    notification: (text) => workbench.notification(page, text),
    codeLens: (text) => workbench.codeLens(page, text),
    statusBarItem: (text) => workbench.statusBarItem(page, text),
    dialogButton: (label) => workbench.dialogButton(page, label),
    async setTheme(theme) {
      await bridge.evaluate(
        (vscode, name) =>
          vscode.workspace.getConfiguration("workbench").update("colorTheme", name, vscode.ConfigurationTarget.Global),
        themes[theme].setting,
      );
      await page.locator(`.monaco-workbench.${themes[theme].workbenchClass}`).waitFor();
    },
    eventually: (read, accept, what) =>
      eventually(page, read, accept, (last) => new Error(`${what}; the last reading was ${last}.\n${logs()}`)),
    async reload() {
      await areWrittenDown(page);
      bridge.expectReload();
      await page.reload({ waitUntil: "commit" });
      await ready();
    },
    async screenshot(file) {
      const absolute = path.resolve(repositoryRoot, file);
      mkdirSync(path.dirname(absolute), { recursive: true });
      await page.screenshot({ path: absolute, animations: "disabled" });
    },
    logs,
    close,
  };
}

async function reveal(bridge: Bridge, text: string, behind: number): Promise<void> {
  await bridge.evaluate(
    async (vscode, [wanted, distance]) => {
      const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
      const offset = editor?.document.getText().indexOf(wanted) ?? -1;
      if (!editor || offset < 0) throw new Error(`The open document does not contain ${JSON.stringify(wanted)}.`);
      const position = editor.document.positionAt(offset + distance);
      editor.selection = new vscode.Selection(position, position);
      editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
      // Setting a selection only sends it. What is sent after it and answered says that it has arrived.
      await vscode.commands.executeCommand("setContext", "nnet.test.revealed", true);
    },
    [text, behind] as const,
  );
}
