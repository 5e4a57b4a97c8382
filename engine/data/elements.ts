// Numbers as files hold them, one after another → float64.

import { sizeOf } from "../model/shape";
import type { Shape } from "../protocol/array";
import { DataError } from "./dataset";

export interface ElementType {
  /** As NumPy calls it: `uint8`. */
  readonly name: string;
  /** Of one element. */
  readonly bytes: number;
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
}

const type = (name: string, bytes: number, read: ElementType["read"]): ElementType => ({ name, bytes, read });

export const elementTypes = {
  bool: type("bool", 1, (view, at) => (view.getUint8(at) === 0 ? 0 : 1)),
  uint8: type("uint8", 1, (view, at) => view.getUint8(at)),
  int8: type("int8", 1, (view, at) => view.getInt8(at)),
  uint16: type("uint16", 2, (view, at, little) => view.getUint16(at, little)),
  int16: type("int16", 2, (view, at, little) => view.getInt16(at, little)),
  uint32: type("uint32", 4, (view, at, little) => view.getUint32(at, little)),
  int32: type("int32", 4, (view, at, little) => view.getInt32(at, little)),
  // Beyond 2⁵³ a number is rounded to one that float64 has.
  uint64: type("uint64", 8, (view, at, little) => Number(view.getBigUint64(at, little))),
  int64: type("int64", 8, (view, at, little) => Number(view.getBigInt64(at, little))),
  float16: type("float16", 2, (view, at, little) => fromHalf(view.getUint16(at, little))),
  float32: type("float32", 4, (view, at, little) => view.getFloat32(at, little)),
  float64: type("float64", 8, (view, at, little) => view.getFloat64(at, little)),
};

/** The numbers of an array in the bytes from `offset` on, which must hold all of them. */
export interface ElementOrder {
  /** The file, or its part, in messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly shape: Shape;
  /** Argument of the source to blame. */
  readonly argument: string;
}

const mostNumbers = 100_000_000; // 800 MB as float64; the 60,000 images of MNIST are 47 million.

/** Throws DataError when there are too few bytes, or more numbers than fit. */
export function readElements({ name, bytes, offset, type, littleEndian, shape, argument }: ElementOrder): Float64Array {
  const count = sizeOf(shape);
  const written = `${shape.join(" × ")} ${type.name} numbers`;
  if (count > mostNumbers) {
    throw new DataError(`${name} has ${written}, and ${mostNumbers} fit here: read a part of it`, argument);
  }
  const needed = offset + count * type.bytes;
  if (bytes.length < needed) {
    throw new DataError(`${name} is cut off: ${written} need ${needed} bytes, but it has ${bytes.length}`, argument);
  }
  if (type === elementTypes.uint8) return new Float64Array(bytes.subarray(offset, needed));
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * type.bytes);
  const data = new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, i * type.bytes, littleEndian);
  return data;
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
