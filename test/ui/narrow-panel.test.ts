// The panel alone in a window as narrow as a side bar.

import type { FrameLocator, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;
let panel: FrameLocator;

beforeAll(async () => {
  vs = await openVSCode({
    viewport: { width: 1400, height: 900 },
    bare: true,
  });
  panel = vs.webview();
  await vs.openFile("digits.nnet");
  await vs.command("nnet: Open Diagram");
  await panel.locator(".react-flow__node").first().waitFor();
  await vs.command("nnet: Train");
  await vs.statusBarItem("Reader finished").waitFor({ timeout: 60_000 });
  await vs.eval(async ({ commands }) => {
    await commands.executeCommand("workbench.action.focusFirstEditorGroup");
    await commands.executeCommand("workbench.action.closeEditorsInGroup");
  });
});
afterAll(async () => {
  await vs?.close();
});

const legend = (): Locator => panel.getByRole("list", { name: /^Values at epoch/ });

async function heightOf(part: Locator): Promise<number> {
  return (await part.boundingBox())?.height ?? 0;
}

test.each([300, 400])("at %i pixels the chart has more room than its legend, which is one line", async (width) => {
  await vs.page.setViewportSize({ width, height: 900 });
  const lineHeight = 18; // charts.css
  await expect.poll(() => heightOf(legend())).toBeLessThan(2 * lineHeight);
  await expect.poll(() => heightOf(panel.locator(".chart"))).toBeGreaterThan(4 * lineHeight);
});

test("what of the legend has no room there is reached by keyboard", async () => {
  const last = legend().getByRole("listitem").last();
  const isSeen = () =>
    last.evaluate((item) => item.getBoundingClientRect().right <= item.parentElement!.getBoundingClientRect().right);
  await expect.poll(isSeen).toBe(false);
  await panel.getByRole("tab", { name: "Loss", exact: true }).click();
  await legend().focus();
  await expect
    .poll(async () => {
      await vs.page.keyboard.press("ArrowRight");
      return await isSeen();
    })
    .toBe(true);
});

test("with room for it the legend has all curves at once, in as many lines as it takes", async () => {
  await vs.page.setViewportSize({ width: 700, height: 900 });
  await expect.poll(() => legend().evaluate((list) => list.scrollWidth > list.clientWidth)).toBe(false);
  await expect.poll(() => legend().getAttribute("tabindex")).toBe(null);
});
