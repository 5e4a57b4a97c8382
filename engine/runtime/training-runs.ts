// Trainings run to their end for the checks after them. The last one is kept: several checks may look at one training.

import type { Dataset } from "../data/dataset";
import { meaningOf } from "../model/meaning";
import type { DataDeclaration, Training } from "../protocol/network";
import type { EpochReport } from "../protocol/snapshot";
import { inSlices, type Pacing } from "./pacing";
import type { ParameterFiles } from "./parameter-files";
import { Trainer } from "./trainer";

export interface TrainingEnvironment extends Pacing {
  readonly files: ParameterFiles;
  /** Throws DataError when the data cannot be used. */
  data(declaration: DataDeclaration): Promise<Dataset>;
  onEpoch?(report: EpochReport): void;
}

interface Run {
  readonly meaning: string;
  /** Of the files that parameters begin with. */
  readonly filesVersion: string;
  readonly data: Dataset;
  readonly validation: Dataset | undefined;
  readonly trainer: Promise<Trainer>;
}

export class TrainingRuns {
  private last: Run | undefined;

  /** The training at its end, run anew when it, its data or a file is not the last one's. Throws why it could not go on. */
  async get(training: Training, environment: TrainingEnvironment): Promise<Trainer> {
    const meaning = meaningOf(training);
    const data = await environment.data(training.data);
    const { validation: held } = training;
    const validation = held.kind === "data" ? await environment.data(held.data) : undefined;
    const filesVersion = await environment.files.version(training.network);
    const { last } = this;
    const isLast = last?.meaning === meaning && last.filesVersion === filesVersion;
    if (isLast && last.data === data && last.validation === validation) return last.trainer;

    // Two checks may ask at once: the run stands here before its files are read.
    const trainer = toEnd(training, data, validation, environment);
    const run: Run = { meaning, filesVersion, data, validation, trainer };
    this.last = run;
    // What failed, or was ended from outside, is tried anew.
    run.trainer.catch(() => {
      if (this.last === run) this.last = undefined;
    });
    return run.trainer;
  }
}

async function toEnd(
  training: Training,
  data: Dataset,
  validation: Dataset | undefined,
  environment: TrainingEnvironment,
): Promise<Trainer> {
  const network = await environment.files.read(training.network);
  const trainer = new Trainer({
    training: { ...training, network },
    data,
    ...(validation && { validation }),
    now: () => environment.now(),
  });
  await inSlices(advance(trainer, environment), environment);
  return trainer;
}

function* advance(trainer: Trainer, { onEpoch }: TrainingEnvironment): Generator<undefined, void, undefined> {
  for (;;) {
    const progress = trainer.advance();
    if (progress.kind === "failed") throw new Error(progress.message);
    if (progress.kind === "finished") return;
    if (progress.kind === "epoch") onEpoch?.(progress.report);
    yield;
  }
}
