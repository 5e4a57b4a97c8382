// How strong a gradient flows along an edge, as one of a few bands of powers of ten, each with a width and a colour.

import type { ValueId } from "../../engine/protocol/network";
import type { Snapshot } from "../../engine/protocol/snapshot";

export interface Band {
  /** Ends the class names `gradient-…` in diagram.css. */
  readonly name: string;
  /** Relative gradients below this are of this band. */
  readonly below: number;
  /** Pixels. */
  readonly width: number;
  readonly words: string;
}

export const bands: readonly Band[] = [
  { name: "none", below: 1e-6, width: 0.75, words: "below 1e-6: vanishes" },
  { name: "faint", below: 1e-4, width: 1.25, words: "1e-6 … 1e-4" },
  { name: "small", below: 1e-2, width: 2.25, words: "1e-4 … 0.01" },
  { name: "usual", below: 1, width: 3.5, words: "0.01 … 1" },
  { name: "huge", below: Number.POSITIVE_INFINITY, width: 5, words: "1 and more: explodes" },
];

/**
 * Norm of the gradient by the norm of what it is the gradient of: of the weights it meets where the edge ends, all
 * together; where there are none, of the value that the edge carries. ∞ where a gradient is not finite, undefined where
 * none flows or all is 0.
 */
export function relativeGradient(
  { quantities }: Snapshot,
  source: ValueId,
  weights: readonly ValueId[],
): number | undefined {
  const met = weights.flatMap((id) => quantities[id] ?? []).filter(({ gradient }) => gradient !== undefined);
  const carried = quantities[source];
  const judged = met.length > 0 ? met : carried?.gradient ? [carried] : [];
  if (judged.some(({ gradient }) => gradient!.notFinite > 0)) return Number.POSITIVE_INFINITY;
  const size = Math.hypot(...judged.map(({ value }) => value.norm));
  const ratio = Math.hypot(...judged.map(({ gradient }) => gradient!.norm)) / size;
  return judged.length > 0 && size > 0 && Number.isFinite(ratio) ? ratio : undefined;
}

export function bandOf(ratio: number): Band {
  return bands.find(({ below }) => ratio < below) ?? bands.at(-1)!;
}
