// Offsets of the language services ↔ positions of VS Code.

import * as vscode from "vscode";
import type { Range } from "../../engine/protocol/text";

export function rangeIn(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Selects a place where its document is already visible, else in the first column; gives the editor. */
export async function reveal(
  document: vscode.TextDocument,
  range: Range,
  options: { readonly preserveFocus: boolean },
): Promise<vscode.TextEditor> {
  const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus: options.preserveFocus,
  });
  select(editor, range);
  return editor;
}

/** Leaves the keyboard where it is. */
export function select(editor: vscode.TextEditor, range: Range): void {
  const place = rangeIn(editor.document, range);
  editor.selection = new vscode.Selection(place.start, place.end);
  editor.revealRange(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Beside the text of a document, also when something else there has the keyboard; of one that is not visible, beside that. */
export function columnBeside(uri: vscode.Uri): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const column = shown?.viewColumn;
  return column === undefined ? vscode.ViewColumn.Beside : Math.min(column + 1, vscode.ViewColumn.Nine);
}

export function fileName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}
