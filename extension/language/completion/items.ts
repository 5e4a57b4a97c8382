// What a completion is, and snippets from parts: VS Code's syntax, in which "$", "}" and "\" need a backslash.

import type { Range } from "../../../engine/protocol/text";

export type ItemKind =
  | "keyword"
  | "layer"
  | "function"
  | "callable"
  | "metric"
  | "value"
  | "attribute"
  | "parameter"
  | "argument"
  | "setting"
  | "choice"
  | "column"
  | "file"
  | "folder"
  | "network"
  | "data"
  | "training"
  | "type";

/** A completion before it is known what it replaces. Those of a list stand in the order they are shown in. */
export interface Draft {
  readonly label: string;
  readonly kind: ItemKind;
  /** Plain text, on one line. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** A snippet; the label when absent. */
  readonly insertText?: string;
  /** What to ask for once it is written: what may follow, or which arguments there are. */
  readonly follow?: "completions" | "signature";
}

export interface CompletionItem extends Draft {
  readonly insertText: string;
  /** What is replaced: the word up to the cursor. */
  readonly range: Range;
  /** The same with the rest of the word. */
  readonly replacing: Range;
  readonly sortText: string;
  readonly filterText: string;
}

/** Text inside of a snippet. */
export function literal(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}

/** `${1:units}`, `$1` without a text. */
export function placeholder(index: number, text: string): string {
  return text === "" ? `$${index}` : `\${${index}:${literal(text)}}`;
}

/** `${1|true,false|}`; the first choice is preselected. */
export function choice(index: number, choices: readonly string[]): string {
  if (choices.length < 2) return placeholder(index, choices[0] ?? "");
  return `\${${index}|${choices.map((each) => each.replace(/[\\$},|]/g, "\\$&")).join(",")}|}`;
}

/** The drafts without those whose label came before. */
export function unique(drafts: Iterable<Draft>): Draft[] {
  const found = new Map<string, Draft>();
  for (const draft of drafts) if (!found.has(draft.label)) found.set(draft.label, draft);
  return [...found.values()];
}
