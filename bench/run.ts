// One timed run of training steps, and what it tells. A run begins with fresh weights, warms up for a fifth of its time,
// then times chunks of steps of about 20 ms. `peers/line_protocol.py` does the same in Python.

/** A network in training: every step is forward, backward and update with the same batch. */
export interface Stepper {
  step(): void;
  /** Of the last step, with the weights before its update. */
  loss(): number;
  close(): void;
}

export interface Run {
  /** Steps that were timed. */
  readonly steps: number;
  /** Of each chunk. */
  readonly secondsPerStep: readonly number[];
  readonly firstLoss: number;
  readonly lastLoss: number;
}

const chunkSeconds = 0.02;
const warmUpFraction = 0.2;

export function timedRun(stepper: Stepper, seconds: number): Run {
  const first = timed(stepper, 1);
  const firstLoss = stepper.loss();
  let perStep = first;
  for (let elapsed = first, count = 1; elapsed < seconds * warmUpFraction; count *= 2) {
    const took = timed(stepper, count);
    elapsed += took;
    perStep = took / count;
  }
  const chunk = Math.max(1, Math.round(chunkSeconds / perStep));
  const secondsPerStep: number[] = [];
  // At least one chunk, even if a single step takes longer than the run should.
  for (let elapsed = 0; elapsed < seconds || secondsPerStep.length === 0; ) {
    const took = timed(stepper, chunk);
    elapsed += took;
    secondsPerStep.push(took / chunk);
  }
  return { steps: chunk * secondsPerStep.length, secondsPerStep, firstLoss, lastLoss: stepper.loss() };
}

/** Seconds for so many steps. */
function timed(stepper: Stepper, count: number): number {
  const start = performance.now();
  for (let done = 0; done < count; done++) stepper.step();
  return (performance.now() - start) / 1000;
}
