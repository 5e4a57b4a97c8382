import { describe, expect, test } from "vitest";
import { DataError, type FileReader } from "../../../engine/data/dataset";
import { readIdx } from "../../../engine/data/idx";
import { filesRead, readDataset } from "../../../engine/data/readers";
import type { Arguments } from "../../../engine/protocol/catalog";

/** An IDX file: type, sizes as 32 bits each, then the bytes of the elements. */
function idx(type: number, sizes: readonly number[], elements: readonly number[]): Uint8Array {
  const bytes = [0, 0, type, sizes.length, ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255]), ...elements];
  return Uint8Array.from(bytes);
}

const images = idx(8, [2, 2, 3], [0, 255, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const labels = idx(8, [2], [1, 0]);

function read(files: Readonly<Record<string, Uint8Array>>, args: Arguments = {}) {
  const reader: FileReader = {
    read: async (path, argument) => {
      const bytes = files[path];
      if (!bytes) throw new DataError(`there is no file ${path}`, argument);
      return bytes;
    },
    version: async () => undefined,
  };
  return readDataset({ name: "Idx", arguments: { images: "images", labels: "labels", ...args } }, reader);
}

describe("Idx", () => {
  test("gives images with their one channel first, and classes", async () => {
    const { inputs, targets, summary } = await read({ images, labels });
    expect(summary).toEqual({ samples: 2, inputShape: [1, 2, 3], targetShape: [], classes: ["0", "1"] });
    expect(inputs.shape).toEqual([2, 1, 2, 3]);
    expect([...inputs.data]).toEqual([0, 255, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([...targets.data]).toEqual([1, 0]);
  });

  test("gives vectors and images with channels as they are", async () => {
    const vectors = idx(8, [2, 3], [1, 2, 3, 4, 5, 6]);
    expect((await read({ images: vectors, labels })).summary.inputShape).toEqual([3]);
    const colored = idx(8, [2, 3, 1, 1], [1, 2, 3, 4, 5, 6]);
    expect((await read({ images: colored, labels })).summary.inputShape).toEqual([3, 1, 1]);
  });

  test("gives inputs another shape and scale", async () => {
    const { inputs } = await read({ images, labels }, { shape: [6], scale: 1 / 255 });
    expect(inputs.shape).toEqual([2, 6]);
    expect(inputs.data[1]).toBe(1);
  });

  test("blames the first of two files that are missing, even when the second one fails earlier", async () => {
    const reader: FileReader = {
      read: async (path, argument) => {
        if (path === "a") await new Promise((resolve) => setImmediate(resolve));
        throw new DataError(`there is no file ${path}`, argument);
      },
      version: async () => undefined,
    };
    for (const [name, first, second] of [
      ["Idx", "images", "labels"],
      ["Npy", "inputs", "targets"],
    ] as const) {
      const source = { name, arguments: { [first]: "a", [second]: "b" } };
      await expect(readDataset(source, reader)).rejects.toMatchObject({ argument: first });
    }
  });

  test("counts the samples of both files", async () => {
    await expect(read({ images, labels: idx(8, [3], [0, 1, 1]) })).rejects.toMatchObject({
      message: "images has 2 samples, but labels has 3: each sample needs a target",
      argument: "labels",
    });
  });

  test("says which file is missing", async () => {
    await expect(read({ images })).rejects.toMatchObject({ argument: "labels" });
    await expect(read({ labels })).rejects.toMatchObject({ argument: "images" });
  });

  test("knows both files, to notice when they change", () => {
    const source = { name: "Idx", arguments: { images: "a", labels: "b", shape: [3] } };
    expect(filesRead(source)).toEqual(["a", "b"]);
    expect(filesRead({ name: "Spiral", arguments: { seed: 1 } })).toEqual([]);
  });
});

describe("an IDX file", () => {
  test.each([
    ["unsigned bytes", idx(0x08, [2], [1, 255]), [1, 255]],
    ["signed bytes", idx(0x09, [2], [1, 255]), [1, -1]],
    ["shorts", idx(0x0b, [2], [1, 2, 255, 254]), [258, -2]],
    ["integers", idx(0x0c, [1], [0, 1, 0, 2]), [65538]],
    ["floats", idx(0x0d, [1], [0x3f, 0x80, 0, 0]), [1]],
    ["doubles", idx(0x0e, [1], [0xc0, 0, 0, 0, 0, 0, 0, 0]), [-2]],
  ])("of %s is read big-endian", (_, bytes, numbers) => {
    expect([...readIdx("f", bytes, "images").array.data]).toEqual(numbers);
  });

  test.each([
    [
      Uint8Array.of(),
      "f is not an IDX file: one begins with 00 00, a type from 08 to 0e and the number of dimensions, but this begins with nothing",
    ],
    [Uint8Array.of(0x89, 0x50, 0x4e, 0x47), "but this begins with 89 50 4e 47"],
    [Uint8Array.of(0, 0, 0x0a, 1), "f is not an IDX file"],
    [Uint8Array.of(0, 0, 8, 2, 0, 0), "f is cut off in its header"],
    [idx(8, [2, 2], [1, 2, 3]), "f is cut off: 2 × 2 uint8 numbers need 16 bytes, but it has 15"],
    [Uint8Array.of(0, 0, 8, 1, 255, 255, 255, 255), "4294967295 uint8 numbers, and 100000000 fit here"],
  ])("%s is refused", (bytes, message) => {
    expect(() => readIdx("f", bytes, "images")).toThrow(message);
  });

  test("with a number that is not finite is refused, naming the sample", async () => {
    const infinite = idx(0x0d, [2, 2], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0x80, 0, 0]);
    await expect(read({ images: infinite, labels })).rejects.toThrow(
      "images: sample 1 (from 0), number 1 of it, is Infinity",
    );
  });
});
