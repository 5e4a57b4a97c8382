// Runs checks as tests of VS Code: the Test Explorer, the gutter, the CodeLens and the command `nnet: Run Checks` all end in
// `run`. The checks of all documents run in one worker of their own, one after another, so that no training waits for
// them and cancelling ends even the one that is under way.

import * as vscode from "vscode";
import type { Check } from "../../engine/protocol/network";
import type { CheckReport } from "../../engine/protocol/snapshot";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "../language/analyze";
import type { CheckDeclaration } from "../language/ast";
import { importersOf } from "../language/navigation/project";
import { CheckItems, checksIn } from "./check-items";
import { CheckMarks } from "./check-marks";
import { type Outcome, showOutcome, summarize } from "./check-outcome";
import { type Documents, isNnet } from "./documents";
import type { ProjectFiles } from "./navigation-providers";
import { waitFor } from "./patience";
import { fileName } from "./places";
import { folderOf } from "./session";
import { WorkerClient } from "./worker-client";

export class Checks implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController("nnet.checks", "nnet checks");
  private readonly items: CheckItems;
  private readonly marks: CheckMarks;
  private readonly worker: WorkerClient;
  private readonly profile: vscode.TestRunProfile;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly documents: Documents,
    private readonly files: ProjectFiles,
    workerBundle: string,
  ) {
    this.items = new CheckItems(this.controller, documents);
    this.marks = new CheckMarks(documents);
    this.worker = new WorkerClient(workerBundle);
    this.profile = this.controller.createRunProfile(
      "Run",
      vscode.TestRunProfileKind.Run,
      async (request, cancellation) => {
        if (request.continuous) this.runOnSave(request, cancellation);
        else await this.run(request);
      },
      true,
      undefined,
      true,
    );
    this.subscriptions = vscode.Disposable.from(
      this.controller,
      this.items,
      this.marks,
      this.worker,
      this.profile,
      this.marks.onDidOutdate(({ uri, title }) => {
        const item = this.items.find(uri, title);
        if (item) this.controller.invalidateTestResults(item);
      }),
    );
  }

  /** As a command does: tells how they came out. */
  async runAndTell(
    document: vscode.TextDocument,
    declarations: readonly CheckDeclaration[],
  ): Promise<readonly CheckReport[]> {
    const wanted = new Set(declarations);
    const ids = new Set(
      [...checksIn(this.documents.analysisOf(document).file)].flatMap(([id, declaration]) =>
        wanted.has(declaration) ? [id] : [],
      ),
    );
    const items = this.items.of(document).filter(({ id }) => ids.has(id));
    const given = new vscode.CancellationTokenSource();
    const request = new vscode.TestRunRequest(items, undefined, this.profile);
    const title = `${fileName(document.uri)}: ${items.length === 1 ? "running the check" : `running ${items.length} checks`}`;
    const outcomes = await waitFor(title, this.run(request, given.token), () => given.cancel());
    // A summary that nobody answers must not keep the command from being done.
    void summarize(outcomes);
    return outcomes.map(({ report }) => report);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** VS Code's continuous run: when a file is saved, its checks run and those of the files that import it. */
  private runOnSave(request: vscode.TestRunRequest, cancellation: vscode.CancellationToken): void {
    const saves = vscode.workspace.onDidSaveTextDocument(async (document) => {
      if (!isNnet(document)) return;
      const ofDocument = new Set(this.items.of(document));
      const importers = importersOf(await this.files.everywhere(document), document.uri.path);
      if (cancellation.isCancellationRequested) return;
      const items = this.items
        .chosenBy(request)
        .filter((item) => ofDocument.has(item) || (item.uri && importers.has(item.uri.path)));
      if (items.length > 0) void this.run(new vscode.TestRunRequest(items, undefined, request.profile, true));
    });
    cancellation.onCancellationRequested(() => saves.dispose());
  }

  /** VS Code can cancel every run; a command that waits for one, its own. */
  private async run(request: vscode.TestRunRequest, own?: vscode.CancellationToken): Promise<readonly Outcome[]> {
    const run = this.controller.createTestRun(request);
    const tokens = own ? [run.token, own] : [run.token];
    const isCancelled = (): boolean => tokens.some((token) => token.isCancellationRequested);
    const cancellation = vscode.Disposable.from(
      ...tokens.map((token) => token.onCancellationRequested(() => this.worker.restart("The run was cancelled."))),
    );
    try {
      const items = this.items.chosenBy(request);
      for (const item of items) run.enqueued(item);
      const outcomes: Outcome[] = [];
      for (const item of items) {
        const outcome = isCancelled() ? undefined : await this.runOne(run, item, isCancelled);
        if (outcome) outcomes.push(outcome);
        else run.skipped(item);
      }
      return outcomes;
    } finally {
      cancellation.dispose();
      run.end();
    }
  }

  /** Undefined when it was cancelled. */
  private async runOne(
    run: vscode.TestRun,
    item: vscode.TestItem,
    isCancelled: () => boolean,
  ): Promise<Outcome | undefined> {
    run.started(item);
    const start = performance.now();
    let document: vscode.TextDocument;
    try {
      document = await this.documents.open(item.uri!);
    } catch (error) {
      run.errored(item, new vscode.TestMessage(messageOf(error)));
      return undefined;
    }
    const analysis = await this.documents.completeAnalysisOf(document);
    const declaration = checksIn(analysis.file).get(item.id);
    if (!declaration) return undefined;
    const check = analysis.module.checks.find(({ range }) => range.start === declaration.range.start);
    const report = await this.reportOf(document, analysis, declaration, check);
    if (isCancelled()) return undefined;
    const outcome = { document, declaration, check, report, duration: performance.now() - start };
    showOutcome(run, item, outcome);
    if (check) this.marks.keep(document, check, report);
    return outcome;
  }

  private async reportOf(
    document: vscode.TextDocument,
    analysis: Analysis,
    declaration: CheckDeclaration,
    check: Check | undefined,
  ): Promise<CheckReport> {
    const problem = reasonNotToRun(document, analysis, declaration, check);
    try {
      if (check && problem === undefined) {
        return await this.worker.request("check", { check, folder: folderOf(document.uri) });
      }
    } catch (error) {
      return { title: declaration.title.value, ok: false, expectations: [], problem: messageOf(error) };
    }
    return { title: declaration.title.value, ok: false, expectations: [], ...(problem !== undefined && { problem }) };
  }
}

function reasonNotToRun(
  document: vscode.TextDocument,
  { diagnostics }: Analysis,
  { range }: CheckDeclaration,
  check: Check | undefined,
): string | undefined {
  const error = (where: (range: Range) => boolean): string | undefined => {
    const found = diagnostics.find((each) => each.severity === "error" && where(each.range));
    return found && `Line ${document.positionAt(found.range.start).line + 1}: ${found.message}`;
  };
  const within = (outer: Range) => (inner: Range) => outer.start <= inner.start && inner.end <= outer.end;
  // What is wrong may have left an expectation out: the others alone must not pass.
  const inside = error(within(range));
  if (inside !== undefined) return inside;
  if (!check) return error(() => true) ?? "This check cannot run yet: something that it needs is not finished.";
  const { network } = check;
  if (network.complete) return undefined;
  return error(within(network.range)) ?? `Network ${network.name} cannot run yet. Give it a return.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
