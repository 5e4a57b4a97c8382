// What the extension says while it is used: where something is wrong, and with a button what can be done about it.

import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { NnetApi } from "../../extension/host/activate";
import { breaking } from "../breaking";
import { openVSCode, type VSCode } from "./fixture";
import { preview } from "./support/preview";

const patient = `data Points = Spiral

network Net(x: [2]) { return x -> Dense(64) -> ReLU -> Dense(3) -> Softmax }

train Net on Points { loss: CrossEntropy optimizer: SGD(rate: 0.1) epochs: 1000000 }

check "it has learnt" after Net { expect accuracy > 0.9 }
`;

const slow = `data Slow = Csv("slow.csv", target: "y")

network Net(x: [1]) { return x -> Dense(1) }

train Net on Slow { loss: MSE optimizer: SGD(rate: 0.1) }
`;

const steps = Array.from({ length: 1000 }, () => "step").join(" ");

const lengthy = `network Net(x: [2]) { return x -> Dense(2048) -> ReLU -> Dense(2048) -> Dense(1) as y }

check "a thousand steps" on Net(x: [1, 2]) { target: [1] loss: MSE optimizer: SGD(rate: 0.1) ${steps} expect y == 1 }
`;

const untrained = "network Net(x: [2]) { return x * 2 }";

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode({
    viewport: { width: 1400, height: 900 },
    files: {
      "breaking.nnet": breaking,
      "lengthy.nnet": lengthy,
      "patient.nnet": patient,
      "slow.nnet": slow,
      "untrained.nnet": untrained,
    },
  });
});
afterAll(async () => {
  await vs?.close();
});
afterEach(async () => {
  await vs?.command("Notifications: Clear All Notifications");
});

const button = (message: RegExp, title: string) =>
  vs.notification(message).locator(".monaco-button").filter({ hasText: title });

/** Who has cancelled something is told nothing about it. */
async function expectSilence(): Promise<void> {
  await vs.page.waitForTimeout(300);
  expect(await vs.page.locator(".notification-toast:visible").allInnerTexts()).toEqual([]);
}

/** In the editor of this file. */
async function selectedIn(file: string): Promise<{ readonly text: string; readonly line: number }> {
  return await vs.eval((vscode, file) => {
    const { document, selection } = vscode.window.visibleTextEditors.find((editor) =>
      editor.document.fileName.endsWith(file),
    )!;
    return { text: document.getText(selection), line: selection.start.line + 1 };
  }, file);
}

async function stateOf(file: string): Promise<string | undefined> {
  return await vs.eval(
    (vscode, place) => {
      const { exports } = vscode.extensions.getExtension<NnetApi>("nnet.nnet")!;
      return exports.session(vscode.Uri.file(place))?.state.kind;
    },
    path.join(vs.workspace, file),
  );
}

/** Of the first problem that the file has; undefined without one. */
async function markedLine(file: string): Promise<number | undefined> {
  return await vs.eval(
    (vscode, place) => {
      const [mark] = vscode.languages.getDiagnostics(vscode.Uri.file(place));
      return mark && mark.range.start.line + 1;
    },
    path.join(vs.workspace, file),
  );
}

const brokenDown = /breaking\.nnet, line 5: Net: the loss is NaN at step 1.*A logarithm needs numbers above 0/;

test("a training that breaks down says where, and its button shows the value", async () => {
  await vs.openFile("breaking.nnet");
  await vs.command("nnet: Train");
  await vs.notification(brokenDown).waitFor();
  await vs.screenshot("out/screenshots/not-finite-dark.png");
  await button(brokenDown, "Show").click();
  await expect.poll(() => selectedIn("breaking.nnet")).toEqual({ text: "l", line: 5 });
});

test("the mark of a breakdown leads to its explanation", async () => {
  const hover = () => vs.hover({ line: "l = log(x)", word: "l" });
  await expect.poll(async () => (await hover()).innerText()).toContain("It begins in l");
  await vs.setTheme("light");
  await hover();
  await vs.screenshot("out/screenshots/not-finite-hover-light.png");
  await (await hover()).getByText("not-finite", { exact: true }).click();
  await preview(vs, /A number became infinite or NaN[\s\S]*What to do[\s\S]*The loss falls from/);
  await vs.screenshot("out/screenshots/not-finite-page-light.png");
  await vs.setTheme("dark");
});

test("a breakdown is explained on the card, with the numbers that are not defined", async () => {
  await vs.openFile("breaking.nnet");
  await vs.command("nnet: Train");
  await button(brokenDown, "Explain").click();
  const heading = vs.webview().locator("h1");
  await heading
    .filter({ hasText: "l[1] = NaN" })
    .or(heading.filter({ hasText: "l[0] = NaN" }))
    .waitFor();
  await vs.screenshot("out/screenshots/not-finite-card-dark.png");
});

