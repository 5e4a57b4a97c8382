// Optimizers and clips on a machine go the way of their float64 updates, step by step.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineNumbers } from "../../../engine/compiler/layout";
import { Machine, type Outcome } from "../../../engine/compiler/machine";
import { plan } from "../../../engine/compiler/plan";
import {
  needsHost,
  registersOf,
  type Stretch,
  updateInstructions,
  updateOnHost,
} from "../../../engine/compiler/updates";
import { contiguousView, type View } from "../../../engine/compiler/view";
import { clipping, clips } from "../../../engine/model/clips";
import { noRandomNumbers } from "../../../engine/model/evaluate";
import { optimizer, optimizers, type Update } from "../../../engine/model/optimizers";
import { normal, randomStream } from "../../../engine/model/random";
import type { Call } from "../../../engine/protocol/catalog";
import { KernelThread } from "../../../engine/runtime/kernel-thread";
import { difference } from "./machine-run";

const steps = 50;
// Some roundings of 6e-8 in each of 50 steps, relative to the largest that a number has been.
const tolerance = 1e-5;

const share = fc.constantFrom(0, 0.3, 0.9, 0.999);
// With 0, Adam divides a mean of many gradients by the last one, and by what that is small, its rounding errors grow.
const ofSquares = fc.constantFrom(0.3, 0.9, 0.999);
const rate = fc.constantFrom(0.001, 0.01, 0.1);
const epsilon = fc.constantFrom(1e-10, 1e-8, 1e-3);
const size = fc.integer({ min: 1, max: 200 });
const seed = fc.nat(1_000_000);

const argumentsOf: Readonly<Record<string, fc.Arbitrary<Call["arguments"]>>> = {
  SGD: fc.record({ rate, momentum: share, nesterov: fc.boolean() }),
  RMSProp: fc.record({ rate, rho: share, epsilon }),
  Adagrad: fc.record({ rate, epsilon }),
  Adam: fc.record({ rate, beta1: share, beta2: ofSquares, epsilon }),
  AdamW: fc.record({ rate, beta1: share, beta2: ofSquares, epsilon, decay: fc.constantFrom(0, 1e-4, 0.01, 0.5) }),
};

