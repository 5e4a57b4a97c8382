// What came of one check → what VS Code shows of it: the state of its test, a message at each expectation that failed,
// the output; and the summary that a command ends with.

import * as vscode from "vscode";
import type { Check, CheckStatement } from "../../engine/protocol/network";
import type { CheckReport, ExpectationReport } from "../../engine/protocol/snapshot";
import type { Range } from "../../engine/protocol/text";
import type { CheckDeclaration } from "../language/ast";
import { fileName, rangeIn } from "./places";
import { inform, Problem, showing, tell } from "./problem";

/** With what was written when it ran. */
export interface Outcome {
  readonly document: vscode.TextDocument;
  readonly declaration: CheckDeclaration;
  /** Undefined when the text has errors that keep it from running. */
  readonly check: Check | undefined;
  readonly report: CheckReport;
  /** Milliseconds. */
  readonly duration: number;
}

export function showOutcome(run: vscode.TestRun, item: vscode.TestItem, outcome: Outcome): void {
  const { document, declaration, report, duration } = outcome;
  write(run, item, report);
  if (report.problem !== undefined) {
    const message = new vscode.TestMessage(report.problem);
    message.location = new vscode.Location(document.uri, rangeIn(document, declaration.title.range));
    run.errored(item, message, duration);
    return;
  }
  if (report.ok) run.passed(item, duration);
  else run.failed(item, failures(outcome), duration);
}

/** In a message of its own, with a button that shows the first failure. */
export async function summarize(outcomes: readonly Outcome[]): Promise<void> {
  const [first] = outcomes;
  if (!first) return;
  const file = fileName(first.document.uri);
  const failed = outcomes.filter(({ report }) => !report.ok);
  const only = outcomes.length === 1;
  const [failure] = failed;
  if (!failure) {
    const all = only ? `"${first.report.title}" passed` : `all ${outcomes.length} checks passed`;
    await inform(`${file}: ${all}.`);
    return;
  }
  const names = failed.map(({ report }) => `"${report.title}"`).join(", ");
  const count = only ? `${names} failed` : `${failed.length} of ${outcomes.length} checks failed: ${names}`;
  const [place = failure.declaration.title.range] = failedPlaces(failure);
  await tell(new Problem(`${file}: ${count}.`, showing(failure.document, place)));
}

type Expectation = Extract<CheckStatement, { kind: "expect" }>;

function failures(outcome: Outcome): vscode.TestMessage[] {
  const { document } = outcome;
  return failedExpectations(outcome).map(([{ comparison, range }, report]) => {
    const { text, difference, expected, actual } = report;
    const words = difference === "" ? text : difference;
    // VS Code puts the two sides of a diff beside the line as `actual != expected`.
    const message =
      comparison === "==" ? vscode.TestMessage.diff(words, expected, actual) : new vscode.TestMessage(words);
    message.location = new vscode.Location(document.uri, rangeIn(document, range));
    return message;
  });
}

function failedPlaces(outcome: Outcome): readonly Range[] {
  return failedExpectations(outcome).map(([{ range }]) => range);
}

function failedExpectations({ check, report }: Outcome): readonly [Expectation, ExpectationReport][] {
  const expectations = check?.statements.filter((statement) => statement.kind === "expect") ?? [];
  return report.expectations.flatMap((result, index) => {
    const expectation = expectations[index];
    return expectation && !result.ok ? [[expectation, result]] : [];
  });
}

const [green, red, plain] = ["\u001b[32m", "\u001b[31m", "\u001b[0m"];

/** One line for each `expect`, in the output of the test. Without places: VS Code would repeat each line in the text. */
function write(run: vscode.TestRun, item: vscode.TestItem, { title, problem, expectations }: CheckReport): void {
  const line = (text: string): void => run.appendOutput(`${text}\r\n`, undefined, item);
  line(`${fileName(item.uri!)}: ${title}`);
  if (problem !== undefined) line(`  ${red}✗${plain} ${problem}`);
  for (const { ok, text, difference } of expectations) {
    const mark = ok ? `${green}✓${plain}` : `${red}✗${plain}`;
    line(`  ${mark} expect ${text}${difference === "" ? "" : `: ${difference}`}`);
  }
}
