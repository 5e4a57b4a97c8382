// NumPy's file of one array → array. Eight bytes of magic and version, the length of the header, the header as a Python
// dictionary, then the elements.

import { sizeOf, stridesOf } from "../model/shape";
import type { NdArray, Shape } from "../protocol/array";
import { DataError } from "./dataset";
import { type ElementType, elementTypes, readElements } from "./elements";
import type { ReadArray } from "./samples";

const magic = [0x93, ...[..."NUMPY"].map((letter) => letter.charCodeAt(0))];

/** By NumPy's letter for the kind and the bytes of an element. */
const types: Readonly<Record<string, ElementType>> = {
  b1: elementTypes.bool,
  u1: elementTypes.uint8,
  u2: elementTypes.uint16,
  u4: elementTypes.uint32,
  u8: elementTypes.uint64,
  i1: elementTypes.int8,
  i2: elementTypes.int16,
  i4: elementTypes.int32,
  i8: elementTypes.int64,
  f2: elementTypes.float16,
  f4: elementTypes.float32,
  f8: elementTypes.float64,
};

/** Throws DataError, blaming `argument`, when it is no NumPy file, not all of one, or holds no numbers. */
export function readNpy(name: string, bytes: Uint8Array, argument: string): ReadArray {
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    throw new DataError(`${name} is not a NumPy file: numpy.save writes one`, argument);
  }
  const major = bytes[6] ?? 0;
  if (major < 1 || major > 3) {
    throw new DataError(`${name} has version ${major} of NumPy's format; versions 1 to 3 can be read`, argument);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // Version 1 has 16 bits for the header's length, the later ones 32.
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw new DataError(`${name} is cut off in its header`, argument);
  const offset = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, offset));
  const { type, littleEndian } = typeIn(header, name, argument);
  const shape = shapeIn(header, name, argument);
  const columnsFirst = /'fortran_order':\s*True/.test(header);
  const order = { name, bytes, offset, type, littleEndian, argument };
  const data = readElements({ ...order, shape });
  return { array: columnsFirst ? rowsFirst(shape, data) : { shape, data }, name, argument };
}

function typeIn(
  header: string,
  name: string,
  argument: string,
): { readonly type: ElementType; readonly littleEndian: boolean } {
  const written = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  if (written === undefined) {
    const holds = /'descr':\s*\[/.test(header) ? "holds records, not numbers" : "has a damaged header";
    throw new DataError(`${name} ${holds}`, argument);
  }
  const type = types[written.slice(1)];
  if (type === undefined) {
    const words: Readonly<Record<string, string>> = { U: "text", S: "text", O: "Python objects", c: "complex numbers" };
    const what = words[written[1] ?? ""] ?? "elements";
    throw new DataError(
      `${name} holds ${what} of the type ${written}; bool, int, uint and float of up to 8 bytes can be read`,
      argument,
    );
  }
  return { type, littleEndian: written[0] !== ">" };
}

function shapeIn(header: string, name: string, argument: string): Shape {
  const written = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (written === undefined) throw new DataError(`${name} has a damaged header`, argument);
  return [...written.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

/** The same array in row-major order, from one whose first dimension advances first. */
function rowsFirst(shape: Shape, data: Float64Array): NdArray {
  const strides = [...stridesOf([...shape].reverse())].reverse();
  const result = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return { shape, data: result };
}
