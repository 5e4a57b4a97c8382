// The language as it is specified, sentence by sentence and in that order: data. The names of the tests are the sentences.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { filesOf } from "../../../engine/data/files";
import { describe as describeDataset, readDataset } from "../../../engine/data/readers";
import { documentation } from "../../../engine/model/catalog";
import type { DataDescription } from "../../../engine/protocol/data";
import type { DataDeclaration } from "../../../engine/protocol/network";
import { analyze } from "../../../extension/language/analyze";
import { errorsOf, moduleOf } from "./programs";

describe("data", () => {
  test("Csv(file, target:, shape:, scale:, header:)", () =>
    expect(documentation("dataset", "Csv")!.arguments.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["file", "target", "shape", "scale", "header"]),
    ));

  test("paths are relative to the file", () => {
    const other = 'data D = Csv("points.csv")';
    const text =
      'import "lib/data.nnet"\nnetwork N(x: [2]) {\n  return x\n}\ntrain N on D {\n  loss: MSE\n  optimizer: SGD(1)\n}';
    expect(moduleOf(text, () => ({ text: other })).trainings[0]!.data.folder).toBe("lib");
  });

  /** The diagnostic of a declaration beside files of these contents: what it marks and what it says. */
  async function problemOf(source: string, files: Readonly<Record<string, string | Uint8Array>> = {}) {
    const folder = mkdtempSync(join(tmpdir(), "nnet-data-"));
    try {
      for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
      const text = `data D = ${source}`;
      const [declared] = analyze(text).module.data;
      const description = await describeDataset(() => readDataset(declared!.source, filesOf(folder)));
      const { diagnostics } = analyze(text, { describeData: (_: DataDeclaration) => description });
      return diagnostics.map(({ code, message, range }) => {
        expect(code).toBe("data-problem");
        return `${text.slice(range.start, range.end)}: ${message.replace(` in ${folder}`, "")}`;
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const csv = (...rows: readonly string[]) => ({ "a.csv": ["length,width,kind", ...rows].join("\n") });

  test("a missing file is a diagnostic that names it", async () =>
    expect(await problemOf('Csv("missing.csv")')).toEqual([expect.stringMatching(/^"missing.csv": .*missing\.csv/)]));

  test.each([
    [
      "a wrong column",
      'Csv("a.csv", target: "knd")',
      csv("1,2,a"),
      '"knd": a.csv has no column "knd": did you mean "kind"?',
    ],
    [
      "the number of a column that there is not",
      'Csv("a.csv", target: 3)',
      csv("1,2,a"),
      "3: a.csv has no column 3: its 3 columns are 0 to 2, or -1 for the last",
    ],
    ["a ragged row", 'Csv("a.csv")', csv("1,2,a", "3,b"), '"a.csv": a.csv: row 3 has 2 columns, the header has 3'],
    ["a NaN cell", 'Csv("a.csv")', csv("1,2,a", "3,NaN,b"), '"a.csv": a.csv: row 3, column "width" is NaN'],
    ["an empty cell", 'Csv("a.csv")', csv("1,,a"), '"a.csv": a.csv: row 2, column "width" is empty'],
    ["a word", 'Csv("a.csv")', csv("1,wide,a"), '"a.csv": a.csv: row 2, column "width": "wide" is not a number'],
    [
      "a shape of another size",
      'Csv("a.csv", shape: [3, 3])',
      csv("1,2,a"),
      "[3, 3]: a.csv has 2 input columns, but shape [3, 3] needs 9",
    ],
    [
      "a sample without a key",
      'Json("a.json", targets: "y")',
      { "a.json": '[{"x": 1, "y": 0}, {"y": 1}]' },
      '"a.json": a.json: [1] has no x',
    ],
    [
      "targets of another number",
      "Table(inputs: [[1, 2], [3, 4]], targets: [1])",
      {},
      "[1]: inputs has 2 samples, but targets has 1: each sample needs one",
    ],
  ])("%s is a diagnostic that names file, row and column", async (_, source, files, expected) =>
    expect(await problemOf(source, files)).toEqual([expected]),
  );

  test("Idx reads .gz directly", async () => {
    const images = gzipSync(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4));
    const labels = gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 0));
    const source = 'Idx(images: "x.gz", labels: "y.gz")';
    expect(await problemOf(source, { "x.gz": images, "y.gz": labels })).toEqual([]);
    const three = gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1));
    expect(await problemOf(source, { "x.gz": images, "y.gz": three })).toEqual([
      '"y.gz": x.gz has 2 samples, but y.gz has 3: each sample needs a target',
    ]);
  });

  test("classes that the network cannot tell apart are an error of the training", () => {
    const text =
      "data D = Blobs(classes: 5)\nnetwork N(x: [2]) {\n  return x -> Dense(3) -> Softmax\n}\ntrain N on D {\n  loss: CrossEntropy\n  optimizer: SGD\n}";
    const summary = { samples: 10, inputShape: [2], targetShape: [], classes: [..."abcde"] };
    const described: DataDescription = { kind: "ready", summary };
    expect(errorsOf(analyze(text, { describeData: () => described }))).toEqual([
      "D has 5 classes, but the network tells only 3 apart",
    ]);
  });
});
