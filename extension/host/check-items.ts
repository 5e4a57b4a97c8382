// The checks of open documents and of the workspace's files as items of the Test Explorer: file → checks. What is typed
// moves, adds and removes items at once; files that are not open are read when the Test Explorer first asks for them.

import * as vscode from "vscode";
import type { CheckDeclaration, SourceFile } from "../language/ast";
import { parse } from "../language/parser";
import { Positions } from "../language/positions";
import { type Documents, isTooLong } from "./documents";
import { fileName } from "./places";

export class CheckItems implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;
  private watcher: vscode.Disposable | undefined;

  constructor(
    private readonly controller: vscode.TestController,
    private readonly documents: Documents,
  ) {
    controller.resolveHandler = async (item) => {
      if (!item) await this.discover();
    };
    controller.refreshHandler = () => this.discover();
    this.subscriptions = vscode.Disposable.from(
      documents.onDidAnalyze((document) => this.follow(document)),
      documents.onDidClose((uri) => void this.read(uri)),
    );
  }

  /** The items of a document's checks as they are written now, in their order. */
  of(document: vscode.TextDocument): readonly vscode.TestItem[] {
    this.follow(document);
    const file = this.controller.items.get(document.uri.toString());
    return file ? childrenOf(file) : [];
  }

  find(uri: vscode.Uri, id: string): vscode.TestItem | undefined {
    return this.controller.items.get(uri.toString())?.children.get(id);
  }

  /** The checks a request is about. */
  chosenBy({ include, exclude }: vscode.TestRunRequest): readonly vscode.TestItem[] {
    const excluded = new Set(exclude?.flatMap(checksUnder));
    const chosen = (include ?? itemsOf(this.controller.items)).flatMap(checksUnder);
    return [...new Set(chosen)].filter((item) => !excluded.has(item));
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.watcher?.dispose();
  }

  private async discover(): Promise<void> {
    this.watcher ??= this.watch();
    const files = await vscode.workspace.findFiles("**/*.nnet", "**/node_modules/**");
    await Promise.all(files.map((uri) => this.read(uri)));
  }

  private watch(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.nnet");
    watcher.onDidCreate((uri) => void this.read(uri));
    watcher.onDidChange((uri) => void this.read(uri));
    watcher.onDidDelete((uri) => void this.read(uri));
    return watcher;
  }

  private follow(document: vscode.TextDocument): void {
    const { uri } = document;
    // A version of a file in the source control view is no test of its own.
    if (uri.scheme !== "file" && uri.scheme !== "untitled" && !isInWorkspace(uri)) return;
    const { file } = this.documents.analysisOf(document);
    this.update(uri, file, (offset) => document.positionAt(offset));
  }

  /** From the disk, for a file that is not open. */
  private async read(uri: vscode.Uri): Promise<void> {
    const text = isInWorkspace(uri) ? await textOf(uri) : undefined;
    if (this.documents.find(uri)) return;
    if (text === undefined || isTooLong(text)) {
      this.controller.items.delete(uri.toString());
      return;
    }
    const positions = new Positions(text);
    this.update(uri, parse(text), (offset) => {
      const { line, column } = positions.positionAt(offset);
      return new vscode.Position(line, column);
    });
  }

  private update(uri: vscode.Uri, file: SourceFile, positionAt: (offset: number) => vscode.Position): void {
    const { items } = this.controller;
    const checks = checksIn(file);
    if (checks.size === 0) {
      items.delete(uri.toString());
      return;
    }
    const parent = items.get(uri.toString()) ?? this.controller.createTestItem(uri.toString(), labelOf(uri), uri);
    for (const { id } of childrenOf(parent)) if (!checks.has(id)) parent.children.delete(id);
    for (const [id, { title, range }] of checks) {
      const item = parent.children.get(id) ?? this.controller.createTestItem(id, title.value || "untitled", uri);
      item.range = new vscode.Range(positionAt(range.start), positionAt(range.end));
      parent.children.add(item);
    }
    items.add(parent);
  }
}

/** Every check of a file by the id of its item: its title; a title that is there already is counted. */
export function checksIn({ declarations }: SourceFile): ReadonlyMap<string, CheckDeclaration> {
  const checks = new Map<string, CheckDeclaration>();
  for (const declaration of declarations) {
    if (declaration.kind !== "check") continue;
    const title = declaration.title.value;
    let id = title;
    for (let count = 2; checks.has(id); count++) id = `${title} (${count})`;
    checks.set(id, declaration);
  }
  return checks;
}

function checksUnder(item: vscode.TestItem): readonly vscode.TestItem[] {
  return item.parent ? [item] : childrenOf(item);
}

function childrenOf({ children }: vscode.TestItem): readonly vscode.TestItem[] {
  return itemsOf(children);
}

function itemsOf(collection: vscode.TestItemCollection): readonly vscode.TestItem[] {
  return Array.from(collection, ([, item]) => item);
}

/** The name that tells two files of one name apart. */
function labelOf(uri: vscode.Uri): string {
  return isInWorkspace(uri) ? vscode.workspace.asRelativePath(uri) : fileName(uri);
}

function isInWorkspace(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
