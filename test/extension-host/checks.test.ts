// Checks run from the editor: what passes, what fails, and where that is shown.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { CheckReport } from "../../engine/protocol/snapshot";
import { closeAll, errorsOf, eventually, open, positionOf, replace } from "./support";

suite("checks", () => {
  teardown(closeAll);

  test("of the lectures pass with the numbers of their documents", async () => {
    for (const lecture of ["lectures/circuit.nnet", "lectures/masha.nnet"]) {
      const editor = await open(lecture);
      const reports = await run("nnet.runChecks");
      assert.deepEqual(
        reports.filter(({ ok }) => !ok),
        [],
        lecture,
      );
      assert.ok(reports.length > 0);
      assert.deepEqual(errorsOf(editor), []);
    }
  });

  test("that fail put expected and actual numbers at their expectation, until it is mended", async () => {
    const editor = await open("lectures/circuit.nnet");
    await replace(editor, "expect f == -12", "expect f == -13");
    const reports = await run("nnet.runChecks");
    assert.equal(reports[0]!.ok, false);
    const [error] = vscode.languages.getDiagnostics(editor.document.uri);
    assert.match(error!.message, /-13[\s\S]*-12/);
    assert.equal(error!.range.start.line, positionOf(editor, "expect f").line);
    await replace(editor, "expect f == -13", "expect f == -12");
    await eventually(
      () => errorsOf(editor),
      (errors) => errors.length === 0,
    );
  });

  test("run one at a time from their lens", async () => {
    const { document } = await open("lectures/masha.nnet");
    const reports = await run("nnet.check", document.uri, "one step by hand");
    assert.deepEqual(
      reports.map(({ title, ok }) => [title, ok]),
      [["one step by hand", true]],
    );
  });
});

async function run(command: string, ...given: unknown[]): Promise<readonly CheckReport[]> {
  return await vscode.commands.executeCommand<readonly CheckReport[]>(command, ...given);
}
