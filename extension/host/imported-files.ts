// The texts of files that open documents import: of the editor when they are open there, else from disk. Answers from
// memory and says when it knows more, or when a text has changed.

import * as path from "node:path";
import * as vscode from "vscode";
import type { FileText } from "../language/analyze";
import { folderOf } from "./session";

interface Entry {
  /** What is on disk; undefined while it is first being read. */
  text: FileText | undefined;
  reading: Promise<void>;
  /** The documents that import it. */
  readonly importers: Map<string, vscode.Uri>;
  readonly watcher: vscode.Disposable;
}

export class ImportedFiles implements vscode.Disposable {
  /** By path on disk. */
  private readonly entries = new Map<string, Entry>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable;

  /** What this document imports has changed, or is known now. */
  readonly onDidChange = this.changes.event;

  constructor() {
    const announce = ({ uri }: vscode.TextDocument) => this.announce(this.entries.get(uri.fsPath));
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument(announce),
      vscode.workspace.onDidChangeTextDocument(({ document }) => announce(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.closed(uri);
        // What was not saved counts no more.
        const entry = this.entries.get(uri.fsPath);
        if (entry) void this.load(uri.fsPath, entry);
      }),
    );
  }

  /** `relative` to the document's folder. Undefined while it is being read. */
  read(document: vscode.Uri, relative: string): FileText | undefined {
    const full = path.resolve(folderOf(document), relative);
    const entry = this.entryOf(full);
    entry.importers.set(document.toString(), document);
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "file" && uri.fsPath === full);
    return open ? { text: open.getText() } : entry.text;
  }

  /** Resolves when the files that the document imports have been read; undefined when they are. */
  reading(document: vscode.Uri): Promise<unknown> | undefined {
    const unread = [...this.entries.values()].filter(
      ({ text, importers }) => text === undefined && importers.has(document.toString()),
    );
    return unread.length === 0 ? undefined : Promise.all(unread.map(({ reading }) => reading));
  }

  dispose(): void {
    for (const { watcher } of this.entries.values()) watcher.dispose();
    this.subscriptions.dispose();
    this.changes.dispose();
  }

  private closed(document: vscode.Uri): void {
    for (const [full, { importers, watcher }] of this.entries) {
      if (!importers.delete(document.toString()) || importers.size > 0) continue;
      watcher.dispose();
      this.entries.delete(full);
    }
  }

  private entryOf(full: string): Entry {
    const known = this.entries.get(full);
    if (known) return known;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(path.dirname(full)), path.basename(full));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const entry: Entry = { text: undefined, reading: Promise.resolve(), importers: new Map(), watcher };
    const load = () => {
      entry.reading = this.load(full, entry);
    };
    watcher.onDidCreate(load);
    watcher.onDidChange(load);
    watcher.onDidDelete(load);
    this.entries.set(full, entry);
    load();
    return entry;
  }

  private async load(full: string, entry: Entry): Promise<void> {
    const text = await textOf(full);
    if (this.entries.get(full) !== entry) return;
    entry.text = text;
    this.announce(entry);
  }

  private announce(entry: Entry | undefined): void {
    for (const importer of entry?.importers.values() ?? []) this.changes.fire(importer);
  }
}

async function textOf(full: string): Promise<FileText> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.file(full));
    return { text: new TextDecoder().decode(bytes) };
  } catch {
    return { problem: `there is no file ${path.basename(full)} that can be read: looked for ${full}` };
  }
}
