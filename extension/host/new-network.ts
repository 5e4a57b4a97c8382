// `nnet: New Network`: asks for a template and opens a file made from it. The file is untitled, so that its user says
// where it goes; only a template that brings a table writes both into the workspace's folder, for the table to be found.

import * as vscode from "vscode";
import { Problem } from "./problem";

interface Template {
  /** In extension/templates, without ".nnet". */
  readonly file: string;
  readonly label: string;
  readonly description: string;
  /** A table that has to lie beside the file. */
  readonly table?: string;
}

const templates: readonly Template[] = [
  { file: "spiral", label: "$(graph-scatter) Classifier", description: "points on three spiral arms" },
  {
    file: "table",
    label: "$(table) Classifier of a Table",
    description: "classes from a CSV file; writes a small one to start with",
    table: "flowers.csv",
  },
  { file: "sine", label: "$(graph-line) Regression", description: "a curve through noisy points" },
  { file: "xor", label: "$(circuit-board) Exclusive Or", description: "a truth table of four rows" },
  { file: "check", label: "$(beaker) Worked Example", description: "one neuron and a check, no training" },
];

export async function newNetwork(extension: vscode.Uri): Promise<void> {
  const picked = await vscode.window.showQuickPick(
    templates.map((template) => ({ ...template, template })),
    { title: "New Network", placeHolder: "Choose what to start with" },
  );
  if (!picked) return;
  const folder = vscode.Uri.joinPath(extension, "extension", "templates");
  const source = vscode.Uri.joinPath(folder, `${picked.template.file}.nnet`);
  const { table } = picked.template;
  if (table === undefined) await openUntitled(source);
  else await createBeside(source, vscode.Uri.joinPath(folder, table), table);
}

async function openUntitled(source: vscode.Uri): Promise<void> {
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(source));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "nnet", content }));
}

/** Writes the file and its table where the user works; what is there already is never overwritten. */
async function createBeside(source: vscode.Uri, table: vscode.Uri, tableName: string): Promise<void> {
  const folder = await targetFolder();
  if (!folder) return;
  const target = await freeName(folder);
  await vscode.workspace.fs.copy(source, target);
  const tableTarget = vscode.Uri.joinPath(folder, tableName);
  if (!(await exists(tableTarget))) await vscode.workspace.fs.copy(table, tableTarget);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(target));
}

/** Where the file in front lies, else the workspace's folder, else one that the user chooses. */
async function targetFolder(): Promise<vscode.Uri | undefined> {
  const current = vscode.window.activeTextEditor?.document.uri;
  const workspace = current && vscode.workspace.getWorkspaceFolder(current);
  if (current?.scheme === "file" && workspace) return vscode.Uri.joinPath(current, "..");
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) return folders[0]!.uri;
  if (folders.length > 1) return (await vscode.window.showWorkspaceFolderPick())?.uri;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: "Create Network Here",
    title: "Folder of the new network",
  });
  return chosen?.[0];
}

async function freeName(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let number = 1; number < 1000; number++) {
    const candidate = vscode.Uri.joinPath(folder, number === 1 ? "classifier.nnet" : `classifier-${number}.nnet`);
    if (!(await exists(candidate))) return candidate;
  }
  throw new Problem(`${folder.fsPath} is full of networks called "classifier". Rename one of them.`);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
