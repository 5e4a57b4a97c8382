// Diagnostics as compilers print them: file:line:column, the message, the source line and a caret under its range.

import type { Diagnostic, Severity } from "../../engine/protocol/diagnostic";
import type { Range } from "../../engine/protocol/text";
import { Positions } from "../language/positions";
import type { Colors } from "./colors";

const longestLine = 120; // Columns shown of a source line; more is cut around the caret.
const contextBefore = 40; // Of them in front of the caret, when the line is cut.

/** Lines and columns count from 1, columns in UTF-16 units as VS Code does. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export class SourceText {
  private readonly positions: Positions;

  constructor(
    readonly path: string,
    text: string,
  ) {
    this.positions = new Positions(text);
  }

  place({ start, end }: Range): Place {
    const from = this.positions.positionAt(start);
    const to = this.positions.positionAt(Math.max(start, end));
    return {
      file: this.path,
      line: from.line + 1,
      column: from.column + 1,
      endLine: to.line + 1,
      endColumn: to.column + 1,
    };
  }

  /** The line of a range's start, and a line of carets under the part of the range that stands on it. */
  excerpt(range: Range): { readonly line: string; readonly caret: string } {
    const { line, column, endLine, endColumn } = this.place(range);
    const text = this.positions.lineText(line - 1);
    const start = column - 1;
    const end = Math.max(start, endLine === line ? endColumn - 1 : text.length);
    const from = text.length <= longestLine ? 0 : wholeCharacter(text, Math.max(0, start - contextBefore));
    const to =
      text.length <= longestLine ? text.length : wholeCharacter(text, Math.min(text.length, from + longestLine));
    const marked = text.slice(start, Math.min(end, to));
    const opening = from > 0 ? "…" : "";
    return {
      line: `${opening}${printable(text.slice(from, to))}${to < text.length ? "…" : ""}`,
      caret: blank(opening + text.slice(from, start)) + "^".repeat(Math.max(1, widthOf(marked))),
    };
  }
}

export function formatDiagnostic(source: SourceText, diagnostic: Diagnostic, colors: Colors): string {
  const { severity, message, code, range, related } = diagnostic;
  const paint = severityColor[severity];
  return [
    `${position(source, range)}: ${colors[paint](`${severityName[severity]}:`)} ${message} ${colors.dim(`[${code}]`)}`,
    ...excerptLines(source, range, colors, paint),
    ...related.flatMap((place) => [
      `  ${position(source, place.range)}: note: ${place.message}`,
      ...excerptLines(source, place.range, colors, "dim"),
    ]),
  ].join("\n");
}

/** The object that `--json` prints. */
export function diagnosticObject(source: SourceText, diagnostic: Diagnostic) {
  const { severity, code, message, range, related } = diagnostic;
  return {
    type: "diagnostic",
    ...source.place(range),
    severity,
    code,
    message,
    related: related.map((place) => ({ ...source.place(place.range), message: place.message })),
  };
}

const severityName: { readonly [S in Severity]: string } = { error: "error", warning: "warning", information: "info" };
const severityColor: { readonly [S in Severity]: "red" | "yellow" | "blue" } = {
  error: "red",
  warning: "yellow",
  information: "blue",
};

function position(source: SourceText, range: Range): string {
  const { file, line, column } = source.place(range);
  return `${file}:${line}:${column}`;
}

function excerptLines(source: SourceText, range: Range, colors: Colors, paint: keyof Colors): string[] {
  const { line, caret } = source.excerpt(range);
  const number = String(source.place(range).line);
  const gutter = colors.dim(`${number.padStart(5)} | `);
  return [`${gutter}${line}`, `${colors.dim(`${" ".repeat(Math.max(5, number.length))} | `)}${colors[paint](caret)}`];
}

/** Not between the halves of a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(offset)) ? offset + 1 : offset;
}

/** Control characters would move the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "·");

/** Blanks as wide as the text; a tab stays a tab, so that the caret stands below its place at any tab width. */
function blank(text: string): string {
  return [...text].map((character) => (character === "\t" ? "\t" : " ".repeat(widthOf(character)))).join("");
}

/** Columns of a terminal that a text takes: marks take none, East Asian wide characters and emoji two. */
function widthOf(text: string): number {
  return [...text].reduce(
    (width, character) => width + (isMark.test(character) ? 0 : isWide.test(character) ? 2 : 1),
    0,
  );
}

const isMark = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const isWide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
