// Text → tokens. White space, comments and whatever belongs to no token are tokens too, so that the tokens tile the text:
// printed one after another they give it back. Knows no keywords: those depend on where a word stands (see parser.ts).

import type { Range } from "../../engine/protocol/text";

const kinds = [
  "space",
  "comment",
  "identifier",
  "number",
  "string",
  /** A run of characters that mean nothing in the language. */
  "unknown",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  ".",
  "=",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "+",
  "-",
  "*",
  /** Python's power. Not in the language, but common enough to deserve its own message. */
  "**",
  "/",
  "@",
  "^",
  "->",
  /** Stands behind the last token of the parser's stream; the lexer never gives it. */
  "end",
] as const;

export type TokenKind = (typeof kinds)[number];

export interface Token extends Range {
  readonly kind: TokenKind;
}

/**
 * All tokens of a text in two flat arrays: a file of 10 MB may have ten million of them.
 * Token `i` reaches from `starts[i]` to `starts[i + 1]`; one start more than there are tokens is the end of the text.
 */
export interface TokenTable {
  readonly count: number;
  readonly starts: Uint32Array;
  /** Indices into the list of kinds; `kindOf` translates. */
  readonly codes: Uint8Array;
}

/**
 * Characters that people paste from lecture notes, or that an input method types, and the token they stand for.
 * The lexer gives that token; the parser says what to write instead.
 */
const lookalikes: Readonly<Record<string, TokenKind>> = {
  "→": "->",
  "−": "-",
  "–": "-",
  "×": "*",
  "·": "*",
  "⋅": "*",
  "÷": "/",
  "≤": "<=",
  "≥": ">=",
  "≠": "!=",
  "（": "(",
  "）": ")",
  "［": "[",
  "］": "]",
  "｛": "{",
  "｝": "}",
  "，": ",",
  "：": ":",
  "＝": "=",
  "＋": "+",
  "－": "-",
  "＊": "*",
};

const codeOf = Object.fromEntries(kinds.map((kind, code) => [kind, code])) as Record<TokenKind, number>;
const twoCharacterOperators = new Set<string>(["->", "==", "!=", "<=", ">=", "**"]);
const oneCharacterOperators = new Set<string>(kinds.filter((kind) => kind.length === 1));

