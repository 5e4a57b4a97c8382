// Where the benchmark meets nnet: the engine whose steps are timed, and what else of it is measured.

import { Machine } from "../engine/compiler/machine";
import { plan } from "../engine/compiler/plan";
import { noRandomNumbers } from "../engine/model/evaluate";
import { Graph, type Tensor } from "../engine/model/graph";
import { add, exp, multiply, tanh } from "../engine/model/ops/elementwise";
import { matmul } from "../engine/model/ops/linear-algebra";
import { randomStream } from "../engine/model/random";
import { CompiledComputation } from "../engine/runtime/compiled-computation";
import { Trainer } from "../engine/runtime/trainer";
import type { Stepper } from "./run";
import type { Workload } from "./workloads";

export type Threads = 1 | 2;

export interface OurStep extends Stepper {
  readonly name: string;
  readonly threads: Threads;
}

/** What the engine can run on. */
export const ourThreads: readonly Threads[] = [1, 2];

/** Fresh weights and a fresh optimizer, ready for the first step. */
export async function ours({ training, data }: Workload, threads: Threads): Promise<OurStep> {
  const [input] = training.network.values;
  const computation = new CompiledComputation(
    { training, input: input!.id, data, batchSizes: [training.batchSize] },
    threads,
  );
  const samples = Int32Array.from({ length: training.batchSize }, (_, sample) => sample);
  const rate = training.optimizer.arguments.rate as number;
  let steps = 0;
  let loss = Number.NaN;
  return {
    name: "nnet",
    threads,
    step: () => {
      const result = computation.step(samples, { step: ++steps, rate });
      if (result.kind !== "done") throw new Error(`step ${steps} of ${training.name} is not finite`);
      loss = result.loss;
    },
    loss: () => loss,
    close: () => computation.close(),
  };
}

/** What is measured of the compiled engine besides its steps. Everything is made ready before it is given. */
export interface CompiledEngine {
  /** C = A B with A [m, k] and B [k, n], on one thread. */
  matrixProduct(m: number, k: number, n: number): Promise<Timed>;
  elementwise(): Promise<readonly ElementwiseKernel[]>;
  /** The steps of a training that someone watches. */
  watched(workload: Workload): Promise<Watched>;
  memory(workload: Workload): Promise<MemoryAccount>;
}

export interface Timed {
  run(): void;
  close(): void;
}

export interface ElementwiseKernel extends Timed {
  readonly name: string;
  /** Read and written by one run. */
  readonly bytes: number;
}

export interface Watched {
  step(): void;
  /** One Snapshot, as it is sent ten times a second. */
  observe(): void;
  close(): void;
}

/** In bytes. */
export interface MemoryAccount {
  /** Of one copy; a step needs four: weights, gradients and Adam's two moments. */
  readonly parameters: number;
  /** Most that must be alive at once. */
  readonly liveActivations: number;
  /** What the plan says it needs. */
  readonly planned: number;
  readonly allocated: number;
}

export const compiledEngine: CompiledEngine = {
  matrixProduct: async (m, k, n) => timed(({ graph, random }) => matmul(random(graph, [m, k]), random(graph, [k, n]))),
  elementwise: async () => [
    { name: "sum of two tensors of 16,384 numbers", ...elementwise(2, (a, b) => add(a, b)) },
    { name: "product of two tensors of 16,384 numbers", ...elementwise(2, (a, b) => multiply(a, b)) },
    { name: "exp of 16,384 numbers", ...elementwise(1, (a) => exp(a)) },
    { name: "tanh of 16,384 numbers", ...elementwise(1, (a) => tanh(a)) },
  ],
  watched: async ({ training, data }) => {
    const trainer = new Trainer({ training: { ...training, epochs: 1e9 }, data, now: () => performance.now() });
    return {
      step: () => void trainer.advance(),
      observe: () => void trainer.observe(),
      close: () => trainer.close(),
    };
  },
  memory: async ({ training, data }) => {
    const [input] = training.network.values;
    const computation = new CompiledComputation({ training, input: input!.id, data, batchSizes: [training.batchSize] });
    const { updated, liveActivations, planned, allocated } = computation.memoryAccount;
    computation.close();
    return { parameters: updated, liveActivations, planned, allocated };
  },
};

const elementwiseSize = 16_384; // Numbers: they stay in the cache, so that the kernel is measured and not the memory.

function elementwise(inputs: 1 | 2, f: (a: Tensor, b: Tensor) => Tensor): Omit<ElementwiseKernel, "name"> {
  const made = timed(({ graph, random }) => {
    const operands = Array.from({ length: inputs }, () => random(graph, [elementwiseSize]));
    return f(operands[0]!, operands[1] ?? operands[0]!);
  });
  return { ...made, bytes: 4 * (inputs + 1) * elementwiseSize };
}

interface Builder {
  readonly graph: Graph;
  /** A feed of random numbers in [-1, 1). */
  random(graph: Graph, shape: readonly number[]): Tensor;
}

/** One run of a program that computes a single tensor, on one thread. */
function timed(build: (builder: Builder) => Tensor): Timed {
  const graph = new Graph();
  let feeds = 0;
  const wanted = build({ graph, random: (graph, shape) => graph.feed(`x${feeds++}`, shape) });
  const machine = new Machine();
  const program = machine.add(plan({ wanted: [wanted], feedAt: () => undefined }));
  const next = randomStream(1, 1);
  for (const view of program.plan.feeds.values()) {
    const numbers = machine.numbers(view, program);
    for (let i = 0; i < numbers.length; i++) numbers[i] = 2 * next() - 1;
  }
  return { run: () => void machine.run(program, noRandomNumbers, 1), close: () => machine.close() };
}
