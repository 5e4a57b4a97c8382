// A file that is there when it is whole: written under another name beside its place, which it takes at the end.

import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommandError } from "./terminal";

export class NewFile {
  private isFinished = false;

  private constructor(
    /** As the user wrote it. */
    private readonly path: string,
    private readonly full: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  /** Throws CommandError when nothing can be written there. */
  static async create(path: string, full: string): Promise<NewFile> {
    const temporary = join(dirname(full), `.${basename(full)}.${process.pid}.part`);
    const handle = await open(temporary, "w").catch((error: Error) => unwritable(path, error));
    return new NewFile(path, full, temporary, handle);
  }

  /** Ends when the system has taken the text. */
  async write(text: string): Promise<void> {
    await this.handle.writeFile(text).catch((error: Error) => unwritable(this.path, error));
  }

  /** What was there before is replaced. */
  async finish(): Promise<void> {
    try {
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, this.full);
      this.isFinished = true;
    } catch (error) {
      unwritable(this.path, error as Error);
    }
  }

  /** What was there before stays; a finished file too. */
  async discard(): Promise<void> {
    if (this.isFinished) return;
    await this.handle.close().catch(() => {});
    await rm(this.temporary, { force: true });
  }
}

function unwritable(path: string, { code, message }: NodeJS.ErrnoException): never {
  throw new CommandError(`${path} cannot be written: ${code === "ENOENT" ? "there is no such folder" : message}`);
}
