// What is wrong with an activation, in words.

import type { ActivationHealth } from "../../engine/protocol/snapshot";
import { counted, formatShare } from "../numbers";

const muchSaturated = 0.25; // Less is usual.

export interface Trouble {
  readonly short: string;
  readonly words: string;
}

/** Undefined when all is well. */
export function troubleOf({ units, dead = 0, saturated = 0 }: ActivationHealth): Trouble | undefined {
  if (dead > 0)
    return {
      short: `${dead} dead`,
      words: `${dead} of ${counted(units, "unit")} gave 0 for every sample of the batch: no gradient gets through them.`,
    };
  if (saturated < muchSaturated) return undefined;
  const share = formatShare(saturated);
  return {
    short: `${share} saturated`,
    words: `${share} of the numbers are at their bounds, where the slope is almost 0: hardly any gradient gets through.`,
  };
}
