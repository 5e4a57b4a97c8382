// Completion in a table that the worker is slow to read: the columns come when they are known, however late that is.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { DataDescription, DataSummary } from "../../engine/protocol/data";
import { CompletionProvider } from "../../extension/host/completion-provider";
import { analyze } from "../../extension/language/analyze";
import { projectOf } from "../../extension/language/navigation";
import { closeAll, openText } from "./support";

const text = 'data Flowers = Csv("iris.csv", target: "")\n';
const longerThanAnyoneIsPatient = 1500; // milliseconds

/** A completion between the quotes, which asks for a description that nobody has yet. */
async function completionOf(columns: readonly string[]) {
  const { document } = await openText(text);
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const cancellation = new vscode.CancellationTokenSource();
  let description: DataDescription | undefined;
  const provider = new CompletionProvider(
    { analysisOf: () => analyze(text) },
    { describe: () => description, onDidChange: changes.event },
    { around: () => Promise.resolve(projectOf([])) },
  );
  const position = document.positionAt(text.indexOf('""') + 1);
  return {
    items: provider.provideCompletionItems(document, position, cancellation.token, { triggerCharacter: undefined }),
    /** Something else about the data of the document has become known. */
    anotherIsRead: () => changes.fire(document.uri),
    isRead: () => {
      description = { kind: "ready", summary: { columns } as unknown as DataSummary };
      changes.fire(document.uri);
    },
    cancel: () => cancellation.cancel(),
  };
}

const afterAWhile = () => new Promise((resolve) => setTimeout(resolve, longerThanAnyoneIsPatient));

suite("the columns of a table as completions", () => {
  teardown(closeAll);

  test("come when the table is read late, and after another data set of the file", async () => {
    const { items, anotherIsRead, isRead } = await completionOf(["sepal_length", "species"]);
    anotherIsRead();
    await afterAWhile();
    isRead();
    assert.deepEqual(
      (await items)?.map(({ label }) => label),
      ["sepal_length", "species"],
    );
  });

  test("are no longer waited for by whoever has typed on", async () => {
    const { items, cancel } = await completionOf([]);
    cancel();
    assert.equal(await items, undefined);
  });
});
