// The diagram as an editor, by mouse and by keyboard: values and edges become text, and undo gives the very bytes.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EditedDiagram } from "./support/edited-diagram";

const before = `# A small classifier.
network Small(x: [4], size: int = 8) {
  return x
    -> Dense(size) as h # wide
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

describe("values", () => {
  test("Delete takes a layer out of the text, undo gives the very bytes, redo the edited ones", async () => {
    await diagram.focus("ReLU#1");
    await diagram.press("Delete");
    const deleted = await diagram.textBecomes((now) => !now.includes("ReLU"), "Delete did nothing");
    await diagram.node("ReLU#1").waitFor({ state: "detached" });
    expect(deleted).toContain("# wide");
    await diagram.undo();
    await diagram.node("ReLU#1").waitFor();
    await diagram.focus("x");
    await diagram.press("Control+y");
    await diagram.textBecomes((now) => now === deleted, "Redo did not give the edited text");
    await diagram.node("ReLU#1").waitFor({ state: "detached" });
    await diagram.undo();
  });

  test("Delete takes out all that is selected, as one undo step", async () => {
    await diagram.focus("ReLU#1");
    await diagram.press("Shift+ArrowDown");
    await diagram.selectionBecomes("ReLU#1", "logits");
    await diagram.press("Delete");
    await diagram.textBecomes(
      (now) => now === before.replace("    -> ReLU\n    -> Dense(3) as logits\n", ""),
      "Not both of them were deleted",
    );
    await diagram.undo();
  });

  test("what cannot be deleted says why", async () => {
    await diagram.focus("x");
    await diagram.press("Delete");
    await diagram.message.getByText(/x is an input/).waitFor();
    expect(await diagram.text()).toBe(before);
  });

  test("F2 renames a value everywhere", async () => {
    await diagram.focus("h");
    await diagram.press("F2");
    await diagram.view.getByRole("textbox", { name: "Name" }).fill("hidden");
    await diagram.press("Enter");
    await diagram.textBecomes((now) => now.includes("Dense(size) as hidden # wide"), "The name did not change");
    await diagram.node("hidden").waitFor();
    await diagram.undo();
  });

  test("a name that is taken is refused while it is written, with the reason", async () => {
    await diagram.focus("h");
    await diagram.press("F2");
    await diagram.view.getByRole("textbox", { name: "Name" }).fill("logits");
    await diagram.verdict.getByText("logits").waitFor();
    await diagram.press("Enter");
    await diagram.message.waitFor();
    await diagram.press("Escape");
    expect(await diagram.text()).toBe(before);
  });

  test("values copied with the keyboard are pasted with names of their own", async () => {
    await diagram.focus("h");
    await diagram.press("Control+c");
    await diagram.message.getByText("Copied").waitFor();
    await diagram.press("Control+v");
    await diagram.textBecomes((now) => now.includes("Dense(size) as h2"), "Nothing was pasted");
    await diagram.undo();
  });

  test("what is cut is gone, and is pasted where another value is selected", async () => {
    await diagram.focus("ReLU#1");
    await diagram.press("Control+x");
    await diagram.textBecomes((now) => !now.includes("ReLU"), "Nothing was cut");
    await diagram.focus("logits");
    await diagram.press("Control+v");
    await diagram.textBecomes(
      (now) => now === before.replace("    -> ReLU\n", "").replace("as logits\n", "as logits\n    -> ReLU\n"),
      "It was not pasted behind logits",
    );
    await diagram.focus("x");
    await diagram.press("Control+z");
    await diagram.textBecomes((now) => !now.includes("ReLU"), "Pasting was not one undo step");
    await diagram.undo();
  });

  test("Ctrl+D writes what is selected once more", async () => {
    await diagram.focus("ReLU#1");
    await diagram.press("Control+d");
    await diagram.textBecomes(
      (now) => now === before.replace("    -> ReLU\n", "    -> ReLU\n    -> ReLU\n"),
      "Nothing was duplicated",
    );
    await diagram.undo();
  });

  test("a frame drawn with Shift selects what is in it", async () => {
    const { page } = diagram.vs;
    const upper = (await diagram.node("h").boundingBox())!;
    const lower = (await diagram.node("ReLU#1").boundingBox())!;
    await page.keyboard.down("Shift");
    await page.mouse.move(upper.x - 15, upper.y - 8);
    await page.mouse.down();
    await page.mouse.move(upper.x + 40, upper.y + 40, { steps: 4 });
    await page.mouse.move(upper.x + upper.width + 15, lower.y + lower.height + 8, { steps: 8 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await diagram.selectionBecomes("h", "ReLU#1");
  });

  test("the menu of a node names every gesture with its key", async () => {
    await diagram.node("ReLU#1").click();
    await diagram.node("ReLU#1").click({ button: "right" });
    const menu = diagram.view.getByRole("menu");
    await menu.waitFor();
    const items = await menu.getByRole("menuitem").allInnerTexts();
    const told = items.map((item) => item.replace(/\s+/g, " "));
    expect(told).toEqual(
      expect.arrayContaining([
        "Insert… I",
        "Rename… F2",
        "Delete Del",
        "Change Arguments… Enter",
        "Change Attributes of the Network… A",
        "Rewire Input… R",
        "Duplicate Ctrl+D",
      ]),
    );
    expect(told.every((item) => / \S+$/.test(item))).toBe(true);
    await diagram.press("Escape");
    await menu.waitFor({ state: "detached" });
  });
});

describe("edges", () => {
  test("R and a second node rewire an input by keyboard", async () => {
    await diagram.focus("logits");
    await diagram.press("r");
    await diagram.message.getByText("Choose what logits is computed from").waitFor();
    await diagram.press("ArrowUp", "ArrowUp");
    await diagram.message.getByText("h: fits").waitFor();
    await diagram.press("Enter");
    const now = await diagram.textBecomes((value) => value !== before, "Nothing was rewired");
    expect(now).toContain("# wide");
    await diagram.edge("h→logits:0").waitFor({ state: "attached" });
    await diagram.undo();
  });

  test("an end of an edge dragged to another value rewires it", async () => {
    await diagram.node("logits").click();
    const end = diagram.edge("ReLU#1→logits:0").locator('.route-end[data-end="source"]');
    await diagram.drag(await diagram.middleOf(end), await diagram.middleOf(diagram.node("h")));
    await diagram.view.locator(".drag-overlay.fits").waitFor();
    await diagram.drop();
    await diagram.textBecomes((now) => now !== before, "Nothing was rewired");
    await diagram.edge("h→logits:0").waitFor({ state: "attached" });
    await diagram.undo();
  });

  test("an edge drawn from one value to another adds them, and one drawn onto the sum is one more term", async () => {
    await diagram.node("h").hover();
    const dotOf = (id: string) => diagram.node(id).locator(".connect-dot");
    await diagram.drag(await diagram.middleOf(dotOf("h")), await diagram.middleOf(diagram.node("ReLU#1")));
    await diagram.view.locator(".drag-overlay.fits").waitFor();
    await diagram.drop();
    const added = await diagram.textBecomes((now) => /h \+ relu/.test(now), "Nothing was added");
    await diagram.node("add#1").waitFor();
    await diagram.node("h").hover();
    await diagram.drag(await diagram.middleOf(dotOf("h")), await diagram.middleOf(diagram.node("add#1")));
    await diagram.view.locator(".drag-overlay.fits").waitFor();
    await diagram.drop();
    await diagram.textBecomes((now) => /h \+ relu \+ h/.test(now), "The sum has no further term");
    await diagram.focus("x");
    await diagram.press("Control+z");
    await diagram.textBecomes((now) => now === added, "The further term was not one undo step");
    await diagram.undo();
  });

  test("of a sum that is deleted one term takes its place", async () => {
    await diagram.focus("h");
    await diagram.press("l", "ArrowDown", "Enter");
    await diagram.node("add#1").waitFor();
    await diagram.focus("add#1");
    await diagram.press("Delete");
    await diagram.message.getByText("Choose which of its inputs takes the place").waitFor();
    await diagram.node("h").click();
    const now = await diagram.textBecomes((value) => !/h \+ /.test(value), "The sum was not deleted");
    expect(now).toMatch(/return h\s+-> Dense\(3\)/);
    await diagram.focus("x");
    await diagram.press("Control+z");
    await diagram.node("add#1").waitFor();
    await diagram.undo();
  });

  test("L and a second node add a value by keyboard; what cannot be is said before it is chosen", async () => {
    await diagram.focus("h");
    await diagram.press("l");
    await diagram.message.getByText("Choose the value that h is added to").waitFor();
    await diagram.press("ArrowUp");
    await diagram.message.getByText("computed from itself").waitFor();
    await diagram.press("ArrowDown", "ArrowDown");
    await diagram.message.getByText("ReLU: h + relu [8]").waitFor();
    await diagram.press("Enter");
    await diagram.textBecomes((now) => /h \+ relu/.test(now), "Nothing was added");
    await diagram.undo();
  });
});
