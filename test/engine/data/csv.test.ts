// CSV text → Dataset, and what is said about text that cannot be one.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvOptions, readCsv } from "../../../engine/data/csv";
import { DataError } from "../../../engine/data/dataset";
import { filesOf } from "../../../engine/data/files";
import { readDataset } from "../../../engine/data/readers";

const read = (text: string | Uint8Array, options: Partial<CsvOptions> = {}) =>
  readCsv("points.csv", typeof text === "string" ? new TextEncoder().encode(text) : text, {
    target: -1,
    scale: 1,
    shape: undefined,
    header: undefined,
    ...options,
  });

const numbers = (text: string, options?: Partial<CsvOptions>) => {
  const { inputs, targets } = read(text, options);
  return { shape: inputs.shape, inputs: [...inputs.data], targets: [...targets.data] };
};

const problem = (run: () => unknown): { message: string; argument?: string } => {
  try {
    run();
  } catch (error) {
    if (error instanceof DataError) return error.problem();
    throw error;
  }
  throw new Error("expected a DataError");
};

describe("reading", () => {
  test("cells in quotes may be parted by semicolons or tabs", () => {
    for (const delimiter of [";", "\t", ","]) {
      const text = `"fixed acidity"${delimiter}"quality"\n7.5${delimiter}6\n8${delimiter}6.5\n`;
      expect(numbers(text)).toEqual({ shape: [2, 1], inputs: [7.5, 8], targets: [6, 6.5] });
    }
  });

  test("the last column is the target, a header names the others", () => {
    const { inputs, targets, summary } = read("width,height,weight\n1,2,0.5\n3,4,1.5\n");
    expect([...inputs.data]).toEqual([1, 2, 3, 4]);
    expect([...targets.data]).toEqual([0.5, 1.5]);
    expect(summary).toEqual({
      samples: 2,
      inputShape: [2],
      targetShape: [],
      features: ["width", "height"],
      columns: ["width", "height", "weight"],
    });
  });

  test("text in the target names classes, in alphabetical order", () => {
    const { targets, summary } = read("x,kind\n1,rose\n2,iris\n3,rose\n");
    expect([...targets.data]).toEqual([1, 0, 1]);
    expect(summary.classes).toEqual(["iris", "rose"]);
  });

  test("integers from 0 without a gap are classes", () => {
    expect(read("1,0\n2,2\n3,1\n").summary.classes).toEqual(["0", "1", "2"]);
    expect(read("1,0\n2,2\n3,5\n").summary.classes).toBeUndefined();
    expect(read("1,0.5\n2,1\n").summary.classes).toBeUndefined();
  });

  test("more than a thousand integers are numbers, not classes", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => `1,${index}`).join("\n");
    expect(read(rows(1000)).summary.classes).toHaveLength(1000);
    expect(read(rows(1001)).summary.classes).toBeUndefined();
  });

  test("the target may be any column, by name or position", () => {
    const text = "a,b,c\n1,2,3\n4,5,6\n";
    expect(numbers(text, { target: "b" })).toEqual({ shape: [2, 2], inputs: [1, 3, 4, 6], targets: [2, 5] });
    expect(numbers(text, { target: 0 }).targets).toEqual([1, 4]);
    expect(numbers(text, { target: -2 }).targets).toEqual([2, 5]);
  });

  test("every input is scaled and reshaped, targets are not", () => {
    expect(numbers("16,8,4,2,3\n", { scale: 0.5, shape: [1, 2, 2] })).toEqual({
      shape: [1, 1, 2, 2],
      inputs: [8, 4, 2, 1],
      targets: [3],
    });
  });

  test.each([
    ["commas", "1,2,3\n4,5,6"],
    ["semicolons", "1;2;3\n4;5;6"],
    ["tabs", "1\t2\t3\n4\t5\t6"],
    ["Windows line ends", "1,2,3\r\n4,5,6\r\n"],
    ["a byte order mark", "\ufeff1,2,3\n4,5,6\n"],
    ["quotes", '"1","2","3"\n"4","5","6"\n'],
    ["spaces and empty lines", " 1 , 2 , 3 \n\n 4 , 5 , 6 \n\n"],
    ["other ways to write a number", "+1,2.0,3e0\n.4e1,5.,0.6E+1"],
  ])("%s make no difference", (_, text) => {
    expect(numbers(text)).toEqual({ shape: [2, 2], inputs: [1, 2, 4, 5], targets: [3, 6] });
  });

  test("a comma is a decimal point where semicolons divide the columns", () => {
    expect(numbers("0,5;1,25;2\n1;2;3\n")).toEqual({ shape: [2, 2], inputs: [0.5, 1.25, 1, 2], targets: [2, 3] });
  });

  test("commas and line breaks inside quotes are text", () => {
    const { summary } = read('x,kind\n1,"a, b"\n2,"c\nd"\n');
    expect(summary.classes).toEqual(["a, b", "c\nd"]);
  });

  test("UTF-16 with its mark is read as well", () => {
    const bytes = Buffer.from("\ufeff1,2,0\n3,4,1\n", "utf16le");
    expect([...read(bytes).inputs.data]).toEqual([1, 2, 3, 4]);
  });

  test("header: true takes numbers as names, header: false takes the first row as data", () => {
    expect(read("0,1,2\n5,6,7\n", { header: true }).summary.features).toEqual(["0", "1"]);
    expect(problem(() => read("a,b,c\n5,6,7\n", { header: false })).message).toMatch(/row 1, column 1: "a"/);
  });

  test("any table of finite numbers is read as it was written", () => {
    const cell = fc.double({ noNaN: true, noDefaultInfinity: true });
    const table = fc
      .integer({ min: 2, max: 6 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(table, (rows) => {
        const { inputs, targets } = read(rows.map((row) => row.join(",")).join("\n"));
        // -0 is written as 0.
        expect([...inputs.data]).toEqual(rows.flatMap((row) => row.slice(0, -1)).map((value) => value + 0));
        expect([...targets.data]).toEqual(rows.map((row) => row.at(-1)! + 0));
      }),
    );
  });
});

