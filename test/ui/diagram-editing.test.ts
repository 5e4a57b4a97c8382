// The diagram as an editor, by mouse and by keyboard: every gesture becomes text, and undo gives the very bytes.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVSCode, type VSCode } from "./fixture";

const file = "edited.nnet";
const before = `# A small classifier.
network Small(x: [4], size: int = 8) {
  return x
    -> Dense(size) as h # wide
    -> ReLU
    -> Dense(3) as logits
    -> Softmax
}
`;

let vs: VSCode;

beforeAll(async () => {
  vs = await openVSCode({ viewport: { width: 1500, height: 950 } });
  // A desktop gives it to VS Code; a browser asks its user.
  await vs.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  writeFileSync(path.join(vs.workspace, file), before);
  await vs.openFile(file);
  await vs.command("nnet: Open Diagram");
  await node("Softmax#1").waitFor();
});
afterAll(async () => {
  await vs?.close();
});

const diagram = () => vs.webview();
const node = (id: string): Locator => diagram().locator(`.react-flow__node[data-id="${id}"]`);
const message = (): Locator => diagram().locator(".edit-message");

async function eventually<T>(read: () => Promise<T>, accept: (value: T) => boolean, what: string): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > deadline) throw new Error(`${what}; the last reading was ${JSON.stringify(value)}.\n${vs.logs()}`);
    await vs.page.waitForTimeout(100);
  }
}

const text = () =>
  vs.eval(
    (vscode, name) => vscode.workspace.textDocuments.find(({ fileName }) => fileName.endsWith(name))?.getText() ?? "",
    file,
  );

const textBecomes = (accept: (value: string) => boolean, what: string) => eventually(text, accept, what);

/** By keyboard, in the diagram; then the text is what it was before all tests. */
async function undoOnce(): Promise<void> {
  await focus("x");
  await vs.page.keyboard.press("Control+z");
  await textBecomes((now) => now === before, "Undo did not give the text that was there before");
}

/** As Tab does: a node of the diagram has the keyboard. */
async function focus(id: string): Promise<void> {
  await node(id).waitFor();
  await eventually(
    async () => {
      await node(id).focus();
      return await node(id).evaluate((element) => element === document.activeElement);
    },
    (focused) => focused,
    `${id} does not take the keyboard`,
  );
  // Reached by mouse or not: it is what the keys are about.
  await node(id).press("Space");
}

async function middleOf(place: Locator): Promise<{ x: number; y: number }> {
  const box = await place.boundingBox();
  if (!box) throw new Error("What should be dragged is not on the screen.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  const { mouse } = vs.page;
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x + 12, from.y + 6, { steps: 3 });
  await mouse.move(to.x, to.y, { steps: 8 });
}

