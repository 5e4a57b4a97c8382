// A file that is there when it is whole: written beside its place, which it takes when all of it has reached the disk.

import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { DataError } from "../data/dataset";

type Part = string | Uint8Array;

interface Place {
  /** Path that what was there before goes to; absent, it is replaced. */
  readonly previous?: string;
}

export class NewFile {
  private isFinished = false;

  private constructor(
    private readonly name: string,
    private readonly full: string,
    private readonly partial: string,
    private readonly handle: FileHandle,
  ) {}

  /** `name` is what messages call it. Throws DataError when nothing can be written there. */
  static async create(name: string, full: string): Promise<NewFile> {
    // Nobody else writes this one: not another program, nor another worker of this one.
    const partial = join(dirname(full), `.${basename(full)}.${process.pid}-${threadId}.partial`);
    const handle = await open(partial, "w").catch((error: Error) => unwritable(name, error));
    return new NewFile(name, full, partial, handle);
  }

  /** The whole file at once. Throws DataError when it cannot be written; then everything is as it was. */
  static async write(name: string, full: string, parts: readonly Part[], place: Place = {}): Promise<void> {
    const file = await NewFile.create(name, full);
    try {
      for (const part of parts) await file.write(part);
      await file.finish(place);
    } finally {
      await file.discard();
    }
  }

  /** Ends when the system has taken it. */
  async write(part: Part): Promise<void> {
    await this.handle.writeFile(part).catch((error: Error) => unwritable(this.name, error));
  }

  async finish({ previous }: Place = {}): Promise<void> {
    try {
      await this.handle.sync();
      await this.handle.close();
      if (previous !== undefined) await rename(this.full, previous).catch(unlessMissing);
      await rename(this.partial, this.full);
      this.isFinished = true;
      await syncFolder(dirname(this.full));
    } catch (error) {
      unwritable(this.name, error as Error);
    }
  }

  /** What was there before stays; a finished file too. */
  async discard(): Promise<void> {
    if (this.isFinished) return;
    await this.handle.close().catch(() => {});
    await rm(this.partial, { force: true });
  }
}

/** Why a file cannot be used, in its user's words. */
export function fileProblem({ code = "", message }: NodeJS.ErrnoException): string {
  return problems[code] ?? message;
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EISDIR: "it is a folder",
  EACCES: "you may not use it",
  EPERM: "you may not use it",
  EROFS: "you may not use it",
  ENOSPC: "the disk is full",
};

function unwritable(name: string, error: Error): never {
  throw new DataError(`${name} cannot be written: ${fileProblem(error)}`);
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** A new name is lost with the power until its folder has reached the disk. Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
