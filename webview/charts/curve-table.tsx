// The last numbers of curves as a table, for those who would rather read, and for screen readers.

import { formatCount, formatNumber } from "../numbers";
import type { Curves } from "./chart-series";
import { NumberTable } from "./number-table";

const rowsShown = 50;

interface CurveTableProps {
  readonly curves: Curves;
  /** What it is about: `Loss and metrics`. */
  readonly about: string;
}

export function CurveTable({ curves: { over, places, curves }, about }: CurveTableProps) {
  const first = Math.max(0, places.length - rowsShown);
  const rows = places.slice(first).map((place, row) => ({
    name: formatCount(place),
    cells: curves.map(({ values }) => cell(values[first + row])),
  }));
  return (
    <NumberTable
      caption={`${about} of the last ${over}s, newest first`}
      corner={over}
      columns={curves.map(({ label }) => label)}
      rows={rows.reverse()}
    />
  );
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : formatNumber(value);
}
