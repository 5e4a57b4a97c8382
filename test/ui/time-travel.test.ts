// Looking back in time as a person does: slider, inspector, hover, card and tabs speak of the step that is looked at. The
// oracle is a training in the test's own process, made up to that step.

import type { FrameLocator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../engine/runtime/evaluation";
import { Explainer } from "../../engine/runtime/explainer";
import type { Trainer } from "../../engine/runtime/trainer";
import type { NnetApi } from "../../extension/host/activate";
import { formatNumber as formatted } from "../../extension/language/format-number";
import { formatNumber } from "../../webview/numbers";
import { trainerOf, unhurried } from "../engine/runtime/support";
import { openVSCode, type VSCode } from "./fixture";
import { eventually } from "./support/eventually";
import { nodeNamed } from "./support/panel";

/**
 * Dropout, running parameters and shuffled batches: the numbers of a step are those of no other. All batches are of one size,
 * so that an element of one is in all.
 */
const text = `# Two moons.
data Points = Moons(samples: 120, noise: 0.1, seed: 2)

network Small(x: [2]) {
  return x
    -> Dense(4) as hidden
    -> BatchNorm as even
    -> Tanh as active
    -> Dropout(0.2) as kept
    -> Dense(2) as logits
    -> Softmax as p
}

train Small on Points { loss: CrossEntropy optimizer: Adam(rate: 0.02) batch: 9 epochs: 40 validation: 0.25 seed: 3 }
`;

/** 4 million weights, 16 MB: of four moments at most they are kept. */
const large = text.replace("Dense(4)", "Dense(2000) -> Tanh -> Dense(2000)");

let vs: VSCode;
let panel: FrameLocator;

beforeAll(async () => {
  vs = await openVSCode({
    viewport: { width: 1600, height: 1000 },
    bare: true,
    files: { "small.nnet": text, "large.nnet": large },
  });
  panel = vs.webview();
});
afterAll(async () => {
  await vs?.close();
});

const slider = () => panel.getByRole("slider", { name: "Recorded step" });
const node = (name: string) => nodeNamed(panel, name);
const heading = () => vs.webview().locator("h1");
const place = () => vs.webview().locator("p.place");

interface Live {
  readonly newest: number;
  readonly shown: number;
}

/** What the extension knows of the training in the open file. */
function live(): Promise<Live> {
  return vs.eval((vscode) => {
    const { exports } = vscode.extensions.getExtension<NnetApi>("nnet.nnet")!;
    const session = exports.session(vscode.window.visibleTextEditors[0]!.document.uri);
    return { newest: session?.snapshot?.step ?? 0, shown: session?.shown?.step ?? 0 };
  }, undefined);
}

/** Moves the slider by quick keys, so many recorded steps from the first; gives the step that is looked at then. */
async function lookBack(presses: number): Promise<number> {
  await slider().focus();
  await vs.page.keyboard.press("Home");
  for (let press = 0; press < presses; press++) await vs.page.keyboard.press("ArrowRight");
  await expect.poll(() => slider().inputValue()).toBe(String(presses));
  const [, step] = /^step ([\d,]+)/.exec((await slider().getAttribute("aria-valuetext"))!)!;
  await expect.poll(async () => (await live()).shown).toBe(Number(step!.replaceAll(",", "")));
  return (await live()).shown;
}

/** A training that stands after this step. */
async function standingAt(step: number): Promise<Trainer> {
  const trainer = await trainerOf(text);
  while (trainer.step < step) trainer.advance();
  return trainer;
}

/** The hover over `active`, once it has these words: it says itself that one may have to hover again. */
async function hovered(words: string): Promise<string> {
  const over = { line: "-> Tanh as active", word: "active" };
  return await eventually(
    vs.page,
    async () => (await vs.hover(over)).innerText(),
    (text) => text.includes(words),
    (last) => new Error(`The hover does not say "${words}"; it says ${last}`),
  );
}

/** The number that the inspector says of its cell in row 1, column 2. */
async function readCell(): Promise<string> {
  await panel.getByRole("application", { name: /^hidden, / }).focus();
  const keys = [...Array(8).fill("ArrowUp"), ...Array(4).fill("ArrowLeft"), "ArrowDown", "ArrowRight", "ArrowRight"];
  for (const key of keys) await vs.page.keyboard.press(key);
  return panel.locator(".tensor .heatmap-reading").innerText();
}

describe("a step of the past", () => {
  let then: Trainer;
  let newest: Trainer;

  test("is chosen with the slider", async () => {
    await vs.openFile("small.nnet");
    await vs.command("nnet: Open Diagram");
    await node("hidden").click();
    await panel.getByRole("button", { name: "Show inspector" }).click();
    await vs.command("nnet: Train");
    await vs.statusBarItem(/finished/).waitFor();
    newest = await standingAt((await live()).newest);
    const step = await lookBack(2);
    expect(step).toBeLessThan(newest.step);
    then = await standingAt(step);
  });

  test("has its tensors in the inspector", async () => {
    await panel.getByText(`After step ${then.step}.`).waitFor();
    const [before, now] = [then, newest].map((trainer) => formatNumber(trainer.inspect().value("hidden").data[4 + 2]!));
    expect(before).not.toBe(now);
    await expect.poll(readCell).toBe(`hidden[1, 2]: ${before}`);
    await vs.screenshot("out/screenshots/time-travel-inspector-dark.png");
  });

  test("has its explanation in the hover", async () => {
    const { name, element, trained } = await new Explainer(unhurried).explain(then, { id: "active", of: "gradient" });
    const subject = `${name}${element.map((index) => `[${index}]`).join("")} = ${formatted(trained.number)}`;
    const words = await hovered(`after step ${then.step}`);
    expect(words).toContain(subject);
    expect(words).toContain(`step ${then.step}, loss`);
    await vs.screenshot("out/screenshots/time-travel-hover-dark.png");
    await vs.page.keyboard.press("Escape");
    await vs.page.mouse.move(20, 900);
  });

  test("has its predictions in the tabs", async () => {
    await panel.getByRole("tab", { name: "Confusion", exact: true }).click();
    await panel.getByText(`with the weights after step ${then.step}`).waitFor();
    const { confusion } = finished(evaluate(then, "validation"));
    const cells = async () => (await panel.locator(".confusion tbody td").allInnerTexts()).map(Number);
    await expect.poll(cells).toEqual(confusion!.counts.flat());
    await vs.screenshot("out/screenshots/time-travel-confusion-dark.png");
  });

  test("has its card, whose check is a central difference of then", async () => {
    const order = { id: "active", of: "gradient", checkGradient: true } as const;
    const { difference } = await new Explainer(unhurried).explain(then, order);
    await hovered("Check this gradient now");
    const hover = await vs.hover({ line: "-> Tanh as active", word: "active" });
    await hover.locator("a").filter({ hasText: "Check this gradient now" }).click();
    await expect.poll(() => place().innerText()).toContain(`after step ${then.step}`);
    const shown = () => vs.webview().locator(".difference").innerText();
    await expect.poll(shown).toContain(`= ${formatted(difference!.number)} with`);
    expect(await vs.webview().locator(".outdated").count()).toBe(0);
    await vs.screenshot("out/screenshots/time-travel-card-dark.png");
  });

  test("is left with Live, and everything speaks of the newest step again", async () => {
    await vs.page.keyboard.press("Escape");
    await vs.page.mouse.move(20, 900);
    const card = vs.page.getByRole("tab", { name: /^∂L\/∂active/ });
    await vs.command("nnet: Open Diagram");
    await panel.getByRole("button", { name: "Live" }).click();
    await panel.getByText(`with the weights after step ${newest.step}`).waitFor();
    // The card has led the cursor to another value, and the view follows it.
    await expect.poll(() => node("active").getAttribute("aria-selected")).toBe("true");
    await panel.getByRole("button", { name: "Fit diagram" }).click();
    await node("hidden").click();
    await panel.getByText(`After step ${newest.step}.`).waitFor();
    const now = formatNumber(newest.inspect().value("hidden").data[4 + 2]!);
    await expect.poll(readCell).toBe(`hidden[1, 2]: ${now}`);
    await card.click();
    await expect.poll(() => place().innerText()).toContain(`after step ${newest.step}`);
    // The card stays with its element.
    const explainer = new Explainer(unhurried);
    const { element } = await explainer.explain(then, { id: "active", of: "gradient" });
    const { trained } = await explainer.explain(newest, { id: "active", of: "gradient", element });
    await expect.poll(() => heading().innerText()).toContain(` = ${formatted(trained.number)}`);
  });
});

describe("a step whose weights are gone", () => {
  test("is said to be, in inspector and hover, with the nearest that are kept", async () => {
    await vs.setTheme("light");
    await vs.eval((vscode) => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
    await vs.openFile("large.nnet");
    await vs.command("nnet: Open Diagram");
    await node("active").click();
    await panel.getByRole("button", { name: "Show inspector" }).click();
    // How many steps of a training are recorded is a matter of its speed; single steps all are.
    for (let step = 1; step <= 6; step++) {
      await panel.getByRole("button", { name: "Step", exact: true }).click();
      await expect.poll(async () => (await live()).newest).toBe(step);
    }
    const step = await lookBack(1);
    const message = new RegExp(
      `The weights after step ${step} are no longer kept\\. The nearest that are: those after step \\d+\\.`,
    );
    await panel.locator(".tensor").getByText(message).waitFor();
    await vs.screenshot("out/screenshots/time-travel-gone-light.png");
    expect(await hovered("no longer kept")).toMatch(message);
    await vs.screenshot("out/screenshots/time-travel-gone-hover-light.png");
  });
});

function finished<Result>(work: Generator<unknown, Result, undefined>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
