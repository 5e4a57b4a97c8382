// Expressions, by falling precedence: postfix, "^", unary "-", "* / @", "+ -", comparisons, "->".

import type { Range } from "../../../engine/protocol/text";
import type {
  Argument,
  BinaryOperator,
  CallExpression,
  Expression,
  Identifier,
  IndexItem,
  MissingExpression,
  NameExpression,
  Stage,
  StringLiteral,
} from "../ast";
import type { TokenKind } from "../lexer";
import { precedences } from "../operators";
import { type Cursor, isStartOfValue } from "./cursor";

/** "^" is parsed on its own: it is right-associative, and a sign may follow it. */
const { "^": _, ...leftAssociative } = precedences;
const precedenceOf: Partial<Record<TokenKind, number>> = leftAssociative;
const comparison = precedences["=="];

/** Any expression: a pipeline or what may be its source. Always gives a node, a missing one where there is nothing. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => parsePipeline(cursor)) ?? missing(cursor);
}

/** A value followed by members and indices, such as `h1.W`: what `given` sets. */
export function parsePostfix(cursor: Cursor): Expression {
  const start = cursor.start;
  let object = parsePrimary(cursor);
  const continues = () => cursor.at(".") || ((cursor.at("[") || cursor.at("(")) && object.kind !== "missing");
  while (continues() && !cursor.chainEnds()) {
    if (cursor.at(".")) {
      cursor.advance();
      const property = parseIdentifier(cursor, "a name");
      object = { kind: "member", range: rangeFrom(cursor, start, object), object, property };
    } else if (cursor.at("[")) {
      const height = cursor.height;
      const indices: IndexItem[] = [];
      parseList(cursor, "]", () => indices.push(parseIndex(cursor)));
      if (indices.length === 0) cursor.report('Expected an index between "[" and "]".', cursor.previousRange);
      object = { kind: "index", range: rangeFrom(cursor, start, object), object, indices };
      cursor.height = Math.max(height, cursor.height);
    } else {
      cursor.report("Only a layer or function can be called, by its name.", cursor.range);
      parseArguments(cursor);
    }
    cursor.height += 1;
  }
  return object;
}

/** A name, or an empty one with a problem. A name that begins the next statement is left to it. */
export function parseIdentifier(cursor: Cursor, expected: string): Identifier {
  if (cursor.at("identifier") && !cursor.atNewStatement()) {
    const range = cursor.advance();
    return { kind: "identifier", range, name: nameIn(cursor, range) };
  }
  cursor.reportMissing(expected);
  return { kind: "identifier", range: { start: cursor.previousEnd, end: cursor.previousEnd }, name: "" };
}

/** `(value, name: value)`, the parentheses included. */
export function parseArguments(cursor: Cursor): Argument[] {
  const list: Argument[] = [];
  // Of an unclosed `Dense(2 -> ReLU` the arrow begins the next stage: the missing ")" is all that is wrong.
  const isClosed = cursor.isClosed();
  const parseValue = isClosed ? parseExpression : parseStageless;
  parseList(cursor, ")", () => list.push(parseArgument(cursor, parseValue)));
  if (!isClosed && list.length === 0) {
    const value = missing(cursor);
    list.push({ kind: "argument", range: value.range, value });
  }
  return list;
}

/** Items between brackets, parted by commas; a comma may stand behind the last one. */
export function parseList(cursor: Cursor, close: TokenKind, parseItem: () => void): void {
  let height = 0;
  cursor.bracketed(close, () => {
    while (!cursor.at(close) && !cursor.at("end") && !cursor.atNewStatement()) {
      const before = cursor.position;
      parseItem();
      height = Math.max(height, cursor.height);
      if (cursor.accept(",")) continue;
      if (cursor.position === before || !isStartOfValue(cursor.kind) || cursor.atNewStatement()) break;
      cursor.report(`Expected "," before ${cursor.quote()}.`, cursor.range);
    }
  });
  cursor.height = height;
}

export function parseString(cursor: Cursor): StringLiteral {
  const range = cursor.advance();
  return { kind: "string", range, value: stringValue(cursor, range) };
}

export function missing(cursor: Cursor): MissingExpression {
  cursor.height = 1;
  return { kind: "missing", range: { start: cursor.previousEnd, end: cursor.previousEnd } };
}

/**
 * From `start`, where the first token stands (perhaps a parenthesis, which is in no node), to here. A first part that is
 * missing lies before `start`, at the end of the token before.
 */
export function rangeFrom(cursor: Cursor, start: number, first: Expression): Range {
  return cursor.rangeFrom(Math.min(start, first.range.start));
}

