// How large updates are beside the weights they change, over the recorded steps.

import { useMemo } from "react";
import { type Curves, positiveOnly } from "../charts/chart-series";
import { LineChart } from "../charts/line-chart";
import { useSeries } from "../charts/use-series";
import type { Tensor } from "./subject";

const usual = { value: 1e-3, label: "1e-3 is usual" } as const; // Stanford CS231n, notes "Neural Networks Part 3", section "Ratio of weights:updates".

export function UpdateRatios({ tensors }: { readonly tensors: readonly Tensor[] }) {
  const { answer: series } = useSeries();
  const curves = useMemo((): Curves | undefined => {
    const parameters = series?.parameters.filter((each) => tensors.some(({ id }) => id === each.id)) ?? [];
    if (!series || parameters.length === 0) return undefined;
    return positiveOnly({
      over: "step",
      places: series.steps,
      curves: parameters.map(({ id, updateRatios }, quantity) => ({
        label: id,
        axis: "left",
        phase: "training",
        quantity,
        values: updateRatios,
      })),
    });
  }, [series, tensors]);
  if (!curves) return null;
  return (
    <section className="inspector-part" aria-label="Update-to-weight ratio">
      <h3>Size of an update beside its weights</h3>
      <div className="ratio-chart">
        <LineChart curves={curves} log mark={usual} />
      </div>
    </section>
  );
}
