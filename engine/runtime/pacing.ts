// Long work in short slices, so that messages and keys are answered meanwhile.

export interface Pacing {
  /** Milliseconds of any clock that only goes forward. */
  now(): number;
  /** Lets what is waiting happen. Throws to end the work. */
  pause(): Promise<void>;
}

const slice = 10; // ms of work between pauses

/** Runs a generator to its end; it yields wherever it may be interrupted. */
export async function inSlices<Result>(
  work: Generator<unknown, Result, undefined>,
  { now, pause }: Pacing,
): Promise<Result> {
  let end = now() + slice;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (now() < end) continue;
    await pause();
    end = now() + slice;
  }
}

/** The same work, given up, with nothing to show, once it is over for another reason. */
export function* unless<Result>(
  isOver: () => boolean,
  work: Generator<unknown, Result, undefined>,
): Generator<undefined, Result | undefined, undefined> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (isOver()) return undefined;
    yield;
  }
}