/** An expression without `->`. */
function parseStageless(cursor: Cursor): Expression {
  return cursor.nested(() => parseBinary(cursor, comparison)) ?? missing(cursor);
}

// --- Pipelines --------------------------------------------------------------------------------------------------------

function parsePipeline(cursor: Cursor): Expression {
  const start = cursor.start;
  const source = parseBinary(cursor, comparison);
  if (!cursor.at("->")) return source;
  const stages: Stage[] = [];
  let height = cursor.height;
  while (cursor.at("->")) {
    stages.push(parseStage(cursor));
    height = Math.max(height, cursor.height + 1);
  }
  cursor.height = height + 1;
  const pipeline: Expression = { kind: "pipeline", range: rangeFrom(cursor, start, source), source, stages };
  if (precedenceOf[cursor.kind] === undefined && !cursor.at("^")) return pipeline;
  cursor.report(
    `Put the pipeline in parentheses before ${cursor.quote()}: "->" binds weaker than any other operator.`,
    cursor.range,
  );
  return parseOperators(cursor, comparison, start, pipeline);
}

function parseStage(cursor: Cursor): Stage {
  const start = cursor.start;
  cursor.advance();
  const call = parseStageCall(cursor);
  let height = cursor.height;
  let repeat: Expression | undefined;
  let alias: Identifier | undefined;
  // A word that is followed by "=" or ":" begins the next statement, whatever it is.
  while (cursor.at("identifier") && cursor.kindAfter() !== "=" && cursor.kindAfter() !== ":") {
    if (cursor.atWord("as")) {
      if (alias) cursor.report("This stage has a name already.", cursor.range);
      cursor.advance();
      const name = parseIdentifier(cursor, "a name");
      alias ??= name;
    } else if (cursor.atWord("repeat")) {
      if (repeat) cursor.report("This stage is repeated already.", cursor.range);
      cursor.advance();
      const count = parseBinary(cursor, comparison);
      height = Math.max(height, cursor.height);
      repeat ??= count;
    } else {
      break;
    }
  }
  cursor.height = height + 1;
  return {
    kind: "stage",
    range: cursor.rangeFrom(start),
    call,
    ...(repeat && { repeat }),
    ...(alias && { alias }),
  };
}

/** The callee of a stage. Other values are read too, so that the pipeline goes on behind them, but are not in the tree. */
function parseStageCall(cursor: Cursor): Stage["call"] {
  const expected = "a layer";
  const example = 'Expected a layer after "->", such as Dense(64).';
  const arrow = cursor.previousRange;
  const isNameHere = cursor.at("identifier") && !cursor.atNewStatement() && !isStageWord(cursor);
  if (!isNameHere) {
    const here = missing(cursor);
    const hasOtherValue = isStartOfValue(cursor.kind) && !cursor.at("identifier");
    cursor.report(example, hasOtherValue ? cursor.range : arrow);
    if (hasOtherValue) parseUnary(cursor);
    cursor.height = 1;
    return here;
  }
  const call = parseName(cursor, parseIdentifier(cursor, expected));
  if (cursor.at(".") || cursor.at("[")) {
    cursor.report(`Put the pipeline in parentheses before ${cursor.quote()}, as in (x -> Dense(3)).T.`, cursor.range);
    const height = cursor.height;
    while (cursor.at(".") || cursor.at("[")) {
      if (cursor.at("[")) parseList(cursor, "]", () => parseIndex(cursor));
      else {
        cursor.advance();
        if (!cursor.atNewStatement()) cursor.accept("identifier");
      }
    }
    cursor.height = height;
  }
  return call;
}

/** `as name` and `repeat 3` where the layer before them is missing. */
function isStageWord(cursor: Cursor): boolean {
  if (cursor.isFirstOnLine(1)) return false;
  if (cursor.atWord("as")) return cursor.kindAfter() === "identifier";
  return cursor.atWord("repeat") && (cursor.kindAfter() === "number" || cursor.kindAfter() === "identifier");
}

// --- Operators --------------------------------------------------------------------------------------------------------

function parseBinary(cursor: Cursor, lowest: number): Expression {
  const start = cursor.start;
  return parseOperators(cursor, lowest, start, parseUnary(cursor));
}

