// How fast nnet is, against peers and against the machine: `npm run bench`. Prints a table, writes JSON, and after a
// complete run the figures in docs/performance.md.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildKernels } from "../build-kernels";
import { comparisons } from "./comparison";
import { type Contender, findContenders, type PeerName, peerNames } from "./contenders";
import { engineFigures, startFigure } from "./figures";
import { compiledEngine } from "./ours";
import { preparePeak } from "./peak";
import { writePeerWorkload } from "./peer-workload";
import { withFigures } from "./performance-page";
import { type Machine, type MeasuredWorkload, markdown, type Report } from "./report";
import { timeInTurns } from "./rounds";
import { type WorkloadName, workload, workloadNames, workloadSources } from "./workloads";

const usage = `npm run bench -- [--only W1,W3] [--peers pytorch,numpy | none] [--seconds 2] [--rounds 5] [--json out/bench.json]`;
const root = fileURLToPath(new URL("..", import.meta.url));
const rounds = 5;
const seconds = 2;

const started = performance.now();
await buildKernels();
const options = optionsOf(process.argv.slice(2));
const { contenders, missing } = await findContenders(options.peers, log);
for (const { name, reason } of missing) log(`${name} does not take part: ${reason}`);

const workloads: MeasuredWorkload[] = [];
for (const name of options.only) workloads.push(await measure(name, contenders));
const figures = [
  ...(await engineFigures(compiledEngine, { peak: await preparePeak(), seconds: options.seconds, log })),
  await startFigure("W3", log),
];
const report: Report = {
  date: new Date().toISOString().slice(0, "yyyy-mm-dd".length),
  machine: machine(),
  seconds: options.seconds,
  rounds: options.rounds,
  workloads,
  figures,
  missing,
};
await mkdir(path.dirname(options.json), { recursive: true });
await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.isComplete) await writePage(markdown(report));
console.log(`\n${markdown(report)}`);

async function measure(name: WorkloadName, contenders: readonly Contender[]): Promise<MeasuredWorkload> {
  const folder = path.join(root, "out/bench");
  await mkdir(folder, { recursive: true });
  const file = await writePeerWorkload(await workload(name), folder);
  const { seconds, rounds } = options;
  const timings = await timeInTurns(contenders, { workload: name, file, seconds, rounds, log });
  return { name, title: workloadSources[name].title, timings, comparisons: comparisons(name, timings) };
}

async function writePage(figures: string): Promise<void> {
  const page = path.join(root, "docs/performance.md");
  await writeFile(page, withFigures(await readFile(page, "utf8"), figures));
}

function machine(): Machine {
  const [processor] = cpus();
  const { platform, arch, versions } = process;
  return {
    processor: processor?.model.trim() ?? "unknown processor",
    cores: cpus().length,
    platform: `${platform} ${arch}`,
    node: versions.node,
  };
}

interface Options {
  readonly only: readonly WorkloadName[];
  readonly peers: readonly PeerName[];
  readonly seconds: number;
  readonly rounds: number;
  readonly json: string;
  /** Every workload, every peer, for the usual time. */
  readonly isComplete: boolean;
}

function optionsOf(args: string[]): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args, options: { only: text, peers: text, seconds: text, rounds: text, json: text } });
  return {
    only: choice("--only", values.only, workloadNames),
    peers: values.peers === "none" ? [] : choice("--peers", values.peers, peerNames),
    seconds: positive("--seconds", values.seconds, seconds),
    rounds: positive("--rounds", values.rounds, rounds),
    json: path.resolve(root, values.json ?? "out/bench.json"),
    isComplete: [values.only, values.peers, values.seconds, values.rounds].every((value) => value === undefined),
  };
}

function choice<Name extends string>(
  option: string,
  text: string | undefined,
  names: readonly Name[],
): readonly Name[] {
  if (text === undefined) return names;
  const wanted = text.split(",");
  const unknown = wanted.find((name) => !names.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`${option} knows ${names.join(", ")}, not ${unknown}. ${usage}`);
  return names.filter((name) => wanted.includes(name));
}

function positive(option: string, text: string | undefined, usual: number): number {
  const number = text === undefined ? usual : Number(text);
  if (!(number > 0)) throw new Error(`${option} is a number above 0, not ${text}. ${usage}`);
  return number;
}

function log(line: string): void {
  const elapsed = ((performance.now() - started) / 1000).toFixed(0);
  process.stderr.write(`${elapsed.padStart(5)} s  ${line}\n`);
}
