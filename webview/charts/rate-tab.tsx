// The learning rate over the recorded steps.

import { useMemo } from "react";
import { useSelected } from "../store";
import { type Curves, positiveOnly } from "./chart-series";
import { CurveTable } from "./curve-table";
import { NotYet } from "./empty";
import { LineChart } from "./line-chart";
import { useSeries } from "./use-series";

export function RateTab() {
  const { answer: series, problem } = useSeries();
  const { table, log } = useSelected(({ chart }) => chart);
  const curves = useMemo((): Curves | undefined => {
    if (!series) return undefined;
    const rate = {
      label: "learning rate",
      axis: "left",
      phase: "training",
      quantity: 0,
      values: series.learningRates,
    } as const;
    const current: Curves = { over: "step", places: series.steps, curves: [rate] };
    return log ? positiveOnly(current) : current;
  }, [series, log]);
  if (!curves) return <NotYet problem={problem} wanted="the learning rate" />;
  return table ? <CurveTable curves={curves} about="Learning rate" /> : <LineChart curves={curves} log={log} />;
}
