// Text → SourceFile: declarations and statements; expressions are in parser/expressions.ts. Recursive descent; never throws;
// takes time linear in the text; recovers at the next statement or declaration, so what follows an error is in the tree.
//
// No word is reserved but `return`, `true` and `false`. The others mean something by where they stand only:
//   - `import data network block train check` where a declaration may begin; inside a body when a name (or a string, for
//     import and check) follows, which no statement looks like;
//   - `param const layer` at the beginning of a statement, when a name follows: `layer = Dense(3)` binds a value "layer";
//   - `given expect step` at the beginning of a statement of a check, when no ":" follows: `step: 3` is a setting;
//   - `as repeat` behind a stage, when neither "=" nor ":" follows;
//   - `on after as` in the head of a train or check; `int float bool string` behind the ":" of an input.
// So `y = data -> Dense(step)` is a pipeline, and arguments may have any of these names.

import type {
  Argument,
  CheckStatement,
  CheckSubject,
  Declaration,
  Entry,
  Expression,
  Identifier,
  InputAnnotation,
  InputDeclaration,
  ReturnOutput,
  ReturnStatement,
  ShapeAnnotation,
  SourceFile,
  Statement,
  StringLiteral,
} from "./ast";
import { nearest } from "./nearest";
import { Cursor, isStartOfValue, type Surroundings } from "./parser/cursor";
import {
  missing,
  parseArguments,
  parseExpression,
  parseIdentifier,
  parseList,
  parsePostfix,
  parseString,
  rangeFrom,
} from "./parser/expressions";

export function parse(text: string): SourceFile {
  const cursor = new Cursor(text);
  const declarations: Declaration[] = [];
  while (!cursor.at("end")) {
    const declaration = parseDeclaration(cursor);
    if (declaration) declarations.push(declaration);
  }
  return {
    kind: "file",
    range: { start: 0, end: text.length },
    declarations,
    problems: cursor.allProblems(),
    comments: cursor.comments,
  };
}

// --- Declarations -----------------------------------------------------------------------------------------------------

const declarationParsers: Readonly<Record<string, (cursor: Cursor) => Declaration>> = {
  import: parseImport,
  data: parseData,
  network: (cursor) => parseNetwork(cursor, "network"),
  block: (cursor) => parseNetwork(cursor, "block"),
  train: parseTrain,
  check: parseCheck,
};

function parseDeclaration(cursor: Cursor): Declaration | undefined {
  const word = cursor.at("identifier") ? cursor.textOf(cursor.range) : "";
  if (Object.hasOwn(declarationParsers, word)) {
    cursor.startAfresh();
    return finished(cursor, declarationParsers[word]!(cursor));
  }
  // A "}" whose "{" is known was given up on together with what stood around it.
  if (cursor.accept("}")) return undefined;
  const next = cursor.kindAfter();
  const meant =
    (next === "identifier" || next === "string") && !cursor.isFirstOnLine(1)
      ? nearest(word, Object.keys(declarationParsers))
      : undefined;
  if (meant) {
    cursor.report(`There is no "${word}" declaration: did you mean "${meant}"?`, cursor.range);
    return finished(cursor, declarationParsers[meant]!(cursor));
  }
  cursor.report(
    `Expected a declaration instead of ${cursor.quote()}: import, data, network, block, train or check.`,
    cursor.range,
  );
  skipAtLeastOne(cursor);
  return undefined;
}

/** Whatever stands between a declaration and the next one is reported once. */
function finished(cursor: Cursor, declaration: Declaration): Declaration {
  const word = cursor.at("identifier") ? cursor.textOf(cursor.range) : "";
  if (cursor.at("end") || cursor.at("}") || Object.hasOwn(declarationParsers, word) || cursor.isFirstOnLine()) {
    return declaration;
  }
  cursor.report(`Did not expect ${cursor.quote()} here.`, cursor.range);
  cursor.skipToStatement();
  return declaration;
}

function parseImport(cursor: Cursor): Declaration {
  const { start, documentation } = begin(cursor);
  const path = parseRequiredString(cursor, 'a file in quotes, such as "blocks.nnet",');
  return { kind: "import", range: cursor.rangeFrom(start), documentation, path };
}

