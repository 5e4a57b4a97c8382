// Explains numbers of a moment of a training, read off its batch as the training computes it. What takes long, comparing a
// gradient with a central difference, is done in slices.

import { DataError } from "../data/dataset";
import { trainingLoss } from "../model/build";
import type { CentralDifference, ExplainOrder, Explanation } from "../protocol/explanation";
import { centralDifference, explain, StudiedBatch } from "./explain";
import { inSlices, type Pacing, unless } from "./pacing";
import { contextOf } from "./pass";
import type { TrainingMoment } from "./training-moment";

export class Explainer {
  /** Counts gradients compared: one that is under way gives up when the number has moved on. */
  private comparisons = 0;

  constructor(private readonly pacing: Pacing) {}

  /** Throws DataError when there is no such value, gradient or element, or when another gradient is compared meanwhile. */
  async explain(moment: TrainingMoment, order: ExplainOrder): Promise<Explanation> {
    const { epoch, step, precision } = moment;
    const training = moment.training.name;
    const batch = studied(moment);
    const { number, position, ...explained } = explain(batch, order);
    const { id, of, latex } = explained;
    const isCompared = order.checkGradient && of === "gradient";
    const difference = isCompared && (await this.compared(centralDifference(batch, id, position)));
    // Only now: who never asks loads no MathJax.
    const { typeset } = await import("./explain/typeset");
    const picture = typeset(latex, widestPicture);
    const trained = { number, precision };
    return { ...explained, training, epoch, step, trained, picture, ...(difference && { difference }) };
  }

  private async compared(work: Generator<undefined, CentralDifference, undefined>): Promise<CentralDifference> {
    const comparison = ++this.comparisons;
    const done = await inSlices(
      unless(() => comparison !== this.comparisons, work),
      this.pacing,
    );
    if (!done) throw new DataError("another gradient was to be checked meanwhile");
    return done;
  }
}

const widestPicture = 540; // Pixels: what a hover shows without scrolling.

/** As the moment inspects it. */
function studied(moment: TrainingMoment): StudiedBatch {
  const { training, data, batch, step } = moment;
  const { network, seed, clip } = training;
  return new StudiedBatch({
    network,
    batchSize: batch.length,
    mode: "train",
    loss: trainingLoss(training, data.summary.targetShape),
    numbers: moment.inspect(),
    context: contextOf(seed, step),
    ...(clip && { clip }),
  });
}
