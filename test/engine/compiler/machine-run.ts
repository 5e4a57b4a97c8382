// Runs ops on a machine and as they are defined, so that a test can compare the two.

import { expect } from "vitest";
import { Machine } from "../../../engine/compiler/machine";
import { type Plan, plan } from "../../../engine/compiler/plan";
import { Evaluation } from "../../../engine/model/evaluate";
import { Graph, type Tensor } from "../../../engine/model/graph";
import type { AnyOp, Attributes, RunContext } from "../../../engine/model/op";
import { randomAt, randomStream } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { KernelThread } from "../../../engine/runtime/kernel-thread";

/** The numbers a machine and the float64 oracle give for the same tensors. */
export interface Results {
  readonly machine: readonly NdArray[];
  readonly oracle: readonly NdArray[];
  readonly plan: Plan;
}

export const stepSeed = 12345;

export const context: RunContext = { random: (stream, index) => randomAt(stepSeed, stream, index) };

/** Feeds by name. `threads` are simulated by nobody: with 1, the machine runs alone. */
export function runBoth(wanted: readonly Tensor[], feeds: ReadonlyMap<string, NdArray>): Results {
  const evaluation = new Evaluation(wanted);
  evaluation.run(feeds, context);

  const machine = new Machine();
  const made = plan({ wanted, feedAt: () => undefined });
  const program = machine.add(made);
  machine.setStepSeed(stepSeed);
  for (const [name, view] of made.feeds) machine.numbers(view, program).set(feeds.get(name)!.data);
  machine.run(program, context, 1);
  return {
    machine: made.views.map((view) => machine.read(view, program)),
    oracle: wanted.map((tensor) => evaluation.value(tensor)),
    plan: made,
  };
}

/** One op on given arrays. */
export function runOp(op: AnyOp, inputs: readonly NdArray[], attributes: Attributes = {}): Results {
  const graph = new Graph();
  const tensors = inputs.map(({ shape }, position) => graph.feed(`x${position}`, shape));
  const y = graph.apply(op, tensors, attributes);
  return runBoth([y], new Map(inputs.map((array, position) => [`x${position}`, float32(array)])));
}

/** What is built on numbered feeds. */
export function runGraph(feeds: readonly NdArray[], build: (tensors: readonly Tensor[]) => Tensor): Results {
  const graph = new Graph();
  const tensors = feeds.map(({ shape }, position) => graph.feed(`x${position}`, shape));
  return runBoth([build(tensors)], new Map(feeds.map((feed, position) => [`x${position}`, feed])));
}

/** Makes a tensor, and the feeds it needs. */
export type Build = (graph: Graph, feeds: Map<string, NdArray>) => Tensor;

export function runBuilt(build: Build): Results {
  const feeds = new Map<string, NdArray>();
  return runBoth([build(new Graph(), feeds)], feeds);
}

/**
 * Expects the oracle's numbers from kernels alone, within a difference relative to the largest of them, or to the size of
 * the terms that were added up to them: what is left of terms that cancel has their error.
 */
export function expectClose({ machine, oracle, plan }: Results, tolerance: number, terms = 0): void {
  expect(hasKernels(plan)).toBe(true);
  for (const [position, expected] of oracle.entries()) {
    expect(difference(machine[position]!, expected, terms)).toBeLessThan(tolerance);
  }
}

/** The same where numbers only move: to the last bit. */
export function expectEqual({ machine, oracle, plan }: Results): void {
  expect(hasKernels(plan)).toBe(true);
  for (const [position, { data }] of oracle.entries()) expect(machine[position]!.data).toEqual(data);
}

/** Between −1 and 1, the same for the same seed. */
export function numbers(shape: Shape, seed: number): NdArray {
  const random = randomStream(seed, 0);
  return float32({ shape, data: Float64Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1) });
}

/** Rounded to what a machine can hold, so that both begin with the same numbers. */
export function float32({ shape, data }: NdArray): NdArray {
  return { shape, data: Float64Array.from(data, Math.fround) };
}

/** Largest difference, relative to the largest number of the oracle's array, or to `least` when that is more. */
export function difference({ data: found }: NdArray, { data: expected }: NdArray, least = 0): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), least);
  const gap = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
  return scale === 0 ? gap : gap / scale;
}

/** Whether every op of the plan runs in a kernel. */
export function hasKernels({ steps }: Plan): boolean {
  return steps.every(({ instruction }) => instruction.opcode !== 0);
}

/** The bits one thread gives and those two give, who share every instruction however small. */
export async function runShared(
  wanted: readonly Tensor[],
  feeds: ReadonlyMap<string, NdArray>,
): Promise<{ readonly alone: readonly Int32Array[]; readonly together: readonly Int32Array[] }> {
  const made = plan({ wanted, feedAt: () => undefined });
  const steps = made.steps.map((step) => ({ ...step, instruction: { ...step.instruction, work: Infinity } }));
  const machine = new Machine();
  const program = machine.add({ ...made, steps });
  machine.setStepSeed(stepSeed);
  const thread = new KernelThread(machine.shared);
  while (!thread.isReady) await new Promise((resolve) => setTimeout(resolve, 1));
  const bits = (threads: number): Int32Array[] => {
    const results = made.views.map((view) => machine.numbers(view, program));
    for (const numbers of results) numbers.fill(Number.NaN);
    for (const [name, view] of made.feeds) machine.numbers(view, program).set(feeds.get(name)!.data);
    machine.run(program, context, threads);
    return results.map((numbers) => new Int32Array(new Float32Array(numbers).buffer));
  };
  const [alone, together] = [bits(1), bits(2)];
  machine.close();
  return { alone, together };
}
