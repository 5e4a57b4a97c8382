// Where nodes were put by hand, on the disk: one file for a folder of the workspace, `.vscode/nnet-layout.json`, by network
// file, network, direction and value. A file that is deleted keeps its places: undo may bring it back.

import * as path from "node:path";
import * as vscode from "vscode";
import type { PlacesOfFile } from "../language/node-places";
import { Problem, running } from "./problem";

type PlacesOfFolder = Readonly<Record<string, PlacesOfFile>>;

const fileName = "nnet-layout.json";

export class OffsetFiles implements vscode.Disposable {
  private readonly watcher = vscode.workspace.createFileSystemWatcher(`**/.vscode/${fileName}`);
  private readonly changes = new vscode.EventEmitter<void>();
  /** One after another: each begins with what the one before has written. */
  private last: Promise<unknown> = Promise.resolve();

  /** A file was written, perhaps by someone else. */
  readonly onDidChange = this.changes.event;

  constructor() {
    for (const happened of [this.watcher.onDidChange, this.watcher.onDidCreate, this.watcher.onDidDelete])
      happened(() => this.changes.fire());
  }

  /** Throws a Problem when the file is none of ours. */
  async read(uri: vscode.Uri): Promise<PlacesOfFile> {
    if (!hasFile(uri)) return {};
    await this.last.catch(() => undefined);
    const { folder, key } = placeOf(uri);
    return (await readFolder(folder))[key] ?? {};
  }

  write(uri: vscode.Uri, places: PlacesOfFile): Promise<void> {
    return this.next(async () => {
      if (!hasFile(uri)) return;
      const { folder, key } = placeOf(uri);
      await change(folder, (files) => ({ ...files, [key]: places }));
    });
  }

  /** A network's file, or a folder with all that is in it. */
  move(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    return this.next(async () => {
      const [source, target] = [placeOf(from), placeOf(to)];
      const isMoved = (key: string): boolean => key === source.key || key.startsWith(`${source.key}/`);
      const moved = Object.entries(await readFolder(source.folder)).filter(([key]) => isMoved(key));
      if (moved.length === 0) return;
      const renamed = moved.map(([key, places]) => [target.key + key.slice(source.key.length), places] as const);
      await change(source.folder, (files) =>
        Object.fromEntries(Object.entries(files).filter(([key]) => !isMoved(key))),
      );
      await change(target.folder, (files) => ({ ...files, ...Object.fromEntries(renamed) }));
    });
  }

  dispose(): void {
    this.watcher.dispose();
    this.changes.dispose();
  }

  private next(act: () => Promise<void>): Promise<void> {
    const done = this.last.catch(() => undefined).then(act);
    this.last = done;
    return done;
  }
}

/** What was never saved has no place beside which one could be kept. */
function hasFile({ scheme }: vscode.Uri): boolean {
  return scheme !== "untitled";
}

/** The folder of the workspace that the file is in, else the file's own. */
function placeOf(uri: vscode.Uri): { readonly folder: vscode.Uri; readonly key: string } {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, "..");
  return { folder, key: path.posix.relative(folder.path, uri.path) };
}

async function change(folder: vscode.Uri, how: (files: PlacesOfFolder) => PlacesOfFolder): Promise<void> {
  const before = await readFolder(folder);
  const after = withoutEmpty(how(before));
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  const text = `${JSON.stringify(after, undefined, 2)}\n`;
  await vscode.workspace.fs.writeFile(fileIn(folder), new TextEncoder().encode(text));
}

async function readFolder(folder: vscode.Uri): Promise<PlacesOfFolder> {
  const file = fileIn(folder);
  let text: string;
  try {
    text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return {};
    throw error;
  }
  const known = parsed(text);
  if (known === undefined) {
    throw new Problem(
      `${file.fsPath} does not hold places of nodes: mend it, or delete it to lay the diagrams out again.`,
      running("Open", "vscode.open", file),
    );
  }
  return known;
}

function fileIn(folder: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(folder, ".vscode", fileName);
}

function parsed(text: string): PlacesOfFolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTree(value, 4) ? (value as PlacesOfFolder) : undefined;
  } catch {
    return undefined;
  }
}

/** Objects in objects, whose leaves are points; beside the directions of a network stand its form and what is collapsed. */
function isTree(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return "x" in value && "y" in value && Number.isFinite(value.x) && Number.isFinite(value.y);
  return Object.entries(value).every(([key, each]) => {
    if (depth === 2 && key === "form") return typeof each === "string";
    if (depth === 2 && key === "collapsed") return Array.isArray(each) && each.every((id) => typeof id === "string");
    return isTree(each, depth - 1);
  });
}

/** Nothing is written about what has no places of its own. */
function withoutEmpty(files: PlacesOfFolder): PlacesOfFolder {
  const kept = Object.entries(files).map(([file, networks]) => [file, withoutUnplaced(networks)] as const);
  return Object.fromEntries(kept.filter(([, networks]) => Object.keys(networks).length > 0));
}

function withoutUnplaced(networks: PlacesOfFile): PlacesOfFile {
  const kept = Object.entries(networks).map(([name, { form, ...directions }]) => {
    const placed = Object.fromEntries(Object.entries(directions).filter(([, nodes]) => Object.keys(nodes).length > 0));
    return [name, { ...(form !== undefined && { form }), ...placed }] as const;
  });
  return Object.fromEntries(kept.filter(([, { form: _, ...directions }]) => Object.keys(directions).length > 0));
}
