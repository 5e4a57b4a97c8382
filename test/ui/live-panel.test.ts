// What the panel shows of a training that is quicker than any screen, and of one whose numbers cease to be finite.

import type { FrameLocator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatCount, formatNumber } from "../../webview/numbers";
import { openVSCode, type VSCode } from "./fixture";
import { nodeNamed } from "./support/panel";

let vs: VSCode;
let panel: FrameLocator;

/** The first update is far too large: `h` is huge after it, `y` infinite. */
const exploding = `data Points = Table(inputs: [[1], [2], [3], [4], [5]], targets: [1, 2, 3, 4, 5])

network Line(x: [1]) {
  return x -> Dense(1) as h -> Dense(1) as y
}

train Line on Points {
  loss: MSE
  optimizer: SGD(rate: 1e25)
  batch: 4
  epochs: 3
  validation: 0.2
  seed: 1
}
`;

beforeAll(async () => {
  vs = await openVSCode({ viewport: { width: 1600, height: 1000 }, files: { "exploding.nnet": exploding } });
  panel = vs.webview();
});
afterAll(async () => {
  await vs?.close();
});

const node = (name: string) => nodeNamed(panel, name);

/** The newest numbers that the extension has of the training in this file. */
function newest(file: string): Promise<{ step: number; mean: number; epoch: number; loss: number }> {
  return vs.eval(async (vscode, name) => {
    const { uri } = vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith(name))!;
    const { snapshot, history } = vscode.extensions.getExtension("nnet.nnet")!.exports.session(uri);
    const { epoch, loss } = history.at(-1);
    return { step: snapshot.step, mean: snapshot.quantities.h1.value.mean, epoch, loss };
  }, file);
}

describe("a training that is quicker than the screen", () => {
  test("is seen going on, in numbers, curve and recorded steps", async () => {
    await vs.openFile("digits.nnet");
    await vs.lineLocator("epochs: 40").click();
    await vs.press("Home", "Shift+End");
    await vs.type("epochs: 2000");
    await vs.press("Escape");
    await vs.command("nnet: Open Diagram");
    await node("h1").waitFor();
    await vs.command("nnet: Train");
    for (const part of [node("h1"), panel.locator(".progress-text"), panel.locator(".time-words")]) {
      const first = await part.innerText();
      await expect.poll(() => part.innerText()).not.toBe(first);
    }
    await panel.getByRole("img", { name: /^Chart over \d+ epochs/ }).waitFor();
  });

  test("is shown as it ended", async () => {
    await vs.statusBarItem(/finished/).waitFor({ timeout: 60_000 });
    const { step, mean, epoch, loss } = await newest("digits.nnet");
    expect(epoch).toBe(2000);
    await expect.poll(() => node("h1").innerText()).toContain(`μ ${formatNumber(mean)}`);
    await expect.poll(() => panel.locator(".time-words").innerText()).toBe(`step ${formatCount(step)}`);
    await expect.poll(() => panel.locator(".progress-text").innerText()).toContain("epoch 2000/2000");
    await panel.getByRole("list", { name: "Values at epoch 2,000" }).getByText(formatNumber(loss)).waitFor();
  }, 120_000);
});

describe("numbers that are not finite", () => {
  test("stand as what they are in node, inspector and table", async () => {
    await vs.openFile("exploding.nnet");
    await vs.command("nnet: Open Diagram");
    await node("y").waitFor();
    await vs.command("nnet: Train");
    await vs.statusBarItem(/failed/).waitFor();
    await expect.poll(() => node("y").innerText()).toMatch(/\b4 -?∞/);
    await panel.getByRole("button", { name: "Show inspector" }).click();
    await node("y").click();
    await panel.getByText(/None of its numbers is finite: 4 -?∞/).waitFor();
    const picture = panel.getByRole("application", { name: /^y, \[4, 1\]/ });
    await picture.hover();
    await expect.poll(() => panel.locator(".tensor .heatmap-reading").innerText()).toMatch(/^y\[\d, 0\]: -?∞$/);
    await panel.getByRole("button", { name: "Show as table" }).click();
    const table = panel.getByRole("table", { name: /Loss and metrics/ });
    await table.getByRole("cell", { name: "∞", exact: true }).waitFor();
    await vs.screenshot("out/screenshots/live-panel-not-finite-dark.png");
    await vs.setTheme("light");
    await vs.screenshot("out/screenshots/live-panel-not-finite-light.png");
  });
});
