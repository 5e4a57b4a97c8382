// The settings of a train, and the settings and steps of a check.

import type { CheckStatement, Entry } from "../ast";
import { type Cursor, isStartOfValue } from "./cursor";
import { missing, parseExpression, parsePostfix, rangeFrom } from "./expressions";
import { parseAssigned, parseBoundName, skipAtLeastOne, unexpected } from "./shared";

export function parseCheckStatement(cursor: Cursor): CheckStatement | undefined {
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

export function parseEntry(cursor: Cursor): Entry | undefined {
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
