// Runs checks and shows what came of each: a mark after every `expect`, an error at each that fails, a summary.
// A result disappears when its check, or the network it is about, says something else.

import * as vscode from "vscode";
import type { Check, CheckStatement } from "../../engine/protocol/network";
import type { CheckReport, ExpectationReport } from "../../engine/protocol/snapshot";
import { type Documents, isNnet } from "./documents";
import { meaningOf } from "./meaning";
import { fileName, rangeIn, reveal } from "./places";
import type { Sessions } from "./sessions";

interface Result {
  readonly meaning: string;
  readonly report: CheckReport;
}

type Expectation = Extract<CheckStatement, { kind: "expect" }>;

export class Checks implements vscode.Disposable {
  private readonly results = new Map<string, Map<string, Result>>();
  private readonly collection = vscode.languages.createDiagnosticCollection("nnet checks");
  private readonly passed = mark("testing.iconPassed");
  private readonly failed = mark("testing.iconFailed");
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly sessions: Sessions,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.collection,
      this.passed,
      this.failed,
      documents.onDidAnalyze((document) => this.show(document)),
      documents.onDidClose((uri) => {
        this.results.delete(uri.toString());
        this.collection.delete(uri);
      }),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) if (isNnet(document)) this.show(document);
      }),
    );
  }

  async run(document: vscode.TextDocument, checks: readonly Check[]): Promise<readonly CheckReport[]> {
    const options = { location: vscode.ProgressLocation.Window, title: "nnet: running checks" };
    const reports = await vscode.window.withProgress(options, async (progress) => {
      const done: CheckReport[] = [];
      for (const check of checks) {
        progress.report({ message: check.title });
        const report = await this.runOne(document.uri, check);
        done.push(report);
        this.keep(document.uri, check, report);
        this.show(document);
      }
      return done;
    });
    // A summary that nobody answers must not keep the command from being done.
    void this.summarize(document, reports);
    return reports;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async runOne(uri: vscode.Uri, check: Check): Promise<CheckReport> {
    if (check.network.complete) return await this.sessions.of(uri).check(check);
    const problem = `Network ${check.network.name} has an error. Fix it, then run the check again.`;
    return { title: check.title, ok: false, expectations: [], problem };
  }

  private keep(uri: vscode.Uri, check: Check, report: CheckReport): void {
    const results = this.results.get(uri.toString()) ?? new Map<string, Result>();
    results.set(check.title, { meaning: meaningOf(check), report });
    this.results.set(uri.toString(), results);
  }

  private show(document: vscode.TextDocument): void {
    const results = this.results.get(document.uri.toString());
    if (!results) return;
    const errors: vscode.Diagnostic[] = [];
    const passed: vscode.DecorationOptions[] = [];
    const failed: vscode.DecorationOptions[] = [];
    for (const check of this.documents.analysisOf(document).module.checks) {
      const result = results.get(check.title);
      if (!result || result.meaning !== meaningOf(check)) continue;
      const { report } = result;
      if (report.problem !== undefined) {
        errors.push(errorAt(rangeIn(document, check.titleRange), report.problem));
        failed.push(after(document, check.titleRange.end, "✗"));
      }
      for (const [expectation, { ok, actual, expected, difference }] of pairs(check, report)) {
        if (ok) {
          passed.push(after(document, expectation.range.end, "✓"));
          continue;
        }
        const message = `Expected ${expected}, got ${actual}.${difference === "" ? "" : ` ${difference}`}`;
        errors.push(errorAt(rangeIn(document, expectation.range), message));
        failed.push(after(document, expectation.range.end, `✗ ${shorten(actual)}`));
      }
    }
    this.collection.set(document.uri, errors);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document !== document) continue;
      editor.setDecorations(this.passed, passed);
      editor.setDecorations(this.failed, failed);
    }
  }

  private async summarize(document: vscode.TextDocument, reports: readonly CheckReport[]): Promise<void> {
    const file = fileName(document.uri);
    const failures = reports.filter(({ ok }) => !ok);
    if (failures.length === 0) {
      const all = reports.length === 1 ? `"${reports[0]!.title}" passed` : `all ${reports.length} checks passed`;
      await vscode.window.showInformationMessage(`${file}: ${all}.`);
      return;
    }
    const names = failures.map(({ title }) => `"${title}"`).join(", ");
    const share = reports.length === 1 ? "" : `${failures.length} of ${reports.length} checks failed: `;
    const message = share === "" ? `${file}: ${names} failed.` : `${file}: ${share}${names}.`;
    const show = "Show";
    if ((await vscode.window.showErrorMessage(message, show)) === show) await this.revealFailure(document);
  }

  private async revealFailure(document: vscode.TextDocument): Promise<void> {
    const first = this.collection.get(document.uri)?.[0];
    if (!first) return;
    const range = { start: document.offsetAt(first.range.start), end: document.offsetAt(first.range.end) };
    await reveal(document, range, { preserveFocus: false });
  }
}

/** Each `expect` with what came of it; the ones after a failure that ended the check have no report. */
function pairs(check: Check, report: CheckReport): [Expectation, ExpectationReport][] {
  const expectations = check.statements.filter((statement) => statement.kind === "expect");
  return report.expectations.flatMap((result, index) => {
    const expectation = expectations[index];
    return expectation ? [[expectation, result]] : [];
  });
}

function errorAt(range: vscode.Range, message: string): vscode.Diagnostic {
  const error = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
  error.source = "nnet check";
  return error;
}

function mark(color: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { color: new vscode.ThemeColor(color), margin: "0 0 0 2ch" },
  });
}

function after(document: vscode.TextDocument, offset: number, contentText: string): vscode.DecorationOptions {
  const { end } = document.lineAt(document.positionAt(offset).line).range;
  return { range: new vscode.Range(end, end), renderOptions: { after: { contentText } } };
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