describe("the diagram is an editor", () => {
  test("Delete takes a layer out of the text, and undo gives the very bytes", async () => {
    await focus("ReLU#1");
    await vs.page.keyboard.press("Delete");
    await textBecomes((now) => !now.includes("ReLU"), "Delete did nothing");
    await node("ReLU#1").waitFor({ state: "detached" });
    expect(await text()).toContain("# wide");
    await undoOnce();
    await node("ReLU#1").waitFor();
  });

  test("the palette puts a layer behind what is selected, by keyboard alone", async () => {
    await focus("ReLU#1");
    await vs.page.keyboard.press("i");
    const field = diagram().getByRole("combobox", { name: "Find a layer or block" });
    await field.fill("layern");
    await vs.page.keyboard.press("Enter");
    const now = await textBecomes((value) => value.includes("LayerNorm"), "Nothing was inserted");
    expect(now).toMatch(/-> ReLU\n {4}-> LayerNorm\n {4}-> Dense\(3\)/);
    await vs.page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    await undoOnce();
  });

  test("a layer dragged onto an edge stands on that edge, and says before what it gives", async () => {
    await diagram().getByRole("button", { name: "Show palette" }).click();
    const entry = diagram().getByRole("option", { name: /^Tanh/ });
    await entry.scrollIntoViewIfNeeded();
    const [upper, lower] = [await middleOf(node("h")), await middleOf(node("ReLU#1"))];
    await node("h").scrollIntoViewIfNeeded();
    const box = (await node("ReLU#1").boundingBox())!;
    await drag(await middleOf(entry), { x: (upper.x + lower.x) / 2, y: box.y - 10 });
    await diagram().locator(".drag-overlay.fits", { hasText: "Tanh [8]" }).waitFor();
    await vs.page.mouse.up();
    const now = await textBecomes((value) => value.includes("Tanh"), "Nothing was dropped");
    expect(now).toMatch(/# wide\n {4}-> Tanh\n {4}-> ReLU/);
    await diagram().getByRole("button", { name: "Hide palette" }).click();
    await undoOnce();
  });

  test("a drop that does not fit says why before it is dropped, and Escape leaves the text alone", async () => {
    await diagram().getByRole("button", { name: "Show palette" }).click();
    const entry = diagram()
      .getByRole("option", { name: /^Conv2D/ })
      .first();
    await entry.scrollIntoViewIfNeeded();
    await drag(await middleOf(entry), await middleOf(node("h")));
    await diagram().locator(".drag-overlay.misfits").waitFor();
    expect(await diagram().locator(".drag-overlay").innerText()).toMatch(/would not fit/);
    await vs.page.keyboard.press("Escape");
    await diagram().locator(".drag-overlay").waitFor({ state: "detached" });
    await vs.page.mouse.up();
    expect(await text()).toBe(before);
    await diagram().getByRole("button", { name: "Hide palette" }).click();
  });

  test("F2 renames a value everywhere", async () => {
    await focus("h");
    await vs.page.keyboard.press("F2");
    await diagram().getByRole("textbox", { name: "Name" }).fill("hidden");
    await vs.page.keyboard.press("Enter");
    await textBecomes((now) => now.includes("Dense(size) as hidden # wide"), "The name did not change");
    await node("hidden").waitFor();
    await undoOnce();
  });

  test("a name that is taken is refused while it is written, with the reason", async () => {
    await focus("h");
    await vs.page.keyboard.press("F2");
    await diagram().getByRole("textbox", { name: "Name" }).fill("logits");
    await eventually(
      () => diagram().locator(".verdict").innerText(),
      (said) => said.includes("logits"),
      "Nothing is said about the name",
    );
    await vs.page.keyboard.press("Enter");
    await message().waitFor();
    await vs.page.keyboard.press("Escape");
    expect(await text()).toBe(before);
  });

  test("Enter opens the arguments, and a number that is changed is written where it stands", async () => {
    await focus("logits");
    await vs.page.keyboard.press("Enter");
    await diagram().getByRole("textbox", { name: "units" }).fill("5");
    await vs.page.keyboard.press("Enter");
    await textBecomes((now) => now === before.replace("Dense(3)", "Dense(5)"), "The argument did not change");
    await undoOnce();
  });

  test("a switch is written when it leaves its default", async () => {
    await node("h").dblclick();
    await diagram().getByRole("switch", { name: "bias" }).uncheck();
    await diagram().getByRole("textbox", { name: "units" }).press("Enter");
    await textBecomes((now) => now.includes("Dense(size, bias: false) as h"), "The switch did not change");
    await undoOnce();
  });

  test("R and a second node rewire an input by keyboard", async () => {
    await focus("logits");
    await vs.page.keyboard.press("r");
    await diagram().getByText("Choose what logits is computed from").waitFor();
    await vs.page.keyboard.press("ArrowUp");
    await vs.page.keyboard.press("ArrowUp");
    await vs.page.keyboard.press("Enter");
    const now = await textBecomes((value) => value !== before, "Nothing was rewired");
    expect(now).toContain("# wide");
    await eventually(
      () => diagram().locator('.react-flow__edge[data-id="h→logits:0"]').count(),
      (count) => count === 1,
      "The diagram does not show the new edge",
    );
    await undoOnce();
  });

  test("an end of an edge dragged to another value rewires it", async () => {
    await node("logits").click();
    const end = diagram().locator('.react-flow__edge[data-id="ReLU#1→logits:0"] .route-end[data-end="source"]');
    await drag(await middleOf(end), await middleOf(node("h")));
    await diagram().locator(".drag-overlay.fits").waitFor();
    await vs.page.mouse.up();
    await textBecomes((now) => now !== before, "Nothing was rewired");
    await diagram().locator('.react-flow__edge[data-id="h→logits:0"]').waitFor({ state: "attached" });
    await undoOnce();
  });

  test("a frame drawn with Shift selects what is in it", async () => {
    const [upper, lower] = [(await node("h").boundingBox())!, (await node("ReLU#1").boundingBox())!];
    await vs.page.keyboard.down("Shift");
    await vs.page.mouse.move(upper.x - 15, upper.y - 8);
    await vs.page.mouse.down();
    await vs.page.mouse.move(upper.x + 40, upper.y + 40, { steps: 4 });
    await vs.page.mouse.move(upper.x + upper.width + 15, lower.y + lower.height + 8, { steps: 8 });
    await vs.page.mouse.up();
    await vs.page.keyboard.up("Shift");
    await eventually(
      () =>
        diagram()
          .locator(".react-flow__node[aria-selected=true]")
          .evaluateAll((found) => found.map((each) => each.getAttribute("data-id"))),
      (ids) => ids.join() === "h,ReLU#1",
      "The frame selects something else",
    );
  });

  test("an edge drawn from one value to another adds them", async () => {
    await node("h").hover();
    const dot = node("h").locator(".connect-dot");
    await drag(await middleOf(dot), await middleOf(node("ReLU#1")));
    await diagram().locator(".drag-overlay.fits").waitFor();
    await vs.page.mouse.up();
    await textBecomes((now) => /h \+ /.test(now), "Nothing was added");
    await undoOnce();
  });

  test("values copied with the keyboard are pasted with names of their own", async () => {
    await focus("h");
    await vs.page.keyboard.press("Control+c");
    await message().getByText("Copied").waitFor();
    await vs.page.keyboard.press("Control+v");
    await textBecomes((now) => now.includes("Dense(size) as h2"), "Nothing was pasted");
    await undoOnce();
  });

  test("a selection is wrapped in a block, which is drawn around it", async () => {
    await focus("h");
    await vs.page.keyboard.press("Shift+ArrowDown");
    await vs.page.keyboard.press("w");
    await diagram().getByRole("textbox", { name: "Name of the block" }).fill("Wide");
    await vs.page.keyboard.press("Enter");
    await textBecomes((now) => now.includes("block Wide("), "There is no block");
    await diagram().locator(".frame-heading", { hasText: "Wide" }).waitFor();
    await undoOnce();
  });

  test("C draws a block as one node, and as its values again", async () => {
    await focus("h");
    await vs.page.keyboard.press("w");
    await diagram().getByRole("textbox", { name: "Name of the block" }).fill("Wide");
    await vs.page.keyboard.press("Enter");
    const title = diagram().locator(".frame-heading", { hasText: /^h$|Wide/ });
    await title.waitFor();
    await title.click();
    await vs.page.keyboard.press("c");
    const collapsed = diagram().locator(".node-block");
    await collapsed.waitFor();
    expect(await collapsed.innerText()).toContain("1 value");
    await vs.page.keyboard.press("c");
    await collapsed.waitFor({ state: "detached" });
    await title.waitFor();
    await undoOnce();
  });

  test("the menu of a node names every gesture with its key", async () => {
    await node("ReLU#1").click({ button: "right" });
    const menu = diagram().getByRole("menu");
    const items = await menu.getByRole("menuitem").allInnerTexts();
    expect(items.map((item) => item.replace(/\s+/g, " "))).toEqual(
      expect.arrayContaining(["Rename… F2", "Delete Del", "Change Arguments… Enter", "Rewire Input… R"]),
    );
    await vs.page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
  });

  test("what cannot be deleted says why", async () => {
    await focus("x");
    await vs.page.keyboard.press("Delete");
    await message()
      .getByText(/x is an input/)
      .waitFor();
    expect(await text()).toBe(before);
  });

  test.each([
    ["SVG", (content: Buffer) => content.toString().startsWith("<svg") && content.includes(">logits<")],
    ["PNG", (content: Buffer) => content.subarray(1, 4).toString() === "PNG" && content.length > 10_000],
  ] as const)("the diagram is exported as %s where the user says", async (format, isPicture) => {
    await vs.openFile(file);
    await vs.command(`nnet: Export Diagram as ${format}`);
    const name = `Small.${format.toLowerCase()}`;
    const input = vs.page.locator(".quick-input-widget input.input");
    await eventually(
      () => input.inputValue().catch(() => ""),
      (proposed) => proposed.endsWith(name),
      "No file is proposed",
    );
    await vs.page.keyboard.press("Enter");
    const target = path.join(vs.workspace, name);
    await eventually(
      async () => existsSync(target) && isPicture(readFileSync(target)),
      (written) => written,
      "The picture was not written",
    );
  });

  test("a place by hand follows the name that a gesture changes", async () => {
    const from = await middleOf(node("ReLU#1"));
    await drag(from, { x: from.x - 80, y: from.y });
    await vs.page.mouse.up();
    const sidecar = path.join(vs.workspace, ".vscode", "nnet-layout.json");
    const kept = async () => (existsSync(sidecar) ? readFileSync(sidecar, "utf8") : "");
    await eventually(kept, (content) => content.includes('"ReLU#1"'), "The place was not kept");
    const place = async () => (await node("active").getAttribute("style"))!.match(/translate\(([^,]*)/)![1];
    await focus("ReLU#1");
    await vs.page.keyboard.press("F2");
    await diagram().getByRole("textbox", { name: "Name" }).fill("active");
    await vs.page.keyboard.press("Enter");
    await eventually(kept, (content) => content.includes('"active"'), "The place has the old name");
    const moved = await place();
    await vs.command("nnet: Lay Out Diagram Again");
    await eventually(place, (now) => now !== moved, "The node does not stand where it was put");
    await undoOnce();
  });

  test("a node that was dragged stands there again after a reload, until it is laid out again", async () => {
    const place = async () => (await node("h").getAttribute("style"))!.match(/translate\([^)]*\)/)![0];
    const start = await place();
    const from = await middleOf(node("h"));
    await drag(from, { x: from.x + 90, y: from.y + 5 });
    await vs.page.mouse.up();
    const moved = await eventually(place, (now) => now !== start, "The node was not moved");
    const sidecar = path.join(vs.workspace, ".vscode", "nnet-layout.json");
    const kept = await eventually(
      async () => {
        try {
          return readFileSync(sidecar, "utf8");
        } catch {
          return "";
        }
      },
      (content) => content.includes('"h"'),
      "The place was not kept",
    );
    expect(JSON.parse(kept)[file].Small.down).toHaveProperty("h");
    await vs.reload();
    await node("h").waitFor();
    await eventually(place, (now) => now === moved, "After the reload the node stands somewhere else");
    await vs.openFile(file);
    await vs.command("nnet: Lay Out Diagram Again");
    await eventually(place, (now) => now === start, "The node was not laid out again");
  });
});
