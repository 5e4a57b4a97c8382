// The statements of a network or block.

import { nearest } from "../../../engine/model/nearest";
import type { Identifier, ReturnOutput, ReturnStatement, ShapeAnnotation, Statement } from "../ast";
import { type Cursor, isStartOfValue } from "./cursor";
import { missing, parseExpression, parseIdentifier, parseList, rangeFrom } from "./expressions";
import { beginHere, noName, parseAssigned, parseBoundName, parseShape, skipAtLeastOne, unexpected } from "./shared";

export function parseStatement(cursor: Cursor): Statement | undefined {
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

/** Whether the name here is all there is of its statement: what follows belongs to the next one. */
function endsStatement(cursor: Cursor): boolean {
  const next = cursor.kindAfter();
  if (next === "}" || next === "end") return true;
  return next === "identifier" && cursor.isFirstOnLine(1);
}
