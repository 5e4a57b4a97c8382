// What a training says about a node, in words for who hears instead of seeing: read when the node gets the keyboard.

import type { ObservedQuantity } from "../../engine/protocol/snapshot";
import { counted, formatNumber, formatShare } from "../numbers";
import { troubleOf } from "./health";

interface SpokenLifeProps {
  /** The node's id. */
  readonly node: string;
  readonly quantity: ObservedQuantity | undefined;
}

/** In the page, but for `aria-describedby` only. */
export function SpokenLife({ node, quantity }: SpokenLifeProps) {
  return (
    <span id={spokenId(node)} hidden>
      {quantity && lifeInWords(quantity)}
    </span>
  );
}

export function spokenId(node: string): string {
  return `life-${node}`;
}

export function lifeInWords({ value, gradient, health }: ObservedQuantity): string {
  const trouble = health && troubleOf(health);
  return [
    ...(trouble ? [trouble.words] : []),
    value.notFinite > 0
      ? `${counted(value.notFinite, "number")} NaN or infinite.`
      : `Mean ${formatNumber(value.mean)}, standard deviation ${formatNumber(value.standardDeviation)}, ${formatShare(value.zeroFraction)} zero.`,
    gradient ? `Gradient norm ${formatNumber(gradient.norm)}.` : "No gradient.",
  ].join(" ");
}
