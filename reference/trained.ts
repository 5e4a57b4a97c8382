// A file with one training → how it ends: what some codes explain shows only when a text runs.

import { filesOf } from "../engine/data/files";
import { readDataset } from "../engine/data/readers";
import type { Diagnostic } from "../engine/protocol/diagnostic";
import { type Progress, Trainer } from "../engine/runtime/trainer";
import { analyze } from "../extension/language/analyze";
import { breakdownOf } from "../extension/language/breakdown";
import { examplesFolder } from "./describe";

export interface Trained {
  /** What broke it down, if something did. */
  readonly breakdown: Diagnostic | undefined;
  /** Of its epochs, the first one first. */
  readonly losses: readonly number[];
}

export async function trained(text: string): Promise<Trained> {
  const [training] = analyze(text).module.trainings;
  if (!training) throw new Error(`Nothing is trained here:\n${text}`);
  const data = await readDataset(training.data.source, filesOf(examplesFolder));
  const trainer = new Trainer({ training, data, now: () => 0 });
  const end = endOf(trainer);
  const breakdown = end.kind === "failed" ? breakdownOf(training, end) : undefined;
  trainer.close();
  return { breakdown, losses: trainer.reports.map(({ loss }) => loss) };
}

function endOf(trainer: Trainer): Progress {
  for (;;) {
    const progress = trainer.advance();
    if (progress.kind === "finished" || progress.kind === "failed") return progress;
  }
}
