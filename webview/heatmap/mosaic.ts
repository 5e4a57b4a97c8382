// Several matrices as one picture: rows of tiles with a line of nothing between them.

export interface Mosaic {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`; NaN between the tiles. */
  readonly numbers: Float64Array;
  /** Which tile, row and column a cell of the picture is; undefined between the tiles. */
  readonly placeOf: (row: number, column: number) => TilePlace | undefined;
}

export interface TilePlace {
  readonly tile: number;
  readonly row: number;
  readonly column: number;
}

interface Tiles {
  readonly tiles: number;
  readonly rows: number;
  readonly columns: number;
  /** `[tiles, rows, columns]` */
  readonly numbers: Float64Array;
}

/** About as wide as high. One tile is the picture itself. */
export function mosaicOf({ tiles, rows, columns, numbers }: Tiles): Mosaic {
  if (tiles <= 1) return { rows, columns, numbers, placeOf: (row, column) => ({ tile: 0, row, column }) };
  const across = Math.min(tiles, Math.max(1, Math.round(Math.sqrt((tiles * (rows + 1)) / (columns + 1)))));
  const down = Math.ceil(tiles / across);
  const size = { rows: down * (rows + 1) - 1, columns: across * (columns + 1) - 1 };
  const placeOf = (row: number, column: number): TilePlace | undefined => {
    const tile = Math.floor(row / (rows + 1)) * across + Math.floor(column / (columns + 1));
    const place = { tile, row: row % (rows + 1), column: column % (columns + 1) };
    return tile < tiles && place.row < rows && place.column < columns ? place : undefined;
  };
  const picture = new Float64Array(size.rows * size.columns);
  for (let row = 0; row < size.rows; row++) {
    for (let column = 0; column < size.columns; column++) {
      const place = placeOf(row, column);
      const from = place && (place.tile * rows + place.row) * columns + place.column;
      picture[row * size.columns + column] = from === undefined ? Number.NaN : numbers[from]!;
    }
  }
  return { ...size, numbers: picture, placeOf };
}
