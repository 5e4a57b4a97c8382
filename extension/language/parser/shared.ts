// What the readers of declarations and statements have in common.

import type { Expression, Identifier, ShapeAnnotation } from "../ast";
import { type Cursor, isStartOfValue } from "./cursor";
import { missing, nameIn, parseExpression, parseList } from "./expressions";

/** "=" and an expression. */
export function parseAssigned(cursor: Cursor, example: string): Expression {
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
export function parseBoundName(cursor: Cursor): Identifier {
  const range = cursor.advance();
  return { kind: "identifier", range, name: nameIn(cursor, range) };
}

/** Stands where a name is missing. */
export function noName(cursor: Cursor, offset: number = cursor.previousEnd): Identifier {
  return { kind: "identifier", range: { start: offset, end: offset }, name: "" };
}

/** Where a declaration or statement begins, and the comment above it. */
export function beginHere(cursor: Cursor): { start: number; documentation: string } {
  return { start: cursor.start, documentation: cursor.documentation() };
}

export function unexpected(cursor: Cursor, expected: string): string {
  return `Expected ${expected} instead of ${cursor.quote()}.`;
}

/** Passes over what cannot be read; at least one token, so that every loop comes to its end. */
export function skipAtLeastOne(cursor: Cursor): void {
  cursor.advance();
  cursor.skipToStatement();
}

export function parseShape(cursor: Cursor): ShapeAnnotation {
  const start = cursor.start;
  const dimensions: Expression[] = [];
  parseList(cursor, "]", () => dimensions.push(parseExpression(cursor)));
  return { kind: "shape", range: cursor.rangeFrom(start), dimensions };
}
