// Checks run from the editor: what passes, what fails, and where that is shown.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { CheckReport } from "../../engine/protocol/snapshot";
import { closeAll, errorsOf, open, positionOf, replace } from "./support";

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

  test("that fail say what was expected and what came", async () => {
    const editor = await open("lectures/circuit.nnet");
    await replace(editor, "expect f == -12", "expect f == -13");
    const [report] = await run("nnet.runChecks");
    const failed = report!.expectations.filter(({ ok }) => !ok);
    assert.deepEqual(
      failed.map(({ text, expected, actual }) => [text, expected, actual]),
      [["f == -13", "-13", "-12"]],
    );
  });

  test("that cannot run say why, and the others run", async () => {
    const editor = await open("lectures/masha.nnet");
    await replace(editor, "expect p == [0.7310586]", "expect q == [0.7310586]");
    const reports = await run("nnet.runChecks");
    const problems = reports.flatMap(({ title, problem }) => (problem === undefined ? [] : [[title, problem]]));
    assert.equal(problems.length, 1);
    assert.equal(problems[0]![0], "sigmoid and log loss of the first observation");
    assert.match(problems[0]![1]!, /Line \d+: .*q/);
    assert.equal(reports.filter(({ ok }) => ok).length, 4);
  });

  test("run one at a time from their lens", async () => {
    const { document } = await open("lectures/masha.nnet");
    const reports = await run("nnet.check", document.uri, "one step by hand");
    assert.deepEqual(
      reports.map(({ title, ok }) => [title, ok]),
      [["one step by hand", true]],
    );
  });

  test("run from a lens that was made before they were moved and called otherwise", async () => {
    const editor = await open("lectures/masha.nnet");
    const { command } = await lensOver(editor, 'check "one step by hand"');
    await replace(editor, '"one step by hand"', '"one step by pen"');
    await replace(editor, "# Exercises а, в, д, ё", "# More\n# Exercises а, в, д, ё");
    const reports = await run(command!.command, ...command!.arguments!);
    assert.deepEqual(
      reports.map(({ title, ok }) => [title, ok]),
      [["one step by pen", true]],
    );
  });
});

/** The first lens over the declaration that begins so. */
async function lensOver(editor: vscode.TextEditor, declaration: string): Promise<vscode.CodeLens> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    editor.document.uri,
  );
  const found = lenses.find(({ range }) => range.start.isEqual(positionOf(editor, declaration)));
  assert.ok(found, `There is no lens over ${declaration}`);
  return found;
}

async function run(command: string, ...given: unknown[]): Promise<readonly CheckReport[]> {
  return await vscode.commands.executeCommand<readonly CheckReport[]>(command, ...given);
}
