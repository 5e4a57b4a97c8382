// What a diagnostic means and what to do about it, with a text that raises it. `test/reference.test.ts` runs every
// example, so that none goes out of date.

export interface Explanation {
  readonly means: string;
  readonly repair: string;
  /** A whole file that raises it; absent where none is short enough. */
  readonly example?: string;
  /** The example as it should be, where only running raises it. */
  readonly mended?: string;
  /** Files that the example imports. */
  readonly files?: Readonly<Record<string, string>>;
}
