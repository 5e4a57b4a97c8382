// How long the diagram takes, in the browser of the tests: a first layout of 1,000 nodes, and an edit of one line among them.
// Medians in milliseconds, from the host's message to the picture. `npm run bench:diagram`; needs `npm run build`.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import type { Page } from "playwright-core";
import { analyze } from "../extension/language/analyze";
import { launchBrowser } from "../test/host/browser";
import { repositoryRoot } from "../test/host/paths";

const assets = path.join(repositoryRoot, "dist", "webview");

/** Milliseconds that issue 5 allows. */
const limits = { first: 1500, edit: 100 };

const edits = 15;
const windows = 5;

interface Workload {
  readonly name: string;
  /** `turn` changes one line among the first, which are in view. */
  readonly text: (turn: number) => string;
}

const chain: Workload = {
  name: "a chain of 1,000 layers",
  text: (turn) => {
    const stages = Array.from({ length: 500 }, (_, index) => `    -> Dense(${index === 3 ? 16 + turn : 16}) -> ReLU`);
    return `network N(x: [16]) {\n  return x\n${stages.join("\n")}\n}\n`;
  },
};

const residual: Workload = {
  name: "1,000 nodes of residual blocks",
  text: (turn) => {
    const block = "block R(x, u: int) {\n  y = x -> Dense(u) -> ReLU -> Dense(u)\n  return x + y\n}\n";
    const uses = Array.from({ length: 250 }, (_, index) =>
      index === 0 ? `${"    -> ReLU\n".repeat(turn)}    -> R(16)` : "    -> R(16)",
    );
    return `${block}network N(x: [16]) {\n  return x\n${uses.join("\n")}\n}\n`;
  },
};

const branches: Workload = {
  name: "1,000 nodes in four branches",
  text: (turn) => {
    const branch = (name: string) => {
      const stages = Array.from({ length: 125 }, (_, index) => {
        const added = name === "a" && index === 2 ? " -> Tanh".repeat(turn) : "";
        return `-> Dense(16)${added} -> ReLU`;
      });
      return `  ${name} = x ${stages.join(" ")}`;
    };
    return `network N(x: [16]) {\n${["a", "b", "c", "d"].map(branch).join("\n")}\n  return (a, b, c, d) -> Concat\n}\n`;
  },
};

/** What the page below defines. */
interface BenchWindow {
  readonly nnetReady?: boolean;
  /** Milliseconds from the message to the picture. */
  readonly nnetShow: (message: unknown) => Promise<number>;
}

async function measure(page: Page, { name, text }: Workload): Promise<void> {
  const show = async (turn: number) => {
    const [network] = analyze(text(turn)).module.networks;
    const message: unknown = { kind: "network", version: turn, file: "file:///bench.nnet", network };
    return await page.evaluate((sent) => (window as unknown as BenchWindow).nnetShow(sent), message);
  };
  const first: number[] = [];
  const later: number[] = [];
  for (let opened = 0; opened < windows; opened++) {
    await page.reload();
    await page.waitForFunction(() => (window as unknown as BenchWindow).nnetReady);
    first.push(await show(0));
    for (let turn = 1; turn <= edits / windows; turn++) later.push(await show(turn));
  }
  console.log(`${name}: first ${median(first)} (${limits.first}), an edit ${median(later)} (${limits.edit})`);
}

function median(times: number[]): string {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!.toFixed(0);
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
  // A picture is there when the nodes have been put into the page and the frame after that has begun.
  const seen = new MutationObserver(() => requestAnimationFrame(() => { drawn++; }));
  seen.observe(document.getElementById("root"), { subtree: true, childList: true, characterData: true });
</script>
<script src="/main.js"></script></body></html>`;

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };

const server = createServer((request, response) => {
  const name = path.basename(request.url ?? "");
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
try {
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  await page.goto(`http://127.0.0.1:${address.port}/`);
  for (const workload of [chain, residual, branches]) await measure(page, workload);
} finally {
  await browser.close();
  server.close();
}
