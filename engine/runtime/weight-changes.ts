// How much the trained weights change from one moment to another, computed where they are kept.

import { copy } from "../compiler/emit/copy";
import { elementwise } from "../compiler/emit/elementwise";
import type { Instruction } from "../compiler/instruction";
import type { Machine, Program } from "../compiler/machine";
import { plan } from "../compiler/plan";
import { readSummary, summariesSize, summarize as summarizeOnMachine, summaryView } from "../compiler/summary";
import { contiguousView, type View } from "../compiler/view";
import { noRandomNumbers } from "../model/evaluate";
import { sizeOf } from "../model/shape";
import type { ValueId } from "../protocol/network";
import type { TensorSummary } from "../protocol/snapshot";
import { isSmall, summarize } from "./observe";
import type { ParameterMemory } from "./parameter-memory";
import type { Weights } from "./weights";

export interface WeightChanges {
  /** From now on. */
  begin(): void;
  /** Since `begin`, by parameter. */
  end(): ReadonlyMap<ValueId, WeightChange>;
}

export interface WeightChange {
  readonly change: TensorSummary;
  /** L2 norm of the weights at the beginning. */
  readonly normBefore: number;
}

/** In float64, of copies. */
export class CopiedWeights implements WeightChanges {
  private before: Weights = new Map();

  constructor(private readonly copyOf: () => Weights) {}

  begin(): void {
    this.before = this.copyOf();
  }

  end(): ReadonlyMap<ValueId, WeightChange> {
    const after = this.copyOf();
    return new Map(
      [...this.before].map(([id, { shape, data }]) => {
        const next = after.get(id)!.data;
        const change = summarize({ shape, data: next.map((weight, at) => weight - data[at]!) });
        return [id, { change, normBefore: summarize({ shape, data }).norm }];
      }),
    );
  }
}

/** On a machine, with its kernels: what is updated is copied, and later replaced by what came to it. */
export class MachineWeights implements WeightChanges {
  private readonly parts: readonly { readonly id: ValueId; readonly view: View }[];
  private readonly summaries: { readonly before: View["buffer"]; readonly change: View["buffer"] };
  private readonly beginning: Program;
  private readonly ending: Program;

  /** Throws RangeError when there is no room for another copy. */
  constructor(
    private readonly machine: Machine,
    { updated: { weights }, weights: views, gradients }: ParameterMemory,
  ) {
    const kept = machine.keep(sizeOf(weights.shape));
    const all = contiguousView(kept, weights.shape);
    // Parameters stand in the copy as they stand in what is updated.
    const start = addressOf(weights);
    this.parts = [...gradients.keys()].map((id) => {
      const view = views.get(id)!;
      return { id, view: { ...view, buffer: kept, offset: (addressOf(view) - start) / 4 } };
    });
    const size = summariesSize(this.parts.length);
    this.summaries = { before: machine.keep(size), change: machine.keep(size) };
    const copies = this.parts.map(({ view }) => view);
    this.beginning = programOf(machine, [copy(all, weights), ...summarizeOnMachine(copies, this.summaries.before)]);
    const difference = elementwise.subtract!.emit(all, [weights, all], {} as never)!;
    this.ending = programOf(machine, [difference, ...summarizeOnMachine(copies, this.summaries.change)]);
  }

  begin(): void {
    this.machine.run(this.beginning, noRandomNumbers, 1);
  }

  end(): ReadonlyMap<ValueId, WeightChange> {
    this.machine.run(this.ending, noRandomNumbers, 1);
    return new Map(
      this.parts.map(({ id, view }, position) => {
        const summary = readSummary(view.shape, this.machine.numbers(summaryView(this.summaries.change, position)));
        const change = isSmall(view.shape) ? { ...summary, elements: [...this.machine.numbers(view)] } : summary;
        const before = this.machine.numbers(summaryView(this.summaries.before, position));
        return [id, { change, normBefore: readSummary(view.shape, before).norm }];
      }),
    );
  }
}

function programOf(machine: Machine, instructions: readonly Instruction[]): Program {
  return machine.add(plan({ wanted: [], feedAt: () => undefined, after: () => instructions }));
}

function addressOf({ buffer: { place }, offset }: View): number {
  if (place.kind !== "fixed") throw new Error("Parameters are kept.");
  return place.address + 4 * offset;
}
