// Places of nodes on the disk: with their layers while the text is edited, with their file when that is moved.

import * as assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import * as vscode from "vscode";
import { analyze } from "../../extension/language/analyze";
import { NodePlaces } from "../../extension/language/node-places";
import { closeAll, eventually, extension } from "./support";

const text = "network N(x: [2]) {\n  return x\n    -> Dense(3)\n    -> Dense(4)\n}\n";

suite("places of nodes", () => {
  const root = vscode.workspace.workspaceFolders![0]!.uri;
  const folder = vscode.Uri.joinPath(root, "placed");
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  const sidecar = vscode.Uri.joinPath(root, ".vscode", "nnet-layout.json");

  setup(async () => {
    await extension.activate();
    await write(at("a.nnet"), text);
    const places = new NodePlaces(analyze(text).module, {});
    places.move("N", "down", { "Dense#2": { x: 40, y: 0 } });
    await write(sidecar, JSON.stringify({ "placed/a.nnet": places.stored() }));
  });

  teardown(async () => {
    await closeAll();
    await rm(folder.fsPath, { recursive: true, force: true });
    await rm(sidecar.fsPath, { force: true });
  });

  test("stay with their layers when others are written and the file is saved", async () => {
    const { document } = await vscode.window.showTextDocument(at("a.nnet"));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(2, 0), "    -> Dense(5)\n");
    assert.ok(await vscode.workspace.applyEdit(edit));
    await document.save();
    await eventually(
      () => placed("placed/a.nnet"),
      (ids) => ids.includes("Dense#3"),
    );
    assert.deepEqual(await placed("placed/a.nnet"), ["Dense#3"]);
  });

  test("go with their file, and with the folder that it is in", async () => {
    await rename(at("a.nnet"), at("inner/b.nnet"));
    await eventually(
      () => placed("placed/inner/b.nnet"),
      (ids) => ids.length === 1,
    );
    assert.deepEqual(await placed("placed/a.nnet"), []);
    await rename(at("inner"), at("other"));
    await eventually(
      () => placed("placed/other/b.nnet"),
      (ids) => ids.length === 1,
    );
  });

  test("are there again when a file that was deleted is", async () => {
    await vscode.window.showTextDocument(at("a.nnet"));
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(at("a.nnet"));
    assert.ok(await vscode.workspace.applyEdit(edit));
    await closeAll();
    await write(at("a.nnet"), text);
    const { document } = await vscode.window.showTextDocument(at("a.nnet"));
    assert.equal(document.getText(), text);
    assert.deepEqual(await placed("placed/a.nnet"), ["Dense#2"]);
  });

  async function placed(file: string): Promise<string[]> {
    const content = await eventually(
      async () => new TextDecoder().decode(await vscode.workspace.fs.readFile(sidecar)),
      // VS Code empties a file before it writes it.
      (text) => text.endsWith("}\n") || text.endsWith("}"),
    );
    const known = JSON.parse(content) as Record<string, { N: { down: object } } | undefined>;
    return Object.keys(known[file]?.N.down ?? {});
  }
});

async function write(uri: vscode.Uri, content: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
}

async function rename(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(from, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}
