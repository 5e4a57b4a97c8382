// What the suites share: opening files of the workspace, waiting for what comes later, asking the extension.

import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { NnetApi, SessionView } from "../../extension/host/activate";

export const extension = vscode.extensions.getExtension<NnetApi>("nnet.nnet")!;

/** A file of the workspace, a copy of `examples/`, in an editor. */
export async function open(file: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const editor = await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, file), {
    viewColumn: vscode.ViewColumn.One,
  });
  await extension.activate();
  return editor;
}

/** A document that has no file. */
export async function openText(content: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: "nnet", content });
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  await extension.activate();
  return editor;
}

/** Without saving: a dirty document would ask. VS Code's own settings are dirty for a moment whenever it writes them. */
export async function closeAll(): Promise<void> {
  const ours = vscode.workspace.textDocuments.filter(({ uri }) => !uri.path.endsWith("/settings.json"));
  for (const document of ours.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Waits until `read` gives something that `accept` likes. */
export async function eventually<T>(
  read: () => T | Thenable<T>,
  accept: (value: T) => boolean,
  milliseconds = 20_000,
): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > deadline) assert.fail(`Waited ${milliseconds} ms in vain; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function session({ document }: vscode.TextEditor): SessionView | undefined {
  return extension.exports.session(document.uri);
}

export async function untilState(editor: vscode.TextEditor, kind: SessionView["state"]["kind"]): Promise<void> {
  await eventually(
    () => session(editor)?.state ?? { kind: "idle" },
    (state) => state.kind === kind,
  );
}

export function positionOf({ document }: vscode.TextEditor, text: string, within = 0): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `The document does not contain ${text}`);
  return document.positionAt(offset + within);
}

export async function replace(editor: vscode.TextEditor, text: string, replacement: string): Promise<void> {
  const start = positionOf(editor, text);
  const range = new vscode.Range(start, start.translate(0, text.length));
  assert.ok(await editor.edit((edit) => edit.replace(range, replacement)));
}

export async function hoverText({ document }: vscode.TextEditor, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");
}

export function errorsOf({ document }: vscode.TextEditor): string[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
    .map(({ message }) => message);
}
