// Text → items: tokens and comments, with the gaps of white space between them. A formatter changes gaps only, so
// whatever it decides, no token can be lost. Gap `i` lies before item `i`; the last one lies behind all items.

import type { Range } from "../../../engine/protocol/text";
import { kindOf, scan, type TokenKind } from "../lexer";

export interface Items {
  readonly text: string;
  readonly count: number;
  readonly kinds: readonly TokenKind[];
  readonly starts: Uint32Array;
  /** Blanks at the end of a comment belong to the gap behind it. */
  readonly ends: Uint32Array;
  /** Line breaks in each gap: 0, 1, or 2 for "two or more". */
  readonly lines: Uint8Array;
  /** Where the first gap starts: behind a byte-order mark. */
  readonly textStart: number;
}

export function readItems(text: string): Items {
  const table = scan(text);
  const kinds: TokenKind[] = [];
  const starts = new Uint32Array(table.count);
  const ends = new Uint32Array(table.count);
  const lines = new Uint8Array(table.count + 1);
  let breaks = 0;
  for (let index = 0; index < table.count; index++) {
    const kind = kindOf(table, index);
    const start = table.starts[index]!;
    const end = table.starts[index + 1]!;
    if (kind === "space") {
      breaks = lineBreaks(text, start, end);
      continue;
    }
    const item = kinds.push(kind) - 1;
    starts[item] = start;
    ends[item] = kind === "comment" ? endOfComment(text, end) : end;
    lines[item] = breaks;
    breaks = 0;
  }
  lines[kinds.length] = breaks;
  return { text, count: kinds.length, kinds, starts, ends, lines, textStart: text.charCodeAt(0) === 0xfeff ? 1 : 0 };
}

export function gapStart(items: Items, gap: number): number {
  return gap === 0 ? items.textStart : items.ends[gap - 1]!;
}

export function gapEnd(items: Items, gap: number): number {
  return gap === items.count ? items.text.length : items.starts[gap]!;
}

export function itemText(items: Items, index: number): string {
  return items.text.slice(items.starts[index]!, items.ends[index]!);
}

export function isComment(items: Items, index: number): boolean {
  return items.kinds[index] === "comment";
}

/** The first item that starts at the offset or behind it; the count of items when there is none. */
export function firstItemFrom(items: Items, offset: number): number {
  let low = 0;
  let high = items.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items.starts[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last item that starts before the offset; -1 when there is none. */
export function lastItemBefore(items: Items, offset: number): number {
  return firstItemFrom(items, offset) - 1;
}

/** The partner of each bracket in a stretch of items, -1 for the others; undefined when they do not pair up. */
export function matchBrackets(items: Items, first: number, last: number): Int32Array | undefined {
  const partners = new Int32Array(last - first + 1).fill(-1);
  const open: number[] = [];
  for (let index = first; index <= last; index++) {
    const kind = items.kinds[index]!;
    if (kind === "(" || kind === "[" || kind === "{") open.push(index);
    const opening = openingOf[kind];
    if (opening === undefined) continue;
    const partner = open.pop();
    if (partner === undefined || items.kinds[partner] !== opening) return undefined;
    partners[partner - first] = index;
    partners[index - first] = partner;
  }
  return open.length === 0 ? partners : undefined;
}

/** Where comments and tokens of a range stand, the end included only with a whole item. */
export function itemsIn(items: Items, { start, end }: Range): { first: number; last: number } {
  return { first: firstItemFrom(items, start), last: lastItemBefore(items, end) };
}

const openingOf: Partial<Record<TokenKind, TokenKind>> = { ")": "(", "]": "[", "}": "{" };

function lineBreaks(text: string, start: number, end: number): number {
  let count = 0;
  for (let offset = start; offset < end && count < 2; offset++) {
    const unit = text.charCodeAt(offset);
    if (unit === lineFeed || (unit === carriageReturn && text.charCodeAt(offset + 1) !== lineFeed)) count += 1;
  }
  return count;
}

function endOfComment(text: string, end: number): number {
  let last = end;
  while (text[last - 1] === " " || text[last - 1] === "\t") last -= 1;
  return last;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
