// Changes that remove the cause of a diagnostic.

import { nearest } from "../../../engine/model/nearest";
import type { Fix } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import type { Context } from "./context";

/** More names than that are not looked through. */
const mostCandidates = 2000;

/** The nearest of some names; undefined also when the report that asks would not be kept. */
export function suggest({ reporter }: Context, name: string, candidates: Iterable<string>): string | undefined {
  return reporter.isFull ? undefined : nearest(name, firstOf(candidates, mostCandidates));
}

function* firstOf(names: Iterable<string>, count: number): Iterable<string> {
  let left = count;
  for (const name of names) {
    if (left-- === 0) return;
    yield name;
  }
}

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
