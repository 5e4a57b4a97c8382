// A matrix as colours, with the number under the pointer or under a cursor that the arrow keys move.

import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { counted, formatNumber } from "../numbers";
import { themeColor, useThemeVersion } from "../theme";
import { formOf, type Mark, type MarkKind, marksOf } from "./marks";
import { colorsOf, type Palette, type Rgb, type Scale, scaleOf } from "./scale";

interface HeatmapProps {
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]` */
  readonly numbers: Float64Array;
  /** Where a cell is, in words; undefined for a cell that is nothing. */
  readonly nameOf: (row: number, column: number) => string | undefined;
  /** From the numbers when absent. */
  readonly scale?: Scale;
  readonly format?: (number: number) => string;
  /** Whether cells are squares, as those of images are; else they fill the width. */
  readonly square?: boolean;
  /** Of what is not square, in pixels. */
  readonly rowHeight?: number;
  /** Words below the first column and the last one. */
  readonly ends?: readonly [first: string, last: string];
}

interface Cell {
  readonly row: number;
  readonly column: number;
}

export function Heatmap(props: HeatmapProps) {
  const { label, rows, columns, numbers, nameOf, format = formatNumber, square = true, rowHeight = 18, ends } = props;
  const theme = useThemeVersion();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<Cell>();
  const scale = useMemo(() => props.scale ?? scaleOf(numbers), [props.scale, numbers]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides the colours.
  const palette = useMemo(themePalette, [theme]);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, { rows, columns, numbers, scale, palette });
  }, [rows, columns, numbers, scale, palette]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: which cells there are is decided with the numbers.
  const marks = useMemo(
    () => marksOf(numbers, columns, (row, column) => nameOf(row, column) !== undefined),
    [numbers, columns],
  );
  const marked = marks.map((mark) => `, ${wordsOf(mark, format)}`).join("");

  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    setPointed({
      row: Math.min(rows - 1, Math.max(0, Math.floor(((event.clientY - top) / height) * rows))),
      column: Math.min(columns - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * columns))),
    });
  };
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const { row, column } = pointed ?? { row: -step[0], column: -step[1] };
    setPointed({
      row: Math.min(rows - 1, Math.max(0, row + step[0])),
      column: Math.min(columns - 1, Math.max(0, column + step[1])),
    });
  };

  const cell = pointed && pointed.row < rows && pointed.column < columns ? pointed : undefined;
  const name = cell && nameOf(cell.row, cell.column);
  return (
    <figure className="heatmap">
      <div
        className="heatmap-picture"
        role="application"
        aria-roledescription="heatmap"
        aria-label={`${label}, ${rows} rows and ${columns} columns${marked}. Arrow keys move through it.`}
        style={
          square
            ? { aspectRatio: `${columns} / ${rows}`, maxWidth: `${columns * largestCell}px` }
            : { height: `${rows * rowHeight}px` }
        }
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its cells are read with the arrow keys.
        tabIndex={0}
        onPointerMove={point}
        onPointerLeave={() => setPointed(undefined)}
        onKeyDown={move}
      >
        <canvas ref={canvas} width={columns} height={rows} />
        <svg className="heatmap-marks" viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
          {marks.map(({ kind, path }) => (
            <path key={kind} className={`mark-${kind}`} d={path} />
          ))}
        </svg>
        {cell && (
          <span
            className="heatmap-cell"
            style={{
              left: `${(100 * cell.column) / columns}%`,
              top: `${(100 * cell.row) / rows}%`,
              width: `${100 / columns}%`,
              height: `${100 / rows}%`,
            }}
          />
        )}
      </div>
      {ends && (
        <div className="heatmap-ends" aria-hidden="true">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </div>
      )}
      <figcaption className="heatmap-caption">
        <span className="heatmap-reading" role="status">
          {cell && name !== undefined ? `${name}: ${format(numbers[cell.row * columns + cell.column]!)}` : " "}
        </span>
        <ScaleBar scale={scale} format={format} marks={marks} />
      </figcaption>
    </figure>
  );
}

const largestCell = 40; // pixels

const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** `2 cells NaN`. */
function wordsOf({ count, number }: Mark, format: (number: number) => string): string {
  return `${counted(count, "cell")} ${format(number)}`;
}

interface ScaleBarProps {
  readonly scale: Scale;
  readonly format: (number: number) => string;
  readonly marks: readonly Mark[];
}

/** What lies under the scale stands before it, what lies over it behind it. */
function ScaleBar({ scale, format, marks }: ScaleBarProps) {
  const legend = (kind: MarkKind) =>
    marks
      .filter((mark) => mark.kind === kind)
      .map((mark) => (
        <span key={kind} className="scale-mark" title={wordsOf(mark, format)}>
          <svg className={`mark-${kind}`} viewBox="0 0 1 1" aria-hidden="true">
            <path d={formOf(kind)} />
          </svg>
          {format(mark.number)}
        </span>
      ));
  return (
    <span className="scale">
      {legend("under")}
      {format(scale.low)}
      <span className={`scale-bar scale-${scale.kind}`} aria-hidden="true" />
      {format(scale.high)}
      {legend("over")}
      {legend("nan")}
    </span>
  );
}

interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly numbers: Float64Array;
  readonly scale: Scale;
  readonly palette: Palette;
}

function draw(canvas: HTMLCanvasElement, { rows, columns, numbers, scale, palette }: Picture): void {
  const context = canvas.getContext("2d");
  if (!context || rows === 0 || columns === 0) return;
  context.putImageData(new ImageData(colorsOf(numbers, scale, palette), columns, rows), 0, 0);
}

function themePalette(): Palette {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  return {
    background: rgb(context, themeColor("--vscode-editorWidget-background", "--vscode-editor-background")),
    positive: rgb(context, themeColor("--vscode-charts-blue", "--vscode-foreground")),
    negative: rgb(context, themeColor("--vscode-charts-red", "--vscode-errorForeground")),
  };
}

/** A canvas understands whatever CSS does, and a pixel of it is numbers. */
function rgb(context: CanvasRenderingContext2D, color: string): Rgb {
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
