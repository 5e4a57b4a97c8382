// Where the parser stands among the tokens, the problems it has found, and the one judgement that recovery rests on:
// "does a new statement or declaration begin here?"

import type { Range } from "../../../engine/protocol/text";
import type { Comment, SyntaxProblem } from "../ast";
import type { TokenKind } from "../lexer";
import { ProblemList } from "./problems";
import { readTokens, type TokenStream } from "./token-stream";

/** Which statements can begin at the cursor: those of a network or block, of a train or check body, or declarations only. */
export type Surroundings = "file" | "network" | "train" | "check";

/** Expressions inside each other. Keeps this parser, and whoever walks its tree, far from the end of the stack. */
const maximumNesting = 256;
/** Links of a chain such as `a + b + c` or `a.b.c`, each of which is one level of the tree. */
const maximumHeight = 1000;

const declarationWords: Readonly<Record<string, "name" | "string">> = {
  import: "string",
  data: "name",
  network: "name",
  block: "name",
  train: "name",
  check: "string",
};

export class Cursor {
  readonly text: string;
  readonly comments: readonly Comment[];
  surroundings: Surroundings = "file";
  /** Number of levels in the tree of the expression parsed last. */
  height = 0;

  private readonly tokens: TokenStream;
  private readonly problems = new ProblemList();

