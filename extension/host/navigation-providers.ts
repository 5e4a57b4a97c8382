// Definition, references, highlights and rename, in the document and in the files that are imported or import it.

import * as vscode from "vscode";
import type { Range } from "../../engine/protocol/text";
import {
  definitionAt,
  highlightsAt,
  type Project,
  type ProjectFile,
  projectOf,
  referencesAt,
} from "../language/navigation";
import { importsOf } from "../language/navigation/project";
import { parse } from "../language/parser";
import { Positions } from "../language/positions";
import { prepareRename, rename } from "../language/rename";
import { type Documents, isNnet, selector } from "./documents";
import { rangeIn } from "./places";

export function provideNavigation(files: ProjectFiles): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(selector, {
      async provideDefinition(document, position) {
        const project = await files.around(document);
        const found = definitionAt(project, document.uri.path, document.offsetAt(position));
        const target = found && project.file(found.path);
        if (!found || !target) return undefined;
        const positions = new Positions(target.text);
        return [
          {
            originSelectionRange: rangeIn(document, found.origin),
            targetUri: document.uri.with({ path: found.path }),
            targetRange: rangeOf(positions, found.declaration),
            targetSelectionRange: rangeOf(positions, found.range),
          },
        ];
      },
    }),
    vscode.languages.registerReferenceProvider(selector, {
      async provideReferences(document, position, { includeDeclaration }) {
        const project = await files.everywhere(document);
        const options = { declaration: includeDeclaration };
        const places = referencesAt(project, document.uri.path, document.offsetAt(position), options);
        const rangeAt = rangesIn(project);
        return places.map(({ path, range }) => new vscode.Location(document.uri.with({ path }), rangeAt(path, range)));
      },
    }),
    vscode.languages.registerDocumentHighlightProvider(selector, {
      async provideDocumentHighlights(document, position) {
        const project = await files.around(document);
        return highlightsAt(project, document.uri.path, document.offsetAt(position))?.map(
          ({ range, defines }) =>
            new vscode.DocumentHighlight(
              rangeIn(document, range),
              defines ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read,
            ),
        );
      },
    }),
    vscode.languages.registerRenameProvider(selector, {
      async prepareRename(document, position) {
        const project = await files.around(document);
        const prepared = prepareRename(project, document.uri.path, document.offsetAt(position));
        // VS Code shows the message of an error at the cursor.
        if (prepared.kind === "refused") throw new Error(prepared.reason);
        return { range: rangeIn(document, prepared.range), placeholder: prepared.placeholder };
      },
      async provideRenameEdits(document, position, newName) {
        const project = await files.everywhere(document);
        const renaming = rename(project, document.uri.path, document.offsetAt(position), newName);
        if (renaming.kind === "refused") throw new Error(renaming.reason);
        const rangeAt = rangesIn(project);
        const edit = new vscode.WorkspaceEdit();
        for (const { path, range, newText } of renaming.edits) {
          edit.replace(document.uri.with({ path }), rangeAt(path, range), newText);
        }
        return edit;
      },
    }),
  );
}

export function rangesIn(project: Project): (path: string, range: Range) => vscode.Range {
  const known = new Map<string, Positions>();
  return (path, range) => {
    const positions = known.get(path) ?? new Positions(project.file(path)?.text ?? "");
    known.set(path, positions);
    return rangeOf(positions, range);
  };
}

function rangeOf(positions: Positions, { start, end }: Range): vscode.Range {
  const [from, to] = [start, end].map((offset) => positions.positionAt(offset));
  return new vscode.Range(from!.line, from!.column, to!.line, to!.column);
}

/** The files that names can lead to. Open documents are as they are in the editor, others as they are on the disk. */
export class ProjectFiles implements vscode.Disposable {
  private readonly watcher = vscode.workspace.createFileSystemWatcher("**/*.nnet");
  private readonly subscriptions: vscode.Disposable;
  /** Closed files that were read, by path; undefined for those that cannot be. */
  private readonly read = new Map<string, Promise<ProjectFile | undefined>>();
  private found: Thenable<readonly vscode.Uri[]> | undefined;

  constructor(private readonly documents: Documents) {
    const forget = ({ path }: vscode.Uri): void => {
      this.read.delete(path);
      this.found = undefined;
    };
    this.subscriptions = vscode.Disposable.from(
      this.watcher,
      this.watcher.onDidCreate(forget),
      this.watcher.onDidChange(forget),
      this.watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.found = undefined;
      }),
      // What was closed without saving is on the disk as it was before.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.read.delete(uri.path)),
    );
  }

  /** The document and what it imports. */
  async around(document: vscode.TextDocument): Promise<Project> {
    const files = new Map<string, ProjectFile>();
    await this.follow(document.uri, files);
    return projectOf([...files.values()]);
  }

  /** All files of the workspace besides, since any of them may import the document. */
  async everywhere(document: vscode.TextDocument): Promise<Project> {
    const files = new Map<string, ProjectFile>();
    await this.follow(document.uri, files);
    await this.followWorkspace(document.uri, files);
    return projectOf([...files.values()]);
  }

  /** The files of the workspace that can name the file or folder at a place. */
  async ofWorkspace(place: vscode.Uri): Promise<Project> {
    const files = new Map<string, ProjectFile>();
    await this.followWorkspace(place, files);
    return projectOf([...files.values()]);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Only files of one place can import each other. */
  private async followWorkspace({ scheme, authority }: vscode.Uri, files: Map<string, ProjectFile>): Promise<void> {
    this.found ??= vscode.workspace.findFiles("**/*.nnet", "**/node_modules/**", mostFiles);
    for (const uri of await this.found) {
      if (uri.scheme === scheme && uri.authority === authority) await this.follow(uri, files);
    }
  }

  private async follow(uri: vscode.Uri, files: Map<string, ProjectFile>): Promise<void> {
    const waiting = [uri];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (files.has(next.path)) continue;
      const file = await this.file(next);
      if (file === undefined) continue;
      files.set(file.path, file);
      waiting.push(...importsOf(file).map((path) => uri.with({ path })));
    }
  }

  private file(uri: vscode.Uri): Promise<ProjectFile | undefined> {
    const open = vscode.workspace.textDocuments.find(
      (document) => isNnet(document) && document.uri.toString() === uri.toString(),
    );
    if (open) {
      const { text, file } = this.documents.analysisOf(open);
      return Promise.resolve({ path: uri.path, text, tree: file });
    }
    const known = this.read.get(uri.path) ?? readFile(uri);
    this.read.set(uri.path, known);
    return known;
  }
}

const mostFiles = 2000;

async function readFile(uri: vscode.Uri): Promise<ProjectFile | undefined> {
  try {
    // A byte-order mark is left out, as in documents.
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return { path: uri.path, text, tree: parse(text) };
  } catch {
    return undefined;
  }
}
