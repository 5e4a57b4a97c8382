// What the panel marks: the cells of a heatmap whose number is not finite, and the recorded steps whose weights are kept
// where that is not each of them.

import type { FrameLocator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";
import { nodeNamed } from "./support/panel";

/** q is [1, ∞, 1, NaN], [-1, -∞, 1.5, NaN] and [2, NaN, -0.5, ∞]. */
const quotients = `data Rows = Table(inputs: [[1, 1, 2, 0], [-1, -1, 3, 0], [2, 0, -1, 5]], targets: [1, 2, 3])

network Quotients(x: [4]) {
  const divisors = [1, 0, 2, 0]
  q = x / divisors
  return q -> Dense(1) as y
}

train Quotients on Rows { loss: MSE optimizer: SGD(rate: 0.1) batch: 3 epochs: 1 shuffle: false seed: 1 }
`;

/** 4 million weights, 16 MB: those of four steps at most are kept. */
const large = `data Points = Moons(samples: 90, noise: 0.1, seed: 2)

network Large(x: [2]) {
  return x -> Dense(2000) -> Tanh -> Dense(2000) -> Tanh -> Dense(2) as logits -> Softmax as p
}

train Large on Points { loss: CrossEntropy optimizer: SGD(rate: 0.01) batch: 9 epochs: 1 seed: 3 }
`;

let vs: VSCode;
let panel: FrameLocator;

beforeAll(async () => {
  vs = await openVSCode({
    viewport: { width: 1600, height: 1000 },
    bare: true,
    files: { "quotients.nnet": quotients, "large.nnet": large },
  });
  panel = vs.webview();
});
afterAll(async () => {
  await vs?.close();
});

const node = (name: string) => nodeNamed(panel, name);

describe("a cell that is not finite", () => {
  test("has a mark, which the legend and a screen reader know", async () => {
    await vs.openFile("quotients.nnet");
    await vs.command("nnet: Open Diagram");
    await node("q").waitFor();
    await vs.command("nnet: Train");
    await vs.statusBarItem(/failed/).waitFor();
    await panel.getByRole("button", { name: "Show inspector" }).click();
    await node("q").click();
    const picture = panel.getByRole("application", {
      name: "q, [3, 4], 3 rows and 4 columns, 3 cells NaN, 2 cells ∞, 1 cell -∞. Arrow keys move through it.",
    });
    await picture.waitFor();
    const legend = panel.locator(".tensor .scale");
    await expect.poll(() => legend.innerText()).toMatch(/^-∞\s*-2\s*2\s*∞\s*NaN$/);
    // Every mark in a color of its own, none of them the scale's.
    const colors = await picture
      .locator("path")
      .evaluateAll((marks) => marks.map((mark) => getComputedStyle(mark).fill));
    expect(new Set(colors).size).toBe(3);
    await vs.screenshot("out/screenshots/marks-not-finite-dark.png");
    await vs.setTheme("light");
    await vs.screenshot("out/screenshots/marks-not-finite-light.png");
  });
});

describe("the time slider", () => {
  const slider = () => panel.getByRole("slider", { name: "Recorded step" });
  const spoken = () => slider().getAttribute("aria-valuetext");

  test("marks the steps whose weights are kept, once that is not each of them", async () => {
    await vs.setTheme("dark");
    await vs.eval((vscode) => vscode.commands.executeCommand("notifications.clearAll"));
    await vs.openFile("large.nnet");
    await vs.command("nnet: Open Diagram");
    await node("logits").waitFor();
    for (let step = 1; step <= 6; step++) {
      await panel.getByRole("button", { name: "Step", exact: true }).click();
      await expect.poll(() => panel.locator(".progress-text").innerText()).toContain(`step ${step}`);
      if (step > 1) await expect.poll(spoken).toBe(`step ${step}, the newest`);
      // The fifth is one too many.
      expect(await panel.locator(".time-kept").count()).toBe(step > 4 ? 1 : 0);
    }
    const words = /^The weights of 4 of 6 recorded steps are kept: those with a mark\./;
    await panel.getByRole("img", { name: words }).waitFor();
    // Of steps 1 to 6 every other one, and the newest.
    expect(await panel.locator(".time-kept path").getAttribute("d")).toBe("M0 0v1M2 0v1M4 0v1M5 0v1");
    await vs.screenshot("out/screenshots/marks-kept-dark.png");
    await vs.setTheme("light");
    await vs.screenshot("out/screenshots/marks-kept-light.png");
  });

  test("says of a step that its weights are gone", async () => {
    await slider().press("ArrowLeft");
    await expect.poll(spoken).toBe("step 5");
    await slider().press("ArrowLeft");
    await expect.poll(spoken).toBe("step 4, whose weights are no longer kept");
  });
});