  private index = 0;
  private nesting = 0;
  /** Index of the token that closes the innermost closed bracket around the cursor; recovery never passes it. */
  private boundary = 0;
  /** Whether the innermost bracket around the cursor is a round or square one that is closed further on. */
  private insideClosedBracket = false;
  private reportedAt = -1;
  private nextComment = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = readTokens(text, this.problems);
    this.comments = this.tokens.comments;
    this.boundary = this.tokens.kinds.length - 1;
  }

  // --- Looking ----------------------------------------------------------------------------------------------------

  get kind(): TokenKind {
    return this.tokens.kinds[this.index]!;
  }

  /** Offset of the next token. */
  get start(): number {
    return this.tokens.starts[this.index]!;
  }

  /** Offset behind the token read last. */
  get previousEnd(): number {
    return this.index === 0 ? 0 : this.tokens.ends[this.index - 1]!;
  }

  get range(): Range {
    return { start: this.start, end: this.tokens.ends[this.index]! };
  }

  get previousRange(): Range {
    return this.index === 0
      ? { start: 0, end: 0 }
      : { start: this.tokens.starts[this.index - 1]!, end: this.previousEnd };
  }

  /** A mark to compare with later: whether anything was read since. */
  get position(): number {
    return this.index;
  }

  at(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  atWord(word: string): boolean {
    return this.isWord(this.index, word);
  }

  /** The kind of the token after the next one. */
  kindAfter(distance = 1): TokenKind {
    return this.tokens.kinds[Math.min(this.index + distance, this.tokens.kinds.length - 1)]!;
  }

  isFirstOnLine(distance = 0): boolean {
    return this.tokens.beginsLine[Math.min(this.index + distance, this.tokens.kinds.length - 1)] === 1;
  }

  /** Whether no space stands between the next token and the one before it. */
  touchesPrevious(): boolean {
    return this.index > 0 && this.start === this.previousEnd;
  }

  textOf(range: Range): string {
    return this.text.slice(range.start, range.end);
  }

  /** The next token as a message quotes it: noise is cut short. */
  quote(range: Range = this.range): string {
    if (range.start === range.end) return "the end of the file";
    // A string brings quotes of its own.
    if (/^"[^"]*"$/.test(this.text.slice(range.start, Math.min(range.end, range.start + 32))))
      return this.textOf(range);
    const text = Array.from(this.text.slice(range.start, range.start + 80));
    const length = Math.min(range.end - range.start, 80);
    return text.length > 32 && length > 32 ? `"${text.slice(0, 30).join("")}…"` : `"${this.textOf(range)}"`;
  }

  // --- Moving -----------------------------------------------------------------------------------------------------

  advance(): Range {
    const range = this.range;
    if (this.kind !== "end") this.index += 1;
    return range;
  }

  accept(kind: TokenKind): boolean {
    if (!this.at(kind)) return false;
    this.advance();
    return true;
  }

  acceptWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.advance();
    return true;
  }

  rangeFrom(start: number): Range {
    return { start, end: Math.max(start, this.previousEnd) };
  }

  // --- Brackets ---------------------------------------------------------------------------------------------------

  /**
   * Reads an opening bracket, what `body` reads, and the closing one. When `body` stops early, the rest is skipped with
   * one problem; when the bracket is never closed, the problem is reported at the bracket.
   */
  bracketed(close: TokenKind, body: () => void): void {
    const opener = this.index;
    const closer = this.tokens.closers[opener]!;
    const outer = { boundary: this.boundary, insideClosedBracket: this.insideClosedBracket };
    const openRange = this.advance();
    this.insideClosedBracket = closer >= 0 && close !== "}";
    if (closer >= 0) this.boundary = closer;
    body();
    this.boundary = outer.boundary;
    this.insideClosedBracket = outer.insideClosedBracket;
    if (closer < 0) {
      this.reportUnclosed(openRange, close);
      return;
    }
    if (this.index < closer) {
      if (close === "}" && this.startsDeclaration()) {
        // The declaration is worth more than the bracket: it is read as if the missing "}" stood before it.
        this.report(`A "}" is missing before ${this.quote()}.`, this.range);
        return;
      }
      this.report(`Did not expect ${this.quote()} here.`, this.range);
      this.index = closer;
    }
    this.advance();
  }

  /** Whether the bracket the cursor stands before is closed somewhere. */
  isClosed(): boolean {
    return this.tokens.closers[this.index]! >= 0;
  }

  private reportUnclosed(range: Range, close: TokenKind): void {
    const message = `This "${openingOf[close]}" is never closed.`;
    // A missing "}" is news even where a statement before it is unfinished too.
    if (close === "}") this.problems.add(message, range);
    else this.report(message, range);
  }

  // --- Problems and recovery --------------------------------------------------------------------------------------

  /** Of the problems found before the cursor moves on only the first is kept: the others follow from it. */
  report(message: string, range: Range): void {
    if (this.reportedAt === this.index) return;
    this.reportedAt = this.index;
    this.problems.add(message, range);
  }

  /** What is found from here on no longer follows from the problem before it. */
  startAfresh(): void {
    this.reportedAt = -1;
  }

  /** Something is missing after the token read last, which is where the user should look. */
  reportMissing(what: string): void {
    const previous = this.previousRange;
    if (this.index === 0) this.report(`Expected ${what}.`, this.range);
    else this.report(`Expected ${what} after ${this.quote(previous)}.`, previous);
  }

  allProblems(): SyntaxProblem[] {
    return this.problems.inOrder();
  }

  /** Runs `parse` one level deeper, or gives nothing, with a problem reported and the rest skipped, when that is too deep. */
  nested<T>(parse: () => T): T | undefined {
    if (this.nesting >= maximumNesting) {
      this.report(
        `This is nested too deeply: more than ${maximumNesting} levels. Give a part of it a name of its own.`,
        this.range,
      );
      this.skipToStatement();
      return undefined;
    }
    this.nesting += 1;
    const result = parse();
    this.nesting -= 1;
    return result;
  }

  /** Whether a chain has grown too long; then the rest of it is skipped, with a problem. */
  chainEnds(): boolean {
    if (this.height < maximumHeight) return false;
    this.report(`This expression is too long: more than ${maximumHeight} links. Split it with a name.`, this.range);
    this.skipToStatement();
    return true;
  }

  /**
   * Whether the next token begins a statement or declaration although something else is expected: the line before it was
   * left unfinished. Only here do line ends matter: a statement is recognized at the beginning of a line and by its first
   * two tokens, which no expression has (but for a value called "step" or "data" that stands on a line of its own).
   * Inside brackets that are closed nothing begins.
   */
  atNewStatement(): boolean {
    return !this.insideClosedBracket && this.isFirstOnLine() && this.startsStatement();
  }

  /** Passes over everything up to the next statement, declaration or the bracket around the cursor. */
  skipToStatement(): void {
    while (this.index < this.boundary && !this.atNewStatement() && !(this.surroundings !== "file" && this.at("}"))) {
      // What stands in braces belongs to what is being skipped.
      const closer = this.surroundings !== "file" && this.at("{") ? this.tokens.closers[this.index]! : -1;
      if (closer >= 0 && closer < this.boundary) this.index = closer;
      this.advance();
    }
  }

  /** A declaration by its first two tokens, such as `network` and a name. */
  startsDeclaration(): boolean {
    if (!this.at("identifier")) return false;
    const range = this.range;
    if (range.end - range.start > 7) return false;
    const follower = declarationWords[this.textOf(range)];
    if (follower === undefined) return false;
    return this.kindAfter() === (follower === "string" ? "string" : "identifier");
  }

  private startsStatement(): boolean {
    if (!this.at("identifier")) return false;
    const next = this.kindAfter();
    const continues = !this.isFirstOnLine(1);
    if (continues && this.startsDeclaration()) return true;
    switch (this.surroundings) {
      case "file":
        return false;
      case "network":
        if (next === "=" || this.atWord("return")) return true;
        return continues && next === "identifier" && ["param", "const", "layer"].some((word) => this.atWord(word));
      case "train":
        return next === ":";
      case "check":
        if (next === ":") return true;
        if (this.atWord("step")) return !continues || next === "}" || next === "end";
        return continues && isStartOfValue(next) && (this.atWord("given") || this.atWord("expect"));
      default:
        return this.surroundings satisfies never;
    }
  }

  // --- Documentation ----------------------------------------------------------------------------------------------

  /** The comment lines right above the next token; a blank line between parts them from it. */
  documentation(): string {
    const comments = this.comments;
    while (this.nextComment < comments.length && comments[this.nextComment]!.range.end <= this.start) {
      this.nextComment += 1;
    }
    const lines: string[] = [];
    let below = this.start;
    for (let index = this.nextComment - 1; index >= 0; index--) {
      const { range, text } = comments[index]!;
      // A comment behind code on the same line belongs to that code.
      const standsAlone = range.start >= this.previousEnd && this.isAlone(range.start);
      if (!standsAlone || !isOneLineBreak(this.text, range.end, below)) break;
      lines.unshift(text);
      below = range.start;
    }
    return lines.join("\n");
  }

  private isAlone(offset: number): boolean {
    let before = offset - 1;
    while (before >= 0 && /[^\S\r\n]/.test(this.text[before]!)) before -= 1;
    return before < 0 || /[\r\n]/.test(this.text[before]!);
  }

  private isWord(index: number, word: string): boolean {
    const { kinds, starts, ends } = this.tokens;
    const start = starts[index]!;
    return kinds[index] === "identifier" && ends[index]! - start === word.length && this.text.startsWith(word, start);
  }
}

const openingOf: Partial<Record<TokenKind, TokenKind>> = { ")": "(", "]": "[", "}": "{" };

export function isStartOfValue(kind: TokenKind): boolean {
  return (
    kind === "identifier" || kind === "number" || kind === "string" || kind === "(" || kind === "[" || kind === "-"
  );
}

function isOneLineBreak(text: string, start: number, end: number): boolean {
  return /^[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*$/.test(text.slice(start, end));
}
