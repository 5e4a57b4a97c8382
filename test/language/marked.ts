// Texts with marks: «…» stands around a range, <|> at an offset.

import type { Range } from "../../engine/protocol/text";

export interface Marked {
  readonly text: string;
  readonly ranges: readonly Range[];
}

export function marked(source: string): Marked {
  let text = "";
  const starts: number[] = [];
  const ranges: Range[] = [];
  for (const character of source) {
    if (character === "«") starts.push(text.length);
    else if (character === "»") ranges.push({ start: starts.pop()!, end: text.length });
    else text += character;
  }
  return { text, ranges: ranges.sort((a, b) => a.start - b.start) };
}

export function cursor(source: string): { readonly text: string; readonly offset: number } {
  return { text: source.replace("<|>", ""), offset: source.indexOf("<|>") };
}

/** The text with something written in at offsets, in «…». */
export function withInsertions(text: string, insertions: readonly { offset: number; text: string }[]): string {
  let result = text;
  for (const { offset, text: inserted } of [...insertions].sort((a, b) => b.offset - a.offset)) {
    result = `${result.slice(0, offset)}«${inserted}»${result.slice(offset)}`;
  }
  return result;
}
