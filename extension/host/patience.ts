// What takes longer than a moment: VS Code says what is waited for, and who waits can give it up.

import * as vscode from "vscode";

/** Milliseconds before it is told; what is done by then has no need of it. */
export const patience = 1000;

/** In a notification. Throws CancellationError when the user gives it up; `end` then ends the work itself. */
export async function waitFor<T>(title: string, work: Promise<T>, end = (): void => undefined): Promise<T> {
  if (!(await isLate(work))) return await work;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, (_, cancellation) => {
    const givenUp = new Promise<never>((_, reject) => {
      cancellation.onCancellationRequested(() => {
        reject(new vscode.CancellationError());
        end();
      });
    });
    return Promise.race([work, givenUp]);
  });
}

/** In the status bar: nobody has to wait for it. */
export async function mention<T>(title: string, work: Promise<T>): Promise<T> {
  if (!(await isLate(work))) return await work;
  return await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => work);
}

async function isLate(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), patience);
  });
  const done = work.then(
    () => false,
    () => false,
  );
  const isLate = await Promise.race([done, late]);
  clearTimeout(timer);
  return isLate;
}
