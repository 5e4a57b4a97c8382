// Explains numbers of a training: its last batch again in float64, with the weights as they are.

import { gather } from "../data/batches";
import { targetId, trainingLoss } from "../model/build";
import type { ExplainOrder, Explanation } from "../protocol/explanation";
import { explain, positionOf, StudiedBatch } from "./explain";
import { contextOf } from "./pass";
import type { Trainer } from "./trainer";

export class Explainer {
  /** The batch of the last question, for the next one about it. */
  private last: { readonly trainer: Trainer; readonly step: number; readonly batch: StudiedBatch } | undefined;

  /** Throws DataError when there is no such value, gradient or element. */
  async explain(trainer: Trainer, order: ExplainOrder): Promise<Explanation> {
    const { epoch, step, training, precision } = trainer;
    const explained = explain(this.batchOf(trainer), order);
    const { id, of, shape, element, latex } = explained;
    const inspection = trainer.inspect();
    const numbers = of === "value" ? inspection.value(id) : inspection.gradient(id)!;
    const trained = { number: numbers.data[positionOf(shape, element, id)]!, precision };
    // Only now: who never asks loads no MathJax.
    const { typeset } = await import("./explain/typeset");
    return { ...explained, training: training.name, epoch, step, trained, picture: typeset(latex, widestPicture) };
  }

  private batchOf(trainer: Trainer): StudiedBatch {
    if (this.last?.trainer !== trainer || this.last.step !== trainer.step) {
      this.last = { trainer, step: trainer.step, batch: studied(trainer) };
    }
    return this.last.batch;
  }
}

const widestPicture = 540; // Pixels: what a hover shows without scrolling.

/** As the Trainer inspects it. */
function studied({ training, data, batch, input, step, weights }: Trainer): StudiedBatch {
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
