// Chooses a training of a file and runs it to its end, in this process, letting Ctrl+C through.

import { basename } from "node:path";
import { nearest } from "../../engine/model/nearest";
import type { Training, ValueId } from "../../engine/protocol/network";
import type { EpochReport } from "../../engine/protocol/snapshot";
import { stateFor } from "../../engine/runtime/checkpoint";
import { CheckpointFile, checkpointFileOf, type ReadCheckpoint } from "../../engine/runtime/checkpoint-file";
import { Trainer } from "../../engine/runtime/trainer";
import { breakdownOf } from "../language/breakdown";
import { SourceText } from "./diagnostics";
import type { LoadedFile } from "./load";
import { CommandError, type Terminal } from "./terminal";

export interface TrainingChoice {
  readonly train?: string;
  readonly epochs?: number;
  readonly seed?: number;
}

/** Paths relative to the terminal's folder. */
export interface CheckpointChoice {
  readonly checkpoint?: string;
  /** `true` for the file that the training is written into. */
  readonly resume?: string | true;
}

/** Throws CommandError, naming the trainings there are, when the choice is not clear. */
export function chooseTraining({ path, analysis }: LoadedFile, choice: TrainingChoice): Training {
  const { trainings } = analysis.module;
  const names = trainings.map(({ name }) => name);
  const { train, epochs, seed } = choice;
  if (trainings.length === 0) throw new CommandError(`${path} has no train declaration`);
  if (train === undefined && trainings.length > 1) {
    throw new CommandError(
      `${path} has ${trainings.length} trainings: choose one with --train ${names.join(" | --train ")}`,
    );
  }
  const training = train === undefined ? trainings[0] : trainings.find(({ name }) => name === train);
  if (training === undefined) {
    const near = nearest(train!, names);
    const hint = near === undefined ? `it has ${names.join(", ")}` : `did you mean ${near}?`;
    throw new CommandError(`${path} has no training ${train}: ${hint}`);
  }
  const { steps: _, ...withoutSteps } = training;
  return { ...(epochs === undefined ? training : { ...withoutSteps, epochs }), ...(seed !== undefined && { seed }) };
}

/** The file that a training is written into, if any. Throws CommandError for a name that other programs would not know. */
export function writtenInto(
  training: Training,
  { path, folder }: LoadedFile,
  { checkpoint }: CheckpointChoice,
  terminal: Terminal,
): CheckpointFile | undefined {
  if (checkpoint !== undefined && !checkpoint.endsWith(".safetensors")) {
    throw new CommandError(`--checkpoint ${checkpoint}: its name must end in .safetensors`);
  }
  if (checkpoint !== undefined) return new CheckpointFile(terminal.folder, checkpoint);
  return checkpointFileOf(training, { folder, document: basename(path) });
}

/** What a training goes on from, if it is to. Throws CommandError when the choice is not clear, DataError when it cannot be read. */
export async function resumedCheckpoint(
  training: Training,
  into: CheckpointFile | undefined,
  { resume }: CheckpointChoice,
  terminal: Terminal,
): Promise<ReadCheckpoint | undefined> {
  if (resume === undefined) return undefined;
  const file = resume === true ? into : new CheckpointFile(terminal.folder, resume);
  if (!file) {
    throw new CommandError(
      `${training.name} does not say where it is written down: name the file, --resume FILE, or add checkpoint: 1 to it`,
    );
  }
  return file.read();
}

/** `read` is what it goes on from. */
export async function trainerFor(
  training: Training,
  { data, files, folder }: LoadedFile,
  terminal: Terminal,
  read?: ReadCheckpoint,
): Promise<Trainer> {
  const { validation } = training;
  const samples = await data.get(training.data, folder);
  const validationSamples = validation.kind === "data" ? await data.get(validation.data, folder) : undefined;
  return new Trainer({
    training: { ...training, network: await files.read(training.network) },
    data: samples,
    ...(validationSamples && { validation: validationSamples }),
    now: terminal.now,
    ...(read && { state: stateFor(read, training, samples, validationSamples) }),
  });
}

export type End =
  | { readonly kind: "finished"; readonly note?: string }
  | { readonly kind: "interrupted" }
  /** `value` is where numbers ceased to be finite. */
  | { readonly kind: "failed"; readonly message: string; readonly value?: ValueId };

/** With the place of the value where numbers ceased to be finite: `digits.nnet:9:3: … [not-finite]`. */
export function failureIn(
  { path, analysis }: LoadedFile,
  training: Training,
  end: Extract<End, { readonly kind: "failed" }>,
): CommandError {
  const breakdown = breakdownOf(training, end);
  if (!breakdown) return new CommandError(end.message);
  const { line, column } = new SourceText(path, analysis.text).place(breakdown.range);
  return new CommandError(`${path}:${line}:${column}: ${breakdown.message} [${breakdown.code}]`);
}

const slice = 50; // ms between looks at the keyboard

export async function trainToEnd(
  trainer: Trainer,
  terminal: Terminal,
  onReport: (report: EpochReport) => void,
): Promise<End> {
  let interrupted = false;
  const ignore = terminal.onInterrupt(() => {
    interrupted = true;
  });
  try {
    let end = terminal.now() + slice;
    while (!interrupted) {
      const progress = trainer.advance();
      if (progress.kind === "finished" || progress.kind === "failed") return progress;
      if (progress.kind === "epoch") onReport(progress.report);
      if (terminal.now() >= end) {
        await terminal.pause();
        end = terminal.now() + slice;
      }
    }
    return { kind: "interrupted" };
  } finally {
    ignore();
  }
}