test("the mark of a breakdown goes with the text that broke down", async () => {
  const mark = vs.page.locator(".part.editor .squiggly-error").first();
  await vs.openFile("breaking.nnet");
  await mark.waitFor();
  await vs.reveal("  param w");
  // Above its line, in a line of its own.
  await vs.press("Control+Shift+Enter");
  await vs.type("# Not yet.");
  // It moves with its line, and stays when all has been read again.
  await expect.poll(() => markedLine("breaking.nnet")).toBe(6);
  await mark.waitFor();
  await vs.reveal("param w = 1");
  await vs.press("End");
  await vs.type("0");
  await vs.lineLocator("param w = 10").waitFor();
  await mark.waitFor({ state: "detached" });
});

test("what cannot be paused because it does not run can be trained", async () => {
  await vs.openFile("xor.nnet");
  await vs.command("nnet: Pause");
  await button(/xor\.nnet: no training is running\./, "Train").click();
  await expect.poll(() => stateOf("xor.nnet")).toBe("finished");
});

test("what cannot be explained because nothing was trained can be trained", async () => {
  await vs.openFile("iris.nnet");
  await vs.command("nnet: Explain Gradient");
  await button(/iris\.nnet: there are no numbers to explain\./, "Step").click();
  await expect.poll(() => stateOf("iris.nnet")).toBe("paused");
});

test("a declaration that is missing is written by a button", async () => {
  await vs.openFile("untrained.nnet");
  await vs.command("nnet: Train");
  await button(/untrained\.nnet has no train declaration\. Write one:/, "Write One").click();
  await expect
    .poll(() => selectedIn("untrained.nnet"))
    .toEqual({ text: "train Network on Data { loss: CrossEntropy optimizer: Adam }", line: 3 });
});

test("a training that is not written down says so at its declaration", async () => {
  await vs.openFile("spiral.nnet");
  await vs.command("nnet: Resume from Checkpoint");
  await button(/spiral\.nnet: \w+ is not written down while it trains/, "Show").click();
  await expect.poll(async () => (await selectedIn("spiral.nnet")).text).toMatch(/^\w+$/);
});

test("an exported diagram says where it is, and can be opened", async () => {
  await vs.openFile("spiral.nnet");
  await vs.command("nnet: Open Diagram");
  await vs.webview().locator(".react-flow__node").first().waitFor();
  await vs.command("nnet: Export Diagram as SVG");
  const proposed = vs.page.locator(".quick-input-widget input.input");
  await expect.poll(() => proposed.inputValue()).toMatch(/Spirals\.svg$/);
  await vs.page.keyboard.press("Enter");
  await button(/The diagram of Spirals is in Spirals\.svg\./, "Open").click();
  await vs.page
    .locator(".tab")
    .filter({ hasText: /Spirals\.svg/ })
    .waitFor();
});

// Windows has no such pipes.
const withPipes = test.skipIf(process.platform === "win32");

withPipes("data that take long to read say so, and the training that waits for them can be cancelled", async () => {
  // Nobody writes into it: whoever reads it waits.
  const pipe = path.join(vs.workspace, "slow.csv");
  execFileSync("mkfifo", [pipe]);
  try {
    await vs.openFile("slow.nnet");
    await vs.statusBarItem("slow.nnet: reading Slow").waitFor();
    await vs.command("nnet: Train");
    const progress = /Training Net: reading the data and building the network/;
    await vs.notification(progress).waitFor();
    await vs.screenshot("out/screenshots/reading-progress-dark.png");
    await button(progress, "Cancel").click();
    await vs.notification(progress).waitFor({ state: "detached" });
    await expect.poll(() => stateOf("slow.nnet")).toBe("stopped");
  } finally {
    // Who reads comes to an end: a thread that waits would keep its process alive.
    closeSync(openSync(pipe, constants.O_RDWR));
    rmSync(pipe);
  }
});

test("a check that takes long can be cancelled", async () => {
  await vs.openFile("patient.nnet");
  await vs.command("nnet: Run Checks");
  const progress = /patient\.nnet: running the check/;
  await vs.notification(progress).waitFor();
  await vs.screenshot("out/screenshots/check-progress-dark.png");
  await button(progress, "Cancel").click();
  await vs.notification(progress).waitFor({ state: "detached" });
  await expectSilence();
  // The worker that was ended is followed by another one.
  await vs.openFile("lectures/masha.nnet");
  await vs.command("nnet: Run Checks");
  await vs.notification(/masha\.nnet: (all \d+ checks|".*") passed\./).waitFor();
});

test("a derivation that takes long can be cancelled", async () => {
  await vs.openFile("lengthy.nnet");
  await vs.command("nnet: Derive");
  const progress = /lengthy\.nnet: deriving "a thousand steps"/;
  await button(progress, "Cancel").click();
  await vs.notification(progress).waitFor({ state: "detached" });
  await expectSilence();
  await vs.openFile("lectures/neuron.nnet");
  await vs.command("nnet: Derive");
  await preview(vs, /expectations? holds?/);
});
