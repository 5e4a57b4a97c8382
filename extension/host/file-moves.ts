// Files that are renamed or moved in the explorer: what the workspace's networks write about them follows.

import * as vscode from "vscode";
import { followMoves } from "../language/moves";
import { type ProjectFiles, rangesIn } from "./navigation-providers";

export function followMovedFiles(files: ProjectFiles): vscode.Disposable {
  return vscode.workspace.onWillRenameFiles((event) => event.waitUntil(editsFor(event.files, files)));
}

async function editsFor(
  moves: vscode.FileWillRenameEvent["files"],
  files: ProjectFiles,
): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const place = moves[0]!.oldUri;
  const project = await files.ofWorkspace(place);
  const rangeAt = rangesIn(project);
  const paths = moves.map(({ oldUri, newUri }) => ({ from: oldUri.path, to: newUri.path }));
  for (const { path, range, newText } of followMoves(project, paths)) {
    edit.replace(place.with({ path }), rangeAt(path, range), newText);
  }
  return edit;
}
