// A checkpoint on the disk. At every moment there is a whole one: a new one is written beside it, and takes its place only
// when all of it has reached the disk; the one before is kept as `.previous`.

import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { DataError } from "../data/dataset";
import type { Training } from "../protocol/network";
import { type Checkpoint, decodeCheckpoint } from "./checkpoint";
import { fileProblem, NewFile } from "./new-file";

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
    await NewFile.write(`the checkpoint ${this.path}`, this.full, parts, { previous: `${this.full}${previous}` });
  }

  private async decoded(suffix: string): Promise<Checkpoint> {
    const path = `${this.path}${suffix}`;
    const bytes = await readFile(`${this.full}${suffix}`).catch((error: NodeJS.ErrnoException) => {
      throw new DataError(
        error.code === "ENOENT"
          ? `there is no checkpoint ${path}: looked for ${this.full}${suffix}`
          : `the checkpoint ${path} cannot be read: ${fileProblem(error)}`,
      );
    });
    return decodeCheckpoint(path, bytes);
  }
}

const previous = ".previous";
