// Names the curves and says their values at the place under the pointer, or at the last one.

import { formatCount, formatNumber } from "../numbers";
import { colorName } from "./chart-options";
import type { Curve, Curves } from "./chart-series";

interface LegendProps {
  readonly curves: Curves;
  /** Index of the place under the pointer. */
  readonly pointed: number | undefined;
  /** In one line that scrolls, where several would leave no room for the curves. */
  readonly oneLine: boolean;
}

export function Legend({ curves: { over, places, curves }, pointed, oneLine }: LegendProps) {
  const current = curves.filter(({ phase }) => phase !== "earlier");
  // Those of earlier runs are drawn behind the others, and named behind them.
  const listed = [...current, ...curves.filter((curve) => !current.includes(curve))];
  const at = pointed ?? Math.max(0, ...current.map(lastIndex));
  const place = `${over} ${formatCount(places[at] ?? 0)}`;
  return (
    <ul
      className={oneLine ? "legend is-line" : "legend"}
      aria-label={`Values at ${place}`}
      // What scrolls must be reachable by keyboard.
      {...(oneLine && { tabIndex: 0 })}
    >
      <li>{place}</li>
      {listed.map((curve) => (
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
