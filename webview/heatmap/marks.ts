// Numbers that are not finite → marks over their cells, which no scale has a color for: as the ends "over" and "under" of a
// color bar and its "bad" values elsewhere. Each kind has a form of its own, so that nobody has to know it by its color.

export type MarkKind = "nan" | "over" | "under";

/** All cells of a kind. */
export interface Mark {
  readonly kind: MarkKind;
  /** NaN, ∞ or -∞. */
  readonly number: number;
  readonly count: number;
  /** Data of an SVG path to be filled by the rule evenodd, a cell being 1 × 1: the cell without its sign. */
  readonly path: string;
}

/** Those that there are. What `isCell` says no to, as the lines between the tiles of a mosaic, has no mark. */
export function marksOf(
  numbers: Float64Array,
  columns: number,
  isCell: (row: number, column: number) => boolean,
): readonly Mark[] {
  const places: Record<MarkKind, string[]> = { nan: [], over: [], under: [] };
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at]!;
    if (Number.isFinite(number)) continue;
    const [row, column] = [Math.floor(at / columns), at % columns];
    if (isCell(row, column)) places[kindOf(number)].push(`M${column} ${row}`);
  }
  return kinds.flatMap(({ kind, number }) =>
    places[kind].length === 0
      ? []
      : [{ kind, number, count: places[kind].length, path: places[kind].map((to) => to + forms[kind]).join("") }],
  );
}

/** Of one cell at the origin. */
export function formOf(kind: MarkKind): string {
  return `M0 0${forms[kind]}`;
}

const kinds: readonly { readonly kind: MarkKind; readonly number: number }[] = [
  { kind: "nan", number: Number.NaN },
  { kind: "over", number: Number.POSITIVE_INFINITY },
  { kind: "under", number: Number.NEGATIVE_INFINITY },
];

function kindOf(number: number): MarkKind {
  if (Number.isNaN(number)) return "nan";
  return number > 0 ? "over" : "under";
}

const cell = "h1v1h-1z";

/** From the corner of a cell: a cross, a triangle that points up, one that points down. */
const forms: Readonly<Record<MarkKind, string>> = {
  nan: `${cell}m.3.2l.2.2.2-.2.1.1-.2.2.2.2-.1.1-.2-.2-.2.2-.1-.1.2-.2-.2-.2z`,
  over: `${cell}m.5.2l.3.6h-.6z`,
  under: `${cell}m.5.8l-.3-.6h.6z`,
};
