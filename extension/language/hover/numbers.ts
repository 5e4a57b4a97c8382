// The numbers of a run: statistics of value and gradient side by side, histograms, and small tensors in full.

import type { ObservedQuantity, TensorSummary } from "../../../engine/protocol/snapshot";
import { formatCount, formatNumber, formatShare } from "../format-number";
import { histogramImage } from "../histogram";
import { codeBlock, escapeMarkdown, table } from "../markdown";

export function numbersSection({ value, gradient }: ObservedQuantity): string {
  const columns = gradient === undefined ? [value] : [value, gradient];
  const row = (name: string, cell: (summary: TensorSummary) => string): string[] => [name, ...columns.map(cell)];
  const rows = [
    row("mean ± std", ({ mean, standardDeviation }) => `${formatNumber(mean)} ± ${formatNumber(standardDeviation)}`),
    row("min … max", ({ min, max }) => `${formatNumber(min)} … ${formatNumber(max)}`),
    row("L2 norm", ({ norm }) => formatNumber(norm)),
    row("zeros", ({ zeroFraction }) => escapeMarkdown(formatShare(zeroFraction))),
  ];
  if (columns.some(({ notFinite }) => notFinite > 0)) {
    rows.push(row("not finite", ({ notFinite }) => `**${formatCount(notFinite)}**`));
  }
  const pictures = row("histogram", ({ histogram }) => histogramImage(histogram));
  if (pictures.some((picture, column) => column > 0 && picture !== "")) rows.push(pictures);
  const head = ["", "value", gradient === undefined ? undefined : "gradient"].filter((cell) => cell !== undefined);
  const parts = [table(head, rows, { numbers: true })];
  const written = [
    matrixLines("value", value),
    ...(gradient === undefined ? [] : [matrixLines("gradient", gradient)]),
  ].filter((lines) => lines.length > 0);
  if (written.length > 0) parts.push(codeBlock(written.map((lines) => lines.join("\n")).join("\n\n")));
  return parts.join("\n\n");
}

/** The last dimension in rows, columns aligned. */
function matrixLines(title: string, { shape, elements }: TensorSummary): string[] {
  if (elements === undefined || elements.length === 0) return [];
  const columns = Math.max(1, shape.at(-1) ?? 1);
  const cells = elements.map(formatNumber);
  const width = Math.max(...cells.map((cell) => cell.length));
  const lines: string[] = [];
  for (let start = 0; start < cells.length; start += columns) {
    lines.push(
      `  ${cells
        .slice(start, start + columns)
        .map((cell) => cell.padStart(width))
        .join("  ")}`,
    );
  }
  return [`${title} [${shape.join(", ")}]`, ...lines];
}
