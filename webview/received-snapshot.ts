// A Snapshot as it was before VS Code sent it. Messages to a webview are JSON, which has neither NaN nor infinities: they
// arrive as null. Nothing else in a Snapshot is null, but which of them a number was is lost: all are NaN here.

import type { ObservedQuantity, Snapshot, TensorSummary } from "../engine/protocol/snapshot";

export function receivedSnapshot(snapshot: Snapshot): Snapshot {
  const quantities = Object.entries(snapshot.quantities).map(([id, quantity]) => [id, quantityOf(quantity)] as const);
  return { ...snapshot, loss: numberOf(snapshot.loss), quantities: Object.fromEntries(quantities) };
}

function quantityOf({ value, gradient, update, ...rest }: ObservedQuantity): ObservedQuantity {
  return {
    ...rest,
    value: summaryOf(value),
    ...(gradient && { gradient: summaryOf(gradient) }),
    ...(update && {
      update: {
        ...update,
        change: summaryOf(update.change),
        ...(update.ratio !== undefined && { ratio: numberOf(update.ratio) }),
      },
    }),
  };
}

function summaryOf(summary: TensorSummary): TensorSummary {
  const { mean, standardDeviation, min, max, norm, elements } = summary;
  return {
    ...summary,
    mean: numberOf(mean),
    standardDeviation: numberOf(standardDeviation),
    min: numberOf(min),
    max: numberOf(max),
    norm: numberOf(norm),
    ...(elements && { elements: elements.map(numberOf) }),
  };
}

function numberOf(received: number | null): number {
  return received ?? Number.NaN;
}