/** Precedence climbing: the operators that follow `left` and bind at least as tight as `lowest`. */
function parseOperators(cursor: Cursor, lowest: number, start: number, left: Expression): Expression {
  let result = left;
  let compared = false;
  while (true) {
    const operator = cursor.kind;
    const precedence = precedenceOf[operator];
    if (precedence === undefined || precedence < lowest || cursor.chainEnds()) break;
    if (precedence === comparison) {
      if (compared) cursor.report("Only two values can be compared at a time.", cursor.range);
      compared = true;
    }
    cursor.advance();
    const height = cursor.height;
    const right = parseBinary(cursor, precedence + 1);
    cursor.height = Math.max(height, cursor.height) + 1;
    result = {
      kind: "binary",
      range: rangeFrom(cursor, start, result),
      operator: operator as BinaryOperator,
      left: result,
      right,
    };
  }
  return result;
}

/** "-" binds weaker than "^" before it and tighter than it behind: -2^2 is -(2^2), 2^-1 is 2^(-1). */
function parseUnary(cursor: Cursor): Expression {
  if (!cursor.at("-")) return parsePower(cursor);
  const start = cursor.start;
  cursor.advance();
  const operand = cursor.nested(() => parseUnary(cursor)) ?? missing(cursor);
  cursor.height += 1;
  return { kind: "unary", range: cursor.rangeFrom(start), operator: "-", operand };
}

function parsePower(cursor: Cursor): Expression {
  const start = cursor.start;
  const left = parsePostfix(cursor);
  if (cursor.at("**")) cursor.report('Write "^" for a power.', cursor.range);
  else if (!cursor.at("^")) return left;
  const height = cursor.height;
  cursor.advance();
  const right = cursor.nested(() => parseUnary(cursor)) ?? missing(cursor);
  cursor.height = Math.max(height, cursor.height) + 1;
  return { kind: "binary", range: rangeFrom(cursor, start, left), operator: "^", left, right };
}

// --- Values -----------------------------------------------------------------------------------------------------------

function parsePrimary(cursor: Cursor): Expression {
  if (cursor.atNewStatement()) return reportMissingValue(cursor);
  cursor.height = 1;
  switch (cursor.kind) {
    case "identifier":
      return parseWord(cursor);
    case "number":
      return parseNumber(cursor);
    case "string":
      return parseString(cursor);
    case "[":
      return parseTensor(cursor);
    case "(":
      return parseParentheses(cursor);
    default:
      return reportMissingValue(cursor);
  }
}

function reportMissingValue(cursor: Cursor): Expression {
  const beforeOperator = precedenceOf[cursor.kind] !== undefined || cursor.at("^") || cursor.at("**") || cursor.at(".");
  if (beforeOperator) {
    cursor.report(`Expected a value before ${cursor.quote()}.`, cursor.range);
  } else if (cursor.at("unknown") || cursor.at("{")) {
    cursor.report(`Expected a value instead of ${cursor.quote()}.`, cursor.range);
  } else {
    cursor.reportMissing("a value");
  }
  return missing(cursor);
}

function parseWord(cursor: Cursor): Expression {
  const identifier = parseIdentifier(cursor, "a name");
  if (identifier.name === "true" || identifier.name === "false") {
    return { kind: "boolean", range: identifier.range, value: identifier.name === "true" };
  }
  return parseName(cursor, identifier);
}

function parseName(cursor: Cursor, callee: Identifier): CallExpression | NameExpression {
  if (!cursor.at("(")) {
    cursor.height = 1;
    return { kind: "name", range: callee.range, name: callee.name };
  }
  const list = parseArguments(cursor);
  cursor.height += 1;
  return { kind: "call", range: cursor.rangeFrom(callee.range.start), callee, arguments: list };
}

function parseArgument(cursor: Cursor, parseValue: (cursor: Cursor) => Expression): Argument {
  const start = cursor.start;
  const followed = cursor.kindAfter();
  if (!cursor.at("identifier") || (followed !== ":" && followed !== "=")) {
    const value = parseValue(cursor);
    return { kind: "argument", range: rangeFrom(cursor, start, value), value };
  }
  const name = parseIdentifier(cursor, "a name");
  if (followed === "=") cursor.report(`Write ":" between an argument and its value: "${name.name}: …".`, cursor.range);
  cursor.advance();
  const value = parseValue(cursor);
  return { kind: "argument", range: cursor.rangeFrom(start), name, value };
}

function parseIndex(cursor: Cursor): IndexItem {
  const begin = cursor.start;
  const start = cursor.at(":") ? undefined : parseExpression(cursor);
  if (!cursor.at(":")) return { kind: "at", index: start ?? missing(cursor) };
  cursor.advance();
  const end = isStartOfValue(cursor.kind) && !cursor.atNewStatement() ? parseExpression(cursor) : undefined;
  const range = start ? rangeFrom(cursor, begin, start) : cursor.rangeFrom(begin);
  if (cursor.at(":")) {
    cursor.report("A slice has a start and an end, no step.", cursor.range);
    cursor.advance();
    if (isStartOfValue(cursor.kind)) parseExpression(cursor);
  }
  return { kind: "slice", range, ...(start && { start }), ...(end && { end }) };
}

