// Places in a source text.

/** Half-open interval of UTF-16 offsets, as VS Code's `positionAt` counts them. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
