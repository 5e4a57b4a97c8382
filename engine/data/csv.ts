// Text with rows and columns → Dataset. One column is the target, all others are inputs. Reads numbers and
// class names; everything else is a DataError that names file, row and column.

import { type CsvError, parse } from "csv-parse/sync";
import type { DatasetArguments } from "../model/datasets";
import { nearest } from "../model/nearest";
import { formatShape, sizeOf } from "../model/shape";
import { classesOfIntegers, indexClasses, mostClasses } from "./classes";
import { DataError, type Dataset } from "./dataset";

export type CsvOptions = Pick<DatasetArguments<"Csv">, "target" | "shape" | "scale" | "header">;

/** `name` stands in messages. */
export function readCsv(name: string, bytes: Uint8Array, options: CsvOptions): Dataset {
  const text = decode(name, bytes);
  const delimiter = delimiterOf(text);
  const first = rowsOf(text.slice(0, 65_536), delimiter, 10);
  if (first.length === 0) throw new DataError(`${name} is empty`, "file");
  const header = (options.header ?? isHeader(first[0]!, delimiter)) ? first[0] : undefined;
  const width = first[0]!.length;
  const columns: Columns = { name, header, width, decimalComma: delimiter === ";" };
  const target = targetColumn(columns, options.target);
  const inputs = Array.from({ length: width }, (_, column) => column).filter((column) => column !== target);
  if (inputs.length === 0) {
    throw new DataError(`${name} has no inputs: its only column is the target`, "file");
  }
  const shape = options.shape ?? [inputs.length];
  if (sizeOf(shape) !== inputs.length) {
    throw new DataError(
      `${name} has ${count(inputs.length, "input column")}, but shape ${formatShape(shape)} needs ${sizeOf(shape)}`,
      "shape",
    );
  }

  const { scale } = options;
  const values = new GrowingArray();
  const cells: TargetCell[] = [];
  eachRow(name, text, delimiter, (row, line) => {
    if (row.length !== width) throw raggedRow(columns, row.length, line);
    if (line === 1 && header !== undefined) return;
    for (const column of inputs) values.push(scale * numberIn(columns, row, column, line));
    cells.push({ text: row[target]!, column: target, line });
  });
  const samples = cells.length;
  if (samples === 0) throw new DataError(`${name} has a header and no rows below it`, "file");

  const { data, classes } = readTargets(columns, cells);
  return {
    inputs: { shape: [samples, ...shape], data: values.toArray() },
    targets: { shape: [samples], data },
    summary: {
      samples,
      inputShape: shape,
      targetShape: [],
      ...(classes && { classes }),
      ...(header && { columns: header }),
      ...(header && !options.shape && { features: inputs.map((column) => header[column]!) }),
    },
  };
}

/** What messages and parsing need to know about the table. */
interface Columns {
  readonly name: string;
  readonly header: readonly string[] | undefined;
  readonly width: number;
  /** Files with `;` between their columns may write 0,5 for 0.5. */
  readonly decimalComma: boolean;
}

interface TargetCell {
  readonly text: string;
  readonly column: number;
  readonly line: number;
}

function decode(name: string, bytes: Uint8Array): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (!utf16 && bytes.subarray(0, 8192).includes(0)) {
    throw new DataError(`${name} is not a text file: it holds zero bytes`, "file");
  }
  // TextDecoder leaves out the byte order mark.
  return new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(bytes);
}

const delimiters = ["\t", ";", ","] as const;
type Delimiter = (typeof delimiters)[number];

/** The delimiter that splits every one of the first rows into the most columns. */
function delimiterOf(text: string): Delimiter {
  const beginning = text.slice(0, 65_536);
  const fewest = (delimiter: Delimiter) => Math.min(...rowsOf(beginning, delimiter, 10).map((row) => row.length));
  const columns = delimiters.map(fewest);
  const most = Math.max(...columns);
  return most > 1 && Number.isFinite(most) ? delimiters[columns.indexOf(most)]! : ",";
}

/** No cell of a header is a number. */
function isHeader(row: readonly string[], delimiter: Delimiter): boolean {
  return !row.some((cell) => Number.isFinite(toNumber(cell, delimiter === ";")));
}

