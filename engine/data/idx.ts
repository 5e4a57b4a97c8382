// IDX, the files of MNIST → array. Two zero bytes, the type of the elements, the number of dimensions, each dimension's
// size in 32 bits, then the elements; everything big-endian.

import { DataError } from "./dataset";
import { type ElementType, elementTypes, readElements } from "./elements";
import type { ReadArray } from "./samples";

const types = new Map<number, ElementType>([
  [0x08, elementTypes.uint8],
  [0x09, elementTypes.int8],
  [0x0b, elementTypes.int16],
  [0x0c, elementTypes.int32],
  [0x0d, elementTypes.float32],
  [0x0e, elementTypes.float64],
]);

/** Throws DataError, blaming `argument`, when it is no IDX file or not all of one. */
export function readIdx(name: string, bytes: Uint8Array, argument: string): ReadArray {
  const [first, second, code, rank] = bytes;
  const type = code === undefined ? undefined : types.get(code);
  if (first !== 0 || second !== 0 || type === undefined || rank === undefined) {
    const found = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DataError(
      `${name} is not an IDX file: one begins with 00 00, a type from 08 to 0e and the number of dimensions, but this begins with ${found || "nothing"}`,
      argument,
    );
  }
  const offset = 4 + 4 * rank;
  if (bytes.length < offset) throw new DataError(`${name} is cut off in its header`, argument);
  const view = new DataView(bytes.buffer, bytes.byteOffset, offset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const data = readElements({ name, bytes, offset, type, littleEndian: false, shape, argument });
  return { array: { shape, data }, name, argument };
}
