// A checkpoint on the disk. At every moment there is a whole one: a new one is written beside it, and takes its place only
// when all of it has reached the disk; the one before is kept as `.previous`.

import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { threadId } from "node:worker_threads";
import { DataError } from "../data/dataset";
import type { Training } from "../protocol/network";
import { type Checkpoint, decodeCheckpoint } from "./checkpoint";

export interface ReadCheckpoint {
  readonly checkpoint: Checkpoint;
  /** What it was read from, in messages. */
  readonly file: string;
  /** Why it is not the newest one. */
  readonly warning?: string;
}

/** Where a training says that it is written; undefined when it does not. `document` is the name of its file. */
export function checkpointFileOf(
  { name, checkpoint }: Training,
  { folder, document }: { readonly folder: string; readonly document: string },
): CheckpointFile | undefined {
  if (!checkpoint) return undefined;
  return new CheckpointFile(folder, checkpoint.path ?? `${basename(document, ".nnet")}.${name}.safetensors`);
}

export class CheckpointFile {
  /** On this machine. */
  readonly full: string;

  /** `path` is what messages say, and relative to `folder`. */
  constructor(
    folder: string,
    readonly path: string,
  ) {
    this.full = resolve(folder, path);
  }

  /** The newest one that is whole. Throws DataError when there is none. */
  async read(): Promise<ReadCheckpoint> {
    try {
      return { checkpoint: await this.decoded(""), file: this.path };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const checkpoint = await this.decoded(previous).catch(() => undefined);
      if (!checkpoint) throw error;
      const file = `${this.path}${previous}`;
      return { checkpoint, file, warning: `${error.message}. ${file}, the one before it, is used instead.` };
    }
  }

  /** Throws DataError when it cannot be written; then everything is as it was. */
  async write(parts: readonly Uint8Array[]): Promise<void> {
    // Nobody else writes this one: not another window, nor another worker of this one.
    const partial = `${this.full}.${process.pid}-${threadId}.partial`;
    try {
      await writeThrough(partial, parts);
      await rename(this.full, `${this.full}${previous}`).catch(unlessMissing);
      await rename(partial, this.full);
      await syncFolder(dirname(this.full));
    } catch (error) {
      await rm(partial, { force: true });
      throw new DataError(`the checkpoint ${this.path} cannot be written: ${reason(error as NodeJS.ErrnoException)}`);
    }
  }

  private async decoded(suffix: string): Promise<Checkpoint> {
    const path = `${this.path}${suffix}`;
    const bytes = await readFile(`${this.full}${suffix}`).catch((error: NodeJS.ErrnoException) => {
      throw new DataError(
        error.code === "ENOENT"
          ? `there is no checkpoint ${path}: looked for ${this.full}${suffix}`
          : `the checkpoint ${path} cannot be read: ${reason(error)}`,
      );
    });
    return decodeCheckpoint(path, bytes);
  }
}

const previous = ".previous";

async function writeThrough(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, "w");
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
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

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function reason({ code = "", message }: NodeJS.ErrnoException): string {
  return reasons[code] ?? message;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EISDIR: "it is a folder",
  EACCES: "you may not use it",
  EPERM: "you may not use it",
  EROFS: "you may not use it",
  ENOSPC: "the disk is full",
};
