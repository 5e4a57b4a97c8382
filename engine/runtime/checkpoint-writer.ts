// Writes the checkpoints of one training while it goes on: one at a time, and never more often than the time they take
// allows.

import { encodeCheckpoint } from "./checkpoint";
import type { CheckpointFile } from "./checkpoint-file";
import type { Trainer } from "./trainer";

const mostShare = 0.1; // Of the time may go into putting checkpoints together.

export interface CheckpointEnvironment {
  /** Milliseconds. */
  now(): number;
  /** Told once, until one can be written again. */
  warn(message: string): void;
}

export class CheckpointWriter {
  /** The one that is being written; settled when none is. Never rejects. */
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;
  private next = Number.NEGATIVE_INFINITY;
  private failed = false;

  constructor(
    private readonly file: Pick<CheckpointFile, "write">,
    private readonly environment: CheckpointEnvironment,
  ) {}

  /** Begins to write where the training stands now, unless another is still being written, or was just now. */
  offer(trainer: Trainer): void {
    if (!this.isWriting && this.environment.now() >= this.next) this.begin(trainer);
  }

  /** Writes where the training stands now; settled when it has reached the disk, or was found not to. */
  async finish(trainer: Trainer): Promise<void> {
    // The trainer may be closed while another is written.
    const parts = this.encoded(trainer);
    await this.writing;
    this.writing = this.write(parts);
    await this.writing;
  }

  /** Settled when nothing is being written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private begin(trainer: Trainer): void {
    this.writing = this.write(this.encoded(trainer));
  }

  private encoded(trainer: Trainer): Uint8Array[] {
    const { now } = this.environment;
    const start = now();
    const parts = encodeCheckpoint(trainer);
    this.next = start + (now() - start) / mostShare;
    return parts;
  }

  private async write(parts: readonly Uint8Array[]): Promise<void> {
    this.isWriting = true;
    try {
      await this.file.write(parts);
      this.failed = false;
    } catch (error) {
      if (!this.failed) this.environment.warn(error instanceof Error ? error.message : String(error));
      this.failed = true;
    }
    this.isWriting = false;
  }
}
