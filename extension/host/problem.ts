// Why a command cannot do what it was asked for, told to its user with a button for each thing that can be done about it.

import * as vscode from "vscode";
import type { Range } from "../../engine/protocol/text";
import { fileName, reveal } from "./places";

/** A button of a message. */
export interface Remedy extends vscode.MessageItem {
  readonly run: () => Thenable<unknown>;
}

/** A button that runs a command. */
export function running(title: string, command: string, ...given: readonly unknown[]): Remedy {
  return { title, run: () => vscode.commands.executeCommand(command, ...given) };
}

/** A button that shows the place. */
export function showing(document: vscode.TextDocument, range: Range): Remedy {
  return { title: "Show", run: () => reveal(document, range, { preserveFocus: false }) };
}

export class Problem extends Error {
  readonly remedies: readonly Remedy[];

  constructor(message: string, ...remedies: readonly Remedy[]) {
    super(message);
    this.remedies = remedies;
  }
}

/** What came of work for something that is written there. What was given up stays that. */
export function problemAt(document: vscode.TextDocument, range: Range, error: unknown): Error {
  if (error instanceof vscode.CancellationError) return error;
  return new Problem(`${fileName(document.uri)}: ${messageOf(error)}`, showing(document, range));
}

/** Nothing is wrong, there is only nothing to do. */
export class NothingToDo extends Problem {}

/** Settled when the message is gone and what was chosen is done. Who has given something up knows that. */
export async function tell(error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const message = messageOf(error);
  const remedies = error instanceof Problem ? error.remedies : [];
  if (error instanceof NothingToDo) await inform(message, ...remedies);
  else await choiceOf(vscode.window.showErrorMessage(message, ...remedies));
}

/** Of something that is done, or that need not be. */
export async function inform(message: string, ...remedies: readonly Remedy[]): Promise<void> {
  await choiceOf(vscode.window.showInformationMessage(message, ...remedies));
}

async function choiceOf(answer: Thenable<Remedy | undefined>): Promise<void> {
  const chosen = await answer;
  try {
    await chosen?.run();
  } catch (error) {
    await tell(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
