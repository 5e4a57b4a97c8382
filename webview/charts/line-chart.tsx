// Curves over epochs or steps: uPlot draws them, the legend says their numbers where the pointer is.

import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import { formatNumber } from "../numbers";
import { useThemeVersion } from "../theme";
import { useSize } from "../use-size";
import { type Axes, chartOptions } from "./chart-options";
import { type Curves, isFiniteNumber } from "./chart-series";
import { Legend } from "./legend";

/** Pixels of a chart below which its legend is one line. */
const narrow = 480;

interface LineChartProps extends Axes {
  readonly curves: Curves;
}

export function LineChart({ curves, log, span, mark }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(place);
  const theme = useThemeVersion();
  const [pointed, setPointed] = useState<number>();
  const [chart, setChart] = useState<uPlot>();
  const data = useMemo(() => alignedData(curves), [curves]);
  // Other curves or axes make another chart; new points and another size do not.
  const form = JSON.stringify([curves.curves.map(({ label, phase }) => [label, phase]), log, span, mark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the form stands for curves and axes, the theme decides the colours.
  const options = useMemo(
    () => chartOptions(curves.curves, { log, ...(span && { span }), ...(mark && { mark }) }, setPointed),
    [form, theme],
  );
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
      <Legend curves={curves} pointed={pointed} oneLine={width < narrow} />
    </>
  );
}

function alignedData({ places, curves }: Curves): uPlot.AlignedData {
  return [[...places], ...curves.map(({ values }) => values.map((value) => (isFiniteNumber(value) ? value : null)))];
}

function describe({ over, places, curves }: Curves): string {
  const last = curves.map(({ label, values }) => {
    const value = values.findLast((one) => one !== null);
    return `${label} ${value === undefined || value === null ? "unknown" : formatNumber(value)}`;
  });
  return `Chart over ${places.length} ${over}s. Last ${over}: ${last.join(", ")}`;
}
