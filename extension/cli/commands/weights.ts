// Whose weights a network runs with: those of a checkpoint, of its training, which is run first, or fresh ones.

import type { Network, Training } from "../../../engine/protocol/network";
import { CheckpointFile, type ReadCheckpoint } from "../../../engine/runtime/checkpoint-file";
import { type WeightsInUse, weightsFor, weightsOfCheckpoint } from "../../../engine/runtime/run";
import type { Trainer } from "../../../engine/runtime/trainer";
import type { LoadedFile } from "../load";
import type { Terminal } from "../terminal";
import { failureIn, trainerFor, trainToEnd } from "../training";
import { progressBar } from "./train";

export interface WeightsOptions {
  readonly json: boolean;
  readonly seed?: number;
  readonly untrained: boolean;
}

/** What runs: the network of a training, or one that nothing trains. */
export interface Subject {
  readonly network: Network;
  readonly training: Training | undefined;
  /** Where its weights come from, when somebody has named it. */
  readonly saved: ReadCheckpoint | undefined;
}

/** The checkpoint at a path. Says when it is not the newest one. Throws DataError when it cannot be read. */
export async function savedAt(path: string, terminal: Terminal): Promise<ReadCheckpoint> {
  const saved = await new CheckpointFile(terminal.folder, path).read();
  if (saved.warning !== undefined) terminal.error(`${saved.warning}\n`);
  return saved;
}

/** Undefined when the user stopped the training. Throws CommandError when it failed. */
export async function weightsOf(
  file: LoadedFile,
  { network, training, saved }: Subject,
  { json, seed, untrained }: WeightsOptions,
  terminal: Terminal,
): Promise<WeightsInUse | undefined> {
  if (saved) {
    const classes = training && (await file.data.get(training.data, file.folder)).summary.classes;
    return { ...weightsOfCheckpoint(network, saved), ...(classes && { classes }) };
  }
  const trainer = training && !untrained ? await trainerFor(training, file, terminal) : undefined;
  try {
    if (trainer && !(await isTrained(trainer, file, terminal, { json }))) return undefined;
    return await weightsFor(network, seed ?? training?.seed ?? 0, trainer, file.files);
  } finally {
    trainer?.close();
  }
}

/** False when the user stopped it. */
async function isTrained(
  trainer: Trainer,
  file: LoadedFile,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<boolean> {
  const bar = terminal.interactive && !json ? progressBar(trainer.training.epochs) : undefined;
  const end = await trainToEnd(trainer, terminal, (report) => bar?.epoch(report));
  bar?.end();
  if (end.kind === "failed") throw failureIn(file, trainer.training, end);
  return end.kind === "finished";
}
