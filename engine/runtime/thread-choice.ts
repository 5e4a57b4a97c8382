// One thread or two: whichever takes less time for a step, measured while training. The numbers are the same either way.

export interface ThreadChoice {
  /** For the next step. */
  readonly threads: 1 | 2;
  /** Tells how long a step took, and when it ended; both in milliseconds. */
  took(milliseconds: number, now: number): void;
}

export function fixedThreads(threads: 1 | 2): ThreadChoice {
  return { threads, took: () => undefined };
}

/** What is known of a second thread. */
export interface SecondThread {
  /** Called when it may be worth it. */
  start(): void;
  isReady(): boolean;
}

export function measuredThreads(second: SecondThread): ThreadChoice {
  return new MeasuredThreads(second);
}

type Phase =
  /** Too few steps yet to know what one takes. */
  | { readonly kind: "warmingUp"; readonly left: number }
  /** `times` in milliseconds; `other` is the median of the steps with the other number of threads, once it is known. */
  | { readonly kind: "trying"; readonly threads: 1 | 2; readonly times: readonly number[]; readonly other?: number }
  /** Milliseconds of the same clock. */
  | { readonly kind: "settled"; readonly threads: 1 | 2; readonly until: number };

const warmUpSteps = 20; // The first steps run code that V8 has not optimized yet.
const trialSteps = 9;
const trialAgainAfter = 3000; // ms: other programs come and go.
const worthwhile = 0.02; // ms: a step this short is over before another thread has heard of it.

class MeasuredThreads implements ThreadChoice {
  private phase: Phase = { kind: "warmingUp", left: warmUpSteps };

  constructor(private readonly second: SecondThread) {}

  get threads(): 1 | 2 {
    return this.phase.kind === "warmingUp" ? 1 : this.phase.threads;
  }

  took(milliseconds: number, now: number): void {
    const { phase } = this;
    switch (phase.kind) {
      case "warmingUp":
        this.phase = this.warmed(phase.left - 1, milliseconds, now);
        return;
      case "trying": {
        const times = [...phase.times, milliseconds];
        this.phase = times.length < trialSteps ? { ...phase, times } : compared(phase, median(times), now);
        return;
      }
      case "settled":
        if (now >= phase.until && this.second.isReady()) this.phase = { kind: "trying", threads: 2, times: [] };
        return;
      default:
        phase satisfies never;
    }
  }

  private warmed(left: number, milliseconds: number, now: number): Phase {
    if (left > 0) return { kind: "warmingUp", left };
    if (milliseconds < worthwhile) return { kind: "settled", threads: 1, until: now + trialAgainAfter };
    this.second.start();
    return this.second.isReady() ? { kind: "trying", threads: 2, times: [] } : { kind: "warmingUp", left: 1 };
  }
}

function compared(
  { threads, other }: { readonly threads: 1 | 2; readonly other?: number },
  time: number,
  now: number,
): Phase {
  const rest = threads === 2 ? 1 : 2;
  if (other === undefined) return { kind: "trying", threads: rest, times: [], other: time };
  const [one, two] = threads === 1 ? [time, other] : [other, time];
  // A second thread that gains nothing is left to other programs.
  return { kind: "settled", threads: two < one ? 2 : 1, until: now + trialAgainAfter };
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
