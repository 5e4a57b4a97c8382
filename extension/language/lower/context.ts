// What every part of lowering needs: where to report, where to note what a name stands for, the text and the world.

import type { Subject } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Environment } from "../analyze";
import type { Reporting } from "../diagnostics";

export interface Context {
  readonly text: string;
  readonly environment: Environment;
  readonly reporter: Reporting;
  /** Notes what a stretch of text stands for. */
  mention(range: Range, subject: Subject): void;
}

/** The text of a range on one line, cut to `limit` characters. */
export function oneLine(text: string, { start, end }: Range, limit = Number.POSITIVE_INFINITY): string {
  const line = text.slice(start, end).replace(/#.*/g, "").replace(/\s+/g, " ").trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
