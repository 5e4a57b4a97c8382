// CodeLenses above `train` and `check`: what can be run there.

import * as vscode from "vscode";
import { lenses } from "../language/lenses";
import { type Documents, selector } from "./documents";
import { rangeIn } from "./places";

export function provideLenses(documents: Documents): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changes,
    documents.onDidAnalyze(() => changes.fire()),
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changes.event,
      provideCodeLenses: (document) =>
        lenses(documents.analysisOf(document)).map(
          ({ range, title, command, arguments: names }) =>
            new vscode.CodeLens(rangeIn(document, range), { title, command, arguments: [document.uri, ...names] }),
        ),
    }),
  );
}
