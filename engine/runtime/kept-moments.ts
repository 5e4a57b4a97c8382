// The moments of a training that can be looked at again: those whose Snapshots are kept for good, and fewer of a network
// with many weights.

import { DataError } from "../data/dataset";
import { EvenlySpread } from "../model/evenly-spread";
import { memoryOfParameters } from "../model/memory";
import type { Trainer } from "./trainer";
import type { PastMoment, TrainingMoment } from "./training-moment";

const mostMoments = 200;
const mostBytes = 64 * 1024 * 1024;

export class KeptMoments {
  private readonly kept = new EvenlySpread<PastMoment>();
  private readonly most: number;
  private lastStep: number | undefined;

  constructor(private readonly trainer: Trainer) {
    const { bytes } = memoryOfParameters(trainer.training.network, trainer.precision);
    this.most = Math.min(mostMoments, Math.floor(mostBytes / bytes));
  }

  /** Those that can be asked about, oldest first: the newest is. */
  get steps(): readonly number[] {
    const steps = this.kept.items.map(({ step }) => step);
    return steps.at(-1) === this.trainer.step ? steps : [...steps, this.trainer.step];
  }

  /** The moment that a Snapshot is taken of. */
  add(): void {
    const { trainer, kept, most, lastStep } = this;
    this.lastStep = trainer.step;
    // The first one stays in any case: there would be nothing else.
    if (most < 2) return;
    // Seen again, as at the end of a training, which may have gone back to better weights.
    if (lastStep !== undefined && trainer.step <= lastStep) kept.replaceLast(trainer.keepMoment());
    else if (kept.keepsNext) kept.add(trainer.keepMoment(), most);
    else kept.skip();
  }

  /** Throws DataError when its weights are gone. */
  after(step: number): TrainingMoment {
    const { trainer } = this;
    const moments = this.kept.items;
    const found = moments.find((moment) => moment.step === step) ?? (trainer.step === step ? trainer : undefined);
    if (found) return found;
    if (moments.length === 0) {
      throw new DataError(`The weights after step ${step} are not kept: there are too many of them. Go back to Live.`);
    }
    const distance = (moment: PastMoment): number => Math.abs(moment.step - step);
    const nearest = moments.reduce((best, moment) => (distance(moment) < distance(best) ? moment : best));
    throw new DataError(
      `The weights after step ${step} are no longer kept. The nearest that are: those after step ${nearest.step}.`,
    );
  }
}