const parseOptions = {
  relax_column_count: true, // raggedRow says it better
  relax_quotes: true,
  skip_empty_lines: true,
  trim: true,
} as const;

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

function eachRow(
  name: string,
  text: string,
  delimiter: Delimiter,
  visit: (row: readonly string[], line: number) => void,
): void {
  let rows = 0;
  try {
    parse(text, {
      ...parseOptions,
      delimiter,
      // null: the parser keeps nothing.
      on_record: (row: string[], { lines }) => {
        rows++;
        visit(row, rows === 1 ? 1 : lines);
        return null;
      },
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code, lines } = error as CsvError & { lines?: number };
    const why = code === "CSV_QUOTE_NOT_CLOSED" ? `a quote is opened and never closed` : `it cannot be read as CSV`;
    throw new DataError(`${name}: ${why}${lines === undefined ? "" : ` (row ${lines})`}`, "file");
  }
}

function raggedRow({ name, header, width }: Columns, found: number, line: number): DataError {
  const others = header !== undefined ? "the header has" : line === 2 ? "row 1 has" : "the others have";
  return new DataError(`${name}: row ${line} has ${count(found, "column")}, ${others} ${width}`, "file");
}

function targetColumn({ name, header, width }: Columns, target: string | number): number {
  if (typeof target === "number") {
    const column = target < 0 ? width + target : target;
    if (Number.isInteger(column) && column >= 0 && column < width) return column;
    throw new DataError(
      `${name} has no column ${target}: its ${width} columns are 0 to ${width - 1}, or -1 for the last`,
      "target",
    );
  }
  if (header === undefined) {
    throw new DataError(
      `${name} has no header, so no column is called "${target}": give its position, 0 is the first`,
      "target",
    );
  }
  const column = header.indexOf(target);
  if (column >= 0) return column;
  const near = nearest(target, header);
  const known = header.length > 12 ? `${header.slice(0, 12).join(", ")}, …` : header.join(", ");
  const hint = near !== undefined ? `did you mean "${near}"?` : `its columns are ${known}`;
  throw new DataError(`${name} has no column "${target}": ${hint}`, "target");
}

function numberIn(columns: Columns, row: readonly string[], column: number, line: number): number {
  const text = row[column]!;
  const value = toNumber(text, columns.decimalComma);
  if (Number.isFinite(value)) return value;
  throw notANumber(columns, { text, column, line });
}

function notANumber({ name, header }: Columns, { text, column, line }: TargetCell): DataError {
  const where = `${name}: row ${line}, column ${header ? `"${header[column]}"` : column + 1}`;
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  if (text === "") return new DataError(`${where} is empty`, "file");
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) return new DataError(`${where} is ${text}`, "file");
  return new DataError(`${where}: "${shown}" is not a number`, "file");
}

/** NaN for everything but a decimal number. */
function toNumber(text: string, decimalComma: boolean): number {
  const decimal = decimalComma && /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(text) ? text.replace(",", ".") : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(decimal) ? Number(decimal) : Number.NaN;
}

function readTargets(
  columns: Columns,
  cells: readonly TargetCell[],
): { data: Float64Array; classes?: readonly string[] } {
  const empty = cells.find(({ text }) => text === "");
  if (empty) throw notANumber(columns, empty);
  const data = Float64Array.from(cells, ({ text }) => toNumber(text, columns.decimalComma));
  const words = cells.filter((_, index) => !Number.isFinite(data[index]));
  if (words.length === 0) {
    const classes = classesOfIntegers(data);
    return classes ? { data, classes } : { data };
  }
  // A few words among numbers are mistakes, not classes.
  if (words.length * 2 < cells.length) throw notANumber(columns, words[0]!);
  const { data: indices, classes } = indexClasses(cells.map(({ text }) => text));
  if (classes.length > mostClasses) {
    const { column } = cells[0]!;
    const which = columns.header ? `"${columns.header[column]}"` : column + 1;
    throw new DataError(
      `${columns.name}: column ${which} is the target and holds ${classes.length} different texts; at most ${mostClasses} classes can be told apart`,
      "target",
    );
  }
  return { data: indices, classes };
}

class GrowingArray {
  private data = new Float64Array(1024);
  private length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }

  toArray(): Float64Array {
    return this.data.slice(0, this.length);
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
