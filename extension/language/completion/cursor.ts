// Text, tree and offset → what may stand at the cursor. Reads the tokens of the declaration around the cursor, up to the
// cursor: what is still missing behind it does not matter. Knows the grammar and no names.

import type { Range } from "../../../engine/protocol/text";
import type { Declaration, SourceFile } from "../ast";
import { type Token, type TokenKind, tokenize } from "../lexer";

/** What the grammar allows at the cursor. */
export type Position =
  | { readonly kind: "nothing" }
  /** A new declaration. */
  | { readonly kind: "declaration" }
  | { readonly kind: "import" }
  /** A network's name in the head of a train or check. */
  | { readonly kind: "network" }
  | { readonly kind: "data" }
  | { readonly kind: "training" }
  /** One of some words of the language. */
  | { readonly kind: "word"; readonly words: readonly Word[] }
  /** What a data set is read or made from. */
  | { readonly kind: "source" }
  /** Behind the ":" of an input. */
  | { readonly kind: "type" }
  | { readonly kind: "statement" }
  | { readonly kind: "setting" }
  | { readonly kind: "checkStatement" }
  /** Behind "->". */
  | { readonly kind: "stage" }
  | { readonly kind: "sharedLayer" }
  /** An expression. */
  | { readonly kind: "value" }
  | { readonly kind: "initializer" }
  /** What `given` sets. */
  | { readonly kind: "given" }
  /** Attributes and numbers. */
  | { readonly kind: "constant" }
  /** Behind ".": of what, `["r1", "h"]` for `r1.h.`, empty when it is no name; and whether `given` sets it. */
  | { readonly kind: "member"; readonly owner: readonly string[]; readonly isGiven: boolean }
  | { readonly kind: "settingValue"; readonly key: string; readonly inList: boolean }
  /** In the parentheses of `call`, where an argument or its value begins. */
  | { readonly kind: "argument"; readonly call: CallAt };

export type Word = "on" | "after" | "as" | "repeat";

/** A call around the cursor, as far as it is written. */
export interface CallAt {
  readonly callee: string;
  readonly calleeRange: Range;
  /** The head of a train or check, or an ordinary call. */
  readonly head: "train" | "check" | undefined;
  /** Something is piped into it. */
  readonly piped: boolean;
  /** Names of the arguments before the cursor, undefined for those without; the last one is the cursor's. */
  readonly names: readonly (string | undefined)[];
  /** Names given anywhere in the parentheses. */
  readonly given: ReadonlySet<string>;
  /** The texts of the arguments before the cursor's. */
  readonly before: readonly string[];
}

export interface Cursor {
  readonly position: Position;
  /** The declaration around the cursor. */
  readonly declaration: Declaration | undefined;
  /** The innermost call around the cursor, also from inside a list or group in its parentheses. */
  readonly call: CallAt | undefined;
  /** The word or text before the cursor that is being written. */
  readonly range: Range;
  /** The same with what follows the cursor. */
  readonly replacing: Range;
  /** Whether the cursor stands inside quotes; `range` is what is inside, then. */
  readonly inString: boolean;
}

/** Undefined in comments and, unless they are asked for, in numbers: nothing can be proposed there. */
export function readCursor(
  text: string,
  tree: SourceFile,
  offset: number,
  options: { readonly inNumbers?: boolean } = {},
): Cursor | undefined {
  const { declaration, tokens } = tokensBefore(text, tree, offset);
  const last = tokens.at(-1);
  const touches = last !== undefined && last.end === offset;
  if (touches && (last.kind === "comment" || (last.kind === "number" && !options.inNumbers))) return undefined;
  const inString = touches && last.kind === "string" && !isClosed(text.slice(last.start, last.end));
  const isWord = touches && last.kind === "identifier";
  const start = inString ? last.start + 1 : isWord ? last.start : offset;
  const meaningful = tokens.filter(({ kind }) => kind !== "space" && kind !== "comment" && kind !== "unknown");
  if (inString || isWord) meaningful.pop();
  const before = new Before(text, meaningful, declaration, inString ? last.start : start);
  return {
    position: before.position(),
    declaration: before.isBehindDeclaration() ? undefined : declaration,
    call: before.innermostCall(),
    range: { start, end: offset },
    replacing: { start, end: inString ? endOfString(text, offset) : endOfWord(text, offset) },
    inString,
  };
}

interface Tokens {
  readonly declaration: Declaration | undefined;
  /** From the beginning of the declaration to the cursor. */
  readonly tokens: readonly Token[];
}

