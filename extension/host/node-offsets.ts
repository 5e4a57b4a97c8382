// Where nodes were put by hand: one file for a folder of the workspace, `.vscode/nnet-layout.json`, by network file, network,
// direction and value. What the text has no value for any more stays: undo may bring it back.

import * as path from "node:path";
import * as vscode from "vscode";
import type { FlowDirection, NetworkOffsets, NodeOffsets } from "../../engine/protocol/editing";
import type { ValueId } from "../../engine/protocol/network";
import { Problem, running } from "./problem";

type FileOffsets = Readonly<Record<string, NetworkOffsets>>;
type FolderOffsets = Readonly<Record<string, FileOffsets>>;

export class NodeOffsetsFiles {
  /** One change after another: each begins with what the one before has written. */
  private last: Promise<unknown> = Promise.resolve();

  async of(uri: vscode.Uri, network: string): Promise<NetworkOffsets> {
    await this.last.catch(() => undefined);
    const { folder, key } = placeOf(uri);
    return (await read(folder))[key]?.[network] ?? {};
  }

  move(uri: vscode.Uri, network: string, direction: FlowDirection, offsets: NodeOffsets): Promise<void> {
    return this.change(uri, (networks) => ({ ...networks, [network]: { ...networks[network], [direction]: offsets } }));
  }

  /** A gesture has given values other names. */
  rename(uri: vscode.Uri, network: string, became: ReadonlyMap<ValueId, ValueId>): Promise<void> {
    return this.change(uri, (networks) => {
      const known = networks[network];
      if (known === undefined) return networks;
      const renamed = Object.entries(known).map(([direction, offsets]) => [direction, renamedIn(offsets, became)]);
      return { ...networks, [network]: Object.fromEntries(renamed) };
    });
  }

  /** All nodes of the file go where the layout puts them. */
  clear(uri: vscode.Uri): Promise<void> {
    return this.change(uri, () => ({}));
  }

  private change(uri: vscode.Uri, how: (networks: FileOffsets) => FileOffsets): Promise<void> {
    const { folder, key } = placeOf(uri);
    const next = this.last
      .catch(() => undefined)
      .then(async () => {
        const before = await read(folder);
        const after = withoutEmpty({ ...before, [key]: how(before[key] ?? {}) });
        if (JSON.stringify(after) !== JSON.stringify(before)) await write(folder, after);
      });
    this.last = next;
    return next;
  }
}

function renamedIn(offsets: NodeOffsets, became: ReadonlyMap<ValueId, ValueId>): NodeOffsets {
  return Object.fromEntries(Object.entries(offsets).map(([id, offset]) => [became.get(id) ?? id, offset]));
}

/** The folder of the workspace that the file is in, else the file's own. */
function placeOf(uri: vscode.Uri): { readonly folder: vscode.Uri; readonly key: string } {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, "..");
  return { folder, key: path.posix.relative(folder.path, uri.path) };
}

function fileIn(folder: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(folder, ".vscode", "nnet-layout.json");
}

async function read(folder: vscode.Uri): Promise<FolderOffsets> {
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

async function write(folder: vscode.Uri, offsets: FolderOffsets): Promise<void> {
  const text = `${JSON.stringify(offsets, undefined, 2)}\n`;
  await vscode.workspace.fs.writeFile(fileIn(folder), new TextEncoder().encode(text));
}

function parsed(text: string): FolderOffsets | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTree(value, 4) ? (value as FolderOffsets) : undefined;
  } catch {
    return undefined;
  }
}

/** Objects in objects, whose leaves are points. */
function isTree(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth > 0) return Object.values(value).every((each) => isTree(each, depth - 1));
  return "x" in value && "y" in value && Number.isFinite(value.x) && Number.isFinite(value.y);
}

/** Nothing is written about what has no places of its own. */
function withoutEmpty<T extends object>(tree: T): T {
  const kept = Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value !== "object" || value === null) return [[key, value]];
    const inner = withoutEmpty(value);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept) as T;
}
