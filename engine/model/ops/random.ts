// Ops that draw random numbers. They repeat within one optimizer step and are never differentiated.

import type { Op } from "../op";
import { op } from "../op";

export interface Drop {
  /** Share that becomes 0, in [0, 1). */
  readonly rate: number;
  /** Which random numbers of the run it takes. */
  readonly stream: number;
}

/** For each element of x: 0 with probability `rate`, else 1 / (1 − rate), so that the mean stays 1. */
export const dropoutMask: Op<readonly ["x"], Drop> = op({
  name: "dropoutMask",
  inputs: ["x"],
  random: true,
  shape: ({ x }) => x,
  forward: ({ data: y }, _, { rate, stream }: Drop, context) => {
    for (let i = 0; i < y.length; i++) y[i] = context.random(stream, i) < rate ? 0 : 1 / (1 - rate);
  },
  backward: { x: null },
  example: { shapes: { x: [2, 3] }, attributes: { rate: 0.5, stream: 1 } },
});
