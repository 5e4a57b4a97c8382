// What issue 4 asks for. Ratios are taken in one run; ours is the faster of one thread and two, a peer's too.

import type { PeerName } from "./contenders";
import type { WorkloadName } from "./workloads";

type OfEachWorkload = { readonly [Name in WorkloadName]: number };

const twentyTimesFaster: OfEachWorkload = { W1: 1 / 20, W2: 1 / 5, W3: 1 / 20, W4: 1 / 20, W5: 1 / 20 };

/** Our time for a step, divided by the peer's, at most. */
export const stepGoals: { readonly [Name in PeerName]: OfEachWorkload } = {
  pytorch: { W1: 0.3, W2: 0.005, W3: 0.35, W4: 0.9, W5: 0.45 },
  numpy: { W1: 0.6, W2: 0.6, W3: 0.6, W4: 1.1, W5: 0.6 },
  tfjs: twentyTimesFaster,
  convnetjs: twentyTimesFaster,
  brain: twentyTimesFaster,
};

/** Our time with one thread, divided by that with two, at least. 1 is never slower. */
export const secondThreadGoals: OfEachWorkload = { W1: 1, W2: 1, W3: 1.8, W4: 1.8, W5: 1.8 };

/** Sizes [m, k, n] of matrix products, which are to reach `share` of the peak. */
export const matrixProducts = {
  sizes: [
    [256, 1024, 1024],
    [64, 784, 128],
    [300, 64, 64],
  ],
  share: 0.88,
} as const;

/** Throughput that ten Snapshots a second may cost. */
export const observationCost = 0.02;

export const memory = {
  /** Planned bytes, divided by four copies of the parameters and the live activations. */
  overhead: 1.3,
  /** How far the plan's account may be from what is allocated. */
  account: 0.05,
} as const;

/** Milliseconds from `.nnet` to the first step. */
export const startMilliseconds = 50;
