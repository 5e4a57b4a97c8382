// What is known about the data sets that documents declare, and about the files their parameters begin with. Asks the
// document's worker once per source and state of its files, answers from memory, and asks again when one of them changes.

import { stat } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import type { DataDescription, DataSummary, NumbersDescription } from "../../engine/protocol/data";
import type { DataDeclaration, NumbersFile } from "../../engine/protocol/network";
import { meaningOf } from "../language/meaning";
import { mention } from "./patience";
import { fileName } from "./places";
import { folderOf } from "./session";
import type { Sessions } from "./sessions";

/** Milliseconds until a file watcher is surely watching; what changed before is looked for then. */
const settlingTime = 2000;

type Entries<Description> = Map<string, Map<string, Entry<Description>>>;

export class DataDescriptions implements vscode.Disposable {
  /** By document and by what is described. */
  private readonly data: Entries<DataDescription> = new Map();
  private readonly numbers: Entries<NumbersDescription> = new Map();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();

  /** More is known about the data of this document. */
  readonly onDidChange = this.changes.event;

  private readonly subscription: vscode.Disposable;

  constructor(private readonly sessions: Sessions) {
    // Some disks tell of no changes, network drives for one.
    this.subscription = vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) for (const entry of this.all()) void entry.refresh();
    });
  }

  /** Undefined while the worker is still reading; `onDidChange` says when it is done. */
  describe(uri: vscode.Uri, data: DataDeclaration): DataDescription | undefined {
    const entry = this.entryOf(this.data, uri, keyOf(data), () => ({
      files: filesOf(data, path.resolve(folderOf(uri), data.folder ?? "")),
      ask: () => {
        const asked = this.sessions.of(uri).worker.request("describeData", { data, folder: folderOf(uri) });
        return mention(`${fileName(uri)}: reading ${data.name}`, asked);
      },
      failed: (reason): DataDescription => ({
        kind: "problem",
        problem: { message: `${data.name} could not be read: ${reason}` },
      }),
    }));
    return entry.description;
  }

  /** The same of what a parameter begins with. */
  describeNumbers(uri: vscode.Uri, file: NumbersFile): NumbersDescription | undefined {
    const entry = this.entryOf(this.numbers, uri, JSON.stringify(file), () => ({
      files: [path.resolve(folderOf(uri), file.folder ?? "", file.path)],
      ask: () => this.sessions.of(uri).worker.request("describeNumbers", { file, folder: folderOf(uri) }),
      failed: (reason): NumbersDescription => ({
        kind: "problem",
        message: `${file.path} could not be read: ${reason}`,
      }),
    }));
    return entry.description;
  }

  summaryOf(uri: vscode.Uri, data: DataDeclaration): DataSummary | undefined {
    const description = this.describe(uri, data);
    return description?.kind === "ready" ? description.summary : undefined;
  }

  closed(uri: vscode.Uri): void {
    for (const entries of [this.data, this.numbers]) {
      for (const entry of entries.get(uri.toString())?.values() ?? []) entry.dispose();
      entries.delete(uri.toString());
    }
  }

  dispose(): void {
    for (const entry of this.all()) entry.dispose();
    this.changes.dispose();
    this.subscription.dispose();
  }

  private all(): readonly { refresh(): Promise<void>; dispose(): void }[] {
    return [this.data, this.numbers].flatMap((entries) => [...entries.values()].flatMap((each) => [...each.values()]));
  }

  private entryOf<Description>(
    entries: Entries<Description>,
    uri: vscode.Uri,
    key: string,
    source: () => Source<Description>,
  ): Entry<Description> {
    const ofDocument = entries.get(uri.toString()) ?? new Map<string, Entry<Description>>();
    entries.set(uri.toString(), ofDocument);
    const entry = ofDocument.get(key) ?? new Entry(source(), () => this.changes.fire(uri));
    ofDocument.set(key, entry);
    return entry;
  }
}

/** How something is described. */
interface Source<Description> {
  /** Where it is read from. */
  readonly files: readonly string[];
  readonly ask: () => Promise<Description>;
  readonly failed: (reason: string) => Description;
}

class Entry<Description> implements vscode.Disposable {
  description: Description | undefined;
  /** Modification times of the files when they were described. */
  private stamp: string | undefined;
  private isClosed = false;
  private readonly watchers: vscode.Disposable;

  constructor(
    private readonly source: Source<Description>,
    private readonly changed: () => void,
  ) {
    this.watchers = watch(source.files, () => void this.refresh());
    void this.refresh();
  }

  async refresh(): Promise<void> {
    const { files, ask, failed } = this.source;
    const stamp = await stampOf(files);
    // A file watcher may report one change several times.
    if (stamp === this.stamp || this.isClosed) return;
    this.stamp = stamp;
    try {
      this.description = await ask();
    } catch (error) {
      this.description = failed(error instanceof Error ? error.message : String(error));
    }
    // It may have changed again, or its document may be closed, while the worker was reading.
    if (!this.isClosed && this.stamp === stamp) this.changed();
  }

  dispose(): void {
    this.isClosed = true;
    this.watchers.dispose();
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
