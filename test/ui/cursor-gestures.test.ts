// Gestures at the cursor in the text, without a diagram: F1 asks for what they need to know, and says what would not fit.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

const file = "cursor.nnet";
const before = `block Twice(x) {
  return x -> Dense(4) -> Tanh
}

network Small(x: [4]) {
  return x
    -> Twice as t
    -> Dense(4) as h # wide
    -> Softmax
}
`;

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode();
  writeFileSync(path.join(vs.workspace, file), before);
  await vs.openFile(file);
});
afterAll(async () => {
  await vs?.close();
});

const text = () =>
  vs.eval(
    (vscode, name) => vscode.workspace.textDocuments.find(({ fileName }) => fileName.endsWith(name))?.getText() ?? "",
    file,
  );

const quickInput = () => vs.page.locator(".quick-input-widget:visible");

/** Filters a list and waits until the one that is meant is the first. */
async function type(words: string, first: string): Promise<void> {
  await quickInput().locator("input.input").fill(words);
  await quickInput().locator(".monaco-list-row.focused", { hasText: first }).waitFor();
}

async function becomes(expected: string): Promise<void> {
  await vs.eventually(text, (now) => now === expected, "The gesture wrote something else");
}

async function undo(): Promise<void> {
  await vs.press("Control+z");
  await becomes(before);
}

test("a layer goes behind the value that the cursor is on, after it was said what it gives", async () => {
  await vs.reveal("as h");
  await vs.command("nnet: Insert Layer…");
  await type("LayerNorm", "LayerNorm");
  await quickInput().getByText("Insert after h: gives LayerNorm [4]").waitFor();
  await vs.page.keyboard.press("Enter");
  await becomes(before.replace("# wide\n", "# wide\n    -> LayerNorm\n"));
  await undo();
});

test("what takes a second value asks for it", async () => {
  await vs.reveal("as h");
  await vs.command("nnet: Insert Layer…");
  await type("Concat", "Concat");
  await vs.page.keyboard.press("Enter");
  await quickInput().getByText("what Concat takes besides it").waitFor();
  await type("x", "x");
  await quickInput().getByText("gives Concat [8]").waitFor();
  await vs.page.keyboard.press("Enter");
  await vs.eventually(text, (now) => now.includes("return (h, x) -> Concat"), "Nothing was inserted");
  await undo();
});

test("a layer that does not fit is said not to before it is chosen", async () => {
  await vs.reveal("as h");
  await vs.command("nnet: Insert Layer…");
  await type("Conv2D", "Conv2D");
  await quickInput().getByText("would not fit").waitFor();
  await vs.page.keyboard.press("Escape");
  await quickInput().waitFor({ state: "hidden" });
  expect(await text()).toBe(before);
});

test("the block at the cursor is expanded, and a value is deleted", async () => {
  await vs.reveal("Twice as t");
  await vs.command("nnet: Expand Block");
  await becomes(before.replace("-> Twice as t", "-> Dense(4)\n    -> Tanh as t"));
  await undo();
  await vs.reveal("-> Softmax");
  await vs.press("End");
  await vs.command("nnet: Delete Value");
  await becomes(before.replace("    -> Softmax\n", ""));
  await undo();
});
