// The diagram's panel as the extension host sees it; what is drawn in it is tested in the UI tests.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, open } from "./support";

suite("the diagram", () => {
  teardown(closeAll);

  test("opens beside the text, once for each document", async () => {
    await open("xor.nnet");
    await vscode.commands.executeCommand("nnet.openDiagram");
    await eventually(diagrams, (tabs) => tabs.length === 1);
    await vscode.commands.executeCommand("nnet.openDiagram");
    assert.deepEqual(
      diagrams().map(({ label }) => label),
      ["xor.nnet diagram"],
    );
    assert.equal(diagrams()[0]!.group.viewColumn, vscode.ViewColumn.Two);
  });
});

function diagrams(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview);
}
