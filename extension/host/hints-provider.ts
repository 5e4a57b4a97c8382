// Inlay hints: the shape of every value at the end of its stage.

import * as vscode from "vscode";
import { hints } from "../language/hints";
import { type Documents, selector } from "./documents";
import { isEnabled, onDidChangeSetting } from "./settings";

export function provideHints(documents: Documents): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changes,
    documents.onDidAnalyze(() => changes.fire()),
    onDidChangeSetting("inlayHints.enabled", () => changes.fire()),
    vscode.languages.registerInlayHintsProvider(selector, {
      onDidChangeInlayHints: changes.event,
      provideInlayHints(document, range) {
        if (!isEnabled("inlayHints.enabled")) return [];
        const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
        return hints(documents.analysisOf(document))
          .filter(({ offset }) => offset >= start && offset <= end)
          .map(({ offset, text, tooltip }) => {
            const hint = new vscode.InlayHint(document.positionAt(offset), text, vscode.InlayHintKind.Type);
            hint.paddingLeft = true;
            hint.tooltip = tooltip;
            return hint;
          });
      },
    }),
  );
}
