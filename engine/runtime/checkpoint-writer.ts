// Writes checkpoints into one file while a training goes on: one at a time, and never more often than the time they take
// allows. A file has one writer.

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
  /** Settled when all that was begun is written. Never rejects. */
  private written: Promise<void> = Promise.resolve();
  private unwritten = 0;
  private next = Number.NEGATIVE_INFINITY;
  private failed = false;

  constructor(
    private readonly file: Pick<CheckpointFile, "write">,
    private readonly environment: CheckpointEnvironment,
  ) {}

  /** Begins to write where the training stands now, unless another is still being written, or was just now. */
  offer(trainer: Trainer): void {
    if (this.unwritten === 0 && this.environment.now() >= this.next) void this.finish(trainer);
  }

  /** Writes where the training stands now; settled when it has reached the disk, or was found not to. */
  finish(trainer: Trainer): Promise<void> {
    // The trainer may go on, or be closed, while another one is written.
    const parts = this.encoded(trainer);
    this.unwritten++;
    this.written = this.written.then(async () => {
      await this.write(parts);
      this.unwritten--;
    });
    return this.written;
  }

  /** Settled when all that was begun is written. */
  settled(): Promise<void> {
    return this.written;
  }

  private encoded(trainer: Trainer): Uint8Array[] {
    const { now } = this.environment;
    const start = now();
    const parts = encodeCheckpoint(trainer);
    this.next = start + (now() - start) / mostShare;
    return parts;
  }

  private async write(parts: readonly Uint8Array[]): Promise<void> {
    try {
      await this.file.write(parts);
      this.failed = false;
    } catch (error) {
      if (!this.failed) this.environment.warn(error instanceof Error ? error.message : String(error));
      this.failed = true;
    }
  }
}
