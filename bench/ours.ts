// Where the benchmark meets nnet: the engine whose steps are timed, and what else of it is measured.

import { Float64Computation } from "../engine/runtime/float64-computation";
import type { Stepper } from "./run";
import type { Workload } from "./workloads";

export type Threads = 1 | 2;

export interface OurStep extends Stepper {
  readonly name: string;
  readonly threads: Threads;
}

/** What the engine can run on. */
export const ourThreads: readonly Threads[] = [1];

/** Fresh weights and a fresh optimizer, ready for the first step. */
export async function ours({ training, data }: Workload, threads: Threads): Promise<OurStep> {
  if (!ourThreads.includes(threads)) throw new Error(`the engine does not run on ${threads} threads`);
  const [input] = training.network.values;
  const computation = new Float64Computation({
    training,
    input: input!.id,
    data,
    batchSizes: [training.batchSize],
  });
  const samples = Int32Array.from({ length: training.batchSize }, (_, sample) => sample);
  const rate = training.optimizer.arguments.rate as number;
  let steps = 0;
  let loss = Number.NaN;
  return {
    name: "nnet float64",
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

/** Why there is nothing to measure, as long as there is not. */
export const compiledEngine: CompiledEngine | { readonly missing: string } = {
  missing: "the steps run in float64, through the ops' own forwards",
};
