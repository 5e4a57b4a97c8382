// Position → what stands there, as Markdown.

import type { DataSummary } from "../../engine/protocol/data";
import type { DataDeclaration } from "../../engine/protocol/network";
import type { Snapshot } from "../../engine/protocol/snapshot";
import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "./analyze";

/** What is known from running. */
export interface LiveSource {
  readonly snapshot?: Snapshot | undefined;
  /** Whether the text has changed since the snapshot's training began. */
  readonly stale: boolean;
  summaryOf(data: DataDeclaration): DataSummary | undefined;
}

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
}

export function hover(_analysis: Analysis, _offset: number, _live: LiveSource): Hover | undefined {
  return undefined;
}
