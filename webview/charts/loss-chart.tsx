// Loss and metrics over the epochs, drawn by uPlot in the theme's colours.

import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import { formatNumber } from "../numbers";
import { themeColor, useThemeVersion } from "../theme";
import { useSize } from "../use-size";
import { type Curve, type Curves, lossRange, metricRange } from "./chart-series";

export function LossChart({ curves }: { readonly curves: Curves }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const { width, height } = useSize(place);
  const theme = useThemeVersion();
  // Another set of curves is another chart; new points are not.
  const labels = curves.curves.map(({ label }) => label).join("\n");
  const data = useMemo(() => alignedData(curves), [curves]);
  const newest = useRef({ curves: curves.curves, data });
  newest.current = { curves: curves.curves, data };

  // biome-ignore lint/correctness/useExhaustiveDependencies: labels and theme decide when the chart is made anew.
  useEffect(() => {
    if (!place.current) return;
    const made = new uPlot(chartOptions(newest.current.curves), newest.current.data, place.current);
    chart.current = made;
    resize(made, place.current);
    return () => made.destroy();
  }, [labels, theme]);

  useEffect(() => chart.current?.setData(data), [data]);
  useEffect(() => {
    if (chart.current && place.current && width > 0 && height > 0) resize(chart.current, place.current);
  }, [width, height]);

  return <div className="chart" ref={place} role="img" aria-label={describe(curves)} />;
}

/** uPlot's height leaves its legend out, whose own height depends on the width. */
function resize(chart: uPlot, place: HTMLElement): void {
  chart.setSize({ width: place.clientWidth, height: smallest });
  const legend = chart.root.querySelector<HTMLElement>(".u-legend")?.offsetHeight ?? 0;
  chart.setSize({ width: place.clientWidth, height: Math.max(smallest, place.clientHeight - legend) });
}

const smallest = 80; // pixels

function alignedData({ epochs, curves }: Curves): uPlot.AlignedData {
  return [[...epochs], ...curves.map(({ values }) => [...values])];
}

function describe({ epochs, curves }: Curves): string {
  const last = curves.map(({ label, values }) => {
    const value = values.at(-1);
    return `${label} ${value === null || value === undefined ? "not a number" : formatNumber(value)}`;
  });
  return `Chart over ${epochs.length} epochs. Last epoch: ${last.join(", ")}`;
}

function chartOptions(curves: readonly Curve[]): uPlot.Options {
  const text = themeColor("--vscode-descriptionForeground", "--vscode-foreground");
  const grid = {
    stroke: themeColor("--vscode-editorWidget-border", "--vscode-contrastBorder"),
    width: 1,
    dash: [2, 4],
  };
  const axis = { stroke: text, font: axisFont(), ticks: { show: false }, border: { show: false } };
  const hasMetrics = curves.some((curve) => curve.axis === "metric");
  return {
    width: 100,
    height: smallest,
    legend: { live: true },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: epochRange },
      loss: { range: (_, low, high) => lossRange(low, high) },
      metric: { range: (_, low, high) => metricRange(low, high) },
    },
    axes: [
      { ...axis, size: 24, gap: 4, grid, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
      { ...axis, scale: "loss", size: 44, gap: 4, grid, values: (_, ticks) => ticks.map(formatNumber) },
      {
        ...axis,
        scale: "metric",
        show: hasMetrics,
        side: 1,
        size: 40,
        gap: 4,
        grid: { show: false },
        values: (_, ticks) => ticks.map(formatTick),
      },
    ],
    series: [{ label: "epoch", value: (_, epoch) => (epoch === null ? "–" : `${epoch}`) }, ...curves.map(seriesOf)],
  };
}

/** Whole epochs from the first on, and a little room while there is only one. */
function epochRange(_: uPlot, first: number, last: number): [number, number] {
  return last > first ? [first, last] : [first - 1, first + 1];
}

function seriesOf(curve: Curve): uPlot.Series {
  const [color, dash] = [quantityColor(curve.quantity), curve.phase === "validation" ? [5, 4] : []];
  return {
    label: curve.label,
    scale: curve.axis,
    stroke: color,
    width: 1.5,
    dash,
    points: { size: 5, fill: color, show: (_, __, from, to) => to - from < 12 },
    value: (_, value) => (value === null ? "–" : formatNumber(value)),
  };
}

/** Validation shares its quantity's colour and is dashed: not by colour alone. */
const quantityColors = ["blue", "green", "orange", "purple", "yellow", "red"];

function quantityColor(quantity: number): string {
  return themeColor(
    `--vscode-charts-${quantityColors[quantity % quantityColors.length]}`,
    "--vscode-charts-foreground",
  );
}

function axisFont(): string {
  return `11px ${themeColor("--vscode-font-family") || "sans-serif"}`;
}

function formatTick(tick: number): string {
  return `${Math.round(tick * 100) / 100}`;
}
