// Edges at the cursor in the text, without a diagram: F1 rewires, adds, wraps and deletes, each after it was said what fits.

import { afterAll, beforeAll, expect, test } from "vitest";
import { EditedText } from "./support/edited-text";

const before = `block Twin(a, b) {
  return a + b -> Tanh
}

network Small(x: [4]) {
  h = x -> Dense(4) # wide
  r = h -> ReLU
  t = Twin(r, x)
  return t
    -> Dense(3) as logits
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

/** Filters the list under a title, and waits until the one that is meant has the keyboard and it is said what it does. */
async function choose(title: string, label: string, verdict: string): Promise<void> {
  const { question } = edited;
  await question.getByText(title).waitFor();
  await question.locator("input.input").fill(label);
  await question.locator(`.monaco-list-row.focused[aria-label^="${label}"]`).waitFor();
  await question.getByText(verdict).waitFor();
}

/** It is accepted, and no other question comes. */
async function enter(written: string, now: string): Promise<void> {
  await edited.vs.page.keyboard.press("Enter");
  await edited.becomes(written, now);
  await edited.question.waitFor({ state: "hidden" });
}

test("the input of a value is given another one", async () => {
  await edited.vs.reveal("-> ReLU", 4);
  await edited.vs.command("nnet: Rewire Input…");
  await choose("What r is computed from", "x", "fits");
  await enter("r = h -> ReLU", "r = x -> ReLU");
  await edited.undo();
});

test("of several inputs it is asked first which is meant, also of a block's", async () => {
  await edited.vs.reveal("Twin(r, x)", 2);
  await edited.vs.command("nnet: Rewire Input…");
  await choose("Which input of t", "x", "Which input of t");
  await edited.vs.page.keyboard.press("Enter");
  await choose("What t is computed from", "h", "fits");
  await enter("Twin(r, x)", "Twin(r, h)");
  await edited.undo();
});

test("what would be computed from itself is said before it is chosen, and Escape leaves the text alone", async () => {
  await edited.vs.reveal("-> ReLU", 4);
  await edited.vs.command("nnet: Rewire Input…");
  await choose("What r is computed from", "t", "would be computed from itself");
  await edited.vs.page.keyboard.press("Escape");
  await edited.question.waitFor({ state: "hidden" });
  expect(await edited.text()).toBe(before);
});

test("a value is added to another one", async () => {
  await edited.vs.reveal("h = x", 1);
  await edited.vs.command("nnet: Add to Another Value…");
  await choose("What h is added to", "logits", "would not fit");
  await choose("What h is added to", "r", "gives h + r [4]");
  await enter("Twin(r, x)", "Twin(h + r, x)");
  await edited.undo();
});

test("what is selected becomes a block under a name that is free", async () => {
  await edited.vs.reveal("-> Dense(3)");
  await edited.vs.press("Shift+ArrowDown", "Shift+End");
  await edited.vs.command("nnet: Wrap Selection in a Block…");
  const name = edited.question.locator("input.input");
  await edited.question.getByText("Wrap logits, Softmax in a block").waitFor();
  await name.fill("Twin");
  await edited.question.getByText("Twin is already the name of something else here").waitFor();
  await name.fill("Head");
  await edited.vs.page.keyboard.press("Enter");
  await edited.textBecomes(
    (now) => now.includes("block Head(x) {") && now.includes("  return t\n    -> Head\n"),
    "Nothing was wrapped",
  );
  await edited.undo();
});

test("a use of a block with several inputs is deleted for the one that is chosen", async () => {
  await edited.vs.reveal("Twin(r, x)", 2);
  await edited.vs.command("nnet: Delete Value");
  await choose("What takes the place of t", "r", "fits");
  await enter("  t = Twin(r, x)\n  return t\n", "  return r\n");
  await edited.undo();
});
