// safetensors: what is written is read again bit by bit, and a file that is not sound in every byte is refused.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSafetensors, type TensorToWrite, writeSafetensors } from "../../../engine/data/safetensors";

const file = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const small = (): Uint8Array =>
  file(
    writeSafetensors(
      new Map<string, TensorToWrite>([
        ["h.W", { type: "F64", array: { shape: [2, 2], data: Float64Array.of(1, -0, Number.NaN, 5e-324) } }],
        ["h.b", { type: "F32", array: { shape: [2], data: Float64Array.of(0.5, -3) } }],
      ]),
      { made: "by a test" },
    ),
  );

/** A file whose header is this text, whatever it says. */
function withHeader(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  const head = new Uint8Array(8 + text.length);
  new DataView(head.buffer).setBigUint64(0, BigInt(text.length), true);
  head.set(text, 8);
  return file([head, data]);
}

const tensor = (dtype: string, shape: unknown, begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const reading = (bytes: Uint8Array) => () => readSafetensors("x.safetensors", bytes);

describe("reading what was written", () => {
  test("gives the same bits, names, shapes and metadata in the same order", () => {
    const { tensors, metadata } = readSafetensors("x", small());
    expect([...tensors.keys()]).toEqual(["h.W", "h.b"]);
    expect(tensors.get("h.W")).toEqual({ shape: [2, 2], data: Float64Array.of(1, -0, Number.NaN, 5e-324) });
    expect(tensors.get("h.b")).toEqual({ shape: [2], data: Float64Array.of(0.5, -3) });
    expect(metadata).toEqual({ made: "by a test" });
  });

  test("works in the midst of other bytes, as Node's buffers are", () => {
    const bytes = small();
    const around = Buffer.concat([Buffer.alloc(3, 7), bytes, Buffer.alloc(5, 7)]);
    const within = around.subarray(3, 3 + bytes.length);
    expect(readSafetensors("x", within)).toEqual(readSafetensors("x", bytes));
  });

  test("works for any shapes and names, scalars and empty tensors among them", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
    const arrays = fc.dictionary(
      fc.string().filter((name) => name !== "__metadata__"),
      fc.tuple(sizes, fc.constantFrom("F64", "F32")),
    );
    fc.assert(
      fc.property(arrays, fc.infiniteStream(fc.double()), (shapes, numbers) => {
        const tensors = new Map<string, TensorToWrite>(
          Object.entries(shapes).map(([name, [shape, type]]) => {
            const length = shape.reduce((product, size) => product * size, 1);
            const data = Float64Array.from({ length }, () => numbers.next().value!);
            return [name, { type, array: { shape, data: type === "F64" ? data : data.map(Math.fround) } }];
          }),
        );
        const read = readSafetensors("x", file(writeSafetensors(tensors, {}))).tensors;
        expect(read).toEqual(new Map([...tensors].map(([name, { array }]) => [name, array])));
      }),
    );
  });

  test("finds the bytes of the format's own description", () => {
    const bytes = small();
    const view = new DataView(bytes.buffer);
    const length = Number(view.getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      __metadata__: { made: "by a test" },
      "h.W": { dtype: "F64", shape: [2, 2], data_offsets: [0, 32] },
      "h.b": { dtype: "F32", shape: [2], data_offsets: [32, 40] },
    });
    expect(view.getFloat64(8 + length, true)).toBe(1);
    expect(view.getFloat32(8 + length + 32, true)).toBe(0.5);
  });
});

describe("refusing", () => {
  test("a file cut off anywhere", () => {
    const bytes = small();
    for (let length = 0; length < bytes.length; length++) {
      expect(reading(bytes.subarray(0, length))).toThrow(/^x\.safetensors is (cut off|not a safetensors file)/);
    }
  });

  test.each([
    ["a text", new TextEncoder().encode("Lorem ipsum dolor sit amet"), "is not a safetensors file"],
    ["nothing", new Uint8Array(), "is not a safetensors file"],
    ["a header that is no JSON", withHeader("{oh}"), "its header is no JSON"],
    ["metadata that are no texts", withHeader('{"__metadata__":{"a":1}}'), "its metadata are not texts by name"],
    ["a tensor that is no record", withHeader('{"a":1}'), "its header does not say what a is"],
    [
      "other elements",
      withHeader(JSON.stringify({ a: tensor("BF16", [1], 0, 2) }), new Uint8Array(2)),
      "x.safetensors: a has elements of the type BF16; F64 and F32 can be read",
    ],
    [
      "a negative size",
      withHeader(JSON.stringify({ a: tensor("F64", [-1], 0, 0) })),
      "the shape of a is not a list of sizes",
    ],
    ["no end", withHeader('{"a":{"dtype":"F64","shape":[],"data_offsets":[0]}}'), "a has no begin and end"],
    [
      "a shape that its bytes do not hold",
      withHeader(JSON.stringify({ a: tensor("F64", [2], 0, 8) }), new Uint8Array(8)),
      "a has 8 bytes, which are not [2] elements of F64",
    ],
    [
      "a gap",
      withHeader(JSON.stringify({ a: tensor("F32", [1], 4, 8) }), new Uint8Array(8)),
      "a does not begin where the tensor before it ends",
    ],
    [
      "an overlap",
      withHeader(JSON.stringify({ a: tensor("F32", [2], 0, 8), b: tensor("F32", [2], 4, 12) }), new Uint8Array(12)),
      "b does not begin where the tensor before it ends",
    ],
    [
      "bytes that belong to nothing",
      withHeader(JSON.stringify({ a: tensor("F32", [1], 0, 4) }), new Uint8Array(6)),
      "2 bytes at its end belong to no tensor",
    ],
  ])("%s", (_, bytes, message) => {
    expect(reading(bytes)).toThrow(message);
  });
});
