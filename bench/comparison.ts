// Timings of one workload → ratios to the peers, and whether they are what issue 4 asks for.

import { type Contender, type PeerName, peerNames } from "./contenders";
import { type Goal, isReached } from "./figures";
import { secondThreadGoals, stepGoals } from "./goals";
import type { Timing } from "./rounds";
import { median } from "./statistics";
import type { WorkloadName } from "./workloads";

export interface Comparison {
  /** Whom it is written beside: the peer with its faster threads, or ours with two. */
  readonly contender: Contender;
  /** Ours divided by the peer's; of the second thread, one thread's time divided by that of two. */
  readonly ratio: number;
  readonly goal: Goal;
  readonly reached: boolean;
}

export function comparisons(workload: WorkloadName, timings: readonly Timing[]): Comparison[] {
  const own = timings.filter(({ contender }) => contender.name === "nnet");
  const ours = fastest(own);
  if (!ours) return [];
  const peers = peerNames.flatMap((name) => {
    const peer = fastest(timings.filter(({ contender }) => contender.name === name));
    return peer ? [compared(peer, ratioOf(ours, peer), { atMost: goalFor(name, workload) })] : [];
  });
  return [...secondThread(workload, own), ...peers];
}

const goalFor = (name: PeerName, workload: WorkloadName): number => stepGoals[name][workload];

function secondThread(workload: WorkloadName, own: readonly Timing[]): Comparison[] {
  const [one, two] = [1, 2].map((threads) => own.find(({ contender }) => contender.threads === threads));
  return one && two ? [compared(two, ratioOf(one, two), { atLeast: secondThreadGoals[workload] })] : [];
}

function compared({ contender }: Timing, ratio: number, goal: Goal): Comparison {
  return { contender, ratio, goal, reached: isReached(goal, ratio) };
}

function fastest(timings: readonly Timing[]): Timing | undefined {
  const timed = timings.filter(({ result }) => result.kind === "timed");
  return timed.reduce<Timing | undefined>(
    (best, timing) => (best && medianOf(best) <= medianOf(timing) ? best : timing),
    undefined,
  );
}

const medianOf = ({ result }: Timing): number => (result.kind === "timed" ? result.median : Number.POSITIVE_INFINITY);

/** The median over the rounds in which both took part, so that it compares what was measured at the same time. */
function ratioOf(a: Timing, b: Timing): number {
  const [first, second] = [roundsOf(a), roundsOf(b)];
  return median(first.slice(0, second.length).map((seconds, round) => seconds / second[round]!));
}

const roundsOf = ({ result }: Timing): readonly number[] => (result.kind === "timed" ? result.secondsPerStep : []);
