// Whether a training takes one thread or two, for steps of given durations.

import { describe, expect, test } from "vitest";
import { fixedThreads, measuredThreads } from "../../../engine/runtime/thread-choice";

/** Steps one after another: milliseconds that one takes with one thread and with two. */
class Training {
  ready = true;
  starts = 0;
  private now = 0;
  readonly choice = measuredThreads({ start: () => void this.starts++, isReady: () => this.ready });

  /** The threads of each step. */
  steps(count: number, milliseconds: Readonly<Record<1 | 2, number>>): (1 | 2)[] {
    return Array.from({ length: count }, () => {
      const { threads } = this.choice;
      this.now += milliseconds[threads];
      this.choice.took(milliseconds[threads], this.now);
      return threads;
    });
  }
}

const untilTried = 100; // Steps: more than warming up and both trials take.

describe("the number of threads", () => {
  test("is two for steps that two make quicker", () => {
    const training = new Training();
    training.steps(untilTried, { 1: 2, 2: 1 });
    expect(new Set(training.steps(10, { 1: 2, 2: 1 }))).toEqual(new Set([2]));
  });

  test("is one for steps that two do not make quicker", () => {
    const training = new Training();
    const begun = training.steps(untilTried, { 1: 1, 2: 1 });
    expect(begun).toContain(2);
    expect(new Set(training.steps(10, { 1: 1, 2: 1 }))).toEqual(new Set([1]));
  });

  test("stays one, and no thread is started, for steps too short to share", () => {
    const training = new Training();
    expect(new Set(training.steps(untilTried, { 1: 0.01, 2: 0.001 }))).toEqual(new Set([1]));
    expect(training.starts).toBe(0);
  });

  test("stays one until the second thread is ready", () => {
    const training = new Training();
    training.ready = false;
    expect(new Set(training.steps(untilTried, { 1: 2, 2: 1 }))).toEqual(new Set([1]));
    expect(training.starts).toBeGreaterThan(0);
    training.ready = true;
    expect(training.steps(untilTried, { 1: 2, 2: 1 }).at(-1)).toBe(2);
  });

  test("follows what becomes quicker later, because other programs come and go", () => {
    const training = new Training();
    expect(training.steps(untilTried, { 1: 2, 2: 1 }).at(-1)).toBe(2);
    expect(training.steps(5000, { 1: 2, 2: 6 }).at(-1)).toBe(1);
    expect(training.steps(5000, { 1: 2, 2: 1 }).at(-1)).toBe(2);
  });

  test("does not follow a single step that took long", () => {
    const training = new Training();
    training.steps(25, { 1: 2, 2: 1 });
    training.steps(1, { 1: 2, 2: 500 });
    expect(training.steps(untilTried, { 1: 2, 2: 1 }).at(-1)).toBe(2);
  });

  test("can be given", () => {
    const two = fixedThreads(2);
    two.took(1000, 1000);
    expect(two.threads).toBe(2);
  });
});
