// The real file system of Node: whole files for a FileReader, and files in pieces.

import { open, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";
import { nearest } from "../model/nearest";
import { DataError, type FileReader } from "./dataset";

const largestFile = 500_000_000; // bytes; Node's strings end at about 2^29 characters.

/** Files relative to `folder`. */
export function filesOf(folder: string): FileReader {
  return {
    async read(path, argument) {
      const full = resolve(folder, path);
      const bytes = await readFile(full).catch(async (error: NodeJS.ErrnoException) => {
        throw new DataError(await whyUnreadable(path, full, error), argument);
      });
      return isGzipped(bytes) ? decompress(path, bytes, argument) : bytes;
    },
    async version(path) {
      const status = await stat(resolve(folder, path)).catch(() => undefined);
      return status && `${status.mtimeMs}/${status.size}`;
    },
  };
}

/** A file that is read once, from its beginning to its end. */
export interface FileInPieces {
  /** Bytes on the disk. */
  readonly size: number;
  /** Bytes of those that have been read. */
  readonly bytesRead: () => number;
  /** Decompressed if the file is gzipped. Throws DataError when that fails. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** For a file that is not read to its end. */
  readonly close: () => void;
}

/** Throws DataError, blaming `argument`, when the file cannot be read. */
export async function openInPieces(folder: string, path: string, argument: string): Promise<FileInPieces> {
  const full = resolve(folder, path);
  const refuse = async (error: NodeJS.ErrnoException): Promise<never> => {
    throw new DataError(await whyUnreadable(path, full, error), argument);
  };
  const file = await open(full).catch(refuse);
  const first = new Uint8Array(2);
  await file.read(first, 0, 2, 0).catch(async (error: NodeJS.ErrnoException) => {
    await file.close();
    return refuse(error);
  });
  const { size } = await file.stat();
  const raw = file.createReadStream({ start: 0 });
  // A damaged file is an error of the stream that is read.
  const stream = isGzipped(first) ? pipeline(raw, createGunzip(), () => {}) : raw;
  return {
    size,
    bytesRead: () => raw.bytesRead,
    pieces: piecesOf(stream, path, argument),
    close: () => void raw.destroy(),
  };
}

async function* piecesOf(
  stream: AsyncIterable<Uint8Array>,
  path: string,
  argument: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code.startsWith("Z_")) throw damaged(path, argument);
    throw new DataError(`${path} cannot be read to its end: ${(error as Error).message}`, argument);
  }
}

async function whyUnreadable(path: string, full: string, error: NodeJS.ErrnoException): Promise<string> {
  if (error.code === "EISDIR") return `${path} is a folder, not a file: ${full}`;
  if (error.code === "EACCES" || error.code === "EPERM") return `${path} may not be read: no permission for ${full}`;
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") return `${path} cannot be read: ${error.message}`;
  const folder = dirname(full);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return `there is no file ${path}: the folder ${folder} does not exist`;
  const near = nearest(basename(full), names);
  const alike = names.filter((name) => extname(name) === extname(path)).slice(0, 3);
  const hint =
    near !== undefined ? `; did you mean ${near}?` : alike.length > 0 ? `; that folder has ${alike.join(", ")}` : "";
  return `there is no file ${path}: looked for ${full}${hint}`;
}

const isGzipped = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function decompress(path: string, bytes: Uint8Array, argument: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestFile });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ERR_BUFFER_TOO_LARGE") throw damaged(path, argument);
    throw new DataError(`${path} is larger than ${largestFile / 1e6} MB once decompressed`, argument);
  }
}

const damaged = (path: string, argument: string): DataError =>
  new DataError(`${path} is gzipped, but damaged or cut off`, argument);
