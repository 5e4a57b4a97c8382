// Changes that remove the cause of a diagnostic.

import type { Fix } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";

/** Writes the suggested name instead, when there is a suggestion. */
export function rename(range: Range, suggestion: string | undefined): Fix[] {
  if (suggestion === undefined) return [];
  return [{ title: `Change to ${suggestion}`, edits: [{ range, newText: suggestion }] }];
}

/** Adds a line at the beginning of the braces that follow `start`. */
export function addEntry(text: string, { start, end }: Range, line: string): Fix[] {
  const brace = text.slice(start, end).indexOf("{");
  if (brace < 0) return [];
  const at = start + brace + 1;
  const oneLineBody = !text.slice(at, end).includes("\n");
  const newText = oneLineBody ? ` ${line}` : `\n  ${line}`;
  return [{ title: `Add ${line}`, edits: [{ range: { start: at, end: at }, newText }] }];
}
