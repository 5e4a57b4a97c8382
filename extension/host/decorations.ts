// Live values and gradients after each line, from the last snapshot; dimmed when they belong to an older text.

import * as vscode from "vscode";
import { liveTexts } from "../language/live-text";
import { type Documents, isNnet } from "./documents";
import type { Sessions } from "./sessions";
import { isEnabled, onDidChangeSetting } from "./settings";
import { Throttle } from "./throttle";

/** Milliseconds between two redraws. */
const refreshInterval = 200;

/** Milliseconds from the question for a hover until it is surely there: VS Code waits 150, the hover 300 for its formula. */
const hoverTime = 800;

/** They stand still while a hover comes: VS Code gives it up when decorations change meanwhile. */
export function showLiveValues(
  documents: Documents,
  sessions: Sessions,
  onDidAskForHover: vscode.Event<void>,
): vscode.Disposable {
  const fresh = decorationType("editorCodeLens.foreground");
  const stale = decorationType("disabledForeground");
  const redraw = new Throttle(refreshInterval, () => {
    for (const editor of vscode.window.visibleTextEditors) if (isNnet(editor.document)) draw(editor);
  });

  function draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const session = sessions.find(document.uri);
    const shown = isEnabled("liveValues.enabled") && session?.shown;
    const analysis = documents.analysisOf(document);
    const isStale = session?.isStale(analysis) ?? false;
    const decorations = shown
      ? liveTexts(analysis, shown).map(({ offset, text }) => {
          const line = document.lineAt(document.positionAt(offset).line);
          return {
            range: new vscode.Range(line.range.end, line.range.end),
            renderOptions: { after: { contentText: text } },
          };
        })
      : [];
    editor.setDecorations(fresh, isStale ? [] : decorations);
    editor.setDecorations(stale, isStale ? decorations : []);
  }

  return vscode.Disposable.from(
    fresh,
    stale,
    redraw,
    onDidAskForHover(() => redraw.postpone(hoverTime)),
    documents.onDidAnalyze(() => redraw.request()),
    sessions.onDidChange(({ change }) => {
      if (change.kind === "snapshot") redraw.request();
    }),
    vscode.window.onDidChangeVisibleTextEditors(() => redraw.request()),
    onDidChangeSetting("liveValues.enabled", () => redraw.request()),
  );
}

function decorationType(color: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { color: new vscode.ThemeColor(color), margin: "0 0 0 2ch" },
  });
}
