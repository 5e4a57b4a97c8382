// A training as a live instrument, by mouse and keyboard: inspector, tabs, edges, and going back in time.

import type { FrameLocator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";
import { nodeNamed } from "./support/panel";

let vs: VSCode;
let panel: FrameLocator;

beforeAll(async () => {
  vs = await openVSCode({
    viewport: { width: 1600, height: 1000 },
    bare: true,
    settings: { "workbench.reduceMotion": "off" },
  });
  panel = vs.webview();
});
afterAll(async () => {
  await vs?.close();
});

const node = (name: string) => nodeNamed(panel, name);
const tab = (name: string) => panel.getByRole("tab", { name, exact: true });
const heatmap = (name: RegExp) => panel.getByRole("application", { name });
const reading = () => panel.locator(".tensor .heatmap-reading");

/** What the extension knows of the open document's training. */
interface Live {
  readonly step: number | undefined;
  readonly shown: number | undefined;
  readonly mean: number | undefined;
}

/** `id` is of the quantity whose mean is wanted. */
function live(id: string): Promise<Live> {
  return vs.eval(async (vscode, wanted) => {
    const extension = vscode.extensions.getExtension("nnet.nnet");
    const uri = vscode.workspace.textDocuments.find(({ languageId }) => languageId === "nnet")?.uri;
    const session = uri && extension?.exports.session(uri);
    return {
      step: session?.snapshot?.step as number | undefined,
      shown: session?.shown?.step as number | undefined,
      mean: session?.shown?.quantities[wanted]?.value.mean as number | undefined,
    };
  }, id);
}

describe("before anything is trained", () => {
  test("inspector and tabs say what to do", async () => {
    await vs.openFile("digits.nnet");
    await vs.command("nnet: Open Diagram");
    await node("h1").waitFor();
    await panel.getByRole("button", { name: "Show inspector" }).click();
    await panel.getByText("Select a node of the diagram").waitFor();
    await node("h1").click();
    await panel.getByText("Train or step to see its numbers.").waitFor();
    await tab("Gradients").click();
    await panel.getByText("Train or step to see how large the gradients are.").waitFor();
    expect(await panel.getByRole("slider", { name: "Recorded step" }).count()).toBe(0);
    await vs.screenshot("out/screenshots/instrument-empty-dark.png");
  });
});

describe("after a training", () => {
  test("the inspector shows the numbers of a layer's output, and says the one under the pointer", async () => {
    await vs.command("nnet: Train");
    await vs.statusBarItem(/finished/).waitFor();
    const picture = heatmap(/^h1, \[\d+, 64\]/);
    await picture.hover();
    await vs.eventually(
      () => reading().innerText(),
      (text) => /^h1\[\d+, \d+\]: -?[\d.e-]+$/.test(text),
      "No number is read under the pointer",
    );
    await vs.page.mouse.move(0, 0);
    await picture.focus();
    await vs.page.keyboard.press("ArrowRight");
    await vs.page.keyboard.press("ArrowDown");
    await vs.page.keyboard.press("ArrowRight");
    await vs.eventually(
      () => reading().innerText(),
      (text) => text.startsWith("h1[1, 1]: ") || text.startsWith("h1[0, 1]: "),
      "The arrow keys do not move through the numbers",
    );
  });

  test("a layer's weights are chosen, their gradient and their last update too", async () => {
    await panel.getByRole("combobox", { name: "Tensor" }).click();
    await panel.getByRole("option", { name: "W", exact: true }).click();
    await heatmap(/^W, \[64, 64\]/).waitFor();
    for (const part of ["gradient", "last update"]) {
      await panel.getByRole("combobox", { name: "Numbers" }).click();
      await panel.getByRole("option", { name: part }).click();
      await panel.getByRole("combobox", { name: "Numbers" }).filter({ hasText: part }).waitFor();
    }
    await heatmap(/^Distribution over the recorded steps/).waitFor();
    await panel.getByText("Size of an update beside its weights").waitFor();
    await vs.screenshot("out/screenshots/instrument-inspector-dark.png");
  });

  test("edges are as wide as their gradients, and the legend says so", async () => {
    await expect.poll(() => panel.locator(".react-flow__edge [class*=gradient-]").count()).toBeGreaterThan(5);
    await panel.getByText("Gradients", { exact: true }).and(panel.locator("summary")).click();
    await panel.getByText("‖∇‖ by the norm of the weights it meets").waitFor();
    await panel.locator(".edge-legend summary").click();
  });

  test("dead units are marked on their node with the engine's count", async () => {
    const dead = await vs.eval(async (vscode) => {
      const uri = vscode.workspace.textDocuments.find(({ languageId }) => languageId === "nnet")!.uri;
      const { quantities } = vscode.extensions.getExtension("nnet.nnet")!.exports.session(uri).snapshot;
      return [quantities.a1.health.dead, quantities.a2.health.dead] as number[];
    }, undefined);
    const badges = async () => {
      const texts = await panel.locator(".health-badge").allInnerTexts();
      return texts.map((text) => Number.parseInt(text, 10));
    };
    await expect.poll(badges).toEqual(dead.filter((count) => count > 0));
  });

  test("every tab has its picture and its table", async () => {
    await heatmap(/^Gradient norms, 6 rows/).waitFor();
    for (const [name, picture, caption] of [
      ["Learning rate", ".chart canvas", /Learning rate/],
      ["Confusion", ".confusion", /Each class/],
      ["Predictions", ".sample-picture", /furthest from right/],
      ["Loss", ".chart canvas", /Loss and metrics/],
    ] as const) {
      await tab(name).click();
      await panel.locator(".dashboard").locator(picture).first().waitFor();
      await vs.screenshot(`out/screenshots/instrument-${name.toLowerCase().replace(" ", "-")}-dark.png`);
      await panel.getByRole("button", { name: "Show as table" }).click();
      await panel.getByRole("table", { name: caption }).waitFor();
      await panel.getByRole("button", { name: "Show as chart" }).click();
    }
  });

  test("the confusion matrix counts every validation sample", async () => {
    await tab("Confusion").click();
    await panel.locator(".confusion td").first().waitFor();
    const cells = panel.locator(".confusion tbody td");
    expect(await cells.count()).toBe(100);
    const samples = async () => (await cells.allInnerTexts()).reduce((sum, text) => sum + Number(text || 0), 0);
    // A fifth of 1,797, rounded.
    await expect.poll(samples).toBe(359);
  });

  test("tabs are reached by the arrow keys", async () => {
    await tab("Loss").click();
    await vs.page.keyboard.press("ArrowRight");
    await vs.page.keyboard.press("ArrowRight");
    await expect.poll(() => tab("Gradients").getAttribute("aria-selected")).toBe("true");
  });
});

describe("going back in time", () => {
  const slider = () => panel.getByRole("slider", { name: "Recorded step" });

  test("the slider shows node, editor and chart as they were, and nothing of the newest step", async () => {
    const newest = await live("h1");
    await tab("Loss").click();
    await slider().focus();
    await vs.page.keyboard.press("Home");
    const past = await vs.eventually(
      () => live("h1"),
      ({ shown }) => shown !== newest.step,
      "The first recorded step is not shown",
    );
    expect(past.mean).not.toBe(newest.mean);
    await panel.locator(".time-words").getByText(`step ${past.shown}`, { exact: true }).waitFor();
    const mean = String(Number(past.mean!.toPrecision(3)));
    await vs.eventually(
      () => node("h1").innerText(),
      (text) => text.includes(`μ ${mean}`),
      `The node does not show the mean ${mean} of that step`,
    );
    await vs.screenshot("out/screenshots/instrument-past-dark.png");
  });

  test("the next step is one key away, and Live goes back to the newest", async () => {
    const { shown } = await live("h1");
    await slider().focus();
    await vs.page.keyboard.press("ArrowRight");
    await vs.eventually(
      () => live("h1"),
      (now) => now.shown !== shown,
      "The next recorded step is not shown",
    );
    await panel.getByRole("button", { name: "Live" }).click();
    await vs.eventually(
      () => live("h1"),
      (now) => now.shown === now.step,
      "The newest step is not shown again",
    );
  });
});

describe("a second training", () => {
  test("leaves the first one in the chart as a thin line with its name", async () => {
    await vs.command("nnet: Train");
    await panel.locator(".legend").getByText("Reader 1 validation loss").waitFor();
    await vs.statusBarItem(/finished/).waitFor();
    await panel.getByRole("button", { name: "Logarithmic axis" }).click();
    await panel.getByRole("button", { name: "Linear axis" }).waitFor();
    await vs.screenshot("out/screenshots/instrument-runs-dark.png");
    await panel.getByRole("button", { name: "Linear axis" }).click();
  });

  test("the header and the status bar say the same of it", async () => {
    // The panel draws when the frame before is on the screen, which may be after the status bar.
    const header = panel.locator(".progress-text").filter({ hasText: "finished" });
    const [, epoch, loss] = /(epoch \d+\/\d+) · (loss [\d.e-]+)/.exec(await header.innerText())!;
    const status = await vs.statusBarItem(/finished/).innerText();
    expect(status).toContain(epoch);
    expect(status).toContain(loss);
  });
});

describe("single steps", () => {
  test("show a pulse along the edges, where motion is wanted", async () => {
    await vs.command("nnet: Reset Weights");
    await vs.command("nnet: Step");
    await vs.eventually(
      () => live("h1"),
      ({ step }) => step === 1,
      "The first step was not made",
    );
    await vs.command("nnet: Step");
    await panel.locator(".diagram[class*=pulse-]").waitFor();
    const edge = panel.locator(".route-pulse").first();
    const animated = () => edge.evaluate((path) => getComputedStyle(path).animationName);
    await expect.poll(animated).toMatch(/^pulse-\d, pulse-back-\d$/);
    await vs.page.emulateMedia({ reducedMotion: "reduce" });
    await expect.poll(animated).toBe("none");
    await vs.page.emulateMedia({ reducedMotion: null });
  });
});

describe("a network of two inputs", () => {
  test("has a decision boundary with its samples", async () => {
    await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
    await vs.openFile("spiral.nnet");
    await vs.command("nnet: Open Diagram");
    await node("h1").waitFor();
    await vs.command("nnet: Train");
    await vs.statusBarItem(/finished/).waitFor();
    await tab("Boundary").click();
    await panel.getByRole("img", { name: /Decision boundary/ }).waitFor();
    await vs.screenshot("out/screenshots/instrument-boundary-dark.png");
  });
});
