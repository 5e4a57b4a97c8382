// Text → edits that bring it into the canonical form. Only white space between tokens is edited: two spaces a level, one
// stage a line in pipelines of more than three, one blank line between declarations. Comments stay where they belong, and
// a declaration with a problem stays as it is.

import type { TextEdit } from "../../engine/protocol/diagnostic";
import type { Range } from "../../engine/protocol/text";
import type { SourceFile } from "./ast";
import { gapEnd, gapStart, type Items, readItems } from "./format/items";
import { type Layout, layOut } from "./format/layout";
import { findZones, type Zones } from "./format/zones";
import { parse } from "./parser";

export interface FormatOptions {
  /** Edits only what stands in the lines of this range. */
  readonly range?: Range;
  /** Leaves line breaks and indentation as they are: for a line that is being written. */
  readonly withinLines?: boolean;
}

/** Ordered by place, none touching another. `file` is the syntax tree of the text, where the caller has it. */
export function format(text: string, options: FormatOptions = {}, file: SourceFile = parse(text)): TextEdit[] {
  const items = readItems(text);
  const zones = findZones(items, file);
  const layout = layOut(items, zones);
  const lineEnd = lineEndOf(text);
  const lines = options.range && linesOf(text, options.range);
  const edits: TextEdit[] = [];
  for (let gap = 0; gap <= items.count; gap++) {
    if (!isMovable(items, zones, gap)) continue;
    const range = { start: gapStart(items, gap), end: gapEnd(items, gap) };
    if (lines && (range.end < lines.start || range.end > lines.end)) continue;
    if (options.withinLines && (items.lines[gap] !== 0 || layout.lines[gap] !== 0)) continue;
    if (hasLayout(text, range, layout, gap, lineEnd)) continue;
    edits.push({ range, newText: lineEnd.repeat(layout.lines[gap]!) + " ".repeat(layout.spaces[gap]!) });
  }
  return edits;
}

/** The whole text in its canonical form. `file` is its syntax tree, where the caller has it. */
export function formatted(text: string, file: SourceFile = parse(text)): string {
  let result = "";
  let end = 0;
  for (const { range, newText } of format(text, {}, file)) {
    result += text.slice(end, range.start) + newText;
    end = range.end;
  }
  return result + text.slice(end);
}

/** Behind what must not move a gap that has no line break stays: a line break there may change how the rest is read. */
function isMovable(items: Items, { movable }: Zones, gap: number): boolean {
  const isBefore = gap === 0 || movable[gap - 1] === 1;
  if (gap === items.count) return isBefore;
  return movable[gap] === 1 && (isBefore || items.lines[gap]! > 0);
}

/** A text with both has the longer one from now on: whatever is written then stays as it is the next time. */
function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function linesOf(text: string, { start, end }: Range): Range {
  let first = start;
  while (first > 0 && !isLineBreak(text[first - 1]!)) first -= 1;
  let last = Math.max(start, end);
  while (last < text.length && !isLineBreak(text[last]!)) last += 1;
  return { start: first, end: last };
}

function isLineBreak(character: string): boolean {
  return character === "\n" || character === "\r";
}

/** Whether a gap is as it should be; compares without building strings, since most gaps are. */
function hasLayout(text: string, { start, end }: Range, layout: Layout, gap: number, lineEnd: string): boolean {
  const lines = layout.lines[gap]!;
  const spaces = layout.spaces[gap]!;
  if (end - start !== lines * lineEnd.length + spaces) return false;
  let offset = start;
  for (let line = 0; line < lines; line++) {
    if (!text.startsWith(lineEnd, offset)) return false;
    offset += lineEnd.length;
  }
  while (offset < end && text[offset] === " ") offset += 1;
  return offset === end;
}
