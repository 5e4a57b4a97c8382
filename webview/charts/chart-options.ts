// How uPlot draws the curves: two axes, the theme's colours, whole epochs.

import type uPlot from "uplot";
import { formatNumber } from "../numbers";
import { themeColor, themeFont } from "../theme";
import { type Curve, lossRange, metricRange } from "./chart-series";

/** `onPoint` hears the index of the epoch under the pointer, and nothing when it leaves. */
export function chartOptions(
  curves: readonly Curve[],
  onPoint: (epochIndex: number | undefined) => void,
): uPlot.Options {
  const text = themeColor("--vscode-descriptionForeground", "--vscode-foreground");
  const grid = { stroke: `color-mix(in srgb, ${text} 25%, transparent)`, width: 1, dash: [2, 4] };
  const axis = { stroke: text, font: themeFont(11), ticks: { show: false }, border: { show: false }, gap: 4 };
  return {
    width: 100,
    height: 80,
    padding: [10, 12, 0, 4],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, first, last) => epochRange(first, last) },
      loss: { range: (_, low, high) => lossRange(low, high) },
      metric: { range: (_, low, high) => metricRange(low, high) },
    },
    axes: [
      { ...axis, size: 22, grid, incrs: wholeSteps },
      { ...axis, scale: "loss", size: 44, grid, values: (_, ticks) => ticks.map(formatTick) },
      {
        ...axis,
        scale: "metric",
        show: curves.some((curve) => curve.axis === "metric"),
        side: 1,
        size: 34,
        grid: { show: false },
        values: (_, ticks) => ticks.map(formatTick),
      },
    ],
    series: [{}, ...curves.map(seriesOf)],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}

const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** From the first epoch to the last, and a little room while there is only one. */
function epochRange(first: number | null, last: number | null): [number, number] {
  if (first === null || last === null) return [0, 1];
  return last > first ? [first, last] : [first - 1, first + 1];
}

function seriesOf(curve: Curve): uPlot.Series {
  const color = quantityColor(curve.quantity);
  return {
    label: curve.label,
    scale: curve.axis,
    stroke: color,
    width: 1.5,
    dash: curve.phase === "validation" ? [5, 4] : [],
    points: { size: 5, fill: color, show: (_, __, from, to) => to - from < 12 },
  };
}

/** Both phases of a quantity share its colour; validation is dashed, so that colour alone tells nothing apart. */
export function quantityColor(quantity: number): string {
  return themeColor(`--vscode-charts-${colorName(quantity)}`, "--vscode-charts-foreground", "--vscode-foreground");
}

// Without orange: VS Code makes it half transparent.
const colorNames = ["blue", "green", "purple", "yellow", "red"];

/** The last part of VS Code's `charts.blue` and its siblings. */
export function colorName(quantity: number): string {
  return colorNames[quantity % colorNames.length]!;
}

function formatTick(tick: number): string {
  const short = Number(tick.toPrecision(3));
  return short !== 0 && Math.abs(short) < 0.001 ? formatNumber(short) : `${short}`;
}
