// The file format of named arrays that model libraries share: eight bytes with the length of the header, the header as
// JSON, then the elements of all tensors without a gap. Little-endian throughout, as is every machine VS Code runs on.
// Source: github.com/huggingface/safetensors, "Format".

import { formatShape, sizeOf } from "../model/shape";
import type { NdArray, Shape } from "../protocol/array";
import { DataError } from "./dataset";

/** What elements are kept as. */
export type TensorType = "F64" | "F32";

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, NdArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Throws DataError when it is no such file, not all of one, not sound, or holds elements of other types. */
export function readSafetensors(name: string, bytes: Uint8Array): Safetensors {
  const { entries, metadata, start } = headerIn(name, bytes);
  let end = 0;
  // The format forbids gaps and overlaps, so that every byte belongs to one tensor.
  for (const [tensor, { offsets }] of entries.toSorted(([, a], [, b]) => a.offsets[0] - b.offsets[0])) {
    if (offsets[0] !== end) throw damaged(name, `${tensor} does not begin where the tensor before it ends`);
    end = offsets[1];
  }
  const held = bytes.length - start;
  if (held < end) throw new DataError(`${name} is cut off: its tensors need ${end} bytes, but it has ${held}`);
  if (held > end) throw damaged(name, `${held - end} bytes at its end belong to no tensor`);
  const tensors = entries.map(([tensor, { type, shape, offsets }]) => {
    return [tensor, { shape, data: elements(bytes, start + offsets[0], type, sizeOf(shape)) }] as const;
  });
  return { tensors: new Map(tensors), metadata };
}

export interface TensorToWrite {
  readonly type: TensorType;
  readonly array: NdArray;
}

/**
 * The parts of the file, one after the other; those of F64 tensors are their own memory, not copies. Tensors stand in
 * their order, so the same numbers give the same bytes.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  let end = 0;
  const entries = [...tensors].map(([name, { type, array }]): [string, unknown] => {
    const begin = end;
    end += array.data.length * bytesOf[type];
    return [name, { dtype: type, shape: array.shape, data_offsets: [begin, end] }];
  });
  const header = Object.fromEntries<unknown>([["__metadata__", metadata], ...entries]);
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Spaces after the header, so that the numbers are aligned.
  const length = Math.ceil(text.length / 8) * 8;
  const head = new Uint8Array(8 + length).fill(space);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(text, 8);
  return [head, ...[...tensors.values()].map(({ type, array }) => encoded(array.data, type))];
}

const bytesOf: { readonly [Type in TensorType]: number } = { F64: 8, F32: 4 };

const space = 0x20;
const brace = 0x7b;
const longestHeader = 100_000_000; // Bytes; the limit of the format's own reader.

interface Entry {
  readonly type: TensorType;
  readonly shape: Shape;
  /** Begin and end, counted from the end of the header. */
  readonly offsets: readonly [number, number];
}

interface Header {
  readonly entries: readonly (readonly [string, Entry])[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the elements begin. */
  readonly start: number;
}

function headerIn(name: string, bytes: Uint8Array): Header {
  const foreign = new DataError(`${name} is not a safetensors file`);
  if (bytes.length < 9 || bytes[8] !== brace) throw foreign;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(0, true));
  if (length > longestHeader) throw foreign;
  const start = 8 + length;
  if (bytes.length < start) {
    throw new DataError(`${name} is cut off: its header has ${length} bytes, but only ${bytes.length - 8} are there`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    throw damaged(name, "its header is no JSON");
  }
  const { __metadata__: metadata = {}, ...written } = header as Record<string, unknown>;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw damaged(name, "its metadata are not texts by name");
  }
  const entries = Object.entries(written).map(([tensor, entry]) => [tensor, entryOf(name, tensor, entry)] as const);
  return { entries, metadata: metadata as Readonly<Record<string, string>>, start };
}

function entryOf(name: string, tensor: string, written: unknown): Entry {
  if (!isRecord(written)) throw damaged(name, `its header does not say what ${tensor} is`);
  const { dtype, shape, data_offsets: offsets } = written;
  if (dtype !== "F64" && dtype !== "F32") {
    throw new DataError(`${name}: ${tensor} has elements of the type ${dtype}; F64 and F32 can be read`);
  }
  if (!areCounts(shape)) throw damaged(name, `the shape of ${tensor} is not a list of sizes`);
  if (!areCounts(offsets) || offsets.length !== 2) throw damaged(name, `${tensor} has no begin and end`);
  const [begin, end] = offsets as [number, number];
  if (end - begin !== sizeOf(shape) * bytesOf[dtype]) {
    throw damaged(name, `${tensor} has ${end - begin} bytes, which are not ${formatShape(shape)} elements of ${dtype}`);
  }
  return { type: dtype, shape, offsets: [begin, end] };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const areCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);

const damaged = (name: string, what: string): DataError => new DataError(`${name} is damaged: ${what}`);

/** A copy: nothing says that the numbers are aligned in the file. */
function elements(bytes: Uint8Array, begin: number, type: TensorType, count: number): Float64Array {
  const data = type === "F64" ? new Float64Array(count) : new Float32Array(count);
  new Uint8Array(data.buffer).set(bytes.subarray(begin, begin + data.byteLength));
  return data instanceof Float64Array ? data : Float64Array.from(data);
}

function encoded(data: Float64Array, type: TensorType): Uint8Array {
  const { buffer, byteOffset, byteLength } = type === "F64" ? data : Float32Array.from(data);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
