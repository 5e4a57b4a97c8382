// A histogram small enough for a line of text.

import type { Histogram } from "../../engine/protocol/snapshot";
import { sparkline } from "./node-size";

const { width, height } = sparkline;

interface SparklineProps {
  readonly histogram: Histogram;
  readonly of: "value" | "gradient";
}

export function Sparkline({ histogram, of }: SparklineProps) {
  return (
    <svg className={`sparkline sparkline-${of}`} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path className="sparkline-axis" d={`M0 ${height - 0.5}H${width}`} />
      <path className="sparkline-bars" d={bars(histogram)} />
    </svg>
  );
}

/** Heights by the square root of the counts: beside the many zeros of a ReLU the others stay visible. */
export function bars({ counts }: Histogram): string {
  const highest = Math.max(...counts, 0);
  if (highest === 0) return "";
  const step = width / counts.length;
  const top = (count: number) => round((height - 1) * (1 - Math.sqrt(count / highest)));
  const steps = counts.map((count, bin) => `L${round(bin * step)} ${top(count)}H${round((bin + 1) * step)}`);
  return `M0 ${height - 1}${steps.join("")}V${height - 1}Z`;
}

function round(coordinate: number): number {
  return Math.round(coordinate * 100) / 100;
}
