// The Snapshots of one training, so that it can be looked at as it was. Of a long one fewer are kept, evenly spread in
// time; the first and the newest are always there. Memory is bounded: of a large network fewer moments fit.

import type { ObservedQuantity, Snapshot, TensorSummary } from "../../engine/protocol/snapshot";
import { EvenlySpread } from "../language/evenly-spread";

const mostMoments = 200;
const fewestMoments = 8;
const mostNumbers = 4_000_000; // 32 MB

export class Recording {
  private readonly kept = new EvenlySpread<Snapshot>();

  /** Oldest first. */
  get snapshots(): readonly Snapshot[] {
    return this.kept.items;
  }

  /** As it was after this step: the newest Snapshot up to it, or the first of all. */
  at(step: number): Snapshot | undefined {
    const { snapshots } = this;
    return snapshots.findLast((snapshot) => snapshot.step <= step) ?? snapshots[0];
  }

  add(snapshot: Snapshot): void {
    const { newest } = this.kept;
    // The same moment seen again, as at the end of a training.
    if (newest && newest.step >= snapshot.step) this.kept.replaceLast(snapshot);
    else this.kept.add(snapshot, mostOf(snapshot));
  }
}

function mostOf({ quantities }: Snapshot): number {
  const numbers = Object.values(quantities).reduce((sum, quantity) => sum + numbersOf(quantity), 0);
  return Math.min(mostMoments, Math.max(fewestMoments, Math.floor(mostNumbers / Math.max(1, numbers))));
}

function numbersOf({ value, gradient, update }: ObservedQuantity): number {
  return (
    summaryNumbers(value) + (gradient ? summaryNumbers(gradient) : 0) + (update ? summaryNumbers(update.change) : 0)
  );
}

const statistics = 16; // The numbers of a summary besides its histogram, its objects counted as some.

function summaryNumbers({ histogram, elements }: TensorSummary): number {
  return statistics + histogram.counts.length + (elements?.length ?? 0);
}
