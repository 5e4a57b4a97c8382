// Snapshot → the short text after each line while it trains: `μ .31 ∇ 3.2e-3 off 41%`.

import type { ValueId } from "../../engine/protocol/network";
import type { Snapshot } from "../../engine/protocol/snapshot";
import type { Analysis } from "./analyze";

export interface LiveText {
  /** The end of the line. */
  readonly offset: number;
  readonly text: string;
  readonly id: ValueId;
}

/** One for each line on which a value ends; the last one on it counts. Ordered by offset. */
export function liveTexts(_analysis: Analysis, _snapshot: Snapshot): readonly LiveText[] {
  return [];
}
