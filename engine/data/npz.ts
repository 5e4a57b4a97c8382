// NumPy's archive of arrays, a zip file of .npy files → two of its arrays.

import { type UnzipFileInfo, unzipSync } from "fflate";
import { nearest } from "../model/nearest";
import { DataError } from "./dataset";
import { readNpy } from "./npy";
import type { ReadArray } from "./samples";

export interface NpzNames {
  readonly inputs: string;
  readonly targets: string;
}

const largestEntry = 1_000_000_000; // bytes once decompressed

/** Throws DataError when it is no zip file, or has not these arrays. */
export function readNpz(
  name: string,
  bytes: Uint8Array,
  wanted: NpzNames,
): { readonly inputs: ReadArray; readonly targets: ReadArray } {
  const names: string[] = [];
  const entries = unzip(name, bytes, ({ name: entry, originalSize }) => {
    const array = entry.replace(/\.npy$/, "");
    names.push(array);
    const isWanted = array === wanted.inputs || array === wanted.targets;
    if (isWanted && originalSize > largestEntry) {
      throw new DataError(`${name}: ${array} is larger than ${largestEntry / 1e6} MB`, "file");
    }
    return isWanted;
  });
  const array = (argument: keyof NpzNames): ReadArray => {
    const chosen = wanted[argument];
    const entry = entries[`${chosen}.npy`] ?? entries[chosen];
    if (entry === undefined) throw unknownArray(name, chosen, names, argument);
    return readNpy(`${chosen} in ${name}`, entry, argument);
  };
  return { inputs: array("inputs"), targets: array("targets") };
}

function unzip(
  name: string,
  bytes: Uint8Array,
  filter: (file: UnzipFileInfo) => boolean,
): Readonly<Record<string, Uint8Array>> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    throw new DataError(`${name} is not a NumPy archive: numpy.savez writes one`, "file");
  }
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${name} is a zip file, but damaged or cut off`, "file");
  }
}

function unknownArray(name: string, wanted: string, names: readonly string[], argument: string): DataError {
  const near = nearest(wanted, names);
  const hint =
    near !== undefined
      ? `did you mean "${near}"?`
      : names.length === 0
        ? "it is empty"
        : `it has ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`;
  return new DataError(`${name} has no array "${wanted}": ${hint}`, argument);
}
