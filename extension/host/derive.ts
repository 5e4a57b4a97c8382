// The Derive command: the whole calculation of a check as a page of Markdown in VS Code's own preview, beside the text. It is
// a virtual document, computed in a worker of its own, and follows the text while it is open.

import * as vscode from "vscode";
import type { Check } from "../../engine/protocol/network";
import { chooseCheck, type Place } from "./choose";
import type { Documents } from "./documents";
import { waitFor } from "./patience";
import { fileName } from "./places";
import { problemAt } from "./problem";
import { folderOf } from "./session";
import { Throttle } from "./throttle";
import { WorkerClient } from "./worker-client";

export const derivationScheme = "nnet-derivation";

interface Page {
  readonly uri: vscode.Uri;
  readonly source: vscode.Uri;
  readonly title: string;
  markdown: string;
}

export class Derivations implements vscode.Disposable {
  private readonly pages = new Map<string, Page>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly worker: WorkerClient;
  private readonly changed = new Set<string>();
  // Typing goes on: half a second of rest, then the page follows.
  private readonly follow = new Throttle(500, () => void this.update());
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    workerBundle: string,
  ) {
    this.worker = new WorkerClient(workerBundle);
    this.subscriptions = vscode.Disposable.from(
      this.changes,
      this.worker,
      vscode.workspace.registerTextDocumentContentProvider(derivationScheme, {
        onDidChange: this.changes.event,
        provideTextDocumentContent: async (uri) => await this.contentOf(uri),
      }),
      documents.onDidAnalyze(({ uri }) => {
        if (![...this.pages.values()].some(({ source }) => source.toString() === uri.toString())) return;
        this.changed.add(uri.toString());
        this.follow.request();
      }),
    );
  }

  async show(place: Place): Promise<void> {
    const check = await chooseCheck(place);
    if (!check) return;
    const { uri: source } = place.document;
    const uri = addressOf(source, check.title);
    const markdown = await this.derive(check, place);
    this.pages.set(uri.toString(), { uri, source, title: check.title, markdown });
    this.changes.fire(uri);
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }

  dispose(): void {
    this.follow.dispose();
    this.subscriptions.dispose();
  }

  private async derive(check: Check, { document }: Place): Promise<string> {
    try {
      const asked = this.worker.request("derive", { check, folder: folderOf(document.uri) });
      const end = (): void => this.worker.restart("The derivation was cancelled.");
      return (await waitFor(`${fileName(document.uri)}: deriving "${check.title}"`, asked, end)).markdown;
    } catch (error) {
      throw problemAt(document, check.titleRange, error);
    }
  }

  /** A preview that VS Code restores asks for a page of an earlier window. */
  private async contentOf(uri: vscode.Uri): Promise<string> {
    const known = this.pages.get(uri.toString());
    if (known) return known.markdown;
    const { source, title } = JSON.parse(uri.query) as { source: string; title: string };
    const page: Page = { uri, source: vscode.Uri.parse(source), title, markdown: "" };
    this.pages.set(uri.toString(), page);
    await this.renew(page);
    return page.markdown;
  }

  private async update(): Promise<void> {
    const sources = new Set(this.changed);
    this.changed.clear();
    for (const page of this.pages.values()) {
      if (!sources.has(page.source.toString())) continue;
      const before = page.markdown;
      await this.renew(page);
      if (page.markdown !== before) this.changes.fire(page.uri);
    }
  }

  /** What cannot be derived any more keeps its last page. */
  private async renew(page: Page): Promise<void> {
    try {
      const document = await this.documents.open(page.source);
      const check = this.documents.analysisOf(document).module.checks.find(({ title }) => title === page.title);
      if (!check?.network.complete) return;
      page.markdown = (await this.worker.request("derive", { check, folder: folderOf(page.source) })).markdown;
    } catch {
      // The text is unfinished, or its file is gone: the problems view says so.
    }
  }
}

/** Ends in `.md`, so that VS Code takes it for Markdown. */
function addressOf(source: vscode.Uri, title: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: derivationScheme,
    path: `/${title.replaceAll("/", "∕")}.md`,
    query: JSON.stringify({ source: source.toString(), title }),
  });
}
