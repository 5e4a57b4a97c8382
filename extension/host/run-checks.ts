// Runs checks as tests of VS Code: the Test Explorer, the gutter, the CodeLens and the command `nnet: Run Checks` all end in
// `run`. The checks of all documents run in one worker of their own, one after another, so that no training waits for
// them and cancelling ends even the one that is under way.

import * as vscode from "vscode";
import type { Check } from "../../engine/protocol/network";
import type { CheckReport } from "../../engine/protocol/snapshot";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "../language/analyze";
import type { CheckDeclaration } from "../language/ast";
import { CheckItems, checksIn } from "./check-items";
import { CheckMarks } from "./check-marks";
import { type Documents, isNnet } from "./documents";
import { fileName, rangeIn, reveal } from "./places";
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
    const outcomes = await this.run(new vscode.TestRunRequest(items, undefined, this.profile));
    // A summary that nobody answers must not keep the command from being done.
    void summarize(document, outcomes);
    return outcomes.map(({ report }) => report);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** VS Code's continuous run: a file's checks run when it is saved, until it is turned off. */
  private runOnSave(request: vscode.TestRunRequest, cancellation: vscode.CancellationToken): void {
    const saves = vscode.workspace.onDidSaveTextDocument((document) => {
      if (!isNnet(document)) return;
      const ofDocument = new Set(this.items.of(document));
      const items = this.items.chosenBy(request).filter((item) => ofDocument.has(item));
      if (items.length > 0) void this.run(new vscode.TestRunRequest(items, undefined, request.profile, true));
    });
    cancellation.onCancellationRequested(() => saves.dispose());
  }

  private async run(request: vscode.TestRunRequest): Promise<readonly Outcome[]> {
    const run = this.controller.createTestRun(request);
    const cancellation = run.token.onCancellationRequested(() => this.worker.restart("The run was cancelled."));
    try {
      const items = this.items.chosenBy(request);
      for (const item of items) run.enqueued(item);
      const outcomes: Outcome[] = [];
      for (const item of items) {
        const outcome = run.token.isCancellationRequested ? undefined : await this.runOne(run, item);
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
  private async runOne(run: vscode.TestRun, item: vscode.TestItem): Promise<Outcome | undefined> {
    run.started(item);
    const start = performance.now();
    let document: vscode.TextDocument;
    try {
      document = await this.documents.open(item.uri!);
    } catch (error) {
      run.errored(item, new vscode.TestMessage(messageOf(error)));
      return undefined;
    }
    const analysis = this.documents.analysisOf(document);
    const declaration = checksIn(analysis.file).get(item.id);
    if (!declaration) return undefined;
    const check = analysis.module.checks.find(({ range }) => range.start === declaration.range.start);
    const report = await this.reportOf(document, analysis, declaration, check);
    if (run.token.isCancellationRequested) return undefined;
    const duration = performance.now() - start;
    const outcome = { declaration, check, report };
    const places = placesOf(outcome);
    write(run, item, document, outcome);
    if (report.problem !== undefined) {
      const message = new vscode.TestMessage(report.problem);
      message.location = new vscode.Location(document.uri, rangeIn(document, declaration.title.range));
      run.errored(item, message, duration);
    } else if (report.ok) {
      run.passed(item, duration);
    } else {
      const messages = report.expectations.flatMap(({ ok, text, difference, expected, actual }, index) => {
        if (ok) return [];
        const message = vscode.TestMessage.diff(difference === "" ? text : difference, expected, actual);
        message.location = new vscode.Location(document.uri, rangeIn(document, places[index]!));
        return [message];
      });
      run.failed(item, messages, duration);
    }
    if (check) this.marks.keep(document, check, report);
    return outcome;
  }

  private async reportOf(
    document: vscode.TextDocument,
    analysis: Analysis,
    { title, range }: CheckDeclaration,
    check: Check | undefined,
  ): Promise<CheckReport> {
    const failed = (problem: string): CheckReport => ({ title: title.value, ok: false, expectations: [], problem });
    const error = (where: (range: Range) => boolean): string | undefined => {
      const found = analysis.diagnostics.find((each) => each.severity === "error" && where(each.range));
      return found && `Line ${document.positionAt(found.range.start).line + 1}: ${found.message}`;
    };
    if (!check) {
      const inside = error((place) => range.start <= place.start && place.end <= range.end);
      return failed(inside ?? error(() => true) ?? "This check cannot run yet: something in it is not finished.");
    }
    if (!check.network.complete) {
      const { network } = check;
      const inside = error((place) => network.range.start <= place.start && place.end <= network.range.end);
      return failed(inside ?? `Network ${network.name} cannot run yet. Give it a return.`);
    }
    try {
      return await this.worker.request("check", { check });
    } catch (problem) {
      return failed(messageOf(problem));
    }
  }
}

/** What came of one check, with what was written when it ran. */
interface Outcome {
  readonly declaration: CheckDeclaration;
  /** Undefined when the text has errors that keep it from running. */
  readonly check: Check | undefined;
  readonly report: CheckReport;
}

/** Of each `expect`, in order. */
function placesOf({ declaration, check }: Pick<Outcome, "declaration" | "check">): readonly Range[] {
  const statements = check?.statements ?? declaration.statements;
  return statements.flatMap(({ kind, range }) => (kind === "expect" ? [range] : []));
}

const [green, red, plain] = ["\u001b[32m", "\u001b[31m", "\u001b[0m"];

/** One line for each `expect`, in the output of the test. */
function write(run: vscode.TestRun, item: vscode.TestItem, document: vscode.TextDocument, outcome: Outcome): void {
  const { declaration, report } = outcome;
  const places = placesOf(outcome);
  const line = (text: string, range: Range): void =>
    run.appendOutput(`${text}\r\n`, new vscode.Location(document.uri, rangeIn(document, range)), item);
  line(`${fileName(document.uri)}: ${report.title}`, declaration.title.range);
  if (report.problem !== undefined) line(`  ${red}✗${plain} ${report.problem}`, declaration.title.range);
  report.expectations.forEach(({ ok, text, difference }, index) => {
    const mark = ok ? `${green}✓${plain}` : `${red}✗${plain}`;
    line(`  ${mark} expect ${text}${difference === "" ? "" : `: ${difference}`}`, places[index]!);
  });
}

async function summarize(document: vscode.TextDocument, outcomes: readonly Outcome[]): Promise<void> {
  const file = fileName(document.uri);
  const failures = outcomes.filter(({ report }) => !report.ok);
  const [first] = failures;
  if (outcomes.length === 0) return;
  if (!first) {
    const all =
      outcomes.length === 1 ? `"${outcomes[0]!.report.title}" passed` : `all ${outcomes.length} checks passed`;
    await vscode.window.showInformationMessage(`${file}: ${all}.`);
    return;
  }
  const names = failures.map(({ report }) => `"${report.title}"`).join(", ");
  const message =
    outcomes.length === 1
      ? `${file}: ${names} failed.`
      : `${file}: ${failures.length} of ${outcomes.length} checks failed: ${names}.`;
  const show = "Show";
  if ((await vscode.window.showErrorMessage(message, show)) !== show) return;
  const failing = first.report.expectations.findIndex(({ ok }) => !ok);
  const place = placesOf(first)[failing] ?? first.declaration.title.range;
  await reveal(document, place, { preserveFocus: false });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
