// Completion: what can be written at the cursor, with documentation.

import { readdirSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import type { DataDeclaration } from "../../engine/protocol/network";
import { type CompletionItem, completionsAt, type FileEntry, triggers } from "../language/completion";
import type { DataDescriptions } from "./data-descriptions";
import { type Documents, selector } from "./documents";
import type { ProjectFiles } from "./navigation-providers";
import { rangeIn } from "./places";
import { folderOf } from "./session";

export function provideCompletions(
  documents: Documents,
  data: DataDescriptions,
  files: ProjectFiles,
): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    selector,
    new CompletionProvider(documents, data, files),
    ...triggers,
  );
}

/** Proposes nothing rather than something else while a table is being read; whoever types on cancels the wait. */
export class CompletionProvider implements vscode.CompletionItemProvider {
  constructor(
    private readonly documents: Pick<Documents, "analysisOf">,
    private readonly data: Pick<DataDescriptions, "describe" | "onDidChange">,
    private readonly files: Pick<ProjectFiles, "around">,
  ) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
    { triggerCharacter }: Pick<vscode.CompletionContext, "triggerCharacter">,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const project = await this.files.around(document);
    const listFiles = (folder: string) => entriesOf(path.resolve(folderOf(document.uri), folder));
    const { version } = document;
    while (!token.isCancellationRequested && document.version === version) {
      let isReading = false;
      const columnsOf = (declaration: DataDeclaration) => {
        const description = this.data.describe(document.uri, declaration);
        isReading ||= description === undefined;
        return description?.kind === "ready" ? description.summary.columns : undefined;
      };
      const environment = { project, path: document.uri.path, columnsOf, listFiles };
      const analysis = this.documents.analysisOf(document);
      const items = completionsAt(analysis, document.offsetAt(position), environment, triggerCharacter);
      // A table is read when its columns are first asked for.
      if (items.length > 0 || !isReading) return items.map((item) => itemIn(document, item));
      await this.moreIsKnown(document.uri, token);
    }
    return undefined;
  }

  /** Resolves when a data set of the document has been read, or when nobody waits any more. */
  private moreIsKnown(uri: vscode.Uri, token: vscode.CancellationToken): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        subscription.dispose();
        resolve();
      };
      const subscription = vscode.Disposable.from(
        this.data.onDidChange((changed) => {
          if (changed.toString() === uri.toString()) finish();
        }),
        token.onCancellationRequested(finish),
      );
    });
  }
}

const kinds: { readonly [Kind in CompletionItem["kind"]]: vscode.CompletionItemKind } = {
  keyword: vscode.CompletionItemKind.Keyword,
  layer: vscode.CompletionItemKind.Class,
  function: vscode.CompletionItemKind.Function,
  callable: vscode.CompletionItemKind.Class,
  metric: vscode.CompletionItemKind.Unit,
  value: vscode.CompletionItemKind.Variable,
  attribute: vscode.CompletionItemKind.Constant,
  parameter: vscode.CompletionItemKind.Field,
  argument: vscode.CompletionItemKind.Property,
  setting: vscode.CompletionItemKind.Property,
  choice: vscode.CompletionItemKind.EnumMember,
  column: vscode.CompletionItemKind.Field,
  file: vscode.CompletionItemKind.File,
  folder: vscode.CompletionItemKind.Folder,
  network: vscode.CompletionItemKind.Module,
  data: vscode.CompletionItemKind.Struct,
  training: vscode.CompletionItemKind.Event,
  type: vscode.CompletionItemKind.TypeParameter,
};

const commands: { readonly [Follow in NonNullable<CompletionItem["follow"]>]: vscode.Command } = {
  completions: { command: "editor.action.triggerSuggest", title: "Propose what follows" },
  signature: { command: "editor.action.triggerParameterHints", title: "Show the arguments" },
};

function itemIn(document: vscode.TextDocument, item: CompletionItem): vscode.CompletionItem {
  const result = new vscode.CompletionItem(item.label, kinds[item.kind]);
  result.insertText = new vscode.SnippetString(item.insertText);
  result.range = { inserting: rangeIn(document, item.range), replacing: rangeIn(document, item.replacing) };
  result.filterText = item.filterText;
  result.sortText = item.sortText;
  if (item.detail !== undefined) result.detail = item.detail;
  if (item.documentation !== undefined) result.documentation = new vscode.MarkdownString(item.documentation);
  if (item.follow !== undefined) result.command = commands[item.follow];
  return result;
}

/** Nothing for a folder that cannot be read. */
function entriesOf(folder: string): readonly FileEntry[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
    }));
  } catch {
    return [];
  }
}
