// Histogram → a small SVG picture as a data URI. Its colors read on dark and light backgrounds alike.

import type { Histogram } from "../../engine/protocol/snapshot";
import { formatNumber } from "./format-number";
import { picture } from "./picture";

const width = 160; // pixels
const height = 40;
const barsHeight = 27;
const barColor = "#4a90c8";
const textColor = "#8a8a8a";

/** Markdown of the picture; empty when there is nothing to count. */
export function histogramImage({ low, high, counts }: Histogram): string {
  const most = Math.max(0, ...counts);
  if (most === 0) return "";
  const step = width / counts.length;
  const bars = counts.map((count, index) => {
    // What is there at all stays visible.
    const size = count === 0 ? 0 : Math.max(1, (count / most) * barsHeight);
    return `<rect x="${round(index * step)}" y="${round(barsHeight - size)}" width="${round(Math.max(step - 1, 0.5))}" height="${round(size)}"/>`;
  });
  const label = (x: number, anchor: string, value: number): string =>
    `<text x="${x}" y="${height - 3}" text-anchor="${anchor}">${ascii(formatNumber(value))}</text>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<g fill="${barColor}">${bars.join("")}</g>` +
    `<path d="M0 ${barsHeight + 0.5}H${width}" stroke="${textColor}"/>` +
    `<g fill="${textColor}" font-family="sans-serif" font-size="10">${label(0, "start", low)}${label(width, "end", high)}</g></svg>`;
  return picture(svg, "histogram");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function ascii(text: string): string {
  return text.replace("∞", "inf");
}