describe("problems name file, row and column", () => {
  const rows = (count: number) => Array.from({ length: count }, () => "1,2,3,4,0").join("\n");

  test.each<[string, string, Partial<CsvOptions>, string, string]>([
    ["an empty file", "", {}, "points.csv is empty", "file"],
    ["a file of empty lines", "\n\n\n", {}, "points.csv is empty", "file"],
    ["a header alone", "a,b,c\n", {}, "points.csv has a header and no rows below it", "file"],
    ["a short row", `${rows(16)}\n1,2,3,4\n`, {}, "points.csv: row 17 has 4 columns, the others have 5", "file"],
    ["a long row", "a,b\n1,2\n1,2,3\n", {}, "points.csv: row 3 has 3 columns, the header has 2", "file"],
    ["a word", "a,b\n1,0\nred,1\n", {}, 'points.csv: row 3, column "a": "red" is not a number', "file"],
    ["a hole", "1,2,0\n1,,1\n", {}, "points.csv: row 2, column 2 is empty", "file"],
    ["a hole in the target", "1,2,0\n1,2,\n", {}, "points.csv: row 2, column 3 is empty", "file"],
    ["NaN", "1,2,0\n1,NaN,1\n", {}, "points.csv: row 2, column 2 is NaN", "file"],
    [
      "a word among numbers of the target",
      "1,0\n2,1\n3,x\n",
      {},
      'points.csv: row 3, column 2: "x" is not a number',
      "file",
    ],
    ["hexadecimal", "1,2,0\n1,0x10,1\n", {}, 'points.csv: row 2, column 2: "0x10" is not a number', "file"],
    ["one column", "1\n2\n", {}, "points.csv has no inputs: its only column is the target", "file"],
    [
      "a misspelt target",
      "width,species\n1,a\n",
      { target: "spices" },
      'points.csv has no column "spices": did you mean "species"?',
      "target",
    ],
    [
      "an unknown target",
      "width,species\n1,a\n",
      { target: "price" },
      'points.csv has no column "price": its columns are width, species',
      "target",
    ],
    [
      "a name without a header",
      "1,2\n3,4\n",
      { target: "b" },
      'points.csv has no header, so no column is called "b": give its position, 0 is the first',
      "target",
    ],
    [
      "a position outside",
      "1,2\n3,4\n",
      { target: 2 },
      "points.csv has no column 2: its 2 columns are 0 to 1, or -1 for the last",
      "target",
    ],
    [
      "a shape of another size",
      "1,2,3,0\n",
      { shape: [2, 2] },
      "points.csv has 3 input columns, but shape [2, 2] needs 4",
      "shape",
    ],
    ["an open quote", '1,2,0\n1,"2,0\n', {}, "points.csv: a quote is opened and never closed", "file"],
    ["a zip archive", "PK\u0003\u0004\u0000\u0000", {}, "points.csv is not a text file: it holds zero bytes", "file"],
  ])("%s", (_, text, options, message, argument) => {
    const found = problem(() => read(text, options));
    expect(found.message).toContain(message);
    expect(found.argument).toBe(argument);
  });

  test("ten megabytes of noise are refused in a moment", () => {
    const letters = "abc,;\"'\n\t 0189.-";
    const noise = Array.from(
      { length: 10_000_000 },
      (_, index) => letters[(index * 7919 + (index >> 5)) % letters.length],
    );
    expect(problem(() => read(noise.join(""))).message).toMatch(/^points\.csv/);
  });
});

