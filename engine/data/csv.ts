// Text with rows and columns → Dataset. One column is the target, all others are inputs. Reads numbers and
// class names; everything else is a DataError that names file, row and column.

import { parse } from "csv-parse/sync";
import type { DatasetArguments } from "../model/datasets";
import { formatShape, sizeOf } from "../model/shape";
import { classesOfIntegers, indexClasses, mostClasses } from "./classes";
import {
  beginning,
  type Cell,
  type Columns,
  columnNumber,
  columnsOf,
  count,
  type Delimiter,
  decoderFor,
  notANumber,
  numberIn,
  parseOptions,
  raggedRow,
  toNumber,
  unparsable,
} from "./csv-cells";
import { DataError, type Dataset } from "./dataset";

export type CsvOptions = Pick<DatasetArguments<"Csv">, "target" | "shape" | "scale" | "header">;

/** `name` stands in messages. */
export function readCsv(name: string, bytes: Uint8Array, options: CsvOptions): Dataset {
  const text = decode(name, bytes);
  const columns = columnsOf(name, text.slice(0, beginning), options.header);
  const { delimiter, header, width } = columns;
  const target = columnNumber(columns, options.target, "target");
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
  const cells: Cell[] = [];
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

function decode(name: string, bytes: Uint8Array): string {
  return decoderFor(name, bytes).decode(bytes);
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
    throw unparsable(name, error);
  }
}

function readTargets(columns: Columns, cells: readonly Cell[]): { data: Float64Array; classes?: readonly string[] } {
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
