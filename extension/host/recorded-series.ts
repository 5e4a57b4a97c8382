// A Recording as curves and histograms over its steps.

import type { ValueId } from "../../engine/protocol/network";
import type { ObservedQuantity, Snapshot } from "../../engine/protocol/snapshot";
import type { RecordedHistograms, RecordedSeries } from "../../engine/protocol/webview";

/** Of every trained parameter. */
export function seriesOf(snapshots: readonly Snapshot[]): RecordedSeries {
  const newest = snapshots.at(-1)?.quantities ?? {};
  const parameters = Object.keys(newest).filter((id) => newest[id]?.update !== undefined);
  const over = (id: ValueId, read: (quantity: ObservedQuantity) => number | undefined): readonly (number | null)[] =>
    snapshots.map(({ quantities }) => {
      const quantity = quantities[id];
      return (quantity && read(quantity)) ?? null;
    });
  return {
    steps: snapshots.map(({ step }) => step),
    learningRates: snapshots.map(({ learningRate }) => learningRate),
    parameters: parameters.map((id) => ({
      id,
      gradientNorms: over(id, ({ gradient }) => gradient?.norm),
      updateRatios: over(id, ({ update }) => update?.ratio),
    })),
  };
}

export function histogramsOf(snapshots: readonly Snapshot[], id: ValueId): RecordedHistograms {
  return {
    moments: snapshots.flatMap(({ step, quantities }) => {
      const quantity = quantities[id];
      if (!quantity) return [];
      const { value, gradient, update } = quantity;
      return {
        step,
        value: value.histogram,
        ...(gradient && { gradient: gradient.histogram }),
        ...(update && { update: update.change.histogram }),
      };
    }),
  };
}