function parseData(cursor: Cursor): Declaration {
  const { start, documentation } = begin(cursor);
  const name = parseIdentifier(cursor, "a name");
  const source = parseAssigned(cursor, 'such as Csv("file.csv", target: label)');
  return { kind: "data", range: cursor.rangeFrom(start), documentation, name, source };
}

function parseNetwork(cursor: Cursor, kind: "network" | "block"): Declaration {
  const { start, documentation } = begin(cursor);
  const name = parseIdentifier(cursor, "a name");
  const inputs: InputDeclaration[] = [];
  if (cursor.at("(")) parseList(cursor, ")", () => inputs.push(parseInput(cursor)));
  else cursor.reportMissing(`the inputs of the ${kind}, such as (x: [2]),`);
  const body: Statement[] = [];
  parseBody(cursor, "network", () => {
    const statement = parseStatement(cursor);
    if (statement) body.push(statement);
  });
  return { kind, range: cursor.rangeFrom(start), documentation, name, inputs, body };
}

function parseInput(cursor: Cursor): InputDeclaration {
  const start = Math.min(cursor.start, cursor.at("identifier") ? cursor.start : cursor.previousEnd);
  const name = parseIdentifier(cursor, "the name of an input");
  const annotation: InputAnnotation = cursor.accept(":") ? parseAnnotation(cursor) : { kind: "none" };
  const value = cursor.accept("=") ? parseExpression(cursor) : undefined;
  return { kind: "input", range: cursor.rangeFrom(start), name, annotation, ...(value && { default: value }) };
}

function parseAnnotation(cursor: Cursor): InputAnnotation {
  if (cursor.at("[")) return parseShape(cursor);
  return { kind: "type", type: parseIdentifier(cursor, "a shape such as [2] or a type such as int") };
}

function parseShape(cursor: Cursor): ShapeAnnotation {
  const start = cursor.start;
  const dimensions: Expression[] = [];
  parseList(cursor, "]", () => dimensions.push(parseExpression(cursor)));
  return { kind: "shape", range: cursor.rangeFrom(start), dimensions };
}

function parseTrain(cursor: Cursor): Declaration {
  const { start, documentation } = begin(cursor);
  const network = parseSubject(cursor, "on", "a network");
  const list: Argument[] = cursor.at("(") ? parseArguments(cursor) : [];
  const data = parseAfterWord(cursor, "on", 'a data set, such as "on Digits",');
  const alias = cursor.acceptWord("as") ? parseIdentifier(cursor, "a name") : undefined;
  const entries: Entry[] = [];
  parseBody(cursor, "train", () => {
    const entry = parseEntry(cursor);
    if (entry) entries.push(entry);
  });
  const range = cursor.rangeFrom(start);
  return { kind: "train", range, documentation, network, arguments: list, data, ...(alias && { alias }), entries };
}

function parseCheck(cursor: Cursor): Declaration {
  const { start, documentation } = begin(cursor);
  const title = parseRequiredString(cursor, "a title in quotes");
  const subject = parseCheckSubject(cursor);
  const statements: CheckStatement[] = [];
  parseBody(cursor, "check", () => {
    const statement = parseCheckStatement(cursor);
    if (statement) statements.push(statement);
  });
  return { kind: "check", range: cursor.rangeFrom(start), documentation, title, subject, statements };
}

function parseCheckSubject(cursor: Cursor): CheckSubject {
  if (cursor.acceptWord("after")) {
    return { kind: "after", training: parseIdentifier(cursor, "the name of a training") };
  }
  const network = parseAfterWord(cursor, "on", '"on" with a network or "after" with a training');
  return { kind: "on", network, arguments: cursor.at("(") ? parseArguments(cursor) : [] };
}

/** A name before the word that separates it from the next; the word itself where the name was left out. */
function parseSubject(cursor: Cursor, word: string, expected: string): Identifier {
  const isLeftOut = cursor.atWord(word) && cursor.kindAfter() === "identifier" && !cursor.isFirstOnLine(1);
  if (!isLeftOut) return parseIdentifier(cursor, expected);
  cursor.reportMissing(expected);
  return noName(cursor);
}

function parseAfterWord(cursor: Cursor, word: string, expected: string): Identifier {
  if (cursor.acceptWord(word)) return parseIdentifier(cursor, word === "on" ? "a name" : expected);
  cursor.reportMissing(expected);
  return noName(cursor);
}

