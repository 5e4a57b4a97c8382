// Text → the tokens that carry meaning, each with its line start and its bracket's partner, and the comments apart.
// Brackets are matched before anything is parsed: recovery can then tell an unfinished line from a long one.

import type { Range } from "../../../engine/protocol/text";
import type { Comment } from "../ast";
import { intendedSpelling, kindOf, scan, type TokenKind } from "../lexer";
import type { ProblemList } from "./problems";

/** Parallel arrays by token index. The last token is "end". */
export interface TokenStream {
  readonly kinds: TokenKind[];
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** 1 for the first token of a line. */
  readonly beginsLine: Uint8Array;
  /** For each opening bracket the index of the one that closes it; -1 when none does. */
  readonly closers: Int32Array;
  readonly comments: Comment[];
}

const openingOf: Partial<Record<TokenKind, TokenKind>> = { ")": "(", "]": "[", "}": "{" };
const lineBreak = /[\r\n]/;

export function readTokens(text: string, problems: ProblemList): TokenStream {
  const tokens = meaningfulTokens(text, problems);
  matchBrackets(tokens, problems);
  return tokens;
}

function meaningfulTokens(text: string, problems: ProblemList): TokenStream {
  const table = scan(text);
  const tokens: TokenStream = {
    kinds: [],
    starts: new Uint32Array(table.count + 1),
    ends: new Uint32Array(table.count + 1),
    beginsLine: new Uint8Array(table.count + 1),
    closers: new Int32Array(table.count + 1).fill(-1),
    comments: [],
  };
  let beginsLine = true;
  const push = (kind: TokenKind, start: number, end: number) => {
    const index = tokens.kinds.push(kind) - 1;
    tokens.starts[index] = start;
    tokens.ends[index] = end;
    tokens.beginsLine[index] = Number(beginsLine);
    beginsLine = false;
  };
  for (let index = 0; index < table.count; index++) {
    const kind = kindOf(table, index);
    const start = table.starts[index]!;
    const end = table.starts[index + 1]!;
    if (kind === "space") {
      beginsLine ||= lineBreak.test(text.slice(start, end));
    } else if (kind === "comment") {
      const content = text
        .slice(start + 1, end)
        .replace(/^ /, "")
        .trimEnd();
      tokens.comments.push({ range: { start, end }, text: content });
    } else {
      const intended = intendedSpelling(text, { start, end });
      if (intended) problems.add(`Write "${intended}" for "${text.slice(start, end)}".`, { start, end });
      push(kind, start, end);
    }
  }
  beginsLine = true;
  push("end", text.length, text.length);
  return tokens;
}

/**
 * Finds the partner of each bracket. Braces are stronger than the others: a "}" closes the innermost "{" and leaves what
 * was opened since unclosed. A closing bracket that closes nothing is reported and taken out of the stream, so the parser
 * never meets one.
 */
function matchBrackets(tokens: TokenStream, problems: ProblemList): void {
  const { kinds, closers } = tokens;
  const open = new OpenBrackets(kinds);
  let kept = 0;
  for (let read = 0; read < kinds.length; read++) {
    const kind = kinds[read]!;
    const opening = openingOf[kind];
    let keep = true;
    if (kind === "(" || kind === "[" || kind === "{") {
      open.push(kind, kept);
    } else if (opening) {
      const other = opening === "(" ? "[" : "(";
      if (open.has(opening)) {
        closers[open.pop(opening)] = kept;
      } else if (opening !== "{" && open.has(other) && openingOf[kinds[read + 1]!] !== other) {
        // Closed by the wrong bracket: one problem, not an unclosed one and a stray one.
        closers[open.pop(other)] = kept;
        kinds[read] = other === "(" ? ")" : "]";
        problems.add(`This closes a "${other}": write "${kinds[read]}".`, rangeOf(tokens, read));
      } else {
        keep = false;
      }
    }
    if (keep) {
      move(tokens, read, kept);
      kept += 1;
    } else {
      problems.add(`This "${kind}" closes nothing.`, rangeOf(tokens, read));
      if (tokens.beginsLine[read]) tokens.beginsLine[read + 1] = 1;
    }
  }
  kinds.length = kept;
}

/**
 * The brackets that are open, by token index, and how many of each sort are open since the last "{".
 * Arrays of fixed size: ten million open brackets in growing ones would take a gigabyte.
 */
class OpenBrackets {
  private readonly indices: Int32Array;
  private readonly round: Int32Array;
  private readonly square: Int32Array;
  private size = 0;
  private braces = 0;

  constructor(private readonly kinds: readonly TokenKind[]) {
    this.indices = new Int32Array(kinds.length);
    this.round = new Int32Array(kinds.length + 1);
    this.square = new Int32Array(kinds.length + 1);
  }

  push(kind: "(" | "[" | "{", index: number): void {
    this.indices[this.size++] = index;
    if (kind === "{") {
      this.braces += 1;
      this.round[this.braces] = 0;
      this.square[this.braces] = 0;
    } else {
      this.count(kind, 1);
    }
  }

  has(kind: TokenKind): boolean {
    return kind === "{" ? this.braces > 0 : (kind === "(" ? this.round : this.square)[this.braces]! > 0;
  }

  /** The innermost open bracket of a sort; what was opened since is given up. */
  pop(kind: TokenKind): number {
    while (true) {
      const index = this.indices[--this.size]!;
      const popped = this.kinds[index]!;
      if (popped === "{") this.braces -= 1;
      else this.count(popped, -1);
      if (popped === kind) return index;
    }
  }

  private count(kind: TokenKind, by: number): void {
    const counts = kind === "(" ? this.round : this.square;
    counts[this.braces]! += by;
  }
}

function rangeOf(tokens: TokenStream, index: number): Range {
  return { start: tokens.starts[index]!, end: tokens.ends[index]! };
}

function move(tokens: TokenStream, from: number, to: number): void {
  if (from === to) return;
  tokens.kinds[to] = tokens.kinds[from]!;
  tokens.starts[to] = tokens.starts[from]!;
  tokens.ends[to] = tokens.ends[from]!;
  tokens.beginsLine[to] = tokens.beginsLine[from]!;
}
