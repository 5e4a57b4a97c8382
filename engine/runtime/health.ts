// Whether an activation still lets gradients through: units that have died, numbers that sit at their bounds. What can
// happen to it is what its catalog entry's traits say.

import { traitsOf } from "../model/catalog";
import type { NdArray } from "../protocol/array";
import type { Value } from "../protocol/network";
import type { ActivationHealth } from "../protocol/snapshot";

/** Part of the range: of `Sigmoid`, below 0.01 and above 0.99, where the slope is less than a 25th of the largest. */
export const nearBound = 0.01;

/** Undefined for what can neither die nor saturate. `array` [batch, …] is asked for only when it is needed. */
export function healthOf(value: Value, array: () => NdArray): ActivationHealth | undefined {
  const { source } = value;
  if (!value.batched || (source.kind !== "layer" && source.kind !== "operation")) return undefined;
  const { role, range, saturates } =
    source.kind === "layer" ? traitsOf("layer", source.layer) : traitsOf("function", source.function);
  if (role !== "activation" || !range) return undefined;
  if (saturates) {
    const given = array();
    return { units: unitsOf(given).length, saturated: shareNear(range, given) };
  }
  // What is bounded by 0 on one side only is flat there.
  if (range[0] !== 0 || range[1] !== Number.POSITIVE_INFINITY) return undefined;
  const units = unitsOf(array());
  return { units: units.length, dead: units.filter((isAlive) => !isAlive).length };
}

/** For each unit whether it is ever other than 0: dimension 1 of images [N, C, H, W], the last one of everything else. */
function unitsOf({ shape, data }: NdArray): readonly boolean[] {
  const dimension = shape.length === 4 ? 1 : Math.max(1, shape.length - 1);
  const count = shape[dimension] ?? 1;
  const stride = shape.slice(dimension + 1).reduce((product, size) => product * size, 1);
  const alive = new Array<boolean>(count).fill(false);
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== 0) alive[Math.floor(at / stride) % count] = true;
  }
  return alive;
}

function shareNear([low, high]: readonly [number, number], { data }: NdArray): number {
  const margin = nearBound * (high - low);
  let near = 0;
  for (const number of data) if (number <= low + margin || number >= high - margin) near++;
  return data.length === 0 ? 0 : near / data.length;
}
