// What a training shows inside a node: the activation and the gradient of its value, each in a line of fixed height.
// Before there is a Snapshot the lines are empty: no number that was not computed.

import type { ObservedQuantity, TensorSummary } from "../../engine/protocol/snapshot";
import { counted, formatNumber, formatShare, notFiniteWords } from "../numbers";
import type { NodeKind } from "./diagram-model";
import { Sparkline } from "./sparkline";

interface LiveRowsProps {
  readonly quantity: ObservedQuantity | undefined;
  readonly kind: NodeKind;
}

export function LiveRows({ quantity, kind }: LiveRowsProps) {
  return (
    <div className="live">
      <div className="live-row">{quantity && <ValueRow summary={quantity.value} kind={kind} />}</div>
      <div className="live-row">{quantity && <GradientRow summary={quantity.gradient} />}</div>
    </div>
  );
}

function ValueRow({ summary, kind }: { readonly summary: TensorSummary; readonly kind: NodeKind }) {
  return (
    <>
      <span className="live-numbers" title={describe("Values of the last batch", summary)}>
        {summary.notFinite > 0 ? (
          <NotFinite summary={summary} />
        ) : (
          <>
            <span className="live-number">μ {formatNumber(summary.mean)}</span>
            <span className="live-number">σ {formatNumber(summary.standardDeviation)}</span>
            {summary.zeroFraction > 0 && (
              <span>
                {zeroWord(kind)} {formatShare(summary.zeroFraction)}
              </span>
            )}
          </>
        )}
      </span>
      <Sparkline histogram={summary.histogram} of="value" />
    </>
  );
}

function GradientRow({ summary }: { readonly summary: TensorSummary | undefined }) {
  if (!summary) return <span className="live-numbers live-none">no gradient</span>;
  return (
    <>
      <span className="live-numbers" title={describe("Gradient of the loss", summary)}>
        <GradientNorm summary={summary} />
      </span>
      <Sparkline histogram={summary.histogram} of="gradient" />
    </>
  );
}

/** The L2 norm of a gradient, or that it has none. */
export function GradientNorm({ summary }: { readonly summary: TensorSummary }) {
  if (summary.notFinite > 0) return <NotFinite summary={summary} />;
  return <span className="live-number">‖∇‖ {formatNumber(summary.norm)}</span>;
}

function NotFinite({ summary }: { readonly summary: TensorSummary }) {
  return <span className="live-broken">{notFiniteWords(summary)}</span>;
}

/** A unit is off when it gives 0; of data and weights one only says that they are 0. */
function zeroWord(kind: NodeKind): string {
  return kind === "layer" || kind === "operation" ? "off" : "zero";
}

function describe(what: string, summary: TensorSummary): string {
  const { mean, standardDeviation, min, max, norm, zeroFraction, notFinite } = summary;
  return [
    what,
    `mean ${formatNumber(mean)}, standard deviation ${formatNumber(standardDeviation)}`,
    `min ${formatNumber(min)}, max ${formatNumber(max)}, L2 norm ${formatNumber(norm)}`,
    `${formatShare(zeroFraction)} zeros${notFinite > 0 ? `, ${counted(notFinite, "element")} NaN or infinite` : ""}`,
    "Histogram: heights by square root",
  ].join("\n");
}
