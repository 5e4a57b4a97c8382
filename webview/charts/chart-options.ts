// How uPlot draws the curves: two axes, the theme's colours, whole epochs or steps.

import type uPlot from "uplot";
import { formatNumber } from "../numbers";
import { themeColor, themeFont } from "../theme";
import { type Curve, decades, leftRange, logRange, rightRange } from "./chart-series";

export interface Axes {
  /** Whether the left axis is logarithmic. */
  readonly log: boolean;
  /** From the first place to the last, when that is more than the curves have. */
  readonly span?: readonly [first: number, last: number];
  /** A value of the left axis that is worth a line of its own. */
  readonly mark?: { readonly value: number; readonly label: string };
}

/** `onPoint` hears the index of the place under the pointer, and nothing when it leaves. */
export function chartOptions(
  curves: readonly Curve[],
  { log, span, mark }: Axes,
  onPoint: (index: number | undefined) => void,
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
      x: { time: false, range: (_, first, last) => placeRange(span?.[0] ?? first, span?.[1] ?? last) },
      left: log
        ? { distr: 3, range: (_, low, high) => logRange(...withMark(low, high, mark?.value)) }
        : { range: (_, low, high) => leftRange(low, high) },
      right: { range: (_, low, high) => rightRange(low, high) },
    },
    axes: [
      { ...axis, size: 22, grid, incrs: wholeSteps },
      {
        ...axis,
        scale: "left",
        size: 48,
        grid,
        values: (_, ticks) => ticks.map((tick) => formatTick(tick, log)),
        ...(log && {
          splits: ({ height }: uPlot, _axis: number, low: number, high: number) =>
            decades(low, high, height / roomForTick),
          filter: (_chart: uPlot, ticks: number[]) => ticks,
        }),
      },
      {
        ...axis,
        scale: "right",
        show: curves.some((curve) => curve.axis === "right"),
        side: 1,
        size: 34,
        grid: { show: false },
        values: (_, ticks) => ticks.map((tick) => formatTick(tick, false)),
      },
    ],
    series: [{}, ...curves.map(seriesOf)],
    hooks: {
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)],
      draw: [(chart) => mark && drawMark(chart, mark, text)],
    },
  };
}

const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000];

const roomForTick = 22; // pixels

/** A mark at the edge would not be read. */
function withMark(low: number | null, high: number | null, mark: number | undefined): [number | null, number | null] {
  if (low === null || high === null || mark === undefined) return [low, high];
  return [Math.min(low, mark / 2), Math.max(high, mark * 2)];
}

/** From the first place to the last, and a little room while there is only one. */
function placeRange(first: number | null, last: number | null): [number, number] {
  if (first === null || last === null) return [0, 1];
  return last > first ? [first, last] : [first - 1, first + 1];
}

function seriesOf(curve: Curve): uPlot.Series {
  const color = curve.phase === "earlier" ? earlierColor() : quantityColor(curve.quantity);
  return {
    label: curve.label,
    scale: curve.axis,
    stroke: color,
    width: curve.phase === "earlier" ? 0.75 : 1.5,
    dash: curve.phase === "validation" ? [5, 4] : [],
    // Earlier runs stop at other epochs, and of long ones not every epoch is there.
    spanGaps: true,
    points: { size: 5, fill: color, show: (_, __, from, to) => curve.phase !== "earlier" && to - from < 12 },
  };
}

function drawMark(chart: uPlot, { value, label }: NonNullable<Axes["mark"]>, color: string): void {
  const { ctx, bbox } = chart;
  const y = chart.valToPos(value, "left", true);
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.setLineDash([8, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = themeFont(11 * devicePixelRatio);
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.fillText(label, bbox.left + 4 * devicePixelRatio, y + 3 * devicePixelRatio);
  ctx.restore();
}

/** All phases of a quantity share its colour; validation is dashed, so that colour alone tells nothing apart. */
export function quantityColor(quantity: number): string {
  return themeColor(`--vscode-charts-${colorName(quantity)}`, "--vscode-charts-foreground", "--vscode-foreground");
}

function earlierColor(): string {
  return themeColor("--vscode-descriptionForeground", "--vscode-foreground");
}

// Without orange: VS Code makes it half transparent.
const colorNames = ["blue", "green", "purple", "yellow", "red"];

/** The last part of VS Code's `charts.blue` and its siblings. */
export function colorName(quantity: number): string {
  return colorNames[quantity % colorNames.length]!;
}

function formatTick(tick: number, log: boolean): string {
  const short = Number(tick.toPrecision(3));
  return log || (short !== 0 && Math.abs(short) < 0.001) ? formatNumber(short) : `${short}`;
}