const spaceAt = /\s+/y;
const commentAt = /#[^\r\n]*/y;
// A digit group may be written 1_000, as in Python. "1." is a number only where no name follows: `1.T` is a member.
const numberAt = /(?:\d[\d_]*(?:\.\d[\d_]*|\.(?![\p{L}\p{Nl}_.]))?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/uy;
const startOfIdentifier = /^[\p{L}\p{Nl}_]/u;
const partOfIdentifier = /^[\p{L}\p{Nl}\p{M}\p{Nd}_]/u;

export function kindOf(table: TokenTable, index: number): TokenKind {
  return kinds[table.codes[index]!]!;
}

/** The tokens as objects, for whoever looks at a small text or a part of it. */
export function tokenize(text: string): Token[] {
  const table = scan(text);
  return Array.from({ length: table.count }, (_, index) => ({
    kind: kindOf(table, index),
    start: table.starts[index]!,
    end: table.starts[index + 1]!,
  }));
}

export function scan(text: string): TokenTable {
  let starts = new Uint32Array(1024);
  let codes = new Uint8Array(1024);
  let count = 0;
  let offset = 0;
  while (offset < text.length) {
    if (count + 1 === starts.length) {
      starts = grown(starts, new Uint32Array(count * 2 + 2));
      codes = grown(codes, new Uint8Array(count * 2 + 2));
    }
    const { code, end } = tokenAt(text, offset);
    // Neighboring unknown characters are one token: noise should cost one problem, not thousands.
    if (code !== codeOf.unknown || count === 0 || codes[count - 1] !== codeOf.unknown) {
      starts[count] = offset;
      codes[count] = code;
      count += 1;
    }
    offset = end;
  }
  starts[count] = text.length;
  return { count, starts, codes };
}

/** The canonical spelling of a lookalike character, or nothing when the text of the token is right as it is. */
export function intendedSpelling(text: string, token: Range): string | undefined {
  return token.end - token.start === 1 ? lookalikes[text[token.start]!] : undefined;
}

// One result object for all tokens: allocating one for each would dominate the time of a large file.
const found = { code: 0, end: 0 };

function tokenAt(text: string, offset: number): typeof found {
  const character = text.charCodeAt(offset);
  if (character < 128) {
    switch (asciiClasses[character]) {
      case "identifier":
        return token(codeOf.identifier, endOfIdentifier(text, offset));
      case "space":
        return token(codeOf.space, endOf(spaceAt, text, offset));
      case "comment":
        return token(codeOf.comment, endOf(commentAt, text, offset));
      case "string":
        return token(codeOf.string, endOfString(text, offset));
      case "number":
        return token(codeOf.number, endOf(numberAt, text, offset));
      default:
        // ".5" is a number, ".T" a member.
        return character === 46 && asciiClasses[text.charCodeAt(offset + 1)] === "number"
          ? token(codeOf.number, endOf(numberAt, text, offset))
          : operatorAt(text, offset);
    }
  }
  const symbol = lookalikes[text[offset]!];
  if (symbol) return token(codeOf[symbol], offset + 1);
  const symbolText = String.fromCodePoint(text.codePointAt(offset)!);
  if (startOfIdentifier.test(symbolText)) return token(codeOf.identifier, endOfIdentifier(text, offset));
  const endOfSpace = endOf(spaceAt, text, offset);
  if (endOfSpace > offset) return token(codeOf.space, endOfSpace);
  return token(codeOf.unknown, offset + symbolText.length);
}

function operatorAt(text: string, offset: number): typeof found {
  const pair = text.slice(offset, offset + 2);
  if (twoCharacterOperators.has(pair)) return token(codeOf[pair as TokenKind], offset + 2);
  const single = text[offset]!;
  return token(oneCharacterOperators.has(single) ? codeOf[single as TokenKind] : codeOf.unknown, offset + 1);
}

/** What a token is by its first character, where that alone decides. */
const asciiClasses = Array.from({ length: 128 }, (_, character): TokenKind | undefined => {
  const first = String.fromCharCode(character);
  if (/[a-zA-Z_]/.test(first)) return "identifier";
  if (/\s/.test(first)) return "space";
  if (/\d/.test(first)) return "number";
  if (first === "#") return "comment";
  if (first === '"' || first === "'") return "string";
  return undefined;
});

// The two loops below are no regular expressions: those keep a stack for such patterns, which a token of megabytes overflows.

function endOfIdentifier(text: string, offset: number): number {
  let end = offset;
  while (end < text.length) {
    const character = text.charCodeAt(end);
    if (character < 128) {
      const group = asciiClasses[character];
      if (group !== "identifier" && group !== "number") return end;
      end += 1;
    } else {
      const symbol = String.fromCodePoint(text.codePointAt(end)!);
      if (!partOfIdentifier.test(symbol)) return end;
      end += symbol.length;
    }
  }
  return end;
}

/** A string ends behind its quote or, unfinished, at the end of its line. Single quotes are Python's habit. */
function endOfString(text: string, offset: number): number {
  const quote = text[offset];
  for (let end = offset + 1; end < text.length; end++) {
    const character = text[end];
    if (character === "\n" || character === "\r") return end;
    if (character === quote) return end + 1;
    if (character === "\\" && end + 1 < text.length && text[end + 1] !== "\n" && text[end + 1] !== "\r") end += 1;
  }
  return text.length;
}

function token(code: number, end: number): typeof found {
  found.code = code;
  found.end = end;
  return found;
}

function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}

function grown<T extends Uint32Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
