// The settings of package.json, typed.

import * as vscode from "vscode";

export type Setting = "inlayHints.enabled" | "liveValues.enabled";

export function isEnabled(setting: Setting): boolean {
  return vscode.workspace.getConfiguration("nnet").get<boolean>(setting, true);
}

export function onDidChangeSetting(setting: Setting, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`nnet.${setting}`)) listener();
  });
}
