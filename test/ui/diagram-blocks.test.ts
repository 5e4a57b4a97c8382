// Blocks and repeats in the diagram: wrapped, expanded, drawn as one node and as their values again.

import { afterAll, beforeAll, expect, test } from "vitest";
import { EditedDiagram } from "./support/edited-diagram";

const before = `# A block that is used, and a layer that is repeated.
block Wide(x, size: int) {
  return x -> Dense(size) as d -> ReLU
}

network Small(x: [4]) {
  return x
    -> Wide(8) as w
    -> Dense(6) as h # narrow
    -> ReLU
    -> Tanh repeat 3
    -> Dense(3) as logits
}
`;

let diagram: EditedDiagram;

beforeAll(async () => {
  diagram = await EditedDiagram.showing("logits", before);
});
afterAll(async () => {
  await diagram?.close();
});

const frame = (title: RegExp) => diagram.view.locator(".frame-heading", { hasText: title });

test("a selection is wrapped in a block, which is drawn around it", async () => {
  await diagram.focus("h");
  await diagram.press("Shift+ArrowDown", "w");
  await diagram.view.getByRole("textbox", { name: "Name of the block" }).fill("Narrow");
  await diagram.press("Enter");
  await diagram.textBecomes((now) => now.includes("block Narrow("), "There is no block");
  await frame(/Narrow/).waitFor();
  await diagram.undo();
});

test("E writes what a block does in place of its use", async () => {
  await frame(/^w$|Wide/).click();
  await diagram.press("e");
  await diagram.textBecomes(
    (now) => now === before.replace("-> Wide(8) as w", "-> Dense(8) as d\n    -> ReLU as w"),
    "The block was not expanded",
  );
  await frame(/^w$|Wide/).waitFor({ state: "detached" });
  await diagram.undo();
});

test("C draws a block as one node, and as its values again", async () => {
  const title = frame(/^w$|Wide/);
  await title.click();
  await diagram.press("c");
  const collapsed = diagram.view.locator(".node-block");
  await collapsed.waitFor();
  expect(await collapsed.innerText()).toContain("2 values");
  await diagram.press("c");
  await collapsed.waitFor({ state: "detached" });
  await title.waitFor();
});

test("C draws the turns of a repeat as one node, and as its values again", async () => {
  await diagram.focus("Tanh#2");
  await diagram.press("c");
  const collapsed = diagram.view.locator(".node-repeat");
  await collapsed.waitFor();
  expect(await collapsed.innerText()).toContain("3");
  await diagram.node("Tanh#2").waitFor({ state: "detached" });
  await diagram.press("c");
  await collapsed.waitFor({ state: "detached" });
  await diagram.node("Tanh#2").waitFor();
  expect(await diagram.text()).toBe(before);
});
