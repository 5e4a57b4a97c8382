// Names the curves and says their values at the place under the pointer, or at the last one.

import { formatCount, formatNumber } from "../numbers";
import { colorName } from "./chart-options";
import type { Curve, Curves } from "./chart-series";

interface LegendProps {
  readonly curves: Curves;
  /** Index of the place under the pointer. */
  readonly pointed: number | undefined;
}

export function Legend({ curves: { over, places, curves }, pointed }: LegendProps) {
  const at = pointed ?? Math.max(0, ...curves.filter(({ phase }) => phase !== "earlier").map(lastIndex));
  const place = `${over} ${formatCount(places[at] ?? 0)}`;
  return (
    <ul className="legend" aria-label={`Values at ${place}`}>
      <li>{place}</li>
      {curves.map((curve) => (
        <li key={curve.label}>
          <LineSample curve={curve} /> {curve.label} <span className="legend-value">{valueText(curve.values[at])}</span>
        </li>
      ))}
    </ul>
  );
}

function lastIndex({ values }: Curve): number {
  return values.findLastIndex((value) => value !== null);
}

function LineSample({ curve }: { readonly curve: Curve }) {
  const look = curve.phase === "earlier" ? "line-earlier" : `line-${colorName(curve.quantity)}`;
  return (
    <svg className={`line-sample ${look}`} viewBox="0 0 18 4" aria-hidden="true">
      <path d="M0 2H18" {...(curve.phase === "validation" && { strokeDasharray: "5 3" })} />
    </svg>
  );
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : formatNumber(value);
}
