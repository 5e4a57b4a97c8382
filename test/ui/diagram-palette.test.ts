// The palette: layers, functions, operators and blocks put into the network by mouse and by keyboard.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EditedDiagram } from "./support/edited-diagram";

const before = `# A small classifier with a way around.
block Twin(a, b) {
  return a + b -> Tanh
}

network Small(x: [4]) {
  h = x -> Dense(4) # wide
  s = x + h
  return s
    -> ReLU
    -> Dense(3) as logits
    -> Softmax
}
`;

let diagram: EditedDiagram;

beforeAll(async () => {
  diagram = await EditedDiagram.showing("Softmax#1", before);
});
afterAll(async () => {
  await diagram?.close();
});

const field = () => diagram.view.getByRole("combobox", { name: "Find a layer or block" });

/** By keyboard, from a node; Escape closes the palette afterwards. */
async function search(from: string, name: string, enter = "Enter"): Promise<void> {
  await diagram.focus(from);
  await diagram.press("i");
  await field().fill(name);
  await diagram.press(enter);
}

async function closeByKeyboard(): Promise<void> {
  await field().press("Escape");
  await field().waitFor({ state: "detached" });
}

describe("one value", () => {
  test("a layer goes behind what is selected, by keyboard alone", async () => {
    await search("ReLU#1", "layern");
    const now = await diagram.textBecomes((value) => value.includes("LayerNorm"), "Nothing was inserted");
    expect(now).toMatch(/-> ReLU\n {4}-> LayerNorm\n {4}-> Dense\(3\)/);
    await closeByKeyboard();
    await diagram.undo();
  });

  test("a function goes before it with Alt, and beside it with Shift", async () => {
    await search("ReLU#1", "exp", "Alt+Enter");
    await diagram.textBecomes((now) => now.includes("  return s\n    -> exp\n    -> ReLU"), "Nothing was inserted");
    await closeByKeyboard();
    await diagram.undo();
    await search("h", "exp", "Shift+Enter");
    await diagram.textBecomes((now) => now.includes("value = h -> exp"), "There is no branch");
    await closeByKeyboard();
    await diagram.undo();
  });

  test("a layer dragged onto an edge stands on that edge, and says before what it gives", async () => {
    await diagram.openPalette();
    const entry = await diagram.entry(/^Tanh/);
    const upper = await diagram.middleOf(diagram.node("ReLU#1"));
    const lower = await diagram.middleOf(diagram.node("logits"));
    const box = (await diagram.node("logits").boundingBox())!;
    await diagram.drag(await diagram.middleOf(entry), { x: (upper.x + lower.x) / 2, y: box.y - 10 });
    await diagram.view.locator(".drag-overlay.fits", { hasText: "Tanh [4]" }).waitFor();
    await diagram.drop();
    const now = await diagram.textBecomes((value) => /ReLU\n {4}-> Tanh/.test(value), "Nothing was dropped");
    expect(now).toContain("    -> ReLU\n    -> Tanh\n    -> Dense(3)");
    await diagram.closePalette();
    await diagram.undo();
  });

  test("a layer dragged onto a sum stands behind it", async () => {
    await diagram.openPalette();
    const entry = await diagram.entry(/^Tanh/);
    await diagram.drag(await diagram.middleOf(entry), await diagram.middleOf(diagram.node("s")));
    await diagram.view.locator(".drag-overlay.fits", { hasText: "Tanh [4]" }).waitFor();
    await diagram.drop();
    await diagram.textBecomes((now) => now.includes("return s\n    -> Tanh\n    -> ReLU"), "Nothing was dropped");
    await diagram.closePalette();
    await diagram.undo();
  });

  test("a drop that does not fit says why before it is dropped, and Escape leaves the text alone", async () => {
    await diagram.openPalette();
    const entry = await diagram.entry(/^Conv2D/);
    await diagram.drag(await diagram.middleOf(entry), await diagram.middleOf(diagram.node("h")));
    await diagram.view.locator(".drag-overlay.misfits").waitFor();
    expect(await diagram.overlay.innerText()).toMatch(/would not fit/);
    await diagram.press("Escape");
    await diagram.overlay.waitFor({ state: "detached" });
    await diagram.drop();
    expect(await diagram.text()).toBe(before);
    await diagram.closePalette();
  });
});

describe("several values", () => {
  test("a layer takes all that is selected, in the order it was selected in", async () => {
    await diagram.focus("s");
    await diagram.press("Shift+ArrowDown", "i");
    await field().fill("concat");
    await diagram.press("Enter");
    await diagram.textBecomes((now) => now.includes("(s, relu) -> Concat"), "Nothing was inserted");
    await diagram.node("Concat#1").waitFor();
    await closeByKeyboard();
    await diagram.undo();
  });

  test("beside one value the other is chosen by keyboard, which says before what would not fit", async () => {
    await search("logits", "-");
    await diagram.message.getByText("value 2 of 2 for -, besides logits").waitFor();
    await diagram.press("ArrowUp");
    await diagram.message.getByText("would not fit").waitFor();
    await diagram.press("Escape");
    await diagram.message.waitFor({ state: "detached" });
    expect(await diagram.text()).toBe(before);
    await diagram.closePalette();
  });

  test("or by mouse", async () => {
    await diagram.node("h").click();
    await diagram.openPalette();
    await (await diagram.entry(/^max/)).dblclick();
    await diagram.textBecomes((now) => now.includes("x + max(h)"), "Nothing was inserted");
    await diagram.undo();
    await diagram.node("h").click();
    await (await diagram.entry(/^\*/)).dblclick();
    await diagram.message.getByText("value 2 of 2 for *").waitFor();
    await diagram.node("x").hover();
    await diagram.message.getByText("x: h * x [4]").waitFor();
    await diagram.node("x").click();
    await diagram.textBecomes((now) => now.includes("s = x + (h * x)"), "Nothing was multiplied");
    await diagram.closePalette();
    await diagram.undo();
  });

  test("a block with two inputs is dropped on a value, then its other input is chosen", async () => {
    await diagram.openPalette();
    const entry = await diagram.entry(/^Twin/);
    await diagram.drag(await diagram.middleOf(entry), await diagram.middleOf(diagram.node("ReLU#1")));
    await diagram.overlay.getByText("then choose what else it takes").waitFor();
    await diagram.drop();
    await diagram.message.getByText("value 2 of 2 for Twin, besides ReLU").waitFor();
    await diagram.node("h").click();
    await diagram.textBecomes((now) => now.includes("-> ReLU\n    -> Twin(h)\n    -> Dense(3)"), "It was not inserted");
    await diagram.closePalette();
    await diagram.undo();
  });
});
