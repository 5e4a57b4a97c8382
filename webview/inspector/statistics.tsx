// The numbers of a tensor in few: its statistics, and its histogram.

import type { Histogram, TensorSummary } from "../../engine/protocol/snapshot";
import { formatCount, formatNumber, formatShare } from "../numbers";
import { isEmpty } from "./histograms";

export function Statistics({ summary }: { readonly summary: TensorSummary }) {
  const { mean, standardDeviation, min, max, norm, zeroFraction, notFinite, histogram } = summary;
  if (notFinite > 0 && isEmpty(histogram)) return <p className="inspector-trouble">All of its numbers are NaN or ∞.</p>;
  const facts = [
    ["mean", formatNumber(mean)],
    ["std", formatNumber(standardDeviation)],
    ["min", formatNumber(min)],
    ["max", formatNumber(max)],
    ["L2 norm", formatNumber(norm)],
    ["zeros", formatShare(zeroFraction)],
    ...(notFinite > 0 ? [["NaN or ∞", formatCount(notFinite)]] : []),
  ] as const;
  return (
    <>
      <dl className="statistics">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <HistogramChart histogram={histogram} />
    </>
  );
}

const height = 48;

function HistogramChart({ histogram: { low, high, counts } }: { readonly histogram: Histogram }) {
  const highest = Math.max(1, ...counts);
  const fullest = counts.indexOf(Math.max(...counts));
  const edge = (bin: number) => low + ((high - low) * bin) / counts.length;
  const words = `Histogram from ${formatNumber(low)} to ${formatNumber(high)}; most numbers, ${formatCount(counts[fullest]!)}, lie between ${formatNumber(edge(fullest))} and ${formatNumber(edge(fullest + 1))}`;
  return (
    <figure className="histogram">
      <svg viewBox={`0 0 ${counts.length} ${height}`} preserveAspectRatio="none" role="img" aria-label={words}>
        {counts.map((count, bin) => {
          // By square root: beside the many zeros of a ReLU the others stay visible.
          const tall = height * Math.sqrt(count / highest);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place.
            <rect key={bin} x={bin + 0.05} width={0.9} y={height - tall} height={tall}>
              <title>{`${formatNumber(edge(bin))} … ${formatNumber(edge(bin + 1))}: ${formatCount(count)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{formatNumber(low)}</span>
        <span>heights by square root</span>
        <span>{formatNumber(high)}</span>
      </figcaption>
    </figure>
  );
}
