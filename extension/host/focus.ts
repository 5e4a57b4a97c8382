// Which document a command without a target acts on: the one last worked in, as long as it is open. Tells the menus
// in what state its training is.

import * as vscode from "vscode";
import { type Documents, isNnet } from "./documents";
import type { Sessions } from "./sessions";

export class Focus implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;
  private document: vscode.TextDocument | undefined;

  readonly onDidChange = this.changes.event;

  constructor(
    documents: Documents,
    private readonly sessions: Sessions,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.changes,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor)),
      documents.onDidAnalyze(() => {
        if (!this.document) this.follow(vscode.window.activeTextEditor);
      }),
      documents.onDidClose((uri) => {
        if (this.document?.uri.toString() === uri.toString()) this.set(undefined);
      }),
      sessions.onDidChange(({ session, change }) => {
        if (change.kind === "state" && session.uri.toString() === this.document?.uri.toString()) this.tellMenus();
      }),
    );
    this.follow(vscode.window.activeTextEditor);
  }

  get current(): vscode.TextDocument | undefined {
    return this.document;
  }

  set(document: vscode.TextDocument | undefined): void {
    if (document === this.document) return;
    this.document = document;
    this.tellMenus();
    this.changes.fire();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Another kind of editor leaves the document the current one: its training may be running. */
  private follow(editor: vscode.TextEditor | undefined): void {
    if (editor && isNnet(editor.document)) this.set(editor.document);
  }

  private tellMenus(): void {
    const state = this.document && (this.sessions.find(this.document.uri)?.state.kind ?? "idle");
    void vscode.commands.executeCommand("setContext", "nnet.state", state);
  }
}
