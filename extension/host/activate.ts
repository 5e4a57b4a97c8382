// The extension, as a table of contents: what is kept, what is shown, what can be commanded.

import * as path from "node:path";
import * as vscode from "vscode";
import type { EpochReport, Snapshot, TrainingState } from "../../engine/protocol/snapshot";
import { registerCommands } from "./commands";
import { provideCompletions } from "./completion-provider";
import { DataDescriptions } from "./data-descriptions";
import { showLiveValues } from "./decorations";
import { Derivations } from "./derive";
import { showDiagnostics } from "./diagnostics";
import { Documents } from "./documents";
import { Explanations } from "./explain";
import { ExplanationCards } from "./explanation-card";
import { provideExplanations } from "./explanations";
import { followMovedFiles } from "./file-moves";
import { Focus } from "./focus";
import { FormulaPictures } from "./formula-pictures";
import { provideHints } from "./hints-provider";
import { provideHovers } from "./hover-provider";
import { provideLenses } from "./lens-provider";
import { ProjectFiles, provideNavigation } from "./navigation-providers";
import { Panels } from "./panel";
import { fileName } from "./places";
import { showProgress } from "./progress";
import { RevealedValues } from "./revealed-values";
import { Checks } from "./run-checks";
import { RunView } from "./run-view";
import { Sessions } from "./sessions";
import { provideSignatures } from "./signature-provider";
import { showStatus } from "./status";
import { provideSyntax } from "./syntax-providers";
import { showFailures } from "./training-failures";

/** What other extensions and tests can ask. */
export interface NnetApi {
  /** Undefined when nothing has run for this document. */
  session(uri: vscode.Uri): SessionView | undefined;
}

export interface SessionView {
  readonly state: TrainingState;
  readonly snapshot: Snapshot | undefined;
  /** What is looked at: the newest Snapshot, or a recorded one. */
  readonly shown: Snapshot | undefined;
  readonly history: readonly EpochReport[];
}

let ending: (() => Promise<void>) | undefined;

/** VS Code waits some seconds for it: closing the window loses nothing of a training that is written down. */
export async function deactivate(): Promise<void> {
  await ending?.();
}

export function activate({ extensionUri, subscriptions }: vscode.ExtensionContext): NnetApi {
  const worker = path.join(extensionUri.fsPath, "dist", "worker.cjs");
  const sessions = new Sessions(worker);
  ending = () => sessions.close();
  const data = new DataDescriptions(sessions);
  const documents = new Documents(data, sessions);
  const files = new ProjectFiles(documents);
  const focus = new Focus(documents, sessions);
  const revealed = new RevealedValues(documents);
  const panels = new Panels(extensionUri, documents, sessions, focus, revealed);
  const checks = new Checks(documents, files, worker);
  const runs = new RunView(sessions, data);
  const derivations = new Derivations(documents, worker);
  const explanations = new Explanations();
  const cards = new ExplanationCards(documents, sessions, explanations, panels, revealed);
  const pictures = new FormulaPictures(extensionUri);
  const hoverQuestions = new vscode.EventEmitter<void>();

  subscriptions.push(
    sessions,
    data,
    revealed,
    documents,
    files,
    focus,
    panels,
    checks,
    runs,
    derivations,
    cards,
    showDiagnostics(documents),
    provideExplanations(extensionUri),
    provideHints(documents),
    provideLenses(documents),
    hoverQuestions,
    provideHovers({ documents, sessions, data, explanations, pictures, asked: () => hoverQuestions.fire() }),
    provideSyntax(documents),
    provideCompletions(documents, data, files),
    provideSignatures(documents, files),
    provideNavigation(files),
    followMovedFiles(files),
    showLiveValues(documents, sessions, hoverQuestions.event),
    showStatus(focus, sessions),
    showProgress(sessions, panels),
    showFailures({ documents, sessions, cards }),
    showNotices(sessions),
    registerCommands({ extensionUri, documents, sessions, focus, panels, checks, runs, derivations, cards }),
  );
  return { session: (uri) => sessions.find(uri) };
}

function showNotices(sessions: Sessions): vscode.Disposable {
  return sessions.onDidChange(({ session, change }) => {
    if (change.kind !== "notice") return;
    const message = `${fileName(session.uri)}: ${change.message}`;
    if (change.level === "warning") void vscode.window.showWarningMessage(message);
    else void vscode.window.showInformationMessage(message);
  });
}
