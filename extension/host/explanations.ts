// The pages behind the codes of diagnostics: sections of docs/diagnostics.md, each as a document of its own, which
// VS Code shows rendered. A marker may link to a document and to no command, and there is no site to link to.

import { readFile } from "node:fs/promises";
import * as vscode from "vscode";

/** As package.json associates it with the Markdown preview. */
const scheme = "nnet-diagnostics";

export function explanationOf(code: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${code}.md` });
}

export function provideExplanations(extension: vscode.Uri): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ path }) => section(await page(extension), path.slice(1, -".md".length)),
  });
}

/** The page about all of them, beside the text. */
export async function openExplanations(extension: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("markdown.showPreviewToSide", pageOf(extension));
}

function pageOf(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, "docs", "diagnostics.md");
}

async function page(extension: vscode.Uri): Promise<string> {
  return (await readFile(pageOf(extension).fsPath, "utf8")).replaceAll("\r\n", "\n");
}

function section(page: string, code: string): string {
  const [, found] = page.split(`\n## ${code}\n`);
  if (found === undefined) return `# ${code}\n\nThis message has no explanation of its own.\n`;
  // Links to other pages have no place to lead to from here.
  const text = found.split("\n## ")[0]!.replace(/\[([^\]]*)\]\((?!https?:)[^)]*\)/g, "$1");
  return `# ${code}\n${text.trimEnd()}\n`;
}
