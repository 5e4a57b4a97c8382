// Chooses a training of a file and runs it to its end, in this process, letting Ctrl+C through.

import { nearest } from "../../engine/model/nearest";
import type { Training } from "../../engine/protocol/network";
import type { EpochReport } from "../../engine/protocol/snapshot";
import { Trainer } from "../../engine/runtime/trainer";
import type { LoadedFile } from "./load";
import { CommandError, type Terminal } from "./terminal";

export interface TrainingChoice {
  readonly train?: string;
  readonly epochs?: number;
  readonly seed?: number;
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

export async function trainerFor(
  training: Training,
  { data, files, folder }: LoadedFile,
  terminal: Terminal,
): Promise<Trainer> {
  const { validation } = training;
  const samples = await data.get(training.data, folder);
  const validationSamples = validation.kind === "data" ? await data.get(validation.data, folder) : undefined;
  return new Trainer({
    training: { ...training, network: await files.read(training.network) },
    data: samples,
    ...(validationSamples && { validation: validationSamples }),
    now: terminal.now,
  });
}

export type End =
  | { readonly kind: "finished"; readonly note?: string }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly message: string };

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
