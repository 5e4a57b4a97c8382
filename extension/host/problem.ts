// Why a command cannot do what it was asked for, told to its user with a button that shows the place.

import * as vscode from "vscode";
import type { Range } from "../../engine/protocol/text";
import { reveal } from "./places";

export class Problem extends Error {
  constructor(
    message: string,
    readonly place?: { readonly document: vscode.TextDocument; readonly range: Range },
  ) {
    super(message);
  }
}

/** Nothing is wrong, there is only nothing to do. */
export class NothingToDo extends Error {}

export async function tell(error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NothingToDo) {
    await vscode.window.showInformationMessage(message);
    return;
  }
  const place = error instanceof Problem ? error.place : undefined;
  const show = "Show";
  const answer = await vscode.window.showErrorMessage(message, ...(place ? [show] : []));
  if (answer === show && place) await reveal(place.document, place.range, { preserveFocus: false });
}