// --- Statements of a network or block ---------------------------------------------------------------------------------

function parseStatement(cursor: Cursor): Statement | undefined {
  const { start, documentation } = beginHere(cursor);
  if (!isStartOfValue(cursor.kind)) {
    cursor.report(unexpected(cursor, 'a statement such as "y = x -> Dense(3)"'), cursor.range);
    skipAtLeastOne(cursor);
    return undefined;
  }
  if (cursor.atWord("return")) return parseReturn(cursor, start, documentation);
  const next = cursor.kindAfter();
  const beginsWithTwoNames = cursor.at("identifier") && next === "identifier" && !cursor.isFirstOnLine(1);
  if (beginsWithTwoNames || (isStatementWord(cursor) && ["identifier", "}", "end"].includes(next))) {
    return parseWordStatement(cursor, start, documentation);
  }
  if (cursor.at("identifier") && (next === "=" || next === ":" || endsStatement(cursor))) {
    const name = parseBoundName(cursor);
    const value = parseAssigned(cursor, "such as x -> Dense(3)");
    return { kind: "binding", range: cursor.rangeFrom(start), documentation, name, value };
  }
  const value = parseExpression(cursor);
  const range = rangeFrom(cursor, start, value);
  cursor.report('This value is not kept: give it a name, as in "y = …", or return it.', range);
  return { kind: "binding", range, documentation, name: noName(cursor, range.start), value };
}

const statementWords = ["param", "const", "layer"];

function isStatementWord(cursor: Cursor): boolean {
  return statementWords.some((word) => cursor.atWord(word));
}

/** A statement that begins with two names: `param W …`, or one whose first word should not be there, as in `let y = …`. */
function parseWordStatement(cursor: Cursor, start: number, documentation: string): Statement {
  const word = cursor.textOf(cursor.range);
  const known = isStatementWord(cursor) ? word : undefined;
  const meant = known ?? nearest(word, [...statementWords, "return"]);
  const wordRange = cursor.range;
  if (!known) {
    const advice = meant ? `did you mean "${meant}"?` : `write "${word} = …" or remove it.`;
    cursor.report(`Did not expect "${word}" here: ${advice}`, wordRange);
  }
  if (meant === "return") return parseReturn(cursor, start, documentation);
  if (meant === "param" || meant === "const") {
    return parseParameter(cursor, meant === "param", start, documentation);
  }
  if (meant === "layer") {
    cursor.advance();
    const name = parseDefinedName(cursor);
    const layer = name.name === "" ? missing(cursor) : parseAssigned(cursor, "such as Dense(64)");
    return { kind: "layer", range: cursor.rangeFrom(start), documentation, name, layer };
  }
  // `y x -> Dense(3)` lacks a "="; `let y = …` has a word too many.
  const isWordTooMany = cursor.kindAfter(2) === "=" || cursor.kindAfter(2) === ":";
  if (isWordTooMany) cursor.advance();
  const name = parseBoundName(cursor);
  if (isWordTooMany) cursor.advance();
  const value = parseExpression(cursor);
  return { kind: "binding", range: cursor.rangeFrom(start), documentation, name, value };
}

function parseParameter(cursor: Cursor, trainable: boolean, start: number, documentation: string): Statement {
  cursor.advance();
  const name = parseDefinedName(cursor);
  if (name.name === "") return { kind: "parameter", range: cursor.rangeFrom(start), documentation, trainable, name };
  let shape: ShapeAnnotation | undefined;
  if (cursor.accept(":")) {
    if (cursor.at("[")) shape = parseShape(cursor);
    else if (cursor.at("identifier") && !cursor.atNewStatement()) {
      cursor.report("Write the shape of a parameter in brackets, such as [2, 3].", cursor.range);
      cursor.advance();
    } else cursor.reportMissing("a shape such as [2, 3]");
  }
  const initializer = cursor.accept("=") ? parseExpression(cursor) : undefined;
  if (!shape && !initializer) cursor.reportMissing('a shape such as ": [2, 3]" or a value such as "= Zeros"');
  const range = cursor.rangeFrom(start);
  return {
    kind: "parameter",
    range,
    documentation,
    trainable,
    name,
    ...(shape && { shape }),
    ...(initializer && { initializer }),
  };
}

