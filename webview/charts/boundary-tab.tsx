// What the network says everywhere on the plane of its two inputs, with samples on it.

import { useEffect, useRef } from "react";
import type { DecisionBoundary } from "../../engine/protocol/inspection";
import { formatNumber } from "../numbers";
import { useSelected } from "../store";
import { themeColor, useThemeVersion } from "../theme";
import { colorName, quantityColor } from "./chart-options";
import { Empty } from "./empty";
import { Evaluated } from "./evaluated";
import { NumberTable } from "./number-table";

export function BoundaryTab() {
  const { table } = useSelected(({ chart }) => chart);
  return (
    <Evaluated wanted="what the network says between the samples">
      {({ boundary }) =>
        !boundary ? (
          <Empty>The network gives more than one number, and not the probabilities of classes.</Empty>
        ) : table ? (
          <GridTable boundary={boundary} />
        ) : (
          <Plane boundary={boundary} />
        )
      }
    </Evaluated>
  );
}

function Plane({ boundary }: { readonly boundary: DecisionBoundary }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides the colours.
  useEffect(() => {
    if (canvas.current) draw(canvas.current, boundary);
  }, [boundary, theme]);
  const { x, y, names, classes } = boundary;
  const [xName, yName] = names ?? ["first input", "second input"];
  const extent = ([low, high]: readonly [number, number]) => `${formatNumber(low)} … ${formatNumber(high)}`;
  return (
    <figure className="plane">
      <canvas
        ref={canvas}
        width={side}
        height={side}
        role="img"
        aria-label={`Decision boundary: ${xName} from ${extent(x)}, ${yName} from ${extent(y)}`}
      />
      <figcaption>
        <ul className="legend">
          <li>
            → {xName} {extent(x)}
          </li>
          <li>
            ↑ {yName} {extent(y)}
          </li>
          {classes?.map((name, index) => (
            <li key={name}>
              <svg className={`line-sample line-${colorName(index)}`} viewBox="0 0 18 4" aria-hidden="true">
                <path d="M0 2H18" strokeWidth={4} />
              </svg>{" "}
              {name}
            </li>
          ))}
          <li>
            {classes
              ? "The fainter, the less certain. Dots are samples in the color of their class."
              : extremes(boundary)}
          </li>
        </ul>
      </figcaption>
    </figure>
  );
}

const side = 432; // pixels: nine for each cell of the grid
const dot = 3.5;

function draw(
  canvas: HTMLCanvasElement,
  { x, y, rows, columns, cells, certainty, classes, points }: DecisionBoundary,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const [wide, high] = [side / columns, side / rows];
  const background = themeColor("--vscode-editor-background");
  const [low, top] = [cells.reduce((a, b) => Math.min(a, b)), cells.reduce((a, b) => Math.max(a, b))];
  const strength = (at: number): number => {
    if (!classes) return top > low ? (cells[at]! - low) / (top - low) : 0;
    const chance = 1 / classes.length;
    return certainty ? 0.1 + (0.7 * (certainty[at]! - chance)) / (1 - chance) : 0.6;
  };
  context.fillStyle = background;
  context.fillRect(0, 0, side, side);
  for (let at = 0; at < cells.length; at++) {
    context.globalAlpha = Math.min(1, Math.max(0, strength(at)));
    context.fillStyle = quantityColor(classes ? cells[at]! : 0);
    context.fillRect(
      Math.floor((at % columns) * wide),
      Math.floor(Math.floor(at / columns) * high),
      Math.ceil(wide),
      Math.ceil(high),
    );
  }
  context.globalAlpha = 1;
  context.strokeStyle = background;
  for (const point of points) {
    context.fillStyle = classes ? quantityColor(point.target) : themeColor("--vscode-foreground");
    context.beginPath();
    context.arc(
      ((point.x - x[0]) / (x[1] - x[0])) * side,
      (1 - (point.y - y[0]) / (y[1] - y[0])) * side,
      dot,
      0,
      2 * Math.PI,
    );
    context.fill();
    context.stroke();
  }
}

function extremes({ cells }: DecisionBoundary): string {
  const [low, high] = [cells.reduce((a, b) => Math.min(a, b)), cells.reduce((a, b) => Math.max(a, b))];
  return `From ${formatNumber(low)} (faint) to ${formatNumber(high)} (strong). Dots are samples.`;
}

const tableSide = 8;

function GridTable({
  boundary: { x, y, names, rows, columns, cells, classes },
}: {
  readonly boundary: DecisionBoundary;
}) {
  const spread = (count: number) =>
    Array.from({ length: tableSide }, (_, index) => Math.round((index * (count - 1)) / (tableSide - 1)));
  const at = ([low, high]: readonly [number, number], share: number) => formatNumber(low + (high - low) * share);
  const text = (cell: number) => (classes ? (classes[cell] ?? "") : formatNumber(cell));
  return (
    <NumberTable
      caption={`Outputs on a grid: ${names?.[0] ?? "first input"} to the right, ${names?.[1] ?? "second input"} upwards`}
      corner={`${names?.[1] ?? "second"} \\ ${names?.[0] ?? "first"}`}
      columns={spread(columns).map((column) => at(x, column / (columns - 1)))}
      rows={spread(rows).map((row) => ({
        name: at(y, 1 - row / (rows - 1)),
        cells: spread(columns).map((column) => text(cells[row * columns + column]!)),
      }))}
    />
  );
}