function tokensBefore(text: string, { declarations }: SourceFile, offset: number): Tokens {
  let index = declarations.findLastIndex(({ range }) => range.start < offset);
  for (;;) {
    const declaration = declarations[index];
    const from = declaration?.range.start ?? 0;
    const tokens = tokenize(text.slice(from, offset)).map(({ kind, start, end }) => ({
      kind,
      start: start + from,
      end: end + from,
    }));
    // The first word of a declaration that is just being written belongs to what stands before it.
    const [first] = tokens;
    if (declaration === undefined || tokens.length > 1 || first?.kind !== "identifier") return { declaration, tokens };
    index -= 1;
  }
}

function isClosed(written: string): boolean {
  const quote = written[0];
  let at = 1;
  while (at < written.length && written[at] !== quote) at += written[at] === "\\" ? 2 : 1;
  return at < written.length;
}

function endOfWord(text: string, offset: number): number {
  return offset + /^[\p{L}\p{Nl}\p{M}\p{Nd}_]*/u.exec(text.slice(offset, offset + 200))![0].length;
}

function endOfString(text: string, offset: number): number {
  return offset + /^[^"'\r\n]*/.exec(text.slice(offset, offset + 1000))![0].length;
}

const nothing: Position = { kind: "nothing" };
const operators: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "+",
  "-",
  "*",
  "/",
  "@",
  "^",
  "**",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
]);

