// What is known about the data sets that documents declare. Asks the document's worker once per source and state of its
// files, answers from memory, and asks again when one of the files changes.

import { stat } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import type { DataDescription, DataSummary } from "../../engine/protocol/data";
import type { DataDeclaration } from "../../engine/protocol/network";
import { meaningOf } from "../language/meaning";
import { folderOf } from "./session";
import type { Sessions } from "./sessions";

/** Milliseconds until a file watcher is surely watching; what changed before is looked for then. */
const settlingTime = 2000;

interface Entry {
  readonly data: DataDeclaration;
  /** The arguments of the source that may name files. */
  readonly files: readonly string[];
  readonly watchers: vscode.Disposable;
  description: DataDescription | undefined;
  /** Modification times of the files when they were described. */
  stamp: string | undefined;
}

export class DataDescriptions implements vscode.Disposable {
  private readonly entries = new Map<string, Map<string, Entry>>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();

  /** More is known about the data of this document. */
  readonly onDidChange = this.changes.event;

  private readonly subscription: vscode.Disposable;

  constructor(private readonly sessions: Sessions) {
    // Some disks tell of no changes, network drives for one.
    this.subscription = vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) this.refreshAll();
    });
  }

  /** Undefined while the worker is still reading; `onDidChange` says when it is done. */
  describe(uri: vscode.Uri, data: DataDeclaration): DataDescription | undefined {
    return this.entryOf(uri, data).description;
  }

  summaryOf(uri: vscode.Uri, data: DataDeclaration): DataSummary | undefined {
    const description = this.describe(uri, data);
    return description?.kind === "ready" ? description.summary : undefined;
  }

  closed(uri: vscode.Uri): void {
    for (const entry of this.entries.get(uri.toString())?.values() ?? []) entry.watchers.dispose();
    this.entries.delete(uri.toString());
  }

  dispose(): void {
    for (const entries of this.entries.values()) for (const entry of entries.values()) entry.watchers.dispose();
    this.changes.dispose();
    this.subscription.dispose();
  }

  private refreshAll(): void {
    for (const [uri, entries] of this.entries) {
      for (const entry of entries.values()) void this.refresh(vscode.Uri.parse(uri), entry);
    }
  }

  private entryOf(uri: vscode.Uri, data: DataDeclaration): Entry {
    const ofDocument = this.entries.get(uri.toString()) ?? new Map<string, Entry>();
    this.entries.set(uri.toString(), ofDocument);
    const key = keyOf(data);
    const known = ofDocument.get(key);
    if (known) return known;
    const files = filesOf(data, path.resolve(folderOf(uri), data.folder ?? ""));
    const entry: Entry = {
      data,
      files,
      watchers: watch(files, () => void this.refresh(uri, entry)),
      description: undefined,
      stamp: undefined,
    };
    ofDocument.set(key, entry);
    void this.refresh(uri, entry);
    return entry;
  }

  private async refresh(uri: vscode.Uri, entry: Entry): Promise<void> {
    const stamp = await stampOf(entry.files);
    // A file watcher may report one change several times.
    if (stamp === entry.stamp || !this.isCurrent(uri, entry)) return;
    entry.stamp = stamp;
    try {
      entry.description = await this.sessions
        .of(uri)
        .worker.request("describeData", { data: entry.data, folder: folderOf(uri) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      entry.description = { kind: "problem", problem: { message: `${entry.data.name} could not be read: ${reason}` } };
    }
    // It may have changed again, or its document may be closed, while the worker was reading.
    if (this.isCurrent(uri, entry) && entry.stamp === stamp) this.changes.fire(uri);
  }

  private isCurrent(uri: vscode.Uri, entry: Entry): boolean {
    return this.entries.get(uri.toString())?.get(keyOf(entry.data)) === entry;
  }
}

function keyOf({ source, folder = "" }: DataDeclaration): string {
  return `${folder} ${meaningOf(source)}`;
}

/** Every string argument may name a file; one that does not is a file that never exists. */
function filesOf({ source }: DataDeclaration, folder: string): readonly string[] {
  return Object.values(source.arguments)
    .filter((argument) => typeof argument === "string")
    .filter((argument) => argument.length > 0)
    .map((argument) => path.resolve(folder, argument));
}

function watch(files: readonly string[], changed: () => void): vscode.Disposable {
  const watchers = files.map((file) => {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    watcher.onDidDelete(changed);
    return watcher;
  });
  const settling = setTimeout(changed, settlingTime);
  return vscode.Disposable.from(...watchers, { dispose: () => clearTimeout(settling) });
}

async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map((file) =>
    stat(file).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => "missing",
    ),
  );
  return (await Promise.all(stamps)).join(", ");
}