function parseTensor(cursor: Cursor): Expression {
  const start = cursor.start;
  const elements: Expression[] = [];
  parseList(cursor, "]", () => elements.push(parseExpression(cursor)));
  cursor.height += 1;
  return { kind: "list", range: cursor.rangeFrom(start), elements };
}

/** `(a)` is `a`; `(a, b)` is a tuple, and so is `(a,)`, as in Python. */
function parseParentheses(cursor: Cursor): Expression {
  const start = cursor.start;
  const elements: Expression[] = [];
  let commas = 0;
  let height = 0;
  cursor.bracketed(")", () => {
    while (!cursor.at(")") && !cursor.at("end") && !cursor.atNewStatement()) {
      const before = cursor.position;
      elements.push(parseExpression(cursor));
      height = Math.max(height, cursor.height);
      if (cursor.accept(",")) {
        commas += 1;
      } else if (cursor.position === before || !isStartOfValue(cursor.kind) || cursor.atNewStatement()) {
        break;
      } else {
        cursor.report(`Expected "," or an operator before ${cursor.quote()}.`, cursor.range);
      }
    }
  });
  const [first] = elements;
  if (!first) {
    cursor.report('Expected a value between "(" and ")".', cursor.rangeFrom(start));
    return missing(cursor);
  }
  if (elements.length === 1 && commas === 0) return first;
  cursor.height = height + 1;
  return { kind: "tuple", range: cursor.rangeFrom(start), elements };
}

// --- Literals ---------------------------------------------------------------------------------------------------------

function parseNumber(cursor: Cursor): Expression {
  const range = cursor.advance();
  const written = cursor.textOf(range);
  const value = Number(written.replaceAll("_", ""));
  if (!Number.isFinite(value)) cursor.report(`${cursor.quote(range)} is too large a number.`, range);
  // "2x" is two tokens; the second would be reported as something unexpected, which explains nothing.
  if (cursor.at("identifier") && cursor.touchesPrevious()) {
    const both = { start: range.start, end: cursor.range.end };
    const product = `${written} * ${cursor.textOf(cursor.range)}`;
    cursor.report(
      both.end - both.start > 40
        ? "A name cannot begin with a digit."
        : `"${cursor.textOf(both)}" is neither a number nor a name. To multiply, write "${product}".`,
      both,
    );
    cursor.advance();
    return { kind: "number", range, value };
  }
  return { kind: "number", range, value };
}

const simpleEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", '"': '"', "'": "'", "\\": "\\" };

/** The value of a string token. An unknown escape keeps its backslash: the path "data\iris.csv" stays readable. */
function stringValue(cursor: Cursor, range: Range): string {
  const written = cursor.textOf(range);
  const quote = written[0]!;
  const inside = written.slice(1, isClosedString(written) ? -1 : undefined);
  if (!isClosedString(written)) cursor.report(`This string is never closed: end it with ${quote}.`, range);
  else if (quote === "'") cursor.report('Strings stand in double quotes: "…".', range);
  if (!inside.includes("\\")) return inside;
  return inside.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|(.))/gsu,
    (sequence, braced, four, simple, at) => {
      const code = braced ?? four;
      if (code !== undefined && Number.parseInt(code, 16) <= 0x10ffff) {
        return String.fromCodePoint(Number.parseInt(code, 16));
      }
      const character = simple === undefined ? undefined : simpleEscapes[simple];
      if (character !== undefined) return character;
      const start = range.start + 1 + Number(at);
      cursor.report(`"${sequence}" is no escape. Write "\\\\" for a backslash.`, {
        start,
        end: start + sequence.length,
      });
      return sequence;
    },
  );
}

/** Whether the text of a string token ends in a quote of its own that no backslash takes away. */
function isClosedString(written: string): boolean {
  if (written.length < 2 || written[written.length - 1] !== written[0]) return false;
  let backslashes = 0;
  while (written[written.length - 2 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 0;
}

/** A name as Unicode composes it. Plain names, nearly all, are not sent through the composing: it would take half the time. */
export function nameIn(cursor: Cursor, range: Range): string {
  const written = cursor.textOf(range);
  return beyondAscii.test(written) ? written.normalize("NFC") : written;
}

const beyondAscii = /[^ -~]/;
