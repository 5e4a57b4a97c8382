// The numbers of a tensor in few: its statistics, and its histogram.

import { useState } from "react";
import type { Histogram, TensorSummary } from "../../engine/protocol/snapshot";
import { formatCount, formatNumber, formatShare, notFiniteWords } from "../numbers";
import { isEmpty } from "./histograms";

export function Statistics({ summary }: { readonly summary: TensorSummary }) {
  const { mean, standardDeviation, min, max, norm, zeroFraction, notFinite, histogram } = summary;
  if (notFinite > 0 && isEmpty(histogram))
    return <p className="inspector-trouble">None of its numbers is finite: {notFiniteWords(summary)}.</p>;
  const facts = [
    ["mean", formatNumber(mean)],
    ["std", formatNumber(standardDeviation)],
    ["min", formatNumber(min)],
    ["max", formatNumber(max)],
    ["L2 norm", formatNumber(norm)],
    ["zeros", formatShare(zeroFraction)],
    ...(notFinite > 0 ? [["not finite", notFiniteWords(summary)]] : []),
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
  const [pointed, setPointed] = useState<number>();
  const highest = Math.max(1, ...counts);
  const fullest = counts.indexOf(Math.max(...counts));
  const edge = (bin: number) => low + ((high - low) * bin) / counts.length;
  const binWords = (bin: number) =>
    `${formatNumber(edge(bin))} … ${formatNumber(edge(bin + 1))}: ${formatCount(counts[bin]!)}`;
  const words = `Histogram from ${formatNumber(low)} to ${formatNumber(high)}; most numbers, ${formatCount(counts[fullest]!)}, lie between ${formatNumber(edge(fullest))} and ${formatNumber(edge(fullest + 1))}`;
  return (
    <figure className="histogram">
      <svg
        viewBox={`0 0 ${counts.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
        onPointerMove={({ clientX, currentTarget }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          setPointed(Math.min(counts.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * counts.length))));
        }}
        onPointerLeave={() => setPointed(undefined)}
      >
        {pointed !== undefined && <title>{binWords(pointed)}</title>}
        <path d={counts.map((count, bin) => bar(bin, heightOf(count / highest))).join("")} />
      </svg>
      <figcaption>
        <span>{formatNumber(low)}</span>
        <span>heights by square root</span>
        <span>{formatNumber(high)}</span>
      </figcaption>
    </figure>
  );
}

/** By square root: beside the many zeros of a ReLU the others stay visible. */
function heightOf(share: number): number {
  return height * Math.sqrt(share);
}

function bar(bin: number, tall: number): string {
  return `M${bin + 0.05} ${height}v${-tall.toFixed(2)}h0.9V${height}Z`;
}
