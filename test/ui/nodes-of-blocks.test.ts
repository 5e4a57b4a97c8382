// Nodes of the diagram whose values stand at one place in the text: those of a block that is used twice, or that stands in
// another file. The one that is meant is selected, and explained.

import path from "node:path";
import type { FrameLocator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

const data = "data Points = Moons(samples: 60, noise: 0.1, seed: 2)\n";
const block = `block Part(x, units: int = 4) {
  return x
    -> Dense(units) as mixed
    -> ReLU as kept
}
`;
const network = `network Small(x: [2]) {
  return x
    -> Part as first
    -> Part(3) as second
    -> Dense(2) as logits
    -> Softmax as p
}

train Small on Points { loss: CrossEntropy optimizer: Adam(rate: 0.02) batch: 9 epochs: 10 seed: 3 }
`;

let vs: VSCode;
let panel: FrameLocator;

beforeAll(async () => {
  vs = await openVSCode({
    viewport: { width: 1600, height: 1000 },
    bare: true,
    files: {
      "parts.nnet": block,
      "imported.nnet": `import "parts.nnet"\n${data}${network}`,
      "local.nnet": `${data}${block}${network}`,
    },
  });
  panel = vs.webview();
});
afterAll(async () => {
  await vs?.close();
});

const node = (id: string) => panel.locator(`.react-flow__node[data-id="${id}"]`);
const inspector = () => panel.locator(".inspector");

/** The text that is selected in the editor, once VS Code's window has it. */
async function selectedText(): Promise<string> {
  return await vs.eval(async (vscode) => {
    const [editor] = vscode.window.visibleTextEditors;
    await vscode.commands.executeCommand("setContext", "nnet.test.selected", true);
    return editor!.document.getText(editor!.selection);
  });
}

let steps = 0;

/** Makes a step and waits until the panel says so: what the extension has told it before has arrived then. */
async function step(): Promise<void> {
  steps++;
  await vs.eval((vscode) =>
    vscode.commands.executeCommand("nnet.step", vscode.window.visibleTextEditors[0]!.document.uri),
  );
  await expect.poll(() => panel.locator(".progress-text").innerText()).toMatch(new RegExp(`step ${steps}\\b`));
}

async function expectSelected(id: string, shape: string): Promise<void> {
  await expect.poll(() => node(id).getAttribute("aria-selected")).toBe("true");
  const name = id.slice(id.indexOf("/") + 1);
  await expect.poll(() => inspector().innerText()).toMatch(new RegExp(`^${name}\\s+\\w+\\s+\\[${shape}\\]`));
}

describe.each([
  { file: "imported.nnet", where: "of another file", texts: { first: "Part", second: "Part(3)" } },
  { file: "local.nnet", where: "that is used twice", texts: { first: "mixed", second: "mixed" } },
])("of a block $where", ({ file, texts }) => {
  test("the node that is clicked is selected, and stays so", async () => {
    steps = 0;
    await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
    await vs.openFile(file);
    await vs.command("nnet: Open Diagram");
    await node("first/mixed").waitFor();
    await panel.getByRole("button", { name: "Show inspector" }).click();
    await panel.getByRole("button", { name: "Fit diagram" }).click();
    await step();
    for (const [use, shape] of [
      ["first", "4"],
      ["second", "3"],
    ] as const) {
      await node(`${use}/mixed`).click();
      await expect.poll(selectedText).toBe(texts[use]);
      await step();
      await expectSelected(`${use}/mixed`, shape);
    }
    await vs.screenshot(`out/screenshots/nodes-of-blocks-${path.parse(file).name}-dark.png`);
  });

  test("it is the one that is explained at the cursor, and shown from there", async () => {
    await expect.poll(selectedText).toBe(texts.second);
    await vs.command("nnet: Explain Gradient");
    const card = vs.webview();
    await expect.poll(() => card.locator("h1").innerText()).toMatch(/^∂L\/∂mixed \(second\)\[\d\]\[\d\] = /);
    // Beside the text, and not beside the diagram that has the keyboard.
    expect(await vs.page.locator(".editor-group-container").count()).toBe(2);
    await card.locator("a").filter({ hasText: "∂L/∂kept (first)" }).click();
    await expect.poll(() => card.locator("h1").innerText()).toMatch(/^∂L\/∂kept \(first\)/);
    await card.locator("a").filter({ hasText: "Open in inspector" }).click();
    await expectSelected("first/kept", "4");
  });
});
