// The norm of every trained parameter's gradient over the recorded steps: rows are parameters in the order of the network,
// colours are powers of ten, so that a gradient that vanishes or explodes with depth or time is seen at a glance.

import { type CSSProperties, useMemo, useRef } from "react";
import type { RecordedSeries } from "../../engine/protocol/webview";
import { Heatmap } from "../heatmap/heatmap";
import type { Scale } from "../heatmap/scale";
import { formatCount, formatNumber } from "../numbers";
import { useSelected } from "../store";
import { useSize } from "../use-size";
import type { Curves } from "./chart-series";
import { CurveTable } from "./curve-table";
import { Empty, NotYet } from "./empty";
import { useSeries } from "./use-series";

export function GradientsTab() {
  const { answer: series, problem } = useSeries();
  const { table } = useSelected(({ chart }) => chart);
  if (!series) return <NotYet problem={problem} wanted="how large the gradients are" />;
  if (series.parameters.length === 0) return <Empty>There is no update yet, or nothing that is trained.</Empty>;
  return table ? <CurveTable curves={curvesOf(series)} about="Gradient norms" /> : <Picture series={series} />;
}

function curvesOf({ steps, parameters }: RecordedSeries): Curves {
  const curves = parameters.map(({ id, gradientNorms }, quantity) => ({
    label: id,
    axis: "left" as const,
    phase: "training" as const,
    quantity,
    values: gradientNorms,
  }));
  return { over: "step", places: steps, curves };
}

// Pixels.
const rowHeights = { least: 18, most: 48 };
/** What stands below the rows, and around them. */
const besidesRows = 54;

function Picture({ series: { steps, parameters } }: { readonly series: RecordedSeries }) {
  const element = useRef<HTMLDivElement>(null);
  const { height } = useSize(element);
  const share = Math.floor((height - besidesRows) / parameters.length);
  const rowHeight = Math.min(rowHeights.most, Math.max(rowHeights.least, share));
  const numbers = useMemo(
    () => Float64Array.from(parameters.flatMap(({ gradientNorms }) => gradientNorms.map(log10))),
    [parameters],
  );
  const scale = useMemo(() => decades(numbers), [numbers]);
  return (
    <div className="over-time is-whole" ref={element} style={{ "--row-height": `${rowHeight}px` } as CSSProperties}>
      <ol className="over-time-names" aria-hidden="true">
        {parameters.map(({ id }) => (
          <li key={id} title={id}>
            {id}
          </li>
        ))}
      </ol>
      <Heatmap
        label="Gradient norms"
        rows={parameters.length}
        columns={steps.length}
        numbers={numbers}
        scale={scale}
        square={false}
        rowHeight={rowHeight}
        ends={[`step ${formatCount(steps[0]!)}`, formatCount(steps.at(-1)!)]}
        format={(power) => (power === Number.NEGATIVE_INFINITY ? "0" : formatNumber(10 ** power))}
        nameOf={(row, column) => {
          const { id, gradientNorms } = parameters[row]!;
          return gradientNorms[column] === null ? undefined : `${id}, step ${formatCount(steps[column]!)}`;
        }}
      />
    </div>
  );
}

/** −∞ for a gradient that is 0, which lies under every scale of powers; NaN for none. */
function log10(norm: number | null): number {
  return norm === null ? Number.NaN : Math.log10(norm);
}

/** Whole powers of ten around all of them. */
function decades(numbers: Float64Array): Scale {
  const finite = numbers.filter(Number.isFinite);
  if (finite.length === 0) return { kind: "sequential", low: -1, high: 0 };
  const low = Math.floor(finite.reduce((a, b) => Math.min(a, b)));
  const high = Math.ceil(finite.reduce((a, b) => Math.max(a, b)));
  return { kind: "sequential", low, high: Math.max(low + 1, high) };
}
