// Times all contenders on one workload, in turns: what slows the machine down meets all of them.

import { setTimeout as sleep } from "node:timers/promises";
import type { Contender } from "./contenders";
import { Participant } from "./participant";
import type { Run } from "./run";
import { bestDecile, median } from "./statistics";
import type { WorkloadName } from "./workloads";

export interface RoundsOptions {
  readonly workload: WorkloadName;
  /** Describes the workload for peers. */
  readonly file: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly log: (line: string) => void;
}

export interface Timing {
  readonly contender: Contender;
  /** Library and version. */
  readonly version: string;
  /** What it does otherwise than the workload says. */
  readonly differences: readonly string[];
  readonly result:
    | {
        readonly kind: "timed";
        /** Of each round it took part in, the first being round 0: the median of its chunks. */
        readonly secondsPerStep: readonly number[];
        readonly median: number;
        readonly bestDecile: number;
        /** Of the first round. */
        readonly firstLoss: number;
        readonly lastLoss: number;
      }
    | { readonly kind: "cannot"; readonly reason: string };
}

/** Throws when a loss does not fall, or does not begin where ours does. */
export async function timeInTurns(contenders: readonly Contender[], options: RoundsOptions): Promise<Timing[]> {
  const entrants: Entrant[] = [];
  try {
    for (const contender of contenders) entrants.push(await Entrant.start(contender, options));
    for (let round = 0; round < options.rounds; round++) {
      for (const entrant of entrants) {
        if (!entrant.takesPart) continue;
        options.log(`${options.workload} round ${round + 1} of ${options.rounds}: ${entrant.title}`);
        await entrant.run();
        await sleep(settle);
      }
    }
    const timings = entrants.map((entrant) => entrant.timing());
    checkLosses(timings);
    return timings;
  } finally {
    await Promise.all(entrants.map((entrant) => entrant.close()));
  }
}

const settle = 100; // ms, in which the threads of the last one stop spinning

/** A contender whose run takes this many times as long as it should has one round only. */
const tooSlow = 5;

class Entrant {
  takesPart = true;
  private readonly runs: Run[] = [];
  private cannot: string | undefined;

  private constructor(
    private readonly contender: Contender,
    private readonly participant: Participant,
    private readonly version: string,
    private readonly differences: readonly string[],
    private readonly seconds: number,
  ) {}

  static async start(contender: Contender, { workload, file, seconds }: RoundsOptions): Promise<Entrant> {
    const [participant, { version, differences }] = await Participant.start(contender.command(workload, file));
    return new Entrant(contender, participant, version, differences, seconds);
  }

  get title(): string {
    return titleOf(this.contender, this.version);
  }

  async run(): Promise<void> {
    const start = performance.now();
    const answer = await this.participant.run(this.seconds);
    if (answer.kind === "cannot") this.cannot = answer.reason;
    else this.runs.push(answer);
    const took = (performance.now() - start) / 1000;
    this.takesPart = answer.kind === "run" && took < tooSlow * this.seconds;
  }

  timing(): Timing {
    const { contender, version, differences, runs } = this;
    if (this.cannot !== undefined) {
      return { contender, version, differences, result: { kind: "cannot", reason: this.cannot } };
    }
    const secondsPerStep = runs.map((run) => median(run.secondsPerStep));
    const { firstLoss, lastLoss } = runs[0]!;
    const best = bestDecile(runs.flatMap((run) => run.secondsPerStep));
    const result = { secondsPerStep, median: median(secondsPerStep), bestDecile: best, firstLoss, lastLoss };
    return { contender, version, differences, result: { kind: "timed", ...result } };
  }

  close(): Promise<void> {
    return this.participant.close();
  }
}

export function titleOf({ threads }: Contender, version: string): string {
  return `${version}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

// float32 sums of 784 terms in another order.
const lossTolerance = 1e-5;

function checkLosses(timings: readonly Timing[]): void {
  const [ours] = timings;
  for (const { contender, version, result } of timings) {
    if (result.kind === "cannot") continue;
    const { firstLoss, lastLoss } = result;
    if (!(lastLoss < firstLoss))
      throw new Error(`${version}: the loss does not fall, from ${firstLoss} to ${lastLoss}`);
    if (!contender.sameLoss || ours?.result.kind !== "timed") continue;
    const expected = ours.result.firstLoss;
    if (Math.abs(firstLoss - expected) > lossTolerance * expected) {
      throw new Error(`${version}: the loss begins with ${firstLoss}, ours with ${expected}: they do not do the same`);
    }
  }
}
