// Where a network's parameters, their gradients and the optimizer's slots stand in a machine: what is updated stands in one
// stretch, at the same offsets everywhere, so that one instruction updates it all.

import type { Machine } from "../compiler/machine";
import { type Buffer, contiguousView, type View } from "../compiler/view";
import { sizeOf } from "../model/shape";
import type { Parameter, ValueId } from "../protocol/network";

const alignment = 16; // Numbers: a cache line.

type Kept = ReturnType<Machine["keep"]>;

export class ParameterMemory {
  /** The stretch that is updated; gaps between parameters are 0 and stay so. */
  readonly updated: { readonly weights: View; readonly gradients: View; readonly slots: readonly View[] };
  /** All parameters; gaps between them are 0 and stay so. */
  readonly all: View;
  /** Of each parameter. */
  readonly weights: ReadonlyMap<ValueId, View>;
  /** Of the updated ones. */
  readonly gradients: ReadonlyMap<ValueId, View>;
  readonly slots: ReadonlyMap<ValueId, readonly View[]>;

  /** Throws RangeError when there is no room. `updated` are the ids that gradients reach. */
  constructor(machine: Machine, parameters: readonly Parameter[], updated: ReadonlySet<ValueId>, slotCount: number) {
    const first = parameters.filter(({ id }) => updated.has(id));
    const rest = parameters.filter(({ id }) => !updated.has(id));
    const offsets = new Map<ValueId, number>();
    let end = 0;
    let updatedSize = 0;
    for (const [position, { id, shape }] of [...first, ...rest].entries()) {
      offsets.set(id, end);
      end += Math.ceil(sizeOf(shape) / alignment) * alignment;
      if (position < first.length) updatedSize = end;
    }
    const weights = machine.keep(end);
    const gradients = machine.keep(updatedSize);
    const slots = Array.from({ length: slotCount }, () => machine.keep(updatedSize));

    const viewsIn = (block: Kept, of: readonly Parameter[]) =>
      new Map(of.map(({ id, shape }) => [id, contiguousView(partOf(block, offsets.get(id)!, sizeOf(shape)), shape)]));
    const stretch = (block: Kept, size: number) => contiguousView(partOf(block, 0, size), [size]);
    const updatedIn = (block: Kept) => stretch(block, updatedSize);
    this.updated = { weights: updatedIn(weights), gradients: updatedIn(gradients), slots: slots.map(updatedIn) };
    this.all = stretch(weights, end);
    this.weights = viewsIn(weights, parameters);
    this.gradients = viewsIn(gradients, first);
    const slotViews = slots.map((slot) => viewsIn(slot, first));
    this.slots = new Map(first.map(({ id }) => [id, slotViews.map((views) => views.get(id)!)]));
  }
}

function partOf({ place }: Kept, offset: number, size: number): Buffer {
  return { size, place: { kind: "fixed", address: place.address + 4 * offset } };
}