describe.each(Object.keys(optimizers))("%s", (name) => {
  test("goes the way of its float64 update for 50 steps", () => {
    fc.assert(
      fc.property(argumentsOf[name]!, size, seed, (args, size, seed) => {
        const call = { name, arguments: args };
        const stretch = new KeptStretch(call, undefined, size);
        const rule = optimizer(call);
        const weights = Float64Array.from(gradientAt(seed, 0, size), Math.fround);
        const slots = Array.from({ length: rule.slots }, () => new Float64Array(size));
        stretch.weights.set(weights);
        const largest = [weights, ...slots].map((numbers) => numbers.map(Math.abs));
        for (let step = 1; step <= steps; step++) {
          // As a schedule has it.
          const update = { step, rate: rule.rate / (1 + step / 20) };
          const gradient = gradientAt(seed, step, size);
          expect(stretch.run(gradient, update)).toEqual({ kind: "done" });
          rule.update(weights, gradient, slots, update);
          for (const [position, numbers] of [weights, ...slots].entries()) grow(largest[position]!, numbers);
        }
        for (const [position, numbers] of [weights, ...slots].entries()) {
          const found = [stretch.weights, ...stretch.slots][position]!;
          const gaps = numbers.map((expected, i) => Math.abs(found[i]! - expected) / (largest[position]![i]! || 1));
          expect(Math.max(...gaps)).toBeLessThan(tolerance);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("leaves 0 where no gradient ever was, and nothing too small for full precision", () => {
    const memories = { momentum: 0.9, rho: 0.9, beta1: 0.9, beta2: 0.9 };
    const call = { name, arguments: memories };
    const stretch = new KeptStretch(call, undefined, 6);
    const gradients = Float64Array.of(0, 1, -1e-3, 1e-20, -1e-42, 1e10);
    for (let step = 1; step <= 1500; step++) {
      stretch.run(step === 1 ? gradients : new Float64Array(6), { step, rate: 0.01 });
      for (const slot of stretch.slots) {
        expect(slot[0]).toBe(0);
        for (const value of slot) expect(value === 0 || Math.abs(value) >= smallestNormal).toBe(true);
      }
    }
    expect(stretch.weights.every(Number.isFinite)).toBe(true);
    expect(stretch.weights[0]).toBe(0);
  });

  test("runs on the host, too", () => {
    const call = { name, arguments: {} };
    const clip = { name: "Norm", arguments: { limit: 0.5 } };
    const rule = optimizer(call);
    const weights = Float64Array.from(gradientAt(3, 0, 20), Math.fround);
    const gradient = gradientAt(3, 1, 20);
    const slots = Array.from({ length: rule.slots }, () => new Float64Array(20));
    const onHost: Stretch<Float32Array> = {
      weights: Float32Array.from(weights),
      gradients: Float32Array.from(gradient),
      slots: slots.map((slot) => Float32Array.from(slot)),
    };
    const update = { step: 1, rate: 0.1 };
    updateOnHost(call, clip, onHost, update);
    rule.update(weights, clipping(clip)([gradient])[0]!, slots, update);
    expect(onHost.weights).toEqual(Float32Array.from(weights));
    expect(onHost.slots).toEqual(slots.map((slot) => Float32Array.from(slot)));
  });
});

test("where nothing is trained, nothing is updated", () => {
  const stretch = new KeptStretch({ name: "Adam", arguments: {} }, { name: "Norm", arguments: {} }, 0);
  expect(stretch.run(new Float64Array(0), { step: 1, rate: 0.1 })).toEqual({ kind: "done" });
});

test("every optimizer and every clip has a kernel", () => {
  for (const name of Object.keys(optimizers)) expect(needsHost({ name, arguments: {} }, undefined)).toBe(false);
  for (const name of Object.keys(clips)) {
    expect(needsHost({ name: "SGD", arguments: {} }, { name, arguments: {} })).toBe(false);
  }
});

describe.each(Object.keys(clips))("clipping by %s", (name) => {
  const descent = { name: "SGD", arguments: { rate: 1 } };

  test("gives the optimizer what its float64 form gives", () => {
    const sizes = fc.oneof(size, fc.integer({ min: 4000, max: 9000 }));
    fc.assert(
      fc.property(fc.constantFrom(0.01, 1, 20, 1e4), sizes, seed, (limit, size, seed) => {
        const clip = { name, arguments: { limit } };
        const stretch = new KeptStretch(descent, clip, size);
        const gradient = gradientAt(seed, 1, size);
        stretch.run(gradient, { step: 1, rate: 1 });
        const [clipped] = clipping(clip)([gradient]);
        expectClose(
          stretch.weights,
          clipped!.map((g) => -g),
        );
      }),
      { numRuns: 30 },
    );
  });

  // What is added to a length so that it is never 0 counts for small ones.
  test.each([
    ["the largest numbers there are", 5, [3e38, -3e38, 1]],
    ["numbers as small as what is added to their length", 1e-6, [3e-7, -4e-7, 0]],
    ["zeros", 1, [0, 0, 0]],
  ])("bears %s", (_, limit, numbers) => {
    const clip = { name, arguments: { limit } };
    const stretch = new KeptStretch(descent, clip, 3);
    const gradient = Float64Array.from(numbers, Math.fround);
    stretch.run(gradient, { step: 1, rate: 1 });
    expectClose(
      stretch.weights,
      clipping(clip)([gradient])[0]!.map((g) => -g),
    );
  });
});

describe("a number that is not finite", () => {
  const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  const call = { name: "Adam", arguments: {} };

  test("anywhere in the gradients leaves weights and slots as they were", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(), bad, (size, position, bad) => {
        const stretch = new KeptStretch(call, undefined, size);
        const gradient = gradientAt(1, 1, size);
        gradient[position % size] = bad;
        expect(stretch.run(gradient, { step: 1, rate: 0.1 })).toEqual({ kind: "notFinite" });
        for (const numbers of [stretch.weights, ...stretch.slots])
          expect([...numbers].every((x) => x === 0)).toBe(true);
      }),
    );
  });

  test("in anything else that is to be finite does, too, however much there is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        bad,
        (sizes, which, position, bad) => {
          const stretch = new KeptStretch(call, undefined, 20, sizes);
          const other = stretch.others[which % sizes.length]!;
          expect(stretch.run(gradientAt(1, 1, 20), { step: 1, rate: 0.1 })).toEqual({ kind: "done" });
          const before = stretch.weights.slice();
          other[position % other.length] = bad;
          expect(stretch.run(gradientAt(1, 2, 20), { step: 2, rate: 0.1 })).toEqual({ kind: "notFinite" });
          expect(stretch.weights).toEqual(before);
        },
      ),
    );
  });
});

