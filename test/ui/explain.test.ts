// From a message to its explanation, and from its light bulb to a text without it, with the mouse.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;

beforeAll(async () => {
  const text = "network Twice(x: [4]) {\n  return x -> Dense(3) -> Softmax -> Softmax\n}\n";
  vs = await openVSCode({ viewport: { width: 1500, height: 950 }, files: { "twice.nnet": text } });
});
afterAll(async () => {
  await vs?.close();
});

test("the code in a message opens what explains it, rendered", async () => {
  await vs.openFile("twice.nnet");
  await vs.page.locator(".squiggly-warning").first().waitFor();
  await vs.reveal("Softmax\n}");
  const hover = await vs.hover(vs.page.locator(".squiggly-warning").first());
  expect(await hover.innerText()).toContain("squeezed again");
  await hover.locator("a.code-link, a").filter({ hasText: "probabilities-twice" }).first().click();
  const preview = vs.page.frameLocator("iframe.webview.ready:visible").frameLocator("iframe#active-frame");
  const heading = preview.locator("h1#probabilities-twice");
  await heading.waitFor();
  await expect.poll(() => isInView(heading)).toBe(true);
});

async function isInView(heading: ReturnType<VSCode["lineLocator"]>): Promise<boolean> {
  const box = await heading.boundingBox();
  const height = vs.page.viewportSize()?.height ?? 0;
  return box !== null && box.y >= 0 && box.y < height;
}

test("the light bulb removes what is too much", async () => {
  await vs.openFile("twice.nnet");
  await vs.reveal("Softmax\n}");
  // A press of Ctrl+. before it is there would be forgotten when VS Code looks by itself what there is to do.
  await vs.page.locator(".lightBulbWidget:visible").click();
  await vs.page.locator(".action-widget").getByText("Remove Softmax").click();
  await expect.poll(() => vs.editorText()).not.toMatch(/Softmax.*Softmax/);
});
