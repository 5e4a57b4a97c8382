// The main job as a person does it: open digits.nnet, see it, train it, read its gradients, run checks, stop.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode({ viewport: { width: 1500, height: 950 } });
});
afterAll(async () => {
  await vs?.close();
});

/** The row of a hover's table that starts with this name, as text: "L2 norm 3.1 0.02". */
async function hoverText(line: string, word: string): Promise<string> {
  const hover = await vs.hover({ line, word });
  return (await hover.innerText()).replaceAll("\u00a0", " ");
}

const node = (label: RegExp) => vs.webview().locator(".react-flow__node").filter({ hasText: label }).first();

describe("the main job", () => {
  test("shapes stand on the lines of digits.nnet", async () => {
    await vs.openFile("digits.nnet");
    const text = await vs.eventually(
      () => vs.editorText(),
      (shown) => /Dense\(hidden\) as h1.*\[64\]/.test(shown) && /Dense\(10\) as logits.*\[10\]/.test(shown),
      "The shapes did not appear",
    );
    expect(text).toMatch(/data Digits/);
  });

  test("a hover tells the shape for one sample and for the batch, and the number of parameters", async () => {
    const text = await hoverText("-> Dense(hidden) as h1", "h1");
    expect(text).toMatch(/\[64\]/);
    expect(text).toMatch(/\[N, 64\]|\[32, 64\]/);
    expect(text).toMatch(/4,?160/); // 64 · 64 weights and 64 biases
  });

  test("the diagram opens beside the text with one node per value", async () => {
    await vs.command("nnet: Open Diagram");
    await node(/h1/).waitFor();
    await node(/logits/).waitFor();
    expect(await node(/h1/).innerText()).toMatch(/64/);
  });

  test("training from the palette makes the loss fall, and the gradient in the hover changes", async () => {
    // The example is learnt in two seconds; whoever wants to watch lets it go on.
    await vs.lineLocator("epochs: 40").click();
    await vs.press("Home", "Shift+End");
    await vs.type("epochs: 400000");
    await vs.press("Escape");
    await vs.lineLocator("epochs: 400000").waitFor();
    await vs.command("nnet: Train");
    const first = await vs.eventually(
      () => hoverText("-> Dense(hidden) as h1", "h1"),
      (text) => /gradient/i.test(text) && /norm/i.test(text),
      "The hover shows no gradient",
    );
    await vs.eventually(
      () => hoverText("-> Dense(hidden) as h1", "h1"),
      (text) => /gradient/i.test(text) && text !== first,
      "The gradient in the hover does not change",
    );
  });

  test("a node of the diagram shows the gradient of the same training", async () => {
    const first = await vs.eventually(
      () => node(/h1/).innerText(),
      (text) => text.includes("∇"),
      "The node shows no gradient",
    );
    await vs.eventually(
      () => node(/h1/).innerText(),
      (text) => text.includes("∇") && text !== first,
      "The node's gradient does not change",
    );
  });

  test("the checks of a lecture run and pass while the training goes on", async () => {
    await vs.openFile("lectures/masha.nnet");
    await vs.command("nnet: Run Checks");
    await vs.notification(/5 checks passed|all 5 checks/i).waitFor();
  });

  test("stopping ends the training and the status bar says so", async () => {
    await vs.openFile("digits.nnet");
    await vs.command("nnet: Stop");
    await vs.eventually(
      () => vs.statusBarItem(/nnet|epoch|stopped|finished/i).innerText(),
      (text) => /stopped/i.test(text),
      "The status bar does not say that the training ended",
    );
  });
});
