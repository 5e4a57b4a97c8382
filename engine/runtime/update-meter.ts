// How much one update changes each parameter. Measuring takes about as long as a small update, so one is measured whenever
// somebody asks.

import type { ValueId } from "../protocol/network";
import type { ParameterUpdate } from "../protocol/snapshot";
import type { Computation, StepResult } from "./computation";

export class UpdateMeter {
  private isNext = true;
  private measured: ReadonlyMap<ValueId, ParameterUpdate> = new Map();
  private time = 0;

  /** `now` in milliseconds. The first update is measured. */
  constructor(
    private readonly computation: Computation,
    private readonly now: () => number,
  ) {}

  /** The last one measured. */
  of(id: ValueId): ParameterUpdate | undefined {
    return this.measured.get(id);
  }

  measureNext(): void {
    this.isNext = true;
  }

  /** Makes an update, and measures it when it is to be. `step` is its number. */
  around(step: number, make: () => StepResult): StepResult {
    if (!this.isNext) return make();
    const start = this.now();
    this.computation.changes.begin();
    const begun = this.now();
    const result = make();
    const made = this.now();
    if (result.kind === "done") {
      this.measured = this.changes(step);
      this.isNext = false;
    }
    this.time += begun - start + this.now() - made;
    return result;
  }

  /** Milliseconds that measuring took since this was asked last. */
  takeTime(): number {
    const { time } = this;
    this.time = 0;
    return time;
  }

  private changes(step: number): ReadonlyMap<ValueId, ParameterUpdate> {
    return new Map(
      [...this.computation.changes.end()].map(([id, { change, normBefore }]) => [
        id,
        { step, change, ...(normBefore > 0 && { ratio: change.norm / normBefore }) },
      ]),
    );
  }
}
