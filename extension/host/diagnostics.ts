// What is wrong with each open document, in the Problems panel and under the text, with the fixes that are known.

import * as vscode from "vscode";
import type { Diagnostic, Severity } from "../../engine/protocol/diagnostic";
import { type Documents, selector } from "./documents";
import { explanationOf } from "./explanations";
import { rangeIn } from "./places";

export function showDiagnostics(documents: Documents): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("nnet");
  return vscode.Disposable.from(
    collection,
    documents.onDidAnalyze((document) => {
      const { diagnostics } = documents.analysisOf(document);
      collection.set(
        document.uri,
        diagnostics.map((diagnostic) => shownAs(document, diagnostic)),
      );
    }),
    documents.onDidClose((uri) => collection.delete(uri)),
    vscode.languages.registerCodeActionsProvider(
      selector,
      { provideCodeActions: (document, range, context) => fixesAt(documents, document, range, context) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

const severities: { readonly [S in Severity]: vscode.DiagnosticSeverity } = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** With its code as a link to its explanation. */
export function shownAs(document: vscode.TextDocument, diagnostic: Diagnostic): vscode.Diagnostic {
  const { range, message, severity, code, related } = diagnostic;
  const shown = new vscode.Diagnostic(rangeIn(document, range), message, severities[severity]);
  shown.source = "nnet";
  shown.code = { value: code, target: explanationOf(code) };
  shown.relatedInformation = related.map(
    (place) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(document.uri, rangeIn(document, place.range)),
        place.message,
      ),
  );
  return shown;
}

/** The code as lowering gave it. */
function codeOf({ code }: vscode.Diagnostic): string | number | undefined {
  return typeof code === "object" ? code.value : code;
}

function fixesAt(
  documents: Documents,
  document: vscode.TextDocument,
  range: vscode.Range,
  context: vscode.CodeActionContext,
): vscode.CodeAction[] {
  return documents
    .analysisOf(document)
    .diagnostics.filter((diagnostic) => rangeIn(document, diagnostic.range).intersection(range))
    .flatMap((diagnostic) => {
      const shown = context.diagnostics.filter(
        (problem) => codeOf(problem) === diagnostic.code && problem.range.isEqual(rangeIn(document, diagnostic.range)),
      );
      return diagnostic.fixes.map((fix, index) => {
        const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        for (const edit of fix.edits) action.edit.replace(document.uri, rangeIn(document, edit.range), edit.newText);
        action.diagnostics = shown;
        action.isPreferred = index === 0;
        return action;
      });
    });
}
