// FileReader on the real file system of Node.

import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
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
    throw new DataError(
      code === "ERR_BUFFER_TOO_LARGE"
        ? `${path} is larger than ${largestFile / 1e6} MB once decompressed`
        : `${path} is gzipped, but damaged or cut off`,
      argument,
    );
  }
}
