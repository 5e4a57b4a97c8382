// The sessions of all documents. A session outlives its document's tab when it holds trained weights, so that
// reopening the file finds them again.

import * as vscode from "vscode";
import { Session, type SessionChange } from "./session";

export class Sessions implements vscode.Disposable {
  private readonly byUri = new Map<string, Session>();
  private readonly changes = new vscode.EventEmitter<{ session: Session; change: SessionChange }>();

  private closing: Promise<unknown> | undefined;

  readonly onDidChange = this.changes.event;

  constructor(private readonly workerBundle: string) {}

  find(uri: vscode.Uri): Session | undefined {
    return this.byUri.get(uri.toString());
  }

  /** The document's session, made when there is none yet. */
  of(uri: vscode.Uri): Session {
    const found = this.find(uri);
    if (found) return found;
    const session = new Session(uri, this.workerBundle);
    session.onDidChange((change) => this.changes.fire({ session, change }));
    this.byUri.set(uri.toString(), session);
    return session;
  }

  /** The document is no longer open anywhere. */
  closed(uri: vscode.Uri): void {
    const session = this.find(uri);
    if (!session) return;
    // The next document without a file may get the same address and must not find another one's weights.
    const hasFile = uri.scheme !== "untitled";
    if (hasFile && session.state.kind !== "idle") return;
    this.byUri.delete(uri.toString());
    void session.close();
  }

  /** Ends all sessions; done when the last checkpoints of their trainings are written. */
  async close(): Promise<void> {
    this.closing ??= Promise.allSettled([...this.byUri.values()].map((session) => session.close()));
    await this.closing;
    this.changes.dispose();
  }

  dispose(): void {
    void this.close();
  }
}
