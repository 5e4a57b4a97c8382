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
    {
      async provideCompletionItems(document, position, _, { triggerCharacter }) {
        const project = await files.around(document);
        const ask = () => {
          let waits = false;
          const columnsOf = (declaration: DataDeclaration) => {
            const description = data.describe(document.uri, declaration);
            waits ||= description === undefined;
            return description?.kind === "ready" ? description.summary.columns : undefined;
          };
          const listFiles = (folder: string) => entriesOf(path.resolve(folderOf(document.uri), folder));
          const environment = { project, path: document.uri.path, columnsOf, listFiles };
          const offset = document.offsetAt(position);
          const items = completionsAt(documents.analysisOf(document), offset, environment, triggerCharacter);
          return { items, waits: waits && items.length === 0 };
        };
        const { version } = document;
        let answer = ask();
        // A table is read when its columns are first asked for; a small one is there before anybody has typed on.
        if (answer.waits && (await changes(data, document.uri)) && document.version === version) answer = ask();
        return new vscode.CompletionList(
          answer.items.map((item) => itemIn(document, item)),
          answer.waits,
        );
      },
    },
    ...triggers,
  );
}

/** Whether more becomes known about the data of a document before the patience of someone who types ends. */
function changes(data: DataDescriptions, uri: vscode.Uri): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (known: boolean): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(known);
    };
    const timer = setTimeout(() => finish(false), patience);
    const subscription = data.onDidChange((changed) => {
      if (changed.toString() === uri.toString()) finish(true);
    });
  });
}

const patience = 500; // milliseconds

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
