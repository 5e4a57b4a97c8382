// How much one update changes each parameter: the weights are copied before and after it. Measuring every update would
// cost more than the updates, so one is measured whenever somebody asks.

import type { Network, ValueId } from "../protocol/network";
import type { ParameterUpdate } from "../protocol/snapshot";
import type { Computation, StepResult } from "./computation";
import { summarize } from "./observe";
import type { Weights } from "./weights";

export class UpdateMeter {
  private readonly trainable: readonly ValueId[];
  private isNext = true;
  private measured: ReadonlyMap<ValueId, ParameterUpdate> = new Map();
  private time = 0;

  /** `now` in milliseconds. The first update is measured. */
  constructor(
    private readonly computation: Computation,
    { parameters }: Network,
    private readonly now: () => number,
  ) {
    this.trainable = parameters.filter(({ trainable }) => trainable).map(({ id }) => id);
  }

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
    const before = this.computation.weights();
    const begun = this.now();
    const result = make();
    const made = this.now();
    if (result.kind === "done") {
      this.measured = this.changes(step, before, this.computation.weights());
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

  private changes(step: number, before: Weights, after: Weights): ReadonlyMap<ValueId, ParameterUpdate> {
    return new Map(
      this.trainable.map((id) => {
        const { shape, data } = before.get(id)!;
        const next = after.get(id)!.data;
        const change = summarize({ shape, data: next.map((weight, at) => weight - data[at]!) });
        const { norm } = summarize({ shape, data });
        return [id, { step, change, ...(norm > 0 && { ratio: change.norm / norm }) }];
      }),
    );
  }
}
