// Changes that remove the cause of a diagnostic.

import { nearest } from "../../../engine/model/nearest";
import { formatShape, sizeOf } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Fix } from "../../../engine/protocol/diagnostic";
import type { Range } from "../../../engine/protocol/text";
import type { Expression } from "../ast";
import type { Context } from "./context";

/** More names than that are not looked through. */
const mostCandidates = 2000;

/** The nearest of some names; undefined also when the report that asks would not be kept. */
export function suggest({ reporter }: Context, name: string, candidates: Iterable<string>): string | undefined {
  return reporter.isFull ? undefined : nearest(name, firstOf(candidates, mostCandidates));
}

function* firstOf(names: Iterable<string>, count: number): Iterable<string> {
  let left = count;
  for (const name of names) {
    if (left-- === 0) return;
    yield name;
  }
}

/** Writes the suggested name instead, when there is a suggestion. */
export function rename(range: Range, suggestion: string | undefined): Fix[] {
  if (suggestion === undefined) return [];
  return [{ title: `Change to ${suggestion}`, edits: [{ range, newText: suggestion }] }];
}

/** Adds a line at the beginning of the braces that follow `start`. */
export function addEntry(text: string, { start, end }: Range, line: string): Fix[] {
  const brace = text.slice(start, end).indexOf("{");
  if (brace < 0) return [];
  const at = start + brace + 1;
  const oneLineBody = !text.slice(at, end).includes("\n");
  const newText = oneLineBody ? ` ${line}` : `\n  ${line}`;
  return [{ title: `Add ${line}`, edits: [{ range: { start: at, end: at }, newText }] }];
}

/** Longer literals are rewritten by nobody who looks at the result. */
const mostNumbers = 1000;

/** Writes the numbers of a literal, in their order, with the brackets of another shape; of another size, none. */
export function reshapeLiteral({ text }: Context, literal: Expression, shape: Shape): Fix[] {
  const numbers = numbersOf(text, literal);
  if (numbers.length !== sizeOf(shape) || numbers.length > mostNumbers || shape.length === 0) return [];
  const newText = bracketed(numbers, shape);
  return [{ title: `Write these numbers as ${formatShape(shape)}`, edits: [{ range: literal.range, newText }] }];
}

/** Writes the columns of a literal of this shape, [rows, columns], as its rows. */
export function transposeLiteral({ text }: Context, literal: Expression, shape: Shape): Fix[] {
  const numbers = numbersOf(text, literal);
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || numbers.length !== rows * columns || numbers.length > mostNumbers) return [];
  const turned = numbers.map((_, index) => numbers[(index % rows) * columns + Math.floor(index / rows)]!);
  const newText = bracketed(turned, [columns, rows]);
  return [{ title: "Transpose these numbers", edits: [{ range: literal.range, newText }] }];
}

/** As they are written, row by row. */
function numbersOf(text: string, literal: Expression): string[] {
  if (literal.kind === "list") return literal.elements.flatMap((element) => numbersOf(text, element));
  return [text.slice(literal.range.start, literal.range.end)];
}

function bracketed(numbers: readonly string[], [size = 0, ...rest]: Shape): string {
  const length = sizeOf(rest);
  const rows = Array.from({ length: size }, (_, row) => numbers.slice(row * length, (row + 1) * length));
  return `[${rows.map((row) => (rest.length === 0 ? row.join("") : bracketed(row, rest))).join(", ")}]`;
}
