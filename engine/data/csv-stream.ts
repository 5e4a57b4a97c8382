// A table of text that is read piece by piece: however long it is, only some of its rows are in memory at a time.

import { pipeline, Readable } from "node:stream";
import type { TextDecoder } from "node:util";
import { parse } from "csv-parse";
import type { NdArray } from "../protocol/array";
import {
  beginning,
  type Columns,
  columnsOf,
  decoderFor,
  numberIn,
  parseOptions,
  raggedRow,
  unparsable,
} from "./csv-cells";
import { DataError } from "./dataset";

export class CsvStream {
  private constructor(
    readonly columns: Columns,
    private readonly text: AsyncIterable<string>,
  ) {}

  /** Reads as much as tells the columns; `name` stands in messages. Throws DataError when there is no table. */
  static async open(name: string, pieces: AsyncIterable<Uint8Array>): Promise<CsvStream> {
    const text = decoded(name, pieces);
    let first = "";
    while (first.length < beginning) {
      const next = await text.next();
      if (next.done) break;
      first += next.value;
    }
    return new CsvStream(columnsOf(name, first.slice(0, beginning), undefined), following(first, text));
  }

  /**
   * All rows below the header, once: [rows, selected.length], at most `size` rows at a time, in the order of the file.
   * Throws DataError, naming row and column, at the first row that is not made of numbers.
   */
  async *batches(selected: readonly number[], size: number): AsyncGenerator<NdArray, void, undefined> {
    const width = selected.length;
    let data = new Float64Array(size * width);
    let rows = 0;
    for await (const { row, line } of this.rows()) {
      for (const [index, column] of selected.entries()) {
        data[rows * width + index] = numberIn(this.columns, row, column, line);
      }
      if (++rows < size) continue;
      yield { shape: [rows, width], data };
      data = new Float64Array(size * width);
      rows = 0;
    }
    if (rows > 0) yield { shape: [rows, width], data: data.subarray(0, rows * width) };
  }

  private async *rows(): AsyncGenerator<Row, void, undefined> {
    const { columns } = this;
    const { name, delimiter, header, width } = columns;
    const parser = parse({ ...parseOptions, delimiter, info: true });
    // What goes wrong before the parser ends it with the same error.
    pipeline(Readable.from(this.text), parser, () => {});
    try {
      let line = 0;
      for await (const { record: row, info } of parser as AsyncIterable<Parsed>) {
        line = line === 0 ? 1 : info.lines;
        if (row.length !== width) throw raggedRow(columns, row.length, line);
        if (line > 1 || header === undefined) yield { row, line };
      }
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw unparsable(name, error);
    }
  }
}

/** What the parser gives for `info`. */
interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

interface Row {
  readonly row: readonly string[];
  /** From 1, the header included. */
  readonly line: number;
}

async function* decoded(name: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  for await (const piece of pieces) {
    decoder ??= decoderFor(name, piece);
    yield decoder.decode(piece, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

async function* following(first: string, rest: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  yield first;
  yield* rest;
}
