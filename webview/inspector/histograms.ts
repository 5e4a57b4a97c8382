// Histograms of different ranges, put side by side over one range.

import type { Histogram } from "../../engine/protocol/snapshot";

export interface Distribution {
  readonly low: number;
  readonly high: number;
  readonly bins: number;
  /** `[bins, moments]`, the highest bin first: the share of each moment's numbers, in [0, 1]. */
  readonly shares: Float64Array;
}

/** Whether it counts nothing: none of the numbers is finite. */
export function isEmpty({ counts }: Histogram): boolean {
  return counts.every((count) => count === 0);
}

/** What a bin counted is spread evenly over it. Moments without finite numbers have no share, and no say in the range. */
export function distributionOver(histograms: readonly Histogram[], bins: number): Distribution {
  const filled = histograms.filter((each) => !isEmpty(each));
  const low = filled.length === 0 ? 0 : Math.min(...filled.map((each) => each.low));
  const most = Math.max(low, ...filled.map((each) => each.high));
  const high = most > low ? most : low + 1;
  const shares = new Float64Array(bins * histograms.length);
  // In bins of the common range.
  const place = (value: number): number => ((value - low) / (high - low)) * bins;
  for (const [moment, histogram] of histograms.entries()) {
    const total = histogram.counts.reduce((sum, count) => sum + count, 0);
    const width = (histogram.high - histogram.low) / histogram.counts.length;
    for (const [index, count] of histogram.counts.entries()) {
      if (count === 0) continue;
      const from = place(histogram.low + index * width);
      for (const [bin, part] of binsBetween(from, place(histogram.low + (index + 1) * width), bins)) {
        shares[(bins - 1 - bin) * histograms.length + moment]! += (part * count) / total;
      }
    }
  }
  return { low, high, bins, shares };
}

/** The bins that [from, to] covers, each with its part of it; a single place is in one bin. */
function binsBetween(from: number, to: number, bins: number): readonly (readonly [bin: number, part: number])[] {
  const within = (bin: number): number => Math.min(bins - 1, Math.max(0, bin));
  const first = within(Math.floor(from));
  // Rounding may leave almost nothing between the two.
  if (to - from < 1e-9) return [[first, 1]];
  const count = within(Math.ceil(to) - 1) - first + 1;
  return Array.from({ length: count }, (_, index) => {
    const bin = first + index;
    return [bin, Math.max(0, Math.min(to, bin + 1) - Math.max(from, bin)) / (to - from)] as const;
  });
}