/** The name behind `param`, `const` or `layer`, on the same line or not. */
function parseDefinedName(cursor: Cursor): Identifier {
  const isName = cursor.at("identifier") && !cursor.atWord("return");
  return isName ? parseBoundName(cursor) : parseIdentifier(cursor, "a name");
}

function parseReturn(cursor: Cursor, start: number, documentation: string): ReturnStatement {
  cursor.advance();
  const outputs: ReturnOutput[] = [];
  if (cursor.at("{")) {
    parseList(cursor, "}", () => outputs.push(parseNamedOutput(cursor)));
    if (outputs.length === 0) cursor.report("Name an output, as in { probs: p }.", cursor.previousRange);
  } else {
    do {
      const begin = cursor.start;
      const value = parseExpression(cursor);
      outputs.push({ kind: "output", range: rangeFrom(cursor, begin, value), value });
      if (cursor.at(",")) {
        cursor.report("Name the outputs when there are several: return { first: a, second: b }.", cursor.range);
      }
    } while (cursor.accept(","));
  }
  return { kind: "return", range: cursor.rangeFrom(start), documentation, outputs };
}

function parseNamedOutput(cursor: Cursor): ReturnOutput {
  const start = cursor.start;
  if (cursor.at("identifier") && (cursor.kindAfter() === ":" || cursor.kindAfter() === "=")) {
    const name = parseIdentifier(cursor, "a name");
    if (cursor.at("=")) cursor.report(`Write ":" between the name of an output and its value.`, cursor.range);
    cursor.advance();
    const value = parseExpression(cursor);
    return { kind: "output", range: cursor.rangeFrom(start), name, value };
  }
  const value = parseExpression(cursor);
  const range = rangeFrom(cursor, start, value);
  if (value.kind !== "missing") cursor.report("Give this output a name, as in { probs: p }.", range);
  return { kind: "output", range, value };
}

// --- Statements of a train or check -----------------------------------------------------------------------------------

function parseCheckStatement(cursor: Cursor): CheckStatement | undefined {
  const start = cursor.start;
  if (cursor.kindAfter() === ":" || cursor.kindAfter() === "=") return parseEntry(cursor);
  if (cursor.acceptWord("step")) return { kind: "step", range: cursor.rangeFrom(start) };
  if (cursor.acceptWord("given")) {
    const target = parsePostfix(cursor);
    if (cursor.at("==")) cursor.report('Write a single "=" to set a value.', cursor.range);
    const value = cursor.accept("==") ? parseExpression(cursor) : parseAssigned(cursor, "such as [[1, 2], [3, 4]]");
    return { kind: "given", range: cursor.rangeFrom(start), target, value };
  }
  if (cursor.acceptWord("expect")) return parseExpect(cursor, start);
  return parseEntry(cursor);
}

function parseExpect(cursor: Cursor, start: number): CheckStatement {
  const begin = cursor.start;
  const left = parseExpression(cursor);
  if (!cursor.at("=")) return { kind: "expect", range: cursor.rangeFrom(start), condition: left };
  cursor.report('Write "==" to compare.', cursor.range);
  cursor.advance();
  const right = parseExpression(cursor);
  const range = rangeFrom(cursor, begin, left);
  return {
    kind: "expect",
    range: cursor.rangeFrom(start),
    condition: { kind: "binary", range, operator: "==", left, right },
  };
}

function parseEntry(cursor: Cursor): Entry | undefined {
  const start = cursor.start;
  const expected =
    cursor.surroundings === "check"
      ? '"expect", "given", "step" or a setting such as "loss: MSE"'
      : 'a setting such as "loss: MSE"';
  if (!cursor.at("identifier") || startsOtherValue(cursor)) {
    cursor.report(unexpected(cursor, expected), cursor.range);
    skipAtLeastOne(cursor);
    return undefined;
  }
  const range = cursor.range;
  const key = parseBoundName(cursor);
  if (cursor.at("=")) cursor.report(`Write ":" after ${cursor.quote(range)}.`, cursor.range);
  if (!cursor.accept(":") && !cursor.accept("=")) {
    cursor.reportMissing('":" and a value');
    const hasValue = isStartOfValue(cursor.kind) && !cursor.isFirstOnLine();
    const value = hasValue ? parseExpression(cursor) : missing(cursor);
    return { kind: "entry", range: cursor.rangeFrom(start), key, value };
  }
  const value = parseExpression(cursor);
  if (cursor.at(",")) {
    cursor.report('No "," is needed between settings.', cursor.range);
    const end = cursor.previousEnd;
    cursor.advance();
    return { kind: "entry", range: { start, end }, key, value };
  }
  return { kind: "entry", range: cursor.rangeFrom(start), key, value };
}

