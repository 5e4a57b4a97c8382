// What reading a table of text at once and reading it in a stream share: how it is parted, what its columns are called,
// what a cell means, and how messages name its places.

import { TextDecoder } from "node:util";
import { type CsvError, parse } from "csv-parse/sync";
import { nearest } from "../model/nearest";
import { DataError } from "./dataset";

const delimiters = ["\t", ";", ","] as const;
export type Delimiter = (typeof delimiters)[number];

/** What messages and parsing need to know about the table. */
export interface Columns {
  readonly name: string;
  readonly header: readonly string[] | undefined;
  readonly width: number;
  readonly delimiter: Delimiter;
  /** Files with `;` between their columns may write 0,5 for 0.5. */
  readonly decimalComma: boolean;
}

/** One cell of the table. */
export interface Cell {
  readonly text: string;
  readonly column: number;
  /** From 1, the header included. */
  readonly line: number;
}

export const parseOptions = {
  relax_column_count: true, // raggedRow says it better
  relax_quotes: true,
  skip_empty_lines: true,
  trim: true,
} as const;

/** Told from the first bytes. Throws DataError when they are no text. */
export function decoderFor(name: string, bytes: Uint8Array): TextDecoder {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (!utf16 && bytes.subarray(0, 8192).includes(0)) {
    throw new DataError(`${name} is not a text file: it holds zero bytes`, "file");
  }
  // TextDecoder leaves out the byte order mark.
  return new TextDecoder(utf16 ? "utf-16le" : "utf-8");
}

/** Characters of a text that tell delimiter and header. */
export const beginning = 65_536;

/** Tells them from the beginning of the text. `hasHeader` decides when it is given. Throws DataError for an empty text. */
export function columnsOf(name: string, text: string, hasHeader: boolean | undefined): Columns {
  const delimiter = delimiterOf(text);
  const [first] = rowsOf(text, delimiter, 10);
  if (first === undefined) throw new DataError(`${name} is empty`, "file");
  const header = (hasHeader ?? isHeader(first, delimiter)) ? first : undefined;
  return { name, header, width: first.length, delimiter, decimalComma: delimiter === ";" };
}

/** Of a column that is given by its name, or its number from 0, negative from the end. Throws DataError, blaming `argument`. */
export function columnNumber({ name, header, width }: Columns, wanted: string | number, argument: string): number {
  if (typeof wanted === "number") {
    const column = wanted < 0 ? width + wanted : wanted;
    if (Number.isInteger(column) && column >= 0 && column < width) return column;
    throw new DataError(
      `${name} has no column ${wanted}: its ${width} columns are 0 to ${width - 1}, or -1 for the last`,
      argument,
    );
  }
  if (header === undefined) {
    throw new DataError(
      `${name} has no header, so no column is called "${wanted}": give its position, 0 is the first`,
      argument,
    );
  }
  const column = header.indexOf(wanted);
  if (column >= 0) return column;
  const near = nearest(wanted, header);
  const known = header.length > 12 ? `${header.slice(0, 12).join(", ")}, …` : header.join(", ");
  const hint = near !== undefined ? `did you mean "${near}"?` : `its columns are ${known}`;
  throw new DataError(`${name} has no column "${wanted}": ${hint}`, argument);
}

/** Throws DataError, naming row and column. */
export function numberIn(columns: Columns, row: readonly string[], column: number, line: number): number {
  const text = row[column]!;
  const value = toNumber(text, columns.decimalComma);
  if (Number.isFinite(value)) return value;
  throw notANumber(columns, { text, column, line });
}

export function notANumber({ name, header }: Columns, { text, column, line }: Cell): DataError {
  const where = `${name}: row ${line}, column ${header ? `"${header[column]}"` : column + 1}`;
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  if (text === "") return new DataError(`${where} is empty`, "file");
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) return new DataError(`${where} is ${text}`, "file");
  return new DataError(`${where}: "${shown}" is not a number`, "file");
}

/** NaN for everything but a decimal number. */
export function toNumber(text: string, decimalComma: boolean): number {
  const decimal = decimalComma && /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(text) ? text.replace(",", ".") : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(decimal) ? Number(decimal) : Number.NaN;
}

export function raggedRow({ name, header, width }: Columns, found: number, line: number): DataError {
  const others = header !== undefined ? "the header has" : line === 2 ? "row 1 has" : "the others have";
  return new DataError(`${name}: row ${line} has ${count(found, "column")}, ${others} ${width}`, "file");
}

/** What the parser complains about. */
export function unparsable(name: string, error: unknown): DataError {
  const { code, lines } = error as CsvError & { lines?: number };
  const why = code === "CSV_QUOTE_NOT_CLOSED" ? `a quote is opened and never closed` : `it cannot be read as CSV`;
  return new DataError(`${name}: ${why}${lines === undefined ? "" : ` (row ${lines})`}`, "file");
}

/** The delimiter that splits every one of the first rows into the most columns. */
function delimiterOf(text: string): Delimiter {
  const columns = delimiters.map((delimiter) => {
    const rows = rowsOf(text, delimiter, 10);
    // Cells in quotes end at the right delimiter only: with another one there are no rows at all.
    return rows.length === 0 ? 0 : Math.min(...rows.map((row) => row.length));
  });
  const most = Math.max(...columns);
  return most > 1 ? delimiters[columns.indexOf(most)]! : ",";
}

/** No cell of a header is a number. */
function isHeader(row: readonly string[], delimiter: Delimiter): boolean {
  return !row.some((cell) => Number.isFinite(toNumber(cell, delimiter === ";")));
}

/** The first rows; fewer when the text ends badly. */
function rowsOf(text: string, delimiter: Delimiter, limit: number): string[][] {
  const rows: string[][] = [];
  const on_record = (row: string[]) => void rows.push(row);
  try {
    parse(text, { ...parseOptions, delimiter, to: limit, on_record });
  } catch {
    // The whole text is parsed again, and complains in its own place.
  }
  return rows;
}

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
