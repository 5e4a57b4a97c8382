// Trainings run to their end for the checks after them. The last one is kept: several checks may look at one training.

import type { Dataset } from "../data/dataset";
import { meaningOf } from "../model/meaning";
import type { DataDeclaration, Training } from "../protocol/network";
import type { EpochReport } from "../protocol/snapshot";
import type { CreateComputation } from "./computation";
import { inSlices, type Pacing } from "./pacing";
import type { ParameterFiles } from "./parameter-files";
import { Trainer } from "./trainer";

export interface TrainingEnvironment extends Pacing {
  readonly files: ParameterFiles;
  /** In float64 when absent. */
  readonly computation?: CreateComputation;
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
  /** How many look at it now: it is closed when there are none and another has taken its place. */
  users: number;
}

export class TrainingRuns {
  private last: Run | undefined;

  /**
   * `look` gets the training at its end, run anew when it, its data or a file is not the last one's; the trainer is open
   * until the promise that `look` gives is settled. Throws why the training could not go on.
   */
  async use<Result>(
    training: Training,
    environment: TrainingEnvironment,
    look: (trainer: Trainer) => Promise<Result>,
  ): Promise<Result> {
    const meaning = meaningOf(training);
    const data = await environment.data(training.data);
    const { validation: held } = training;
    const validation = held.kind === "data" ? await environment.data(held.data) : undefined;
    const filesVersion = await environment.files.version(training.network);
    const { last } = this;
    const isLast = last?.meaning === meaning && last.filesVersion === filesVersion;
    // Two checks may ask at once: the run stands here before its files are read.
    const run =
      isLast && last.data === data && last.validation === validation
        ? last
        : this.keep({
            meaning,
            filesVersion,
            data,
            validation,
            trainer: toEnd(training, data, validation, environment),
            users: 0,
          });
    run.users++;
    try {
      return await look(await run.trainer);
    } finally {
      run.users--;
      this.tidy(run);
    }
  }

  /** Forgets the last training. */
  close(): void {
    const { last } = this;
    this.last = undefined;
    if (last) this.tidy(last);
  }

  private keep(run: Run): Run {
    this.close();
    this.last = run;
    // What failed, or was ended from outside, is tried anew.
    run.trainer.catch(() => {
      if (this.last === run) this.last = undefined;
    });
    return run;
  }

  private tidy(run: Run): void {
    if (run.users > 0 || run === this.last) return;
    run.trainer.then(
      (trainer) => trainer.close(),
      () => {}, // What failed was closed when it did.
    );
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
    ...(environment.computation && { computation: environment.computation }),
  });
  try {
    await inSlices(advance(trainer, environment), environment);
    return trainer;
  } catch (error) {
    trainer.close();
    throw error;
  }
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
