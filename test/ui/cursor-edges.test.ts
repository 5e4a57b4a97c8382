// Edges at the cursor in the text, without a diagram: F1 rewires, adds, wraps and deletes, each after it was said what fits.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

const file = "edges.nnet";
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

/** Filters the list under a title, and waits until the one that is meant has the keyboard and it is said what it does. */
async function choose(title: string, label: string, verdict: string): Promise<void> {
  await quickInput().getByText(title).waitFor();
  await quickInput().locator("input.input").fill(label);
  await quickInput().locator(`.monaco-list-row.focused[aria-label^="${label}"]`).waitFor();
  await quickInput().getByText(verdict).waitFor();
}

async function becomes(written: string, now: string): Promise<void> {
  await vs.eventually(text, (value) => value === before.replace(written, now), `"${now}" was not written`);
  await quickInput().waitFor({ state: "hidden" });
}

async function undo(): Promise<void> {
  await vs.press("Control+z");
  await vs.eventually(text, (now) => now === before, "Undo did not give the text that was there before");
}

test("the input of a value is given another one", async () => {
  await vs.reveal("-> ReLU", 4);
  await vs.command("nnet: Rewire Input…");
  await choose("What r is computed from", "x", "fits");
  await vs.page.keyboard.press("Enter");
  await becomes("r = h -> ReLU", "r = x -> ReLU");
  await undo();
});

test("of several inputs it is asked first which is meant, also of a block's", async () => {
  await vs.reveal("Twin(r, x)", 2);
  await vs.command("nnet: Rewire Input…");
  await choose("Which input of t", "x", "Which input of t");
  await vs.page.keyboard.press("Enter");
  await choose("What t is computed from", "h", "fits");
  await vs.page.keyboard.press("Enter");
  await becomes("Twin(r, x)", "Twin(r, h)");
  await undo();
});

test("what would be computed from itself is said before it is chosen, and Escape leaves the text alone", async () => {
  await vs.reveal("-> ReLU", 4);
  await vs.command("nnet: Rewire Input…");
  await choose("What r is computed from", "t", "would be computed from itself");
  await vs.page.keyboard.press("Escape");
  await quickInput().waitFor({ state: "hidden" });
  expect(await text()).toBe(before);
});

test("a value is added to another one", async () => {
  await vs.reveal("h = x", 1);
  await vs.command("nnet: Add to Another Value…");
  await choose("What h is added to", "logits", "would not fit");
  await choose("What h is added to", "r", "gives h + r [4]");
  await vs.page.keyboard.press("Enter");
  await becomes("Twin(r, x)", "Twin(h + r, x)");
  await undo();
});

test("what is selected becomes a block under a name that is free", async () => {
  await vs.reveal("-> Dense(3)");
  await vs.press("Shift+ArrowDown", "Shift+End");
  await vs.command("nnet: Wrap Selection in a Block…");
  const name = quickInput().locator("input.input");
  await quickInput().getByText("Wrap logits, Softmax in a block").waitFor();
  await name.fill("Twin");
  await quickInput().getByText("Twin is already the name of something else here").waitFor();
  await name.fill("Head");
  await vs.page.keyboard.press("Enter");
  await vs.eventually(
    text,
    (now) => now.includes("block Head(x) {") && now.includes("  return t\n    -> Head\n"),
    "Nothing was wrapped",
  );
  await undo();
});

test("a use of a block with several inputs is deleted for the one that is chosen", async () => {
  await vs.reveal("Twin(r, x)", 2);
  await vs.command("nnet: Delete Value");
  await choose("What takes the place of t", "r", "fits");
  await vs.page.keyboard.press("Enter");
  await becomes("  t = Twin(r, x)\n  return t\n", "  return r\n");
  await undo();
});
