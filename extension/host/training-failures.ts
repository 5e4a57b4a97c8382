// A training that failed: a message with buttons, and where numbers ceased to be finite, a mark at the value until the
// text says something else or another training begins.

import * as vscode from "vscode";
import type { Diagnostic } from "../../engine/protocol/diagnostic";
import type { Training } from "../../engine/protocol/network";
import type { TrainingState } from "../../engine/protocol/snapshot";
import type { Range } from "../../engine/protocol/text";
import { breakdownOf } from "../language/breakdown";
import { meaningOf } from "../language/meaning";
import { shownAs } from "./diagnostics";
import type { Documents } from "./documents";
import type { ExplanationCards } from "./explanation-card";
import { fileName, reveal } from "./places";
import { NothingToDo, Problem, type Remedy, tell } from "./problem";
import type { Session } from "./session";
import type { Sessions } from "./sessions";

interface Parts {
  readonly documents: Documents;
  readonly sessions: Sessions;
  readonly cards: ExplanationCards;
}

export function showFailures(parts: Parts): vscode.Disposable {
  const { documents, sessions } = parts;
  const collection = vscode.languages.createDiagnosticCollection("nnet training");
  const mark = (document: vscode.TextDocument, session: Session): void => {
    const breakdown = failureIn(session, document, documents)?.breakdown;
    collection.set(document.uri, breakdown ? [shownAs(document, breakdown)] : []);
  };
  return vscode.Disposable.from(
    collection,
    sessions.onDidChange(({ session, change }) => {
      if (change.kind !== "state") return;
      const document = documents.find(session.uri);
      if (document) mark(document, session);
      const { state } = session;
      if (state.kind === "failed") problemOf(session, state, parts).then(tell, tell);
    }),
    documents.onDidAnalyze((document) => {
      const session = sessions.find(document.uri);
      if (session) mark(document, session);
    }),
    documents.onDidClose((uri) => collection.delete(uri)),
  );
}

interface Failure {
  readonly training: Training;
  /** Undefined when no value is to blame. */
  readonly breakdown: Diagnostic | undefined;
}

/** Undefined when nothing failed, or the text no longer says what failed. */
function failureIn(session: Session, document: vscode.TextDocument, documents: Documents): Failure | undefined {
  const { state, training: failed } = session;
  if (state.kind !== "failed" || !failed) return undefined;
  const training = documents.analysisOf(document).module.trainings.find(({ name }) => name === failed.name);
  if (!training || meaningOf(training) !== meaningOf(failed)) return undefined;
  return { training, breakdown: breakdownOf(training, state) };
}

type Failed = Extract<TrainingState, { readonly kind: "failed" }>;

/** What is told of it. */
async function problemOf(session: Session, state: Failed, { documents, cards }: Parts): Promise<Problem> {
  const { uri } = session;
  const { training, message, value } = state;
  const document = await documents.open(uri);
  const file = fileName(uri);
  const failure = failureIn(session, document, documents);
  if (!failure) return new Problem(`${file}: ${training} failed: ${message}`);

  const show: Remedy = {
    title: "Show",
    // Sought anew: what stands above it may have been edited below the message.
    run: async () => {
      const now = failureIn(session, document, documents);
      if (!now) throw new NothingToDo(`${file}: the text has changed since ${training} failed.`);
      await reveal(document, placeOf(now), { preserveFocus: false });
    },
  };
  if (!failure.breakdown || value === undefined) {
    return new Problem(`${file}: ${training} failed: ${message}`, show);
  }
  const explain: Remedy = {
    title: "Explain",
    run: () => cards.explain({ uri: uri.toString(), id: value, of: "value" }, { focus: true }),
  };
  const line = document.positionAt(placeOf(failure).start).line + 1;
  return new Problem(`${file}, line ${line}: ${failure.breakdown.message}`, show, explain);
}

function placeOf({ training, breakdown }: Failure): Range {
  return breakdown?.range ?? training.nameRange;
}
