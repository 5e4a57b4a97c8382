// Names the curves and says their values at the epoch under the pointer, or at the last one.

import { formatNumber } from "../numbers";
import { colorName } from "./chart-options";
import type { Curve, Curves } from "./chart-series";

interface LegendProps {
  readonly curves: Curves;
  /** Index of the epoch under the pointer. */
  readonly pointed: number | undefined;
}

export function Legend({ curves: { epochs, curves }, pointed }: LegendProps) {
  const at = pointed ?? epochs.length - 1;
  return (
    <ul className="legend" aria-label={`Values at epoch ${epochs[at]}`}>
      <li>epoch {epochs[at]}</li>
      {curves.map((curve) => (
        <li key={curve.label}>
          <LineSample curve={curve} /> {curve.label} <span className="legend-value">{valueText(curve.values[at])}</span>
        </li>
      ))}
    </ul>
  );
}

function LineSample({ curve }: { readonly curve: Curve }) {
  return (
    <svg className={`line-sample line-${colorName(curve.quantity)}`} viewBox="0 0 18 4" aria-hidden="true">
      <path d="M0 2H18" {...(curve.phase === "validation" && { strokeDasharray: "5 3" })} />
    </svg>
  );
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : formatNumber(value);
}
