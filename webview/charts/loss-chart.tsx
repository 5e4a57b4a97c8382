// Loss and metrics over the epochs: uPlot draws the curves, the legend says their numbers where the pointer is.

import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import { formatNumber } from "../numbers";
import { useThemeVersion } from "../theme";
import { useSize } from "../use-size";
import { chartOptions } from "./chart-options";
import type { Curves } from "./chart-series";
import { Legend } from "./legend";

export function LossChart({ curves }: { readonly curves: Curves }) {
  const place = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(place);
  const theme = useThemeVersion();
  const [pointed, setPointed] = useState<number>();
  const [chart, setChart] = useState<uPlot>();
  const data = useMemo(() => alignedData(curves), [curves]);
  // Other curves make another chart; new points and another size do not.
  const labels = curves.curves.map(({ label }) => label).join("\n");

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides the colours.
  const options = useMemo(() => chartOptions(curves.curves, setPointed), [labels, theme]);
  useEffect(() => {
    if (!place.current) return;
    const made = new uPlot(options, [[]], place.current);
    setChart(made);
    return () => made.destroy();
  }, [options]);

  useEffect(() => chart?.setData(data), [chart, data]);
  useEffect(() => {
    if (width > 0 && height > 0) chart?.setSize({ width, height });
  }, [chart, width, height]);

  return (
    <>
      <div className="chart" ref={place} role="img" aria-label={describe(curves)} />
      <Legend curves={curves} pointed={pointed} />
    </>
  );
}

function alignedData({ epochs, curves }: Curves): uPlot.AlignedData {
  return [[...epochs], ...curves.map(({ values }) => [...values])];
}

function describe({ epochs, curves }: Curves): string {
  const last = curves.map(({ label, values }) => {
    const value = values.at(-1);
    return `${label} ${value === null || value === undefined ? "unknown" : formatNumber(value)}`;
  });
  return `Chart over ${epochs.length} epochs. Last epoch: ${last.join(", ")}`;
}
