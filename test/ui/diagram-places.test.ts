// Where nodes stand when a hand has put them there, and the diagram as a picture.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EditedDiagram } from "./support/edited-diagram";

const before = `network Small(x: [4], size: int = 8) {
  return x
    -> Dense(size) as h # wide
    -> ReLU
    -> Dense(3) as logits
    -> Softmax
}
block Spare(y, width: int = 2) {
  return y -> Dense(width) as inner -> Tanh
}
`;

let diagram: EditedDiagram;

beforeAll(async () => {
  diagram = await EditedDiagram.showing("Softmax#1", before);
});
afterAll(async () => {
  await diagram?.close();
});

/** As the file in the workspace has them; empty when there is none. */
const kept = async (): Promise<string> => {
  const sidecar = path.join(diagram.vs.workspace, ".vscode", "nnet-layout.json");
  return existsSync(sidecar) ? readFileSync(sidecar, "utf8") : "";
};

const placeOf = async (id: string): Promise<string> =>
  (await diagram.node(id).getAttribute("style"))!.match(/translate\([^)]*\)/)![0];

test.each([
  ["SVG", (content: Buffer) => content.toString().startsWith("<svg") && content.includes(">logits<")],
  ["PNG", (content: Buffer) => content.subarray(1, 4).toString() === "PNG" && content.length > 10_000],
] as const)("the diagram is exported as %s where the user says", async (format, isPicture) => {
  const { vs } = diagram;
  await vs.openFile(diagram.file);
  await vs.command(`nnet: Export Diagram as ${format}`);
  const name = `Small.${format.toLowerCase()}`;
  const input = vs.page.locator(".quick-input-widget input.input");
  await vs.eventually(
    () => input.inputValue().catch(() => ""),
    (proposed) => proposed.endsWith(name),
    "No file is proposed",
  );
  await diagram.press("Enter");
  const target = path.join(vs.workspace, name);
  await vs.eventually(
    async () => existsSync(target) && isPicture(readFileSync(target)),
    (written) => written,
    "The picture was not written",
  );
});

test("a place by hand follows the name that a gesture changes", async () => {
  const from = await diagram.middleOf(diagram.node("ReLU#1"));
  await diagram.drag(from, { x: from.x - 80, y: from.y });
  await diagram.drop();
  const { vs } = diagram;
  await vs.eventually(kept, (content) => content.includes('"ReLU#1"'), "The place was not kept");
  await diagram.focus("ReLU#1");
  await diagram.press("F2");
  await diagram.view.getByRole("textbox", { name: "Name" }).fill("active");
  await diagram.press("Enter");
  await vs.eventually(kept, (content) => content.includes('"active"'), "The place has the old name");
  const moved = await placeOf("active");
  await vs.command("nnet: Lay Out Diagram Again");
  await vs.eventually(
    () => placeOf("active"),
    (now) => now !== moved,
    "The node does not stand where it was put",
  );
  await diagram.undo();
});

test("a place by hand stays with its layer when another is written in front of it", async () => {
  const { vs } = diagram;
  const start = await placeOf("ReLU#1");
  const from = await diagram.middleOf(diagram.node("ReLU#1"));
  await diagram.drag(from, { x: from.x - 80, y: from.y });
  await diagram.drop();
  await vs.eventually(kept, (content) => content.includes('"ReLU#1"'), "The place was not kept");
  const column = (place: string) => /translate\(([^,]*)/.exec(place)![1];
  const moved = column(await placeOf("ReLU#1"));
  expect(moved).not.toBe(column(start));
  await vs.eval(async (vscode, name) => {
    const document = vscode.workspace.textDocuments.find(({ fileName }) => fileName.endsWith(name))!;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().indexOf("    -> ReLU")), "    -> ReLU\n");
    await vscode.workspace.applyEdit(edit);
  }, diagram.file);
  await diagram.node("ReLU#2").waitFor();
  await expect.poll(async () => column(await placeOf("ReLU#2"))).toBe(moved);
  await expect.poll(async () => column(await placeOf("ReLU#1"))).toBe(column(start));
  await diagram.undo();
  await diagram.node("ReLU#2").waitFor({ state: "detached" });
  await expect.poll(async () => column(await placeOf("ReLU#1"))).toBe(moved);
  await vs.command("nnet: Lay Out Diagram Again");
});

test("a block that no network uses can be chosen and is drawn, without shapes that it does not tell", async () => {
  const chooser = diagram.view.getByRole("combobox", { name: "Network that is drawn" });
  await chooser.selectOption("block Spare");
  await diagram.node("inner").waitFor();
  expect(await diagram.node("h").count()).toBe(0);
  expect(await diagram.view.getByText("unknown shape").count()).toBe(0);
  await chooser.selectOption("network Small");
  await diagram.node("h").waitFor();
});

test("a node that was dragged stands there again after a reload, until it is laid out again", async () => {
  const { vs } = diagram;
  const place = () => placeOf("h");
  const start = await place();
  const from = await diagram.middleOf(diagram.node("h"));
  await diagram.drag(from, { x: from.x + 90, y: from.y + 5 });
  await diagram.drop();
  const moved = await vs.eventually(place, (now) => now !== start, "The node was not moved");
  const content = await vs.eventually(kept, (text) => text.includes('"h"'), "The place was not kept");
  expect(JSON.parse(content)[diagram.file].Small.down).toHaveProperty("h");
  await vs.reload();
  await diagram.node("h").waitFor();
  await vs.eventually(place, (now) => now === moved, "After the reload the node stands somewhere else");
  await vs.openFile(diagram.file);
  await vs.command("nnet: Lay Out Diagram Again");
  await vs.eventually(place, (now) => now === start, "The node was not laid out again");
});
