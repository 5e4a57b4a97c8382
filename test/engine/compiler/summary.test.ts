// What a machine says of tensors is what float64 says of the same numbers.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Machine } from "../../../engine/compiler/machine";
import { plan } from "../../../engine/compiler/plan";
import { readSummary, summariesSize, summarize, summaryView } from "../../../engine/compiler/summary";
import { contiguousView } from "../../../engine/compiler/view";
import { noRandomNumbers } from "../../../engine/model/evaluate";
import type { TensorSummary } from "../../../engine/protocol/snapshot";
import { KernelThread } from "../../../engine/runtime/kernel-thread";
import { summarize as summarizeInFloat64 } from "../../../engine/runtime/observe";

const number = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1, -1) },
  { weight: 1, arbitrary: fc.float() },
);
const tensor = fc.array(number, { maxLength: 150 });

test("tensors of any numbers, infinite ones and NaN among them, are summarized as in float64", () =>
  fc.assert(
    fc.property(fc.array(tensor, { minLength: 1, maxLength: 25 }), (tensors) => {
      for (const [position, summary] of summariesOf(tensors).entries()) expectSame(summary, tensors[position]!);
    }),
  ));

test("equal numbers are all in the middle", () => {
  const [summary] = summariesOf([[2.5, 2.5, Number.NaN, 2.5]]);
  expect(summary!.histogram.counts[12]).toBe(3);
  expectSame(summary!, [2.5, 2.5, Number.NaN, 2.5]);
});

test("the largest numbers there are do not overflow", () => {
  const tensor = [3.4e38, -3.4e38, 1e38, 1e-40].map(Math.fround);
  expectSame(summariesOf([tensor])[0]!, tensor);
});

test("of many numbers, none is lost", () => {
  const tensor = Array.from({ length: 100_003 }, (_, i) => Math.fround(Math.sin(i) * 5 + 3));
  expectSame(summariesOf([tensor])[0]!, tensor);
});

test("two threads say what one says", async () => {
  const tensors = Array.from({ length: 13 }, (_, i) =>
    Array.from({ length: 40 * i }, (_, j) => Math.fround(Math.cos(j))),
  );
  const machine = new Machine();
  const thread = new KernelThread(machine.shared);
  while (!thread.isReady) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(summariesOf(tensors, machine, 2)).toEqual(summariesOf(tensors));
  machine.close();
});

function summariesOf(
  tensors: readonly (readonly number[])[],
  machine = new Machine(),
  threads = 1,
): Omit<TensorSummary, "elements">[] {
  const views = tensors.map(({ length }) => contiguousView(machine.keep(length), [length]));
  const summaries = machine.keep(summariesSize(tensors.length));
  const { steps, ...made } = plan({
    wanted: [],
    feedAt: () => undefined,
    after: () => summarize(views, summaries),
  });
  // However small, threads share it.
  const shared = steps.map((step) => ({ ...step, instruction: { ...step.instruction, work: Infinity } }));
  const program = machine.add({ ...made, steps: shared });
  for (const [position, view] of views.entries()) machine.numbers(view).set(tensors[position]!);
  // What was there before does not count.
  for (const position of tensors.keys()) machine.numbers(summaryView(summaries, position)).fill(7);
  machine.run(program, noRandomNumbers, threads);
  return views.map(({ shape }, position) => readSummary(shape, machine.numbers(summaryView(summaries, position))));
}

function expectSame(found: Omit<TensorSummary, "elements">, tensor: readonly number[]): void {
  const { elements, mean, standardDeviation, norm, min, max, histogram, ...exact } = summarizeInFloat64({
    shape: [tensor.length],
    data: Float64Array.from(tensor),
  });
  expect(found).toMatchObject(exact);
  // −0 is 0 here.
  expect([found.min + 0, found.max + 0]).toEqual([min + 0, max + 0]);
  expect(found.histogram.counts).toEqual(histogram.counts);
  expect([found.histogram.low + 0, found.histogram.high + 0]).toEqual([histogram.low + 0, histogram.high + 0]);
  // Sums of up to 100,000 float64s in another order.
  const scale = Math.max(1e-300, Math.abs(min), Math.abs(max));
  expectClose(found.mean, mean, scale);
  expectClose(found.standardDeviation, standardDeviation, scale);
  expectClose(found.norm, norm, scale);
}

function expectClose(found: number, expected: number, scale: number): void {
  if (Number.isNaN(expected)) expect(found).toBeNaN();
  else expect(Math.abs(found - expected) / scale).toBeLessThan(1e-12 * Math.max(1, expected / scale));
}
