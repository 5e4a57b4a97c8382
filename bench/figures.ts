// What is measured of the engine besides the time of a step: its kernels against the peak, watching, memory, start.

import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { matrixProducts, memory, observationCost, startMilliseconds } from "./goals";
import type { CompiledEngine, Timed, Watched } from "./ours";
import type { Peak } from "./peak";
import { bestDecile, median } from "./statistics";
import { type WorkloadName, workload, workloadNames } from "./workloads";

export interface Figure {
  readonly what: string;
  readonly value: { readonly number: number; readonly unit: string };
  readonly goal?: Goal;
}

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export interface FigureOptions {
  readonly peak: Peak;
  readonly seconds: number;
  readonly log: (line: string) => void;
}

export function isReached(goal: Goal, number: number): boolean {
  return "atLeast" in goal ? number >= goal.atLeast : number <= goal.atMost;
}

/** The peak, and what the engine makes of it. */
export async function engineFigures(engine: CompiledEngine, options: FigureOptions): Promise<Figure[]> {
  const { peak, seconds, log } = options;
  log("128-bit peak");
  return [
    { what: "128-bit multiply-add, one thread: the peak", value: { number: peak.measure(seconds), unit: "GFLOP/s" } },
    ...(await products(engine, options)),
    ...(await elementwise(engine, options)),
    await watching(engine, options),
    ...(await memoryAccounts(engine, options)),
  ];
}

/** In processes of their own, where nothing has been compiled or cached yet. */
export async function startFigure(name: WorkloadName, log: (line: string) => void): Promise<Figure> {
  log(`start of ${name}`);
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "start-up.ts");
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script, name]);
    times.push(Number(stdout));
  }
  return {
    what: `${name}: from .nnet to the end of the first step`,
    value: { number: median(times), unit: "ms" },
    goal: { atMost: startMilliseconds },
  };
}

const turns = 5;

const productTitle = (m: number, k: number, n: number) => `matrix product ${m} × ${k} × ${n}, share of the peak`;
const productGoal: Goal = { atLeast: matrixProducts.share };

/** Each against the peak measured right before and after it: the clock of a processor changes with its load. */
async function products(engine: CompiledEngine, { peak, seconds, log }: FigureOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [m, k, n] of matrixProducts.sizes) {
    log(productTitle(m, k, n));
    const kernel = await engine.matrixProduct(m, k, n);
    const shares: number[] = [];
    let before = peak.measure(seconds / turns);
    for (let turn = 0; turn < turns; turn++) {
      const flops = (2 * m * k * n) / secondsPerRun(kernel, seconds / turns);
      const after = peak.measure(seconds / turns);
      shares.push(flops / 1e9 / Math.max(before, after));
      before = after;
    }
    kernel.close();
    figures.push({ what: productTitle(m, k, n), value: { number: median(shares), unit: "" }, goal: productGoal });
  }
  return figures;
}

async function elementwise(engine: CompiledEngine, { seconds, log }: FigureOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const kernel of await engine.elementwise()) {
    log(kernel.name);
    const gigabytes = kernel.bytes / secondsPerRun(kernel, seconds) / 1e9;
    kernel.close();
    figures.push({ what: kernel.name, value: { number: gigabytes, unit: "GB/s" } });
  }
  return figures;
}

/** In the best tenth of chunks of at least a millisecond. */
function secondsPerRun(kernel: Timed, seconds: number): number {
  let count = 1;
  while (timed(kernel, count) < 0.001) count *= 2;
  const times: number[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; )
    times.push(timed(kernel, count) / count);
  return bestDecile(times);
}

function timed(kernel: Timed, count: number): number {
  const start = performance.now();
  for (let done = 0; done < count; done++) kernel.run();
  return (performance.now() - start) / 1000;
}

const watchedTitle = "throughput of W3 lost to ten Snapshots a second";
const watchedGoal: Goal = { atMost: observationCost };

/** Stretches with and without watching take turns. */
async function watching(engine: CompiledEngine, { seconds, log }: FigureOptions): Promise<Figure> {
  log(watchedTitle);
  const watched = await engine.watched(await workload("W3"));
  stepsIn(watched, seconds, { observe: true });
  const losses = Array.from({ length: turns }, () => {
    const alone = stepsIn(watched, seconds, { observe: false });
    return 1 - stepsIn(watched, seconds, { observe: true }) / alone;
  });
  watched.close();
  return { what: watchedTitle, value: { number: median(losses), unit: "" }, goal: watchedGoal };
}

const snapshotEvery = 100; // ms

/** Steps per second. */
function stepsIn(watched: Watched, seconds: number, { observe }: { readonly observe: boolean }): number {
  const start = performance.now();
  let steps = 0;
  let next = start + snapshotEvery;
  let now = start;
  while (now < start + seconds * 1000) {
    watched.step();
    steps++;
    now = performance.now();
    if (observe && now >= next) {
      watched.observe();
      next += snapshotEvery;
    }
  }
  return (1000 * steps) / (performance.now() - start);
}

const plannedTitle = (name: WorkloadName) => `${name}: planned memory / (4 × parameters + live activations)`;
const plannedGoal: Goal = { atMost: memory.overhead };
const accountTitle = (name: WorkloadName) => `${name}: how far the plan is from what is allocated`;
const accountGoal: Goal = { atMost: memory.account };

async function memoryAccounts(engine: CompiledEngine, { log }: FigureOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of workloadNames) {
    log(`memory of ${name}`);
    const { parameters, liveActivations, planned, allocated } = await engine.memory(await workload(name));
    const overhead = planned / (4 * parameters + liveActivations);
    const distance = Math.abs(planned - allocated) / allocated;
    figures.push(
      { what: plannedTitle(name), value: { number: overhead, unit: "" }, goal: plannedGoal },
      { what: accountTitle(name), value: { number: distance, unit: "" }, goal: accountGoal },
    );
  }
  return figures;
}
