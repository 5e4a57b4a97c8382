// Where a training broke down: the value whose numbers were the first that are not finite, marked in its text until the
// text says something else or another training begins.

import * as vscode from "vscode";
import { rangeOfValue } from "../language/value-at";
import type { Documents } from "./documents";
import { rangeIn } from "./places";
import type { Session } from "./session";
import type { Sessions } from "./sessions";

export function markFailures(documents: Documents, sessions: Sessions): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("nnet training");
  const show = (document: vscode.TextDocument, session: Session): void => {
    const diagnostic = diagnosticOf(document, session, documents);
    collection.set(document.uri, diagnostic ? [diagnostic] : []);
  };
  return vscode.Disposable.from(
    collection,
    sessions.onDidChange(({ session, change }) => {
      const document = documents.find(session.uri);
      if (change.kind === "state" && document) show(document, session);
    }),
    documents.onDidAnalyze((document) => {
      const session = sessions.find(document.uri);
      if (session) show(document, session);
    }),
    documents.onDidClose((uri) => collection.delete(uri)),
  );
}

function diagnosticOf(
  document: vscode.TextDocument,
  session: Session,
  documents: Documents,
): vscode.Diagnostic | undefined {
  const { state } = session;
  const analysis = documents.analysisOf(document);
  if (state.kind !== "failed" || state.value === undefined || session.isStale(analysis)) return undefined;
  const training = analysis.module.trainings.find(({ name }) => name === state.training);
  const range = training && rangeOfValue(training.network, state.value);
  if (!range) return undefined;
  const diagnostic = new vscode.Diagnostic(rangeIn(document, range), state.message, vscode.DiagnosticSeverity.Error);
  diagnostic.source = "nnet";
  return diagnostic;
}
