// Which declaration a command is about: the named one, the only one, the one under the cursor, or the one the user picks.
// Says what is missing when there is none.

import * as vscode from "vscode";
import type { Check, Network, Training } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "../language/analyze";
import type { CheckDeclaration } from "../language/ast";
import { fileName, reveal } from "./places";
import { Problem, type Remedy, showing } from "./problem";

/** A document with its analysis, and the name the command was given. */
export interface Place {
  readonly document: vscode.TextDocument;
  readonly analysis: Analysis;
  readonly name?: string | undefined;
}

/** Undefined when the user picks nothing. */
export async function chooseTraining(place: Place): Promise<Training | undefined> {
  const training = await choose(place, {
    what: "train",
    example: "train Network on Data { loss: CrossEntropy optimizer: Adam }",
    from: place.analysis.module.trainings,
    name: ({ name }) => name,
    detail: ({ network, data, epochs, optimizer }) =>
      `${network.name} on ${data.name} · ${epochs} ${epochs === 1 ? "epoch" : "epochs"} · ${optimizer.name}`,
  });
  if (training && !training.network.complete) throw unfinished(place, training.range, training.network);
  return training;
}

export async function chooseNetwork(place: Place): Promise<Network | undefined> {
  const network = await choose(place, {
    what: "network",
    example: "network Name(x: [2]) { return x -> Dense(1) }",
    from: place.analysis.module.networks,
    name: ({ name }) => name,
    detail: ({ values, parameters }) => `${values.length} values · ${parameters.length} parameter tensors`,
  });
  if (network && !network.complete) throw unfinished(place, network.range, network);
  return network;
}

/** A check on given inputs. */
export async function chooseCheck(place: Place): Promise<Check | undefined> {
  const onInputs = place.analysis.module.checks.filter(({ after }) => after === undefined);
  const check = await choose(place, {
    what: "check",
    example: 'check "…" on Network(x: [1, 2]) { expect y == 3 }',
    from: onInputs,
    name: ({ title }) => title,
    detail: ({ network, loss }) => `${network.name}${loss?.kind === "call" ? ` · ${loss.call.name}` : ""}`,
  });
  if (check && !check.network.complete) throw unfinished(place, check.range, check.network);
  return check;
}

/** All checks as they are written, or the named one; a check that cannot run says so when it is run. */
export function chooseChecks(place: Place): readonly CheckDeclaration[] {
  const { analysis, name } = place;
  const checks = analysis.file.declarations
    .filter((declaration) => declaration.kind === "check")
    .filter(({ title }) => name === undefined || title.value === name);
  if (checks.length === 0) throw missing(place, "check", 'check "…" on Network(x: [1, 2]) { expect y == 3 }');
  return checks;
}

interface Choice<T> {
  /** The keyword of the declaration. */
  readonly what: string;
  /** A declaration to write when there is none. */
  readonly example: string;
  readonly from: readonly T[];
  readonly name: (item: T) => string;
  readonly detail: (item: T) => string;
}

async function choose<T extends { readonly range: Range }>(place: Place, choice: Choice<T>): Promise<T | undefined> {
  const { document, name } = place;
  const { from } = choice;
  if (name !== undefined) {
    const named = from.find((item) => choice.name(item) === name);
    if (!named) throw missing(place, choice.what, choice.example);
    return named;
  }
  if (from.length === 0) throw missing(place, choice.what, choice.example);
  if (from.length === 1) return from[0];
  const offset = cursorIn(document);
  const here = from.find(({ range }) => offset !== undefined && range.start <= offset && offset <= range.end);
  if (here) return here;
  const picked = await vscode.window.showQuickPick(
    from.map((item) => ({ label: choice.name(item), description: choice.detail(item), item })),
    { title: `${fileName(document.uri)}: which ${choice.what}?`, placeHolder: "Or put the cursor into it first." },
  );
  return picked?.item;
}

function cursorIn(document: vscode.TextDocument): number | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document === document ? document.offsetAt(editor.selection.active) : undefined;
}

function unfinished(place: Place, range: Range, network: Network): Problem {
  return (
    firstError(place, (error) => touches(error, network.range) || touches(error, range)) ??
    firstError(place, () => true) ??
    new Problem(
      `${fileName(place.document.uri)}: network ${network.name} cannot run yet. Give it a return.`,
      showing(place.document, network.nameRange),
    )
  );
}

/** An error of the text is the likely reason why a declaration is not there. */
function missing(place: Place, what: string, example: string): Problem {
  const { document, name } = place;
  const file = fileName(document.uri);
  const error = firstError(place, () => true);
  if (error) return error;
  if (name !== undefined) return new Problem(`${file} has no ${what} called "${name}".`);
  const write: Remedy = { title: "Write One", run: () => append(document, example) };
  return new Problem(`${file} has no ${what} declaration. Write one: ${example}`, write);
}

/** At the end of the document, with what was written selected. */
async function append(document: vscode.TextDocument, text: string): Promise<void> {
  const end = document.lineAt(document.lineCount - 1).range.end;
  const gap = document.getText().endsWith("\n") ? "\n" : "\n\n";
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, end, `${gap}${text}\n`);
  const start = document.offsetAt(end) + gap.length;
  if (!(await vscode.workspace.applyEdit(edit))) throw new Problem(`${fileName(document.uri)} cannot be changed.`);
  await reveal(document, { start, end: start + text.length }, { preserveFocus: false });
}

function firstError({ document, analysis }: Place, where: (range: Range) => boolean): Problem | undefined {
  const error = analysis.diagnostics.find(({ severity, range }) => severity === "error" && where(range));
  if (!error) return undefined;
  const line = document.positionAt(error.range.start).line + 1;
  return new Problem(`${fileName(document.uri)}, line ${line}: ${error.message}`, showing(document, error.range));
}

function touches(a: Range, b: Range): boolean {
  return a.start <= b.end && b.start <= a.end;
}
