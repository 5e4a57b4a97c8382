// How the numbers of a tensor were distributed at each recorded step.

import { useMemo } from "react";
import type { ValueId } from "../../engine/protocol/network";
import { Heatmap } from "../heatmap/heatmap";
import { formatCount, formatNumber, formatShare } from "../numbers";
import { useSelected } from "../store";
import { useAnswer } from "../use-answer";
import { distributionOver } from "./histograms";
import type { Part } from "./tensor-view";

const interval = 500; // ms
const bins = 40;

export function OverTime({ id, part }: { readonly id: ValueId; readonly part: Part }) {
  const { answer } = useAnswer("histograms", { id }, interval);
  const shown = useSelected(({ recording }) => recording.shown);
  const seen = useMemo(
    () =>
      (answer?.moments ?? []).flatMap((moment) => {
        const histogram = moment[part];
        return histogram && (shown === undefined || moment.step <= shown) ? [{ step: moment.step, histogram }] : [];
      }),
    [answer, part, shown],
  );
  const distribution = useMemo(
    () =>
      distributionOver(
        seen.map(({ histogram }) => histogram),
        bins,
      ),
    [seen],
  );
  const { low, high, shares } = distribution;
  // By square root: beside the many zeros of a ReLU the others stay visible.
  const roots = useMemo(() => shares.map(Math.sqrt), [shares]);
  if (seen.length < 2) return null;
  const edge = (row: number) => formatNumber(high - ((high - low) * row) / bins);
  return (
    <section className="inspector-part" aria-label="Distribution over time">
      <h3>Distribution over the steps</h3>
      <div className="over-time">
        <div className="over-time-range" aria-hidden="true">
          <span>{formatNumber(high)}</span>
          <span>{formatNumber(low)}</span>
        </div>
        <Heatmap
          label="Distribution over the recorded steps"
          rows={bins}
          columns={seen.length}
          numbers={roots}
          square={false}
          rowHeight={3}
          ends={[`step ${formatCount(seen[0]!.step)}`, formatCount(seen.at(-1)!.step)]}
          format={(root) => formatShare(root * root)}
          nameOf={(row, column) => `step ${formatCount(seen[column]!.step)}, ${edge(row + 1)} … ${edge(row)}`}
        />
      </div>
    </section>
  );
}
