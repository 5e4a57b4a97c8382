// Checkpoints on a real disk: whole at every moment, and the one before is there when the newest cannot be used.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { encodeCheckpoint } from "../../../engine/runtime/checkpoint";
import { CheckpointFile } from "../../../engine/runtime/checkpoint-file";
import { CheckpointWriter } from "../../../engine/runtime/checkpoint-writer";
import type { Trainer } from "../../../engine/runtime/trainer";
import { trainerOf, xor } from "./support";

/** Lets everything that waits happen. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nnet-checkpoint-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder in which a training was written after its first step and after its second. */
async function twice() {
  const folder = temporaryFolder();
  const file = new CheckpointFile(folder, "xor.safetensors");
  const trainer = await trainerOf(xor);
  for (let step = 0; step < 2; step++) {
    trainer.stepOnce();
    await file.write(encodeCheckpoint(trainer));
  }
  return { folder, file, full: join(folder, "xor.safetensors") };
}

describe("a checkpoint file", () => {
  test("gives the newest, keeps the one before, and leaves nothing else behind", async () => {
    const { folder, file } = await twice();
    expect(readdirSync(folder).sort()).toEqual(["xor.safetensors", "xor.safetensors.previous"]);
    const { checkpoint, warning, file: read } = await file.read();
    expect(checkpoint.state.steps).toBe(2);
    expect(read).toBe("xor.safetensors");
    expect(warning).toBeUndefined();
  });

  test("cut off anywhere, gives the one before and says so", async () => {
    const { file, full } = await twice();
    const size = readFileSync(full).length;
    for (const length of [size - 1, Math.floor(size / 2), 9, 0]) {
      truncateSync(full, length);
      const { checkpoint, warning, file: read } = await file.read();
      expect(checkpoint.state.steps).toBe(1);
      expect(read).toBe("xor.safetensors.previous");
      expect(warning).toMatch(
        /^xor\.safetensors is (cut off: .*|not a safetensors file)\. xor\.safetensors\.previous, the one before it, is used instead\.$/,
      );
    }
  });

  test("gone between two renames, gives the one before", async () => {
    const { file, full } = await twice();
    rmSync(full);
    const { checkpoint, warning } = await file.read();
    expect(checkpoint.state.steps).toBe(1);
    expect(warning).toContain("there is no checkpoint xor.safetensors");
  });

  test("is not touched by a writing that ended half-way", async () => {
    const { file, full } = await twice();
    writeFileSync(join(dirname(full), ".xor.safetensors.4711-0.partial"), readFileSync(full).subarray(0, 100));
    expect((await file.read()).checkpoint.state.steps).toBe(2);
  });

  test("refused in both its forms, says what is wrong with the newest", async () => {
    const { file, full } = await twice();
    writeFileSync(full, "Lorem ipsum dolor");
    writeFileSync(`${full}.previous`, "sit amet");
    await expect(file.read()).rejects.toThrow("xor.safetensors is not a safetensors file");
  });

  test("that was never written says where it was looked for", async () => {
    const folder = temporaryFolder();
    await expect(new CheckpointFile(folder, "none.safetensors").read()).rejects.toThrow(
      `there is no checkpoint none.safetensors: looked for ${join(folder, "none.safetensors")}`,
    );
  });

  test("that cannot be written says why, and the old one stays", async () => {
    const folder = temporaryFolder();
    const parts = encodeCheckpoint(await trainerOf(xor));
    await expect(new CheckpointFile(folder, "no/where.safetensors").write(parts)).rejects.toThrow(
      "the checkpoint no/where.safetensors cannot be written: its folder does not exist",
    );
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});

describe("writing while a training goes on", () => {
  /** Writes when it is told to. */
  class Disk {
    private waiting: ((error?: Error) => void)[] = [];

    readonly file: Pick<CheckpointFile, "write"> = {
      write: () =>
        new Promise<void>((resolve, reject) =>
          this.waiting.push((error) => {
            if (error) reject(error);
            else resolve();
          }),
        ),
    };

    /** Ends the writing that was begun first. */
    async done(error?: Error): Promise<void> {
      this.waiting.shift()!(error);
      await turn();
    }

    async writing(): Promise<number> {
      await turn();
      return this.waiting.length;
    }
  }

  const stepped = async (): Promise<Trainer> => {
    const trainer = await trainerOf(xor);
    trainer.stepOnce();
    return trainer;
  };

  test("one is written at a time; what is offered meanwhile is left out, the last one never", async () => {
    const disk = new Disk();
    const writer = new CheckpointWriter(disk.file, { now: () => 0, warn: () => {} });
    const trainer = await stepped();
    writer.offer(trainer);
    writer.offer(trainer);
    expect(await disk.writing()).toBe(1);
    let finished = false;
    const last = writer.finish(trainer).then(() => {
      finished = true;
    });
    await disk.done();
    expect(await disk.writing()).toBe(1);
    expect(finished).toBe(false);
    await disk.done();
    await last;
    expect(finished).toBe(true);
  });

  test("no more than a tenth of the time goes into them", async () => {
    const disk = new Disk();
    let time = 0;
    // Putting one together takes 5 ms of this clock.
    const writer = new CheckpointWriter(disk.file, { now: () => (time += 5), warn: () => {} });
    const trainer = await stepped();
    let written = 0;
    for (let offers = 0; offers < 100; offers++) {
      writer.offer(trainer);
      if ((await disk.writing()) === 0) continue;
      written++;
      await disk.done();
    }
    expect(written).toBeGreaterThan(3);
    expect(written * 5).toBeLessThanOrEqual(time / 10 + 5);
  });

  test("a disk that is full is told once, and again after it was not", async () => {
    const disk = new Disk();
    const warnings: string[] = [];
    const writer = new CheckpointWriter(disk.file, { now: () => 0, warn: (message) => warnings.push(message) });
    const trainer = await stepped();
    const full = new Error("the disk is full");
    for (const error of [full, full, undefined, full]) {
      writer.offer(trainer);
      expect(await disk.writing()).toBe(1);
      await disk.done(error);
    }
    expect(warnings).toEqual(["the disk is full", "the disk is full"]);
  });
});