describe("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "nnet-data-"));
  const csv = (file: string) =>
    readDataset({ name: "Csv", arguments: { file, target: -1, scale: 1 } }, filesOf(folder));

  test("a gzipped file reads as its content, whatever it is called", async () => {
    writeFileSync(join(folder, "zipped.csv"), gzipSync("1,2,0\n3,4,1\n"));
    expect((await csv("zipped.csv")).summary.samples).toBe(2);
  });

  test("a damaged gzip file says so", async () => {
    writeFileSync(join(folder, "cut.csv.gz"), gzipSync("1,2,0\n3,4,1\n").subarray(0, 20));
    await expect(csv("cut.csv.gz")).rejects.toThrow("cut.csv.gz is gzipped, but damaged or cut off");
  });

  test("a missing file says where it was looked for and what stands near", async () => {
    writeFileSync(join(folder, "iris.csv"), "1,2\n");
    await expect(csv("iri.csv")).rejects.toThrow(
      `there is no file iri.csv: looked for ${join(folder, "iri.csv")}; did you mean iris.csv?`,
    );
    await expect(csv("completely-different.csv")).rejects.toThrow(/; that folder has .*\.csv/);
    await expect(csv("nowhere/iris.csv")).rejects.toThrow(`the folder ${join(folder, "nowhere")} does not exist`);
    await expect(csv(".")).rejects.toThrow(". is a folder, not a file");
  });

  test("a file's version changes with its content and is undefined without a file", async () => {
    const files = filesOf(folder);
    writeFileSync(join(folder, "changing.csv"), "1,2\n");
    const before = await files.version("changing.csv");
    writeFileSync(join(folder, "changing.csv"), "1,2\n3,4\n");
    expect(await files.version("changing.csv")).not.toBe(before);
    expect(await files.version("no.csv")).toBeUndefined();
  });
});

describe("the shipped data", () => {
  const examples = filesOf(new URL("../../../examples", import.meta.url).pathname);

  test("iris has 150 flowers of three species", async () => {
    const args = { file: "data/iris.csv", target: "species", scale: 1 };
    const { summary, inputs } = await readDataset({ name: "Csv", arguments: args }, examples);
    expect(summary).toEqual({
      samples: 150,
      inputShape: [4],
      targetShape: [],
      classes: ["setosa", "versicolor", "virginica"],
      features: ["sepal_length", "sepal_width", "petal_length", "petal_width"],
      columns: ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"],
    });
    expect([...inputs.data.subarray(0, 4)]).toEqual([5.1, 3.5, 1.4, 0.2]);
  });

  test("digits has 1797 images of ten digits", async () => {
    const args = { file: "data/digits.csv.gz", target: -1, scale: 1 / 16, header: false, shape: [1, 8, 8] };
    const { summary, inputs } = await readDataset({ name: "Csv", arguments: args }, examples);
    expect(summary.samples).toBe(1797);
    expect(summary.inputShape).toEqual([1, 8, 8]);
    expect(summary.classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(Math.max(...inputs.data)).toBe(1);
  });
});
