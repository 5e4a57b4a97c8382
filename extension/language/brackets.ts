// The pairs of brackets in any text, in the order of the closing ones. A "}" closes the innermost "{" and gives up what
// was opened since; another bracket that does not fit closes nothing.

import type { Range } from "../../engine/protocol/text";
import type { Items } from "./format/items";

/** The brackets included; the numbers of the items that open and close it. */
export interface BracketPair extends Range {
  readonly opener: number;
  readonly closer: number;
}

export function bracketPairs(items: Items): BracketPair[] {
  const open: number[] = [];
  const pairs: BracketPair[] = [];
  for (let closer = 0; closer < items.count; closer++) {
    const kind = items.kinds[closer]!;
    if (kind === "(" || kind === "[" || kind === "{") open.push(closer);
    const opening = kind === ")" ? "(" : kind === "]" ? "[" : kind === "}" ? "{" : undefined;
    if (opening === undefined) continue;
    if (opening === "{") while (open.length > 0 && items.kinds[open[open.length - 1]!] !== "{") open.pop();
    if (open.length === 0 || items.kinds[open[open.length - 1]!] !== opening) continue;
    const opener = open.pop()!;
    pairs.push({ opener, closer, start: items.starts[opener]!, end: items.ends[closer]! });
  }
  return pairs;
}
