// A `.nnet` file → its analysis, the data it names included.

import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { filesOf } from "../../engine/data/files";
import { describe } from "../../engine/data/readers";
import { nearest } from "../../engine/model/nearest";
import type { DataDescription, NumbersDescription } from "../../engine/protocol/data";
import type { DataDeclaration, Module, NumbersFile } from "../../engine/protocol/network";
import { DataCache } from "../../engine/runtime/data-cache";
import { ParameterFiles } from "../../engine/runtime/parameter-files";
import { type Analysis, analyze, type FileText } from "../language/analyze";
import { CommandError, type Terminal } from "./terminal";

export interface LoadedFile {
  /** As the user wrote it. */
  readonly path: string;
  /** What paths inside the file are relative to. */
  readonly folder: string;
  readonly analysis: Analysis;
  readonly data: DataCache;
  /** What parameters begin with. */
  readonly files: ParameterFiles;
}

/** Throws CommandError when there is no such file. */
export async function load(path: string, terminal: Terminal): Promise<LoadedFile> {
  const full = resolve(terminal.folder, path);
  const text = await readFile(full, "utf8").catch((error: unknown) => unreadable(path, full, error));
  const folder = dirname(full);
  const data = new DataCache(filesOf);
  const descriptions = new Map<string, DataDescription>();
  const imported = importsFrom(folder);
  const first = analyze(text, { describeData: () => undefined, readFile: imported });
  for (const declaration of first.module.data) {
    descriptions.set(keyOf(declaration), await describe(() => data.get(declaration, folder)));
  }
  const files = new ParameterFiles(filesOf, folder);
  const numbers = new Map<string, NumbersDescription>();
  for (const file of numbersFilesOf(first.module)) numbers.set(JSON.stringify(file), await files.describe(file));
  const analysis = analyze(text, {
    describeNumbers: (file) => numbers.get(JSON.stringify(file)),
    describeData: (declaration) => descriptions.get(keyOf(declaration)),
    readFile: imported,
  });
  return { path, folder, analysis, data, files };
}

export function hasErrors({ analysis }: LoadedFile): boolean {
  return analysis.diagnostics.some(({ severity }) => severity === "error");
}

/** Those that parameters begin with, each once. */
function numbersFilesOf({ networks, trainings, checks }: Module): readonly NumbersFile[] {
  const all = [...networks, ...[...trainings, ...checks].map(({ network }) => network)];
  const files = all.flatMap(({ parameters }) =>
    parameters.flatMap(({ initializer }) => (initializer.kind === "file" ? [initializer] : [])),
  );
  return [...new Map(files.map((file) => [JSON.stringify(file), file])).values()];
}

/** Reads each file once. */
function importsFrom(folder: string): (path: string) => FileText {
  const known = new Map<string, FileText>();
  return (path) => {
    const found = known.get(path) ?? importedText(path, resolve(folder, path));
    known.set(path, found);
    return found;
  };
}

function importedText(path: string, full: string): FileText {
  try {
    return { text: readFileSync(full, "utf8") };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    return { problem: missing ? `there is no file ${path}: looked for ${full}` : `${path} cannot be read: ${message}` };
  }
}

/** Throws CommandError: why the file at `full` cannot be read. `path` is what the user wrote. */
export async function unreadable(path: string, full: string, error: unknown): Promise<never> {
  throw new CommandError(await whyUnreadable(path, full, error as NodeJS.ErrnoException));
}

const keyOf = ({ name, range }: DataDeclaration): string => `${name} at ${range.start}`;

async function whyUnreadable(path: string, full: string, error: NodeJS.ErrnoException): Promise<string> {
  if (error.code === "EISDIR") return `${path} is a folder; name a .nnet file in it`;
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") return `${path} cannot be read: ${error.message}`;
  const names = await readdir(dirname(full)).catch(() => []);
  const near = nearest(
    basename(full),
    names.filter((name) => name.endsWith(".nnet")),
  );
  return `there is no file ${path}${near === undefined ? "" : `; did you mean ${near}?`}`;
}
