// Explains numbers of a moment of a training: its batch again in float64, with its weights.

import { gather } from "../data/batches";
import { targetId, trainingLoss } from "../model/build";
import type { ExplainOrder, Explanation } from "../protocol/explanation";
import { explain, positionOf, StudiedBatch } from "./explain";
import { contextOf } from "./pass";
import type { TrainingMoment } from "./training-moment";

export class Explainer {
  /** The batch of the last question, for the next one about it. */
  private last: { readonly moment: TrainingMoment; readonly step: number; readonly batch: StudiedBatch } | undefined;

  /** Throws DataError when there is no such value, gradient or element. */
  async explain(moment: TrainingMoment, order: ExplainOrder): Promise<Explanation> {
    const { epoch, step, training, precision } = moment;
    const explained = explain(this.batchOf(moment), order);
    const { id, of, shape, element, latex } = explained;
    const inspection = moment.inspect();
    const numbers = of === "value" ? inspection.value(id) : inspection.gradient(id)!;
    const trained = { number: numbers.data[positionOf(shape, element, id)]!, precision };
    // Only now: who never asks loads no MathJax.
    const { typeset } = await import("./explain/typeset");
    return { ...explained, training: training.name, epoch, step, trained, picture: typeset(latex, widestPicture) };
  }

  private batchOf(moment: TrainingMoment): StudiedBatch {
    if (this.last?.moment !== moment || this.last.step !== moment.step) {
      this.last = { moment, step: moment.step, batch: studied(moment) };
    }
    return this.last.batch;
  }
}

const widestPicture = 540; // Pixels: what a hover shows without scrolling.

/** As the moment inspects it. */
function studied({ training, data, batch, input, step, weights }: TrainingMoment): StudiedBatch {
  const { network, seed, clip } = training;
  return new StudiedBatch({
    network,
    batchSize: batch.length,
    mode: "train",
    loss: trainingLoss(training, data.summary.targetShape),
    feeds: new Map([...weights, [input, gather(data.inputs, batch)], [targetId, gather(data.targets, batch)]]),
    context: contextOf(seed, step),
    ...(clip && { clip }),
  });
}