test.each(Object.keys(optimizers))("two threads update by %s as one does", async (name) => {
  const call = { name, arguments: { momentum: 0.9 } };
  const clip = { name: "Norm", arguments: { limit: 1 } };
  const [alone, together] = [new KeptStretch(call, clip, 5003), new KeptStretch(call, clip, 5003)];
  await together.shareWithSecondThread();
  for (let step = 1; step <= 5; step++) {
    for (const stretch of [alone, together]) stretch.run(gradientAt(1, step, 5003), { step, rate: 0.01 });
  }
  together.close();
  expect(together.weights).toEqual(alone.weights);
  expect(together.slots).toEqual(alone.slots);
});

const smallestNormal = 2 ** -126;

/** Gradients of very different sizes, the same for the same seed and step; some are 0. */
function gradientAt(seed: number, step: number, size: number): Float64Array {
  const random = randomStream(seed, step);
  return Float64Array.from({ length: size }, (_, position) =>
    random() < 0.1 ? 0 : Math.fround(normal(random) * 10 ** ((position % 6) - 3)),
  );
}

function grow(largest: Float64Array, numbers: Float64Array): void {
  for (const [i, value] of numbers.entries()) largest[i] = Math.max(largest[i]!, Math.abs(value));
}

/** float32 against float64. */
function expectClose(found: Float32Array, expected: Float64Array): void {
  const shape = [expected.length];
  expect(difference({ shape, data: Float64Array.from(found) }, { shape, data: expected })).toBeLessThan(tolerance);
}

/** Weights and all that updates them, kept on a machine, with the update as a program of its own. The rest of the last line is 0. */
class KeptStretch {
  readonly weights: Float32Array;
  readonly slots: readonly Float32Array[];
  readonly others: readonly Float32Array[];
  private readonly gradients: Float32Array;
  private readonly machine = new Machine();
  private readonly program;
  private threads = 1;

  constructor(
    private readonly call: Call,
    clip: Call | undefined,
    size: number,
    others: readonly number[] = [],
  ) {
    const keep = (size: number): View => contiguousView(this.machine.keep(size), [size]);
    const whole = lineNumbers * Math.ceil(size / lineNumbers);
    const slots = Array.from({ length: optimizer(call).slots }, () => keep(whole));
    const stretch = { weights: keep(whole), gradients: keep(whole), slots };
    const otherViews = others.map(keep);
    const { steps, ...made } = plan({
      wanted: [],
      feedAt: () => undefined,
      after: () => updateInstructions(call, clip, stretch, otherViews),
    });
    // However small, threads share it.
    const shared = steps.map((step) => ({ ...step, instruction: { ...step.instruction, work: Infinity } }));
    this.program = this.machine.add({ ...made, steps: shared });
    const numbers = (view: View): Float32Array => this.machine.numbers(view).subarray(0, size);
    this.weights = numbers(stretch.weights);
    this.gradients = numbers(stretch.gradients);
    this.slots = slots.map(numbers);
    this.others = otherViews.map((view) => this.machine.numbers(view));
  }

  run(gradients: Float64Array, update: Update): Outcome {
    this.gradients.set(gradients);
    this.machine.setUpdate(registersOf(this.call)(update));
    return this.machine.run(this.program, noRandomNumbers, this.threads);
  }

  async shareWithSecondThread(): Promise<void> {
    const thread = new KernelThread(this.machine.shared);
    while (!thread.isReady) await new Promise((resolve) => setTimeout(resolve, 1));
    this.threads = 2;
  }

  close(): void {
    this.machine.close();
  }
}
