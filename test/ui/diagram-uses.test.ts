// What is used several times, in the diagram: uses of a block that takes several values, and a layer that values share.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EditedDiagram } from "./support/edited-diagram";

const before = `block Twin(a, b) {
  return a + b -> Tanh
}

network Small(x: [4], size: int = 4) {
  # Looks at anything of four numbers.
  layer look = Dense(size)
  h = x -> look # wide
  return h
    -> ReLU
    -> Twin(x) as t
    -> look
    -> Twin(h)
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

/** The text has followed the diagram, which is told of it: what is selected is settled. */
const cursorIsOn = (words: string) =>
  diagram.vs.eventually(
    () =>
      diagram.vs.eval((vscode) => {
        const [editor] = vscode.window.visibleTextEditors;
        return editor?.document.getText(editor.selection);
      }, undefined),
    (selected) => selected === words,
    `The cursor is not on ${words}`,
  );

describe("a use of a block with two inputs", () => {
  test("is deleted by keyboard for the one that is chosen, which is said to fit before", async () => {
    await diagram.focus("t");
    await diagram.press("Delete");
    await diagram.message.getByText("Choose which of its inputs takes the place of t").waitFor();
    await diagram.press("ArrowUp");
    await diagram.verdict.getByText("ReLU: fits").waitFor();
    await diagram.press("Enter");
    await diagram.becomes("    -> Twin(x) as t\n", "");
    await diagram.node("t").waitFor({ state: "detached" });
    await diagram.undo();
    await diagram.node("t").waitFor();
  });

  test("by mouse, for the one in its parentheses, in one undo step", async () => {
    await diagram.node("t").locator(".frame-heading").click();
    await diagram.view.locator('.react-flow__node[data-id="t"]:focus').waitFor();
    await diagram.press("Delete");
    await diagram.message.getByText("takes the place of t").waitFor();
    await diagram.node("h").hover();
    await diagram.verdict.getByText("h is no input of t.").waitFor();
    await diagram.node("x").hover();
    await diagram.verdict.getByText("x: fits").waitFor();
    await diagram.node("x").click();
    await diagram.becomes("return h\n    -> ReLU\n    -> Twin(x) as t\n", "relu = h\n    -> ReLU\n  return x\n");
    await diagram.undo();
    await diagram.node("t").waitFor();
  });

  test("drawn as one node, it asks as well", async () => {
    await diagram.focus("t");
    await diagram.press("c");
    await diagram.node("t").getByText("Twin, 2 values").waitFor();
    await diagram.focus("t");
    await diagram.press("Delete");
    await diagram.message.getByText("takes the place of t").waitFor();
    await diagram.press("Escape");
    await diagram.message.waitFor({ state: "detached" });
    await diagram.press("c");
    await diagram.node("t/Tanh#1").waitFor();
    expect(await diagram.text()).toBe(before);
  });
});

describe("a use of a block without a name", () => {
  const isOneNode = (id: string) => diagram.view.locator(`.react-flow__node-value[data-id="${id}"]`).waitFor();
  const hasFrame = (id: string) => diagram.view.locator(`.react-flow__node-frame[data-id="${id}"]`).waitFor();

  test("stays collapsed when another is written in front of it, and shows what is in it again", async () => {
    await hasFrame("Twin#1");
    await diagram.focus("Twin#1");
    await diagram.press("c");
    await isOneNode("Twin#1");
    await diagram.vs.eval(
      (vscode, { file, offset }) => {
        const { uri, positionAt } = vscode.workspace.textDocuments.find(({ fileName }) => fileName.endsWith(file))!;
        const edit = new vscode.WorkspaceEdit();
        edit.insert(uri, positionAt(offset), "    -> Twin(x)\n");
        return vscode.workspace.applyEdit(edit);
      },
      { file: diagram.file, offset: before.indexOf("    -> Twin(x) as t") },
    );
    await diagram.becomes("    -> Twin(x) as t", "    -> Twin(x)\n    -> Twin(x) as t");
    await isOneNode("Twin#2");
    await hasFrame("Twin#1");
    await diagram.undo();
    await isOneNode("Twin#1");
    await diagram.focus("Twin#1");
    await diagram.press("c");
    await hasFrame("Twin#1");
  });
});

describe("a shared layer", () => {
  const field = () => diagram.view.getByRole("combobox", { name: "Find a layer or block" });

  test("says at each of its uses what it is", async () => {
    await diagram.node("h").getByText("look: Dense(4), shared").waitFor();
    await diagram.node("look#1").getByText("Dense(4), shared").waitFor();
  });

  test("is in the palette, and is used once more by keyboard", async () => {
    await diagram.focus("ReLU#1");
    await cursorIsOn("ReLU");
    await diagram.press("i");
    await field().fill("look");
    await diagram.view.getByRole("group", { name: "shared in Small" }).getByRole("option", { name: /^look/ }).waitFor();
    await diagram.selectionBecomes("ReLU#1");
    await diagram.press("Enter");
    await diagram.becomes("-> ReLU\n", "-> ReLU\n    -> look\n");
    await field().press("Escape");
    await field().waitFor({ state: "detached" });
    await diagram.undo();
  });

  test("is dropped on a value by mouse, after it was said what it gives", async () => {
    await diagram.openPalette();
    const entry = await diagram.entry(/^look/);
    await diagram.drag(await diagram.middleOf(entry), await diagram.middleOf(diagram.node("ReLU#1")));
    await diagram.view.locator(".drag-overlay.fits", { hasText: "look [4]" }).waitFor();
    await diagram.drop();
    await diagram.becomes("-> ReLU\n", "-> ReLU\n    -> look\n");
    await diagram.closePalette();
    await diagram.undo();
  });

  test("cannot stand in a block, and the drop says why before", async () => {
    await diagram.openPalette();
    const entry = await diagram.entry(/^look/);
    await diagram.drag(await diagram.middleOf(entry), await diagram.middleOf(diagram.node("t/Tanh#1")));
    await diagram.view.locator(".drag-overlay.misfits", { hasText: "it cannot stand in Twin" }).waitFor();
    await diagram.press("Escape");
    await diagram.overlay.waitFor({ state: "detached" });
    await diagram.drop();
    await diagram.closePalette();
    expect(await diagram.text()).toBe(before);
  });

  test("has its arguments where it is declared, and says that all uses have them", async () => {
    await diagram.focus("look#1");
    await diagram.press("Enter");
    const form = diagram.view.getByRole("dialog", { name: "Arguments of Dense" });
    await form.getByText("In all uses of the shared layer look.").waitFor();
    await form.getByText("= 4").waitFor();
    await form.getByRole("switch", { name: "bias" }).uncheck();
    await form.getByRole("textbox", { name: "units", exact: true }).press("Enter");
    await diagram.becomes("layer look = Dense(size)", "layer look = Dense(size, bias: false)");
    await diagram.undo();
  });
});
