// Gestures at the cursor in the text, without a diagram: F1 asks for what they need to know, and says what would not fit.

import { afterAll, beforeAll, expect, test } from "vitest";
import { EditedText } from "./support/edited-text";

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

let edited: EditedText;

beforeAll(async () => {
  edited = await EditedText.open(before);
});
afterAll(async () => {
  await edited?.close();
});

/** Filters a list and waits until the one that is meant is the first. */
async function type(words: string, first: string): Promise<void> {
  await edited.question.locator("input.input").fill(words);
  await edited.question.locator(".monaco-list-row.focused", { hasText: first }).waitFor();
}

test("a layer goes behind the value that the cursor is on, after it was said what it gives", async () => {
  await edited.vs.reveal("as h");
  await edited.vs.command("nnet: Insert Layer…");
  await type("LayerNorm", "LayerNorm");
  await edited.question.getByText("Insert after h: gives LayerNorm [4]").waitFor();
  await edited.vs.page.keyboard.press("Enter");
  await edited.becomes("# wide\n", "# wide\n    -> LayerNorm\n");
  await edited.undo();
});

test("what takes a second value asks for it", async () => {
  await edited.vs.reveal("as h");
  await edited.vs.command("nnet: Insert Layer…");
  await type("Concat", "Concat");
  await edited.vs.page.keyboard.press("Enter");
  await edited.question.getByText("what Concat takes besides it").waitFor();
  await type("x", "x");
  await edited.question.getByText("gives Concat [8]").waitFor();
  await edited.vs.page.keyboard.press("Enter");
  await edited.textBecomes((now) => now.includes("return (h, x) -> Concat"), "Nothing was inserted");
  await edited.undo();
});

test("a layer that does not fit is said not to before it is chosen", async () => {
  await edited.vs.reveal("as h");
  await edited.vs.command("nnet: Insert Layer…");
  await type("Conv2D", "Conv2D");
  await edited.question.getByText("would not fit").waitFor();
  await edited.vs.page.keyboard.press("Escape");
  await edited.question.waitFor({ state: "hidden" });
  expect(await edited.text()).toBe(before);
});

test("the block at the cursor is expanded, and a value is deleted", async () => {
  await edited.vs.reveal("Twice as t");
  await edited.vs.command("nnet: Expand Block");
  await edited.becomes("-> Twice as t", "-> Dense(4)\n    -> Tanh as t");
  await edited.undo();
  await edited.vs.reveal("-> Softmax");
  await edited.vs.press("End");
  await edited.vs.command("nnet: Delete Value");
  await edited.becomes("    -> Softmax\n", "");
  await edited.undo();
});
