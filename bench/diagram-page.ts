// The panel in the browser of the tests, with the messages of a host that is only this program.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import type { CDPSession, Page } from "playwright-core";
import type { ToWebview } from "../engine/protocol/webview";
import { launchBrowser } from "../test/host/browser";
import { repositoryRoot } from "../test/host/paths";

const assets = path.join(repositoryRoot, "dist", "webview");

export class DiagramPage {
  private constructor(
    readonly page: Page,
    private readonly devtools: CDPSession,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<DiagramPage> {
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? "/", "http://127.0.0.1").pathname);
      const type = types[path.extname(name)];
      if (type === undefined) response.setHeader("content-type", "text/html").end(html);
      else
        readFile(path.join(assets, name)).then(
          (content) => response.setHeader("content-type", type).end(content),
          () => response.writeHead(404).end(),
        );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
    await page.goto(`http://127.0.0.1:${address.port}/`);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable");
    return new DiagramPage(page, devtools, async () => {
      await browser.close();
      server.close();
    });
  }

  /** A new panel, which asks for its first message. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.waitForFunction(() => (window as unknown as BenchWindow).nnetReady);
  }

  /** Milliseconds from the message to a picture that differs. */
  async show(message: ToWebview): Promise<number> {
    const shown = this.page.evaluate((sent) => (window as unknown as BenchWindow).nnetShow(sent), message as unknown);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Nothing was drawn in ${patience} milliseconds.`)), patience);
    });
    try {
      return await Promise.race([shown, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  post(message: ToWebview): Promise<void> {
    return this.page.evaluate((sent) => window.postMessage(sent, "*"), message as unknown);
  }

  /** What happens between two frames while something is done. */
  async frames(act: () => Promise<void>): Promise<Frames> {
    const before = await this.durations();
    await this.page.evaluate(() => (window as unknown as BenchWindow).nnetWatchFrames());
    await act();
    const intervals = await this.page.evaluate(() => (window as unknown as BenchWindow).nnetFrames());
    const after = await this.durations();
    const share = (name: "script" | "style") => (1000 * (after[name] - before[name])) / intervals.length;
    return { intervals, script: share("script"), style: share("style") };
  }

  private async durations(): Promise<{ readonly script: number; readonly style: number }> {
    const { metrics } = await this.devtools.send("Performance.getMetrics");
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { script: seconds("ScriptDuration"), style: seconds("RecalcStyleDuration") + seconds("LayoutDuration") };
  }
}

const patience = 20_000;

/** In milliseconds. */
export interface Frames {
  readonly intervals: readonly number[];
  /** Of the main thread, per frame: ours, and the browser's for styles and layout. */
  readonly script: number;
  readonly style: number;
}

/** What the page below defines. */
interface BenchWindow {
  readonly nnetReady?: boolean;
  readonly nnetShow: (message: unknown) => Promise<number>;
  readonly nnetWatchFrames: () => void;
  readonly nnetFrames: () => readonly number[];
}

/** The page as VS Code gives it, but for the messages, which come from here. */
const html = `<!DOCTYPE html><html lang="en"><head><link rel="stylesheet" href="/codicon.css"><link rel="stylesheet" href="/main.css">
<style>html { --vscode-font-family: sans-serif; --vscode-editor-font-family: monospace; }</style></head>
<body data-layout-worker="/layout-worker.js"><div id="root"></div>
<script>
  globalThis.acquireVsCodeApi = () => ({
    postMessage: ({ kind }) => { if (kind === "ready") window.nnetReady = true; },
    getState: () => undefined,
    setState: () => undefined,
  });
  let drawn = 0;
  window.nnetShow = async (message) => {
    const start = performance.now();
    const before = drawn;
    window.postMessage(message, "*");
    await new Promise((resolve) => {
      const look = () => drawn > before && document.querySelector(".react-flow__node") ? resolve() : requestAnimationFrame(look);
      requestAnimationFrame(look);
    });
    return performance.now() - start;
  };
  // A picture is there when nodes or edges have changed in the page and the frame after that has begun.
  const isDrawn = ({ target }) => target.parentElement?.closest(".react-flow__viewport");
  const seen = new MutationObserver((changes) => {
    if (changes.some(isDrawn)) requestAnimationFrame(() => { drawn++; });
  });
  const looked = { subtree: true, childList: true, characterData: true, attributeFilter: ["style", "aria-setsize"] };
  seen.observe(document.getElementById("root"), looked);
  let times;
  window.nnetWatchFrames = () => {
    times = [];
    const own = times;
    const note = (time) => { own.push(time); if (times === own) requestAnimationFrame(note); };
    requestAnimationFrame(note);
  };
  window.nnetFrames = () => {
    const intervals = times.slice(1).map((time, index) => time - times[index]);
    times = undefined;
    return intervals;
  };
</script>
<script src="/main.js"></script></body></html>`;

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
