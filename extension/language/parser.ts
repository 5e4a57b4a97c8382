// Text → SourceFile. Recursive descent; never throws; takes time linear in the text; recovers at the next statement or
// declaration, so what follows an error is in the tree. Here are the declarations; what stands in them is in parser/.
//
// No word is reserved but `return`, `true` and `false`. The others mean something by where they stand only:
//   - `import data network block train check` where a declaration may begin; inside a body when a name (or a string, for
//     import and check) follows, which no statement looks like;
//   - `param const layer` at the beginning of a statement, when a name follows: `layer = Dense(3)` binds a value "layer";
//   - `given expect step` at the beginning of a statement of a check, when no ":" follows: `step: 3` is a setting;
//   - `as repeat` behind a stage, when neither "=" nor ":" follows;
//   - `on after as` in the head of a train or check; `int float bool string` behind the ":" of an input.
// So `y = data -> Dense(step)` is a pipeline, and arguments may have any of these names.

import { nearest } from "../../engine/model/nearest";
import type {
  Argument,
  CheckStatement,
  CheckSubject,
  Declaration,
  Entry,
  Identifier,
  InputAnnotation,
  InputDeclaration,
  SourceFile,
  Statement,
  StringLiteral,
} from "./ast";
import { Cursor, isStartOfValue, type Surroundings } from "./parser/cursor";
import {
  missing,
  parseArguments,
  parseExpression,
  parseIdentifier,
  parseList,
  parseString,
} from "./parser/expressions";
import { parseStatement } from "./parser/network-statements";
import { parseCheckStatement, parseEntry } from "./parser/settings";
import { beginHere, noName, parseAssigned, parseShape, skipAtLeastOne } from "./parser/shared";

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

function parseTrain(cursor: Cursor): Declaration {
  const { start, documentation } = begin(cursor);
  const network = parseTrained(cursor);
  const list: Argument[] = cursor.at("(") ? parseArguments(cursor) : [];
  const data = parseAfterOn(cursor, 'a data set, such as "on Digits",');
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
  const network = parseAfterOn(cursor, '"on" with a network or "after" with a training');
  return { kind: "on", network, arguments: cursor.at("(") ? parseArguments(cursor) : [] };
}

/** The network of a train; "on" is its name only when no data set follows the word. */
function parseTrained(cursor: Cursor): Identifier {
  const isLeftOut = cursor.atWord("on") && cursor.kindAfter() === "identifier" && !cursor.isFirstOnLine(1);
  if (!isLeftOut) return parseIdentifier(cursor, "a network");
  cursor.reportMissing("a network");
  return noName(cursor);
}

function parseAfterOn(cursor: Cursor, expected: string): Identifier {
  if (cursor.acceptWord("on")) return parseIdentifier(cursor, "a name");
  cursor.reportMissing(expected);
  return noName(cursor);
}

function parseRequiredString(cursor: Cursor, expected: string): StringLiteral {
  if (cursor.at("string")) return parseString(cursor);
  cursor.reportMissing(expected);
  return { kind: "string", range: missing(cursor).range, value: "" };
}

// --- Bodies ------------------------------------------------------------------------------------------------------------

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

/** The place and documentation of a declaration whose first word is read. */
function begin(cursor: Cursor): { start: number; documentation: string } {
  const here = beginHere(cursor);
  cursor.advance();
  return here;
}
