// What the editor shows of a text before anything runs.

import * as assert from "node:assert/strict";
import { copyFile, unlink } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { closeAll, errorsOf, eventually, extension, hoverText, open, openText, positionOf, replace } from "./support";

suite("a .nnet file in the editor", () => {
  teardown(closeAll);

  test("is recognized as nnet by its name", async () => {
    const { document } = await open("xor.nnet");
    assert.equal(document.languageId, "nnet");
  });

  test("has no error when it is one of the examples", async () => {
    for (const example of ["xor.nnet", "spiral.nnet", "iris.nnet", "digits.nnet", "lectures/masha.nnet"]) {
      const editor = await open(example);
      await hoverText(editor, positionOf(editor, "network"));
      assert.deepEqual(errorsOf(editor), [], example);
    }
  });

  test("gets an error while its text is wrong, and loses it when the text is mended", async () => {
    const editor = await open("xor.nnet");
    await replace(editor, "Tanh", "Tahn");
    await eventually(
      () => errorsOf(editor),
      (errors) => errors.some((message) => /Tahn.*Tanh/.test(message)),
    );
    await replace(editor, "Tahn", "Tanh");
    await eventually(
      () => errorsOf(editor),
      (errors) => errors.length === 0,
    );
  });

  test("offers the fix for a misspelt layer, and the fix removes the error", async () => {
    const editor = await open("xor.nnet");
    await replace(editor, "Tanh", "Tahn");
    await eventually(
      () => errorsOf(editor),
      (errors) => errors.length > 0,
    );
    const place = positionOf(editor, "Tahn", 1);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      editor.document.uri,
      new vscode.Range(place, place),
    );
    const fix = actions.find(({ title }) => title.includes("Tanh"));
    assert.ok(fix?.edit, `offered: ${actions.map(({ title }) => title).join(", ")}`);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await eventually(
      () => errorsOf(editor),
      (errors) => errors.length === 0,
    );
  });

  test("keeps the hints of the lines that an error does not touch", async () => {
    const editor = await open("digits.nnet");
    await replace(editor, "Dense(10)", "Dens(10)");
    await eventually(
      () => errorsOf(editor),
      (errors) => errors.length > 0,
    );
    assert.ok((await hintsOf(editor)).some((hint) => hint.includes("[64]")));
  });

  test("shows the shape of every stage as an inlay hint of at most 40 characters", async () => {
    const editor = await open("digits.nnet");
    const hints = await hintsOf(editor);
    assert.ok(
      hints.some((hint) => hint.includes("[64]")),
      hints.join(" | "),
    );
    assert.ok(
      hints.some((hint) => hint.includes("[10]")),
      hints.join(" | "),
    );
    assert.ok(
      hints.every((hint) => hint.length <= 40),
      hints.join(" | "),
    );
  });

  test("shows no inlay hints when the setting turns them off", async () => {
    const settings = vscode.workspace.getConfiguration("nnet");
    await settings.update("inlayHints.enabled", false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await hintsOf(await open("digits.nnet")), []);
    } finally {
      await settings.update("inlayHints.enabled", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test("tells in a hover what a layer is and how many parameters it has", async () => {
    const editor = await open("digits.nnet");
    const text = await hoverText(editor, positionOf(editor, "as h1", 4));
    assert.match(text, /\[64\]/);
    assert.match(text, /4,?160/); // 64 · 64 weights and 64 biases
  });

  test("tells in a hover how many samples a data set has", async () => {
    const editor = await open("iris.nnet");
    await eventually(
      () => hoverText(editor, positionOf(editor, "Flowers", 2)),
      (text) => text.includes("150"),
    );
  });

  test("has lenses over train and check that run them", async () => {
    const titles = async (file: string): Promise<string[]> => {
      const { document } = await open(file);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
      );
      return lenses.map(({ command }) => command?.title ?? "");
    };
    assert.deepEqual(await titles("xor.nnet"), ["▶ Train", "Step"]);
    assert.deepEqual(await titles("lectures/circuit.nnet"), ["✓ Check", "∂ Derive"]);
  });

  test("gets an error when its data file is missing, and loses it when the file is there", async () => {
    const folder = path.dirname((await open("iris.nnet")).document.uri.fsPath);
    const late = path.join(folder, "data", "late.csv");
    const editor = await open("iris.nnet");
    try {
      await replace(editor, "data/iris.csv", "data/late.csv");
      const [message] = await eventually(
        () => errorsOf(editor),
        (errors) => errors.length > 0,
      );
      assert.match(message!, /late\.csv/);
      await copyFile(path.join(folder, "data", "iris.csv"), late);
      await eventually(
        () => errorsOf(editor),
        (errors) => errors.length === 0,
      );
    } finally {
      await unlink(late).catch(() => undefined);
    }
  });

  test("may be empty", async () => {
    const editor = await openText("");
    assert.deepEqual(await hintsOf(editor), []);
    assert.deepEqual(errorsOf(editor), []);
  });
});

suite("the manifest", () => {
  test("contributes exactly the commands that are registered", async () => {
    await extension.activate();
    const contributes: unknown = extension.packageJSON.contributes;
    const { commands } = contributes as { commands: readonly { command: string }[] };
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith("nnet."));
    assert.deepEqual(registered.sort(), commands.map(({ command }) => command).sort());
  });
});

async function hintsOf({ document }: vscode.TextEditor): Promise<string[]> {
  const everything = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    "vscode.executeInlayHintProvider",
    document.uri,
    everything,
  );
  return hints.map(({ label }) => (typeof label === "string" ? label : label.map(({ value }) => value).join("")));
}
