// A progress notification while a training runs for longer than a moment. Cancelling it stops the training.

import * as vscode from "vscode";
import { describeEpoch } from "./numbers";
import { tell } from "./problem";
import type { Session } from "./session";
import type { Sessions } from "./sessions";

/** Milliseconds before it shows; a training that is done by then has no need of it. */
const patience = 1500;

export function showProgress(sessions: Sessions): vscode.Disposable {
  const shown = new Map<Session, vscode.Disposable>();
  return vscode.Disposable.from(
    sessions.onDidChange(({ session, change }) => {
      if (change.kind !== "state") return;
      const busy = session.state.kind === "preparing" || session.state.kind === "running";
      if (busy && !shown.has(session)) shown.set(session, follow(session));
      if (!busy) {
        shown.get(session)?.dispose();
        shown.delete(session);
      }
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
    let percent = 0;
    const report = (): void => {
      const last = session.history.at(-1);
      if (!last) return;
      const now = (100 * last.epoch) / last.epochs;
      progress.report({ message: describeEpoch(last), increment: now - percent });
      percent = now;
    };
    report();
    const subscriptions = vscode.Disposable.from(
      session.onDidChange(({ kind }) => {
        if (kind === "epoch") report();
      }),
      cancellation.onCancellationRequested(() => void session.stop().catch(tell)),
    );
    await done;
    subscriptions.dispose();
  });
}
