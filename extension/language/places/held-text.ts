// A stretch of text while the text around and in it changes, as an editor keeps its marks.

import type { Range } from "../../../engine/protocol/text";

/** In the text before it: `length` UTF-16 units from `offset` on become `inserted` ones. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly inserted: number;
}

export interface HeldText extends Range {
  /** Where it ends if what was written right behind it belongs to it, as `(16)` does to `Dense`. */
  readonly grown: number;
}

export function held({ start, end }: Range): HeldText {
  return { start, end, grown: end };
}

/** Undefined when all of it was replaced: what stands there now is something else. */
export function afterChange({ start, end, grown }: HeldText, change: TextChange): HeldText | undefined {
  const { offset, length, inserted } = change;
  const behind = offset + length;
  if (length > 0 && offset <= start && behind >= end) return undefined;
  const moved = inserted - length;
  return {
    start: behind <= start ? start + moved : offset >= start ? start : offset + inserted,
    end: offset >= end ? end : behind <= end ? end + moved : offset,
    grown: offset > grown ? grown : behind <= grown ? grown + moved : offset + inserted,
  };
}

export function holds({ start, end, grown }: HeldText, range: Range): boolean {
  return range.start === start && (range.end === end || range.end === grown);
}
