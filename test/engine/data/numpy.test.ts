// NumPy's files against the arrays it wrote itself, by test/fixtures/numpy.py.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { filesOf } from "../../../engine/data/files";
import { readNpy } from "../../../engine/data/npy";
import { readDataset } from "../../../engine/data/readers";
import type { Arguments } from "../../../engine/protocol/catalog";
import { array, type Nested } from "../model/numeric";

const folder = fileURLToPath(new URL("../../fixtures/numpy/", import.meta.url));
const bytesOf = (name: string): Uint8Array => readFileSync(`${folder}${name}`);
const expected = JSON.parse(new TextDecoder().decode(bytesOf("expected.json"))) as Readonly<Record<string, Nested>>;
const read = (name: string, args: Arguments) => readDataset({ name, arguments: args }, filesOf(folder));

describe(".npy", () => {
  const files = Object.keys(expected).filter((name) => name.endsWith(".npy") && name !== "empty.npy");
  test.each(files)("%s holds the numbers that NumPy wrote", (name) => {
    expect(readNpy(name, bytesOf(name), "inputs").array).toEqual(array(expected[name]!));
  });

  test("has the shape it says, however empty", () => {
    expect(readNpy("empty.npy", bytesOf("empty.npy"), "inputs").array.shape).toEqual([0, 3]);
  });

  test.each([
    ["text.npy", "text.npy holds text of the type <U2"],
    ["complex.npy", "complex.npy holds complex numbers of the type <c16"],
    ["objects.npy", "objects.npy holds Python objects of the type |O"],
    ["records.npy", "records.npy holds records, not numbers"],
    ["expected.json", "expected.json is not a NumPy file"],
  ])("%s is refused", (name, message) => {
    expect(() => readNpy(name, bytesOf(name), "inputs")).toThrow(message);
  });

  test("of a version to come, or cut off anywhere, is refused", () => {
    const bytes = bytesOf("vector.npy");
    expect(() =>
      readNpy(
        "v",
        Uint8Array.from(bytes, (byte, at) => (at === 6 ? 4 : byte)),
        "inputs",
      ),
    ).toThrow("v has version 4 of NumPy's format");
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readNpy("v", bytes.subarray(0, length), "inputs")).toThrow(/^v /);
    }
    expect(() => readNpy("v", bytes.subarray(0, -1), "inputs")).toThrow(
      "v is cut off: 2 float64 numbers need 144 bytes, but it has 143",
    );
  });
});

describe("Npy", () => {
  test("pairs inputs with targets", async () => {
    const { inputs, targets, summary } = await read("Npy", { inputs: "rows-first.npy", targets: "vector.npy" });
    expect(inputs).toEqual(array(expected["rows-first.npy"]!));
    expect([...targets.data]).toEqual([1.5, 2.5]);
    expect(summary).toEqual({ samples: 2, inputShape: [3, 4], targetShape: [] });
  });

  test("gives inputs another shape and scale", async () => {
    const args = { inputs: "rows-first.npy", targets: "vector.npy", shape: [12], scale: 0.5 };
    const { inputs, summary } = await read("Npy", args);
    expect(summary.inputShape).toEqual([12]);
    expect([...inputs.data.subarray(0, 3)]).toEqual([0, 0.5, 1]);
  });

  test.each([
    [{ inputs: "rows-first.npy", targets: "x.npy" }, "targets", "there is no file x.npy"],
    [{ inputs: "rows-first.npy", targets: "single.npy" }, "targets", "single.npy is a single number"],
    [{ inputs: "empty.npy", targets: "vector.npy" }, "inputs", "empty.npy is empty: its shape is [0, 3]"],
    [
      { inputs: "rows-first.npy", targets: "vector.npy", shape: [5] },
      "shape",
      "rows-first.npy has samples [3, 4], 12 numbers each, but shape [5] needs 5",
    ],
  ])("%j is refused", async (args, argument, message) => {
    await expect(read("Npy", args)).rejects.toMatchObject({ argument, message: expect.stringContaining(message) });
  });
});

describe("Npz", () => {
  test.each(["stored.npz", "compressed.npz"])("%s gives two of its arrays", async (file) => {
    const { inputs, targets, summary } = await read("Npz", { file, inputs: "x_train", targets: "y_train" });
    expect(inputs).toEqual(array(expected.x_train!));
    expect(targets).toEqual(array(expected.y_train!));
    expect(summary).toEqual({ samples: 3, inputShape: [4], targetShape: [], classes: ["0", "1"] });
  });

  test("takes x and y when no names are given", async () => {
    expect((await read("Npz", { file: "default.npz" })).inputs).toEqual(array(expected.x_train!));
  });

  test.each([
    [{ file: "stored.npz", inputs: "x_tran", targets: "y_train" }, "inputs", 'did you mean "x_train"?'],
    [{ file: "stored.npz", inputs: "x_train", targets: "q" }, "targets", "it has x_train, y_train"],
    [{ file: "vector.npy" }, "file", "vector.npy is not a NumPy archive"],
  ])("%j is refused", async (args, argument, message) => {
    await expect(read("Npz", args)).rejects.toMatchObject({ argument, message: expect.stringContaining(message) });
  });

  test("that is damaged is refused", async () => {
    const bytes = bytesOf("stored.npz").subarray(0, -30);
    const files = { read: async () => bytes, version: async () => undefined };
    await expect(readDataset({ name: "Npz", arguments: { file: "a.npz" } }, files)).rejects.toThrow(
      "a.npz is a zip file, but damaged or cut off",
    );
  });
});
