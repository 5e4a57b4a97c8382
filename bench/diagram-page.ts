// The panel in the browser of the tests, with the messages of a host that is only this program.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import type { CDPSession, Page } from "playwright-core";
import type { Snapshot } from "../engine/protocol/snapshot";
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

  /** Shows one Snapshot after another, each when the one before is drawn, as the host does. */
  train(snapshots: readonly Snapshot[]): Promise<void> {
    return this.page.evaluate((given) => (window as unknown as BenchWindow).nnetTrain(given), snapshots);
  }

  post(message: ToWebview): Promise<void> {
    return this.page.evaluate((sent) => window.postMessage(sent, "*"), message as unknown);
  }

  /** One turn of the wheel in each frame over the middle of the diagram; with `zoom` as Control makes it. */
  async turnWheel(turns: readonly number[], { zoom }: { readonly zoom: boolean }): Promise<Frames> {
    const before = await this.durations();
    const intervals = await this.page.evaluate(
      ([by, ctrlKey]) => (window as unknown as BenchWindow).nnetTurnWheel(by, ctrlKey),
      [turns, zoom] as const,
    );
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
  readonly nnetTrain: (snapshots: readonly unknown[]) => void;
  /** Milliseconds from each frame to the next. */
  readonly nnetTurnWheel: (turns: readonly number[], ctrlKey: boolean) => Promise<readonly number[]>;
}

/** The page as VS Code gives it, but for the messages, which come from here. */
const html = `<!DOCTYPE html><html lang="en"><head><link rel="stylesheet" href="/codicon.css"><link rel="stylesheet" href="/main.css">
<style>html { --vscode-font-family: sans-serif; --vscode-editor-font-family: monospace; }</style></head>
<body data-uri="file:///bench.nnet" data-layout-worker="/layout-worker.js"><div id="root"></div>
<script>
  globalThis.acquireVsCodeApi = () => ({
    postMessage: ({ kind, ids }) => {
      if (kind === "ready") window.nnetReady = true;
      if (kind === "watch") watched = ids;
      if (kind === "drawn") setTimeout(sendNext, 200); // As extension/host/live-feed.ts does.
    },
    getState: () => undefined,
    setState: () => undefined,
  });
  let snapshots = [];
  let watched = [];
  let sent = 0;
  const sendNext = () => {
    const newest = snapshots[sent++ % snapshots.length];
    if (!newest) return;
    const quantities = Object.fromEntries(watched.map((id) => [id, newest.quantities[id]]));
    const snapshot = { ...newest, quantities };
    window.postMessage({ kind: "frame", parts: [{ kind: "snapshot", snapshot, stale: false }] }, "*");
  };
  window.nnetTrain = (given) => { snapshots = given; sendNext(); };
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
  window.nnetTurnWheel = async (turns, ctrlKey) => {
    const pane = document.querySelector(".react-flow__pane");
    const { x, y, width, height } = pane.getBoundingClientRect();
    const place = { clientX: x + width / 2, clientY: y + height / 2, bubbles: true, cancelable: true };
    const times = [];
    for (const deltaY of turns) {
      times.push(await new Promise((resolve) => requestAnimationFrame(resolve)));
      pane.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY, ctrlKey }));
    }
    return times.slice(1).map((time, index) => time - times[index]);
  };
</script>
<script src="/main.js"></script></body></html>`;

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
