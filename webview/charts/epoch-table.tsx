// The last epochs as a table, for those who would rather read, and for screen readers.

import { formatNumber } from "../numbers";
import type { Curves } from "./chart-series";

const rowsShown = 50;

export function EpochTable({ curves: { epochs, curves } }: { readonly curves: Curves }) {
  const first = Math.max(0, epochs.length - rowsShown);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="epochs" tabIndex={0} aria-label="Epochs">
      <table className="epochs-table">
        <caption className="visually-hidden">Loss and metrics of the last epochs, newest first</caption>
        <thead>
          <tr>
            <th className="epochs-cell epochs-head" scope="col">
              epoch
            </th>
            {curves.map(({ label }) => (
              <th className="epochs-cell epochs-head" scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {epochs
            .slice(first)
            .map((epoch, row) => (
              <tr key={epoch}>
                <th className="epochs-cell epochs-epoch" scope="row">
                  {epoch}
                </th>
                {curves.map(({ label, values }) => (
                  <td className="epochs-cell" key={label}>
                    {cell(values[first + row])}
                  </td>
                ))}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </section>
  );
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : formatNumber(value);
}
