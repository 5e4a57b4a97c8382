// The open `.nnet` documents and their analyses. The analysis of a document always belongs to its current text;
// whoever shows it hears of a change once per burst of edits. A text that is too long to be a program is not analyzed:
// it would keep the extension host, which all extensions share, from its other work.

import * as vscode from "vscode";
import { type Analysis, analyze, type Environment } from "../language/analyze";
import type { DataDescriptions } from "./data-descriptions";
import { ImportedFiles } from "./imported-files";
import type { Sessions } from "./sessions";
import { Throttle } from "./throttle";

export const selector: vscode.DocumentSelector = { language: "nnet" };

export function isNnet(document: vscode.TextDocument): boolean {
  return document.languageId === "nnet";
}

/** UTF-16 units. A table of this length takes a third of a second to analyze on a slow machine. */
const longest = 2_000_000;

export function isTooLong({ length }: string): boolean {
  return length > longest;
}

interface Known {
  readonly version: number;
  readonly analysis: Analysis;
}

export class Documents implements vscode.Disposable {
  private readonly known = new Map<string, Known>();
  private readonly waiting = new Map<string, vscode.TextDocument>();
  private readonly analyses = new vscode.EventEmitter<vscode.TextDocument>();
  private readonly closings = new vscode.EventEmitter<vscode.Uri>();
  private readonly announce = new Throttle(15, () => this.announceWaiting());
  private readonly imports = new ImportedFiles();
  private readonly subscriptions: vscode.Disposable;

  /** The analysis of this document is a new one. */
  readonly onDidAnalyze = this.analyses.event;
  readonly onDidClose = this.closings.event;

  constructor(
    private readonly data: DataDescriptions,
    sessions: Sessions,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.changed(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.changed(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (!this.known.delete(uri.toString())) return;
        this.waiting.delete(uri.toString());
        data.closed(uri);
        sessions.closed(uri);
        this.closings.fire(uri);
      }),
      data.onDidChange((uri) => this.reanalyze(uri)),
      this.imports.onDidChange((uri) => this.reanalyze(uri)),
      this.imports,
    );
    for (const document of vscode.workspace.textDocuments) this.changed(document);
  }

  /** The analysis of the document's current text. */
  analysisOf(document: vscode.TextDocument): Analysis {
    const { uri, version } = document;
    const known = this.known.get(uri.toString());
    if (known?.version === version) return known.analysis;
    const text = document.getText();
    const analysis = isTooLong(text) ? unanalyzed(text) : analyze(text, this.environmentOf(uri));
    this.known.set(uri.toString(), { version, analysis });
    return analysis;
  }

  /** What a document can ask of the world. */
  environmentOf(uri: vscode.Uri): Environment {
    return {
      describeData: (data) => this.data.describe(uri, data),
      describeNumbers: (file) => this.data.describeNumbers(uri, file),
      readFile: (path) => this.imports.read(uri, path),
    };
  }

  /** The same once the files that it imports have been read. */
  async completeAnalysisOf(document: vscode.TextDocument): Promise<Analysis> {
    for (;;) {
      const analysis = this.analysisOf(document);
      const reading = this.imports.reading(document.uri);
      if (reading === undefined) return analysis;
      await reading;
    }
  }

  /** The document, read from its file when it is not open. */
  async open(uri: vscode.Uri): Promise<vscode.TextDocument> {
    return this.find(uri) ?? (await vscode.workspace.openTextDocument(uri));
  }

  /** An open document. */
  find(uri: vscode.Uri): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find(
      (document) => isNnet(document) && document.uri.toString() === uri.toString(),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.announce.dispose();
    this.analyses.dispose();
    this.closings.dispose();
  }

  /** Something around the document has changed. */
  private reanalyze(uri: vscode.Uri): void {
    this.known.delete(uri.toString());
    const document = this.find(uri);
    if (document) this.changed(document);
  }

  private changed(document: vscode.TextDocument): void {
    if (!isNnet(document)) return;
    this.waiting.set(document.uri.toString(), document);
    this.announce.request();
  }

  private announceWaiting(): void {
    const documents = [...this.waiting.values()];
    this.waiting.clear();
    for (const document of documents) {
      this.analysisOf(document);
      this.analyses.fire(document);
    }
  }
}

function unanalyzed({ length }: string): Analysis {
  const format = (count: number): string => count.toLocaleString("en-US");
  return {
    ...analyze(""),
    diagnostics: [
      {
        code: "too-long",
        severity: "information",
        range: { start: 0, end: 1 },
        message: `This file has ${format(length)} characters; nnet reads files of up to ${format(longest)}. Move numbers into a data file: data D = Csv("numbers.csv", target: "y").`,
        related: [],
        fixes: [],
      },
    ],
  };
}
