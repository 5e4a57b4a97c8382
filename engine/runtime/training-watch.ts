// How a training is looked at while it goes on: when a Snapshot is due, and what is asked about a step again.

import type { Snapshot } from "../protocol/snapshot";
import { KeptMoments } from "./kept-moments";
import type { Trainer } from "./trainer";
import type { TrainingMoment } from "./training-moment";

const interval = 100; // ms: ten a second
const share = 0.1; // of the time may go into Snapshots, at most
// A training learns most in its first steps, and a small one is over in a few milliseconds: where looking is cheap, one is
// looked at whenever it has made a quarter more steps.
const closerLook = 1.25;
const cheap = 10; // ms

export class TrainingWatch {
  private readonly moments: KeptMoments;
  /** When it was looked at last, and how many milliseconds that took. */
  private seen: { readonly step: number; readonly cost: number } | undefined;
  private next = 0;

  /** `now` in milliseconds. */
  constructor(
    private readonly trainer: Trainer,
    private readonly now: () => number,
  ) {
    this.moments = new KeptMoments(trainer);
  }

  isDue(time: number): boolean {
    const { seen } = this;
    if (time >= this.next) return true;
    return seen === undefined || (seen.cost <= cheap && this.trainer.step >= Math.max(1, closerLook * seen.step));
  }

  /** `version` is the document's. */
  look(version: number): Snapshot {
    const start = this.now();
    const { training, epoch, step, samplesPerSecond, learningRate } = this.trainer;
    const observation = this.trainer.observe();
    this.moments.add();
    // The first time takes long, because everything for it is made.
    const cost = this.seen ? this.now() - start : 0;
    this.seen = { step, cost };
    this.next = start + Math.max(interval, cost / share);
    return { training: training.name, version, epoch, step, samplesPerSecond, learningRate, ...observation };
  }

  /** Those that a moment can be had of, oldest first. */
  get keptSteps(): readonly number[] {
    return this.moments.steps;
  }

  /** The newest moment without a step. Throws DataError when its weights are gone. */
  moment(step: number | undefined): TrainingMoment {
    return step === undefined ? this.trainer : this.moments.after(step);
  }
}
