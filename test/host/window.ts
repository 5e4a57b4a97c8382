// Opens a VS Code window: a browser page on the server, with a folder and extensions under development.
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Server } from "./server";

export interface WindowOptions {
  /** Absolute path of the folder to open; an empty window when absent. */
  folder?: string;
  /** Absolute paths of extensions to load from their source folders. */
  extensionDevelopmentPaths?: string[];
  /** Script whose `run()` the extension host executes. Dialogs are skipped in such a window. */
  extensionTestsPath?: string;
  viewport?: { width: number; height: number };
  /** Console output of the extension host. Comes from a server with `automation` only, arguments not formatted. */
  onLog?: (kind: string, values: unknown[]) => void;
}

export interface Window {
  context: BrowserContext;
  page: Page;
  /** Resolves with 0 or 1 when `run()` of the extension tests resolves or rejects. */
  testsEnded: Promise<number>;
}

export async function openWindow(server: Server, browser: Browser, options: WindowOptions): Promise<Window> {
  const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 } });
  const page = await context.newPage();
  // `tsx` wraps named functions in calls of `__name`, which are not there when a function runs in the page.
  await page.addInitScript("globalThis.__name = (fn) => fn;");
  // The two functions VS Code's automation mode calls. They must be there before the page loads.
  await page.exposeFunction("codeAutomationLog", (kind: string, values: unknown[]) => options.onLog?.(kind, values));
  const testsEnded = new Promise<number>((resolve) => {
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  await page.goto(windowAddress(server, options), { waitUntil: "commit" });
  return { context, page, testsEnded };
}

function windowAddress(server: Server, options: WindowOptions): string {
  const remote = (file: string) => `vscode-remote://${server.authority}${file}`;
  const payload: [string, string][] = [
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
  ];
  for (const folder of options.extensionDevelopmentPaths ?? []) {
    payload.push(["extensionDevelopmentPath", remote(folder)]);
  }
  if (options.extensionTestsPath) payload.push(["extensionTestsPath", remote(options.extensionTestsPath)]);

  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (options.folder) query.set("folder", options.folder);
  else query.set("ew", "true");
  return `${server.origin}/?${query}`;
}
