// Renaming a file in the explorer: the files that import it follow.

import * as assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import * as vscode from "vscode";
import { closeAll, eventually, extension } from "./support";

const parts = 'block Halve(x) {\n  return x -> Dense(4) -> ReLU\n}\ndata Flowers = Csv("../data/iris.csv")\n';
const user = 'import "parts.nnet"\nnetwork Small(x: [8]) {\n  return x -> Halve\n}\n';

suite("a file that is renamed", () => {
  const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, "renamed");
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  const textOf = async (name: string): Promise<string> => (await vscode.workspace.openTextDocument(at(name))).getText();

  suiteTeardown(async () => {
    await closeAll();
    await rm(folder.fsPath, { recursive: true, force: true });
  });

  test("is imported by its new name, and finds its own data", async () => {
    await vscode.workspace.fs.writeFile(at("parts.nnet"), new TextEncoder().encode(parts));
    await vscode.workspace.fs.writeFile(at("user.nnet"), new TextEncoder().encode(user));
    await extension.activate();
    await vscode.workspace.openTextDocument(at("parts.nnet"));
    // The file watcher tells of new files a little later.
    await eventually(referencesOfHalve, (files) => files.includes("user.nnet"));

    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(at("parts.nnet"), at("library/blocks.nnet"));
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(await textOf("user.nnet"), user.replace("parts.nnet", "library/blocks.nnet"));
    assert.equal(await textOf("library/blocks.nnet"), parts.replace("../data", "../../data"));
  });

  async function referencesOfHalve(): Promise<string[]> {
    const references = await vscode.commands.executeCommand<vscode.Location[]>(
      "vscode.executeReferenceProvider",
      at("parts.nnet"),
      new vscode.Position(0, "block ".length),
    );
    return references.map(({ uri }) => uri.path.split("/").at(-1)!);
  }
});