/** The meaningful tokens before the cursor, with the brackets that are open there. */
class Before {
  /** Indices of the open brackets, outermost first. */
  private readonly open: number[] = [];
  /** For each closing bracket the index of the one that opened it. */
  private readonly opener = new Map<number, number>();
  /** The "}" that ends the declaration. */
  private bodyEnd: number | undefined;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
    private readonly declaration: Declaration | undefined,
    private readonly start: number,
  ) {
    for (const [index, { kind }] of tokens.entries()) {
      if (kind === "(" || kind === "[" || kind === "{") this.open.push(index);
      else if (kind === ")" || kind === "]" || kind === "}") this.close(index, kind);
    }
  }

  /** A "}" gives up the brackets opened since its "{"; the others close what fits. */
  private close(index: number, kind: ")" | "]" | "}"): void {
    const opening = { ")": "(", "]": "[", "}": "{" }[kind];
    const found = this.open.findLastIndex((at) => this.kind(at) === opening);
    if (found < 0 || (kind !== "}" && this.open.slice(found).some((at) => this.kind(at) === "{"))) return;
    this.opener.set(index, this.open[found]!);
    this.open.length = found;
    if (kind === "}" && found === 0) this.bodyEnd = index;
  }

  isBehindDeclaration(): boolean {
    if (this.declaration === undefined || this.open.length > 0) return false;
    if (this.bodyEnd !== undefined) return true;
    const hasNoBody = this.declaration.kind === "data" || this.declaration.kind === "import";
    return hasNoBody && this.tokens.length > 1 && this.isComplete(this.last) && this.beginsLine();
  }

  position(): Position {
    if (this.declaration === undefined || this.isBehindDeclaration()) {
      return this.open.length > 0 ? nothing : { kind: "declaration" };
    }
    return this.at(this.last, this.open);
  }

  innermostCall(): CallAt | undefined {
    if (this.declaration === undefined) return undefined;
    for (let depth = this.open.length - 1; depth >= 0; depth--) {
      if (this.kind(this.open[depth]!) === "{") return undefined;
      const call = this.callOf(this.open, depth);
      if (call) return call;
    }
    return undefined;
  }

  // Positions. `last` is the index of the token before the place, `open` the brackets around it.

  private at(last: number, open: readonly number[]): Position {
    const bracket = open.at(-1);
    if (bracket === undefined) return this.inHead(last);
    switch (this.kind(bracket)) {
      case "(":
        return this.inParentheses(last, open);
      case "[":
        return this.inList(last, open);
      default:
        return this.word(bracket - 1) === "return" ? this.inOutputs(last) : this.inBody(last);
    }
  }

  private inHead(last: number): Position {
    const kind = this.declaration!.kind;
    const word = this.word(last);
    switch (kind) {
      case "import":
        return last === 0 ? { kind: "import" } : nothing;
      case "data":
        if (this.kind(last) === "=") return { kind: "source" };
        return nothing;
      case "network":
      case "block":
        return nothing;
      case "train":
        if (last === 0) return { kind: "network" };
        if (word === "on" && last > 1) return { kind: "data" };
        if (word === "as") return nothing;
        if (this.word(last - 1) === "as") return nothing;
        if (this.word(last - 1) === "on") return { kind: "word", words: ["as"] };
        return { kind: "word", words: ["on"] };
      case "check":
        if (word === "on") return { kind: "network" };
        if (word === "after") return { kind: "training" };
        return this.kind(last) === "string" ? { kind: "word", words: ["on", "after"] } : nothing;
      default:
        return kind satisfies never;
    }
  }

  private inParentheses(last: number, open: readonly number[]): Position {
    if (this.isSignature(open)) return this.inSignature(last);
    const call = this.callOf(open, open.length - 1);
    if (call === undefined) return this.inExpression(last);
    const begins = this.kind(last) === "(" || this.kind(last) === ",";
    const valueBegins = this.kind(last) === ":" && this.isArgumentName(last - 1, open.at(-1)!);
    return begins || valueBegins ? { kind: "argument", call } : this.inExpression(last);
  }

  /** The parentheses in the head of a network or block. */
  private isSignature(open: readonly number[]): boolean {
    const { kind } = this.declaration!;
    return (kind === "network" || kind === "block") && open.length === 1;
  }

  private inSignature(last: number): Position {
    if (this.kind(last) === ":") return { kind: "type" };
    return this.kind(last) === "=" ? { kind: "constant" } : nothing;
  }

  private inList(last: number, open: readonly number[]): Position {
    const bracket = open.at(-1)!;
    const begins = last === bracket || this.kind(last) === "," || operators.has(this.kind(last));
    if (!begins) return this.kind(last) === "." ? this.inExpression(last) : nothing;
    if (this.touches(bracket) && this.isComplete(bracket - 1)) return { kind: "constant" };
    const outer = this.at(bracket - 1, open.slice(0, -1));
    if (outer.kind === "settingValue") return { ...outer, inList: true };
    return { kind: "constant" };
  }

  /** `return { probs: … }` */
  private inOutputs(last: number): Position {
    if (this.kind(last) === ":") return { kind: "value" };
    return this.kind(last) === "{" || this.kind(last) === "," ? nothing : this.inExpression(last);
  }

  private inBody(last: number): Position {
    switch (this.declaration!.kind) {
      case "train":
        return this.inSettings(last, { kind: "setting" });
      case "check":
        return this.inCheck(last);
      default:
        return this.inNetwork(last);
    }
  }

  private inNetwork(last: number): Position {
    if (this.kind(last) === "{") return { kind: "statement" };
    if (this.kind(last) === "=") return this.behindEqualSign(last);
    if (this.startsStatement(last)) {
      if (this.word(last) === "return") return { kind: "value" };
      if (["param", "const", "layer"].includes(this.word(last)) && !this.beginsLine()) return nothing;
    }
    if (this.isComplete(last) && this.beginsLine()) return { kind: "statement" };
    return this.inExpression(last);
  }

  private behindEqualSign(equals: number): Position {
    let name = equals - 1;
    if (this.kind(name) === "]") name = (this.opener.get(name) ?? name) - 2;
    const word = this.word(name - 1);
    if (word === "param" || word === "const") return { kind: "initializer" };
    return word === "layer" ? { kind: "sharedLayer" } : { kind: "value" };
  }

  private inSettings(last: number, statement: Position): Position {
    if (this.kind(last) === "{") return statement;
    if (this.kind(last) === ":") return { kind: "settingValue", key: this.word(last - 1), inList: false };
    if (this.isComplete(last) && this.beginsLine()) return statement;
    return this.inExpression(last);
  }

  private inCheck(last: number): Position {
    const word = this.startsStatement(last) ? this.word(last) : "";
    if (word === "expect" && !this.isComplete(last + 1)) return { kind: "value" };
    if (word === "given") return { kind: "given" };
    if (word === "step") return { kind: "checkStatement" };
    if (this.kind(last) === "=") return { kind: "constant" };
    return this.inSettings(last, { kind: "checkStatement" });
  }

  /** Behind a token inside of an expression. */
  private inExpression(last: number): Position {
    const kind = this.kind(last);
    if (kind === "->") return { kind: "stage" };
    if (kind === ".") {
      let first = last - 1;
      while (this.isName(first) && this.kind(first - 1) === "." && this.isName(first - 2)) first -= 2;
      const owner: string[] = [];
      for (let at = first; at < last && this.isName(at); at += 2) owner.push(this.word(at));
      const isGiven = this.word(first - 1) === "given" && this.declaration!.kind === "check";
      return { kind: "member", owner: this.kind(first - 1) === "." ? [] : owner, isGiven };
    }
    if (operators.has(kind) || kind === "(" || kind === ",") return { kind: "value" };
    if (this.word(last) === "repeat" && this.isComplete(last - 1)) return { kind: "constant" };
    if (this.word(last) === "as" && this.isComplete(last - 1)) return nothing;
    return this.endsStage(last) ? { kind: "word", words: ["as", "repeat"] } : nothing;
  }

  private endsStage(last: number): boolean {
    let callee = last;
    if (this.kind(last) === ")") callee = (this.opener.get(last) ?? 0) - 1;
    else if (this.word(last - 1) === "repeat") return true;
    return this.isName(callee) && this.kind(callee - 1) === "->";
  }

  // Calls.

  private callOf(open: readonly number[], depth: number): CallAt | undefined {
    const bracket = open[depth]!;
    if (this.kind(bracket) !== "(" || this.isSignature(open.slice(0, depth + 1))) return undefined;
    const callee = bracket - 1;
    if (!this.isName(callee) || ["return", "expect", "given", "repeat"].includes(this.word(callee))) return undefined;
    const isHead = depth === 0 && (this.declaration!.kind === "train" || this.declaration!.kind === "check");
    const starts = [bracket, ...this.commas(bracket)];
    const names = starts.map((at) =>
      this.kind(at + 2) === ":" && this.isName(at + 1) ? this.word(at + 1) : undefined,
    );
    return {
      callee: this.word(callee),
      calleeRange: { start: this.tokens[callee]!.start, end: this.tokens[callee]!.end },
      head: isHead ? (this.declaration!.kind as "train" | "check") : undefined,
      piped: this.kind(callee - 1) === "->" || this.definesShared(callee),
      names,
      given: new Set([...names.filter((name) => name !== undefined), ...this.namesBehind()]),
      before: starts.slice(1).map((comma, index) => this.textBetween(starts[index]! + 1, comma)),
    };
  }

  /** `layer encoder = Dense(…)`: the layer gets its input later. */
  private definesShared(callee: number): boolean {
    return this.kind(callee - 1) === "=" && this.behindEqualSign(callee - 1).kind === "sharedLayer";
  }

  /** The commas directly inside of an open bracket. */
  private commas(bracket: number): number[] {
    const found: number[] = [];
    for (let index = this.last; index > bracket; index--) {
      const opener = this.opener.get(index);
      if (opener !== undefined) index = opener;
      else if (this.kind(index) === "," && !this.open.some((at) => at > bracket && at < index)) found.unshift(index);
    }
    return found;
  }

  private isArgumentName(index: number, bracket: number): boolean {
    return this.isName(index) && (index - 1 === bracket || this.kind(index - 1) === ",");
  }

  /** Names of arguments behind the cursor, up to the parenthesis that closes them. */
  private namesBehind(): string[] {
    const behind = tokenize(this.text.slice(this.start, this.start + 2000)).filter(
      ({ kind }) => kind !== "space" && kind !== "comment",
    );
    const names: string[] = [];
    let depth = 0;
    for (const [index, { kind, start, end }] of behind.entries()) {
      if (kind === "(" || kind === "[") depth += 1;
      if ((kind === ")" || kind === "]") && --depth < 0) return names;
      if (kind === "{" || kind === "}") return [];
      const isName = depth === 0 && kind === "identifier" && behind[index + 1]?.kind === ":";
      if (isName) names.push(this.text.slice(this.start + start, this.start + end));
    }
    return [];
  }

  // Tokens.

  private get last(): number {
    return this.tokens.length - 1;
  }

  private kind(index: number): TokenKind {
    return this.tokens[index]?.kind ?? "end";
  }

  /** The text of a name, else nothing. */
  private word(index: number): string {
    const token = this.tokens[index];
    return token?.kind === "identifier" ? this.text.slice(token.start, token.end).normalize("NFC") : "";
  }

  private isName(index: number): boolean {
    return this.kind(index) === "identifier";
  }

  /** Whether an expression may end with this token. */
  private isComplete(index: number): boolean {
    return ["identifier", "number", "string", ")", "]", "}"].includes(this.kind(index));
  }

  /** Whether a line break parts the token from the one before it. */
  private startsLine(index: number): boolean {
    const token = this.tokens[index];
    const before = this.tokens[index - 1];
    return token !== undefined && before !== undefined && /[\r\n]/.test(this.text.slice(before.end, token.start));
  }

  private startsStatement(index: number): boolean {
    return this.kind(index - 1) === "{" || this.startsLine(index);
  }

  /** Whether the cursor's word is the first of its line. */
  private beginsLine(): boolean {
    const last = this.tokens.at(-1);
    return last === undefined || /[\r\n]/.test(this.text.slice(last.end, this.start));
  }

  private touches(index: number): boolean {
    return this.tokens[index - 1]?.end === this.tokens[index]?.start;
  }

  private textBetween(from: number, to: number): string {
    const start = this.tokens[from]?.start ?? 0;
    return from >= to ? "" : this.text.slice(start, this.tokens[to - 1]!.end);
  }
}
