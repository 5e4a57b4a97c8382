// Tables read piece by piece, against the same tables read at once.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../../engine/data/csv";
import { CsvStream } from "../../../engine/data/csv-stream";
import { openInPieces } from "../../../engine/data/files";

const folder = mkdtempSync(join(tmpdir(), "nnet-stream-"));

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

interface Reading {
  readonly columns?: readonly number[];
  readonly pieces?: number;
  readonly batch?: number;
}

async function read(text: string | Uint8Array, { columns, pieces = 7, batch = 4 }: Reading = {}) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const stream = await CsvStream.open("rows.csv", piecesOf(bytes, pieces));
  const selected = columns ?? [...Array(stream.columns.width).keys()];
  const shapes: (readonly number[])[] = [];
  const numbers: number[] = [];
  for await (const { shape, data } of stream.batches(selected, batch)) {
    shapes.push(shape);
    numbers.push(...data);
  }
  return { shapes, numbers, header: stream.columns.header };
}

describe("a table in pieces", () => {
  test("comes in batches, the last one smaller", async () => {
    expect(await read("a,b\n1,2\n3,4\n5,6\n", { batch: 2 })).toEqual({
      header: ["a", "b"],
      shapes: [
        [2, 2],
        [1, 2],
      ],
      numbers: [1, 2, 3, 4, 5, 6],
    });
  });

  test("gives the columns that are asked for, in that order", async () =>
    expect((await read("1,2,3\n4,5,6\n", { columns: [2, 0] })).numbers).toEqual([3, 1, 6, 4]));

  test("has the numbers that reading it at once gives, however it is cut", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), { minLength: 1 }),
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 5 }),
        async (rows, delimiter, end, withHeader, pieces, batch) => {
          const header = withHeader ? `"width ${delimiter}"${delimiter}ü${end}` : "";
          const text = header + rows.map((row) => row.join(delimiter)).join(end);
          const { inputs, targets } = readCsv("rows.csv", new TextEncoder().encode(text), {
            target: -1,
            scale: 1,
            shape: undefined,
            header: withHeader,
          });
          const { numbers } = await read(text, { pieces, batch });
          expect(numbers.filter((_, index) => index % 2 === 0)).toEqual([...inputs.data]);
          // Targets that are classes have become indices.
          if (targets.data.every((value, index) => value === rows[index]![1])) {
            expect(numbers.filter((_, index) => index % 2 === 1)).toEqual([...targets.data]);
          }
        },
      ),
    ));

  test.each([
    ["a,b\n1,2\n3,x\n", 'rows.csv: row 3, column "b": "x" is not a number'],
    ["1,2\n3,\n", "rows.csv: row 2, column 2 is empty"],
    ["a,b\n1,2\n3\n", "rows.csv: row 3 has 1 column, the header has 2"],
    ['a,b\n1,2\n"3,4\n', "rows.csv: a quote is opened and never closed"],
    ["", "rows.csv is empty"],
    ["a\0b", "rows.csv is not a text file: it holds zero bytes"],
  ])("%j is refused, with the place", async (text, message) => expect(read(text)).rejects.toThrow(message));

  test("counts rows as an editor does", async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `${index},1`);
    rows[776] = "776,one";
    await expect(read(rows.join("\n"), { pieces: 100 })).rejects.toThrow('row 777, column 2: "one" is not a number');
  });

  test("may begin with a byte order mark, be UTF-16 or gzipped", async () => {
    expect((await read("\ufeffa,b\n1,2\n")).header).toEqual(["a", "b"]);
    const utf16 = Buffer.from("\ufeffα,β\n1,2\n", "utf16le");
    expect(await read(utf16, { pieces: 3 })).toMatchObject({ header: ["α", "β"], numbers: [1, 2] });
    writeFileSync(join(folder, "rows.csv.gz"), gzipSync("1,2\n3,4\n"));
    const { pieces, size } = await openInPieces(folder, "rows.csv.gz", "input");
    const stream = await CsvStream.open("rows.csv.gz", pieces);
    const batches: number[][] = [];
    for await (const { data } of stream.batches([0, 1], 9)) batches.push([...data]);
    expect(batches).toEqual([[1, 2, 3, 4]]);
    expect(size).toBe(gzipSync("1,2\n3,4\n").length);
  });
});

describe("a file in pieces", () => {
  test.each([
    ["absent.csv", "there is no file absent.csv"],
    [".", ". is a folder, not a file"],
  ])("that is no file, %s, is refused", async (path, message) =>
    expect(openInPieces(folder, path, "input")).rejects.toThrow(message),
  );

  test("that is cut off within its compressed bytes is refused", async () => {
    writeFileSync(join(folder, "cut.csv.gz"), gzipSync("1,2\n".repeat(1000)).subarray(0, 30));
    const { pieces } = await openInPieces(folder, "cut.csv.gz", "input");
    await expect(CsvStream.open("cut.csv.gz", pieces)).rejects.toThrow("cut.csv.gz is gzipped, but damaged or cut off");
  });
});
