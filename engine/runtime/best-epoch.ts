// The best epoch of a training that a stopping rule watches: its weights, to go back to, and when there was none better for
// too long. Without a rule nothing is kept and nothing ends early.

import { type Patience, type StoppingRule, untried } from "../model/stopping";
import type { EpochReport } from "../protocol/snapshot";
import type { Kept, TrainerState } from "./trainer-state";
import type { Weights } from "./weights";

export class BestEpoch {
  private patience: Patience = untried;
  private best: Kept | undefined;

  constructor(private readonly rule: StoppingRule | undefined) {}

  /** Whether the training should end now. */
  get isOver(): boolean {
    return this.patience.isOver;
  }

  /** Undefined before the first epoch. */
  get kept(): Kept | undefined {
    return this.best;
  }

  /** Lets the rule look at an epoch, and keeps its weights if they are the best so far. */
  watch({ epoch, step, loss, validation }: EpochReport, weights: () => Weights): void {
    if (!this.rule) return;
    this.patience = this.rule.next(this.patience, epoch, validation?.loss ?? loss);
    if (this.patience.bestEpoch === epoch) this.best = { epoch, step, weights: weights() };
  }

  /** Why a training that ends after this epoch goes back to the best one, in words. */
  reasonAfter(epoch: number, { epoch: best }: Kept, watched: "loss" | "validation loss"): string {
    const epochs = epoch - best;
    const why = this.patience.isOver
      ? `stopped after epoch ${epoch}: the ${watched} did not improve for ${epochs} ${epochs === 1 ? "epoch" : "epochs"}`
      : `the ${watched} was lowest after epoch ${best}`;
    return `${why}; its weights are those of epoch ${best}`;
  }

  state(): Pick<TrainerState, "best" | "patience"> {
    const { patience, best } = this;
    return { patience, ...(best && { best }) };
  }

  /** Another rule, or none, may have written it. */
  restore({ patience, best }: Pick<TrainerState, "best" | "patience">): void {
    if (!this.rule) return;
    this.patience = patience;
    this.best = best;
  }
}
