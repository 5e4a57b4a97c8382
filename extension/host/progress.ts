// A progress notification while a training runs for longer than a moment; cancelling it stops the training. A visible
// diagram shows the same with a button of its own: then there is none, and nothing covers the diagram's chart.

import * as vscode from "vscode";
import { formatNumber } from "../language/format-number";
import type { Panels } from "./panel";
import { patience } from "./patience";
import { tell } from "./problem";
import type { Session } from "./session";
import type { Sessions } from "./sessions";
import { Throttle } from "./throttle";

/** Milliseconds: slow enough to be read. */
const refreshInterval = 250;

export function showProgress(sessions: Sessions, panels: Panels): vscode.Disposable {
  const shown = new Map<Session, vscode.Disposable>();
  const update = (session: Session): void => {
    const busy = session.state.kind === "preparing" || session.state.kind === "running";
    const wanted = busy && !panels.isVisible(session.uri);
    if (wanted && !shown.has(session)) shown.set(session, follow(session));
    if (!wanted) {
      shown.get(session)?.dispose();
      shown.delete(session);
    }
  };
  return vscode.Disposable.from(
    sessions.onDidChange(({ session, change }) => {
      if (change.kind === "state") update(session);
    }),
    panels.onDidChangeVisibility((uri) => {
      const session = sessions.find(uri);
      if (session) update(session);
    }),
    { dispose: () => shown.forEach((progress) => void progress.dispose()) },
  );
}

/** Shows it after a while, until it is disposed of. */
function follow(session: Session): vscode.Disposable {
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const timer = setTimeout(() => void open(session, done), patience);
  return {
    dispose: () => {
      clearTimeout(timer);
      finish();
    },
  };
}

async function open(session: Session, done: Promise<void>): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Training ${session.training?.name ?? ""}`,
    cancellable: true,
  };
  await vscode.window.withProgress(options, async (progress, cancellation) => {
    progress.report({ message: "reading the data and building the network" });
    let percent = 0;
    const report = new Throttle(refreshInterval, () => {
      const last = session.history.at(-1);
      if (!last) return;
      const { epoch, epochs, loss } = last;
      const now = (100 * epoch) / epochs;
      const message = `epoch ${epoch} of ${epochs} · loss ${formatNumber(loss)}`;
      progress.report({ message, increment: now - percent });
      percent = now;
    });
    report.request();
    const subscriptions = vscode.Disposable.from(
      report,
      session.onDidChange(({ kind }) => {
        if (kind === "epochs") report.request();
      }),
      cancellation.onCancellationRequested(() => void session.stop().catch(tell)),
    );
    await done;
    subscriptions.dispose();
  });
}