/** Whether the name here is the beginning of an expression such as `a + b` rather than the key of a setting. */
function startsOtherValue(cursor: Cursor): boolean {
  return !["identifier", "number", "string", "[", ":", "=", "}", "end"].includes(cursor.kindAfter());
}

// --- Shared -----------------------------------------------------------------------------------------------------------

/** Statements in braces, up to the closing brace, the next declaration or the end of the file. */
function parseBody(cursor: Cursor, surroundings: Surroundings, parseOne: () => void): void {
  const outer = cursor.surroundings;
  cursor.surroundings = surroundings;
  if (!cursor.at("{")) {
    cursor.reportMissing('a body in "{ … }"');
    while (!cursor.at("{") && !cursor.at("end") && !cursor.at("}") && !cursor.atNewStatement()) cursor.advance();
  }
  const statements = () => {
    while (!cursor.at("}") && !cursor.at("end") && !cursor.startsDeclaration()) {
      const before = cursor.position;
      cursor.startAfresh();
      parseOne();
      endStatement(cursor);
      if (cursor.position === before) cursor.advance();
    }
  };
  if (cursor.at("{")) cursor.bracketed("}", statements);
  else statements();
  cursor.surroundings = outer;
}

/** Behind a statement the next one follows, on the same line or not; anything else is reported and skipped. */
function endStatement(cursor: Cursor): void {
  if (cursor.at("identifier") || cursor.at("}") || cursor.at("end")) return;
  if (cursor.isFirstOnLine() && isStartOfValue(cursor.kind)) return;
  cursor.report(`Did not expect ${cursor.quote()} here.`, cursor.range);
  cursor.skipToStatement();
}

/** Whether the name here is all there is of its statement: what follows belongs to the next one. */
function endsStatement(cursor: Cursor): boolean {
  const next = cursor.kindAfter();
  if (next === "}" || next === "end") return true;
  return next === "identifier" && cursor.isFirstOnLine(1);
}

/** "=" and an expression. */
function parseAssigned(cursor: Cursor, example: string): Expression {
  if (cursor.accept("=")) return parseExpression(cursor);
  if (cursor.at(":")) {
    cursor.report('Write "=" instead of ":".', cursor.range);
    cursor.advance();
    return parseExpression(cursor);
  }
  cursor.reportMissing(`"=" and a value, ${example},`);
  const hasValue = isStartOfValue(cursor.kind) && !cursor.isFirstOnLine();
  return hasValue ? parseExpression(cursor) : missing(cursor);
}

/** The name that a statement begins with, which therefore begins no other one. */
function parseBoundName(cursor: Cursor): Identifier {
  const range = cursor.advance();
  return { kind: "identifier", range, name: cursor.textOf(range).normalize("NFC") };
}

function parseRequiredString(cursor: Cursor, expected: string): StringLiteral {
  if (cursor.at("string")) return parseString(cursor);
  cursor.reportMissing(expected);
  return { kind: "string", range: missing(cursor).range, value: "" };
}

function noName(cursor: Cursor, offset: number = cursor.previousEnd): Identifier {
  return { kind: "identifier", range: { start: offset, end: offset }, name: "" };
}

/** The place and documentation of a declaration whose first word is read. */
function begin(cursor: Cursor): { start: number; documentation: string } {
  const here = beginHere(cursor);
  cursor.advance();
  return here;
}

function beginHere(cursor: Cursor): { start: number; documentation: string } {
  return { start: cursor.start, documentation: cursor.documentation() };
}

function unexpected(cursor: Cursor, expected: string): string {
  return `Expected ${expected} instead of ${cursor.quote()}.`;
}

function skipAtLeastOne(cursor: Cursor): void {
  cursor.advance();
  cursor.skipToStatement();
}
