// Inlay hints: the inferred shape at the end of every stage, binding and parameter.

import type { Analysis } from "./analyze";

export interface Hint {
  readonly offset: number;
  /** At most 40 characters. */
  readonly text: string;
  /** Plain text. */
  readonly tooltip: string;
}

/** Ordered by offset. */
export function hints(_analysis: Analysis): readonly Hint[] {
  return [];
}
