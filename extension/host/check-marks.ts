// A mark after every `expect` that held when its check ran last. It disappears when the check, or the network it is
// about, says something else. What did not hold is marked by VS Code itself, with the message of the test.

import * as vscode from "vscode";
import type { Check } from "../../engine/protocol/network";
import type { CheckReport } from "../../engine/protocol/snapshot";
import { meaningOf } from "../language/meaning";
import { type Documents, isNnet } from "./documents";

interface Result {
  readonly meaning: string;
  readonly report: CheckReport;
  /** Whether it was told that the check says something else now. */
  outdated: boolean;
}

export class CheckMarks implements vscode.Disposable {
  private readonly results = new Map<string, Map<string, Result>>();
  private readonly held = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    // The green of the test icons is too pale for a character on white.
    after: { contentText: "✓", color: new vscode.ThemeColor("charts.green"), margin: "0 0 0 2ch" },
  });
  private readonly outdated = new vscode.EventEmitter<{ readonly uri: vscode.Uri; readonly title: string }>();
  private readonly subscriptions: vscode.Disposable;

  /** What this check says is no longer what ran. */
  readonly onDidOutdate = this.outdated.event;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.held,
      this.outdated,
      documents.onDidAnalyze((document) => this.show(document)),
      documents.onDidClose((uri) => this.results.delete(uri.toString())),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) if (isNnet(document)) this.show(document);
      }),
    );
  }

  keep(document: vscode.TextDocument, check: Check, report: CheckReport): void {
    const uri = document.uri.toString();
    const results = this.results.get(uri) ?? new Map<string, Result>();
    results.set(check.title, { meaning: meaningOf(check), report, outdated: false });
    this.results.set(uri, results);
    this.show(document);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private show(document: vscode.TextDocument): void {
    const results = this.results.get(document.uri.toString());
    if (!results) return;
    const marks: vscode.Range[] = [];
    for (const check of this.documents.analysisOf(document).module.checks) {
      const result = results.get(check.title);
      if (!result) continue;
      if (result.meaning !== meaningOf(check)) {
        if (!result.outdated) this.outdated.fire({ uri: document.uri, title: check.title });
        result.outdated = true;
        continue;
      }
      const expectations = check.statements.filter(({ kind }) => kind === "expect");
      expectations.forEach(({ range }, index) => {
        if (!result.report.expectations[index]?.ok) return;
        const { end } = document.lineAt(document.positionAt(range.end).line).range;
        marks.push(new vscode.Range(end, end));
      });
    }
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this.held, marks);
    }
  }
}
