// Who takes part: nnet and its peers, how each is started, and how a missing one is installed.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { hasPackages, installPackages } from "../test/host/npm-packages";
import { ourThreads } from "./ours";
import type { Command } from "./participant";
import { pythonWith } from "./python";

export type PeerName = "pytorch" | "numpy" | "tfjs" | "convnetjs" | "brain";

export interface Contender {
  readonly name: PeerName | "nnet";
  readonly threads: number;
  /** Whether its loss before the first update must be ours: same weights, same samples, same loss. */
  readonly sameLoss: boolean;
  /** `workload` is its name; `file` describes it for peers. */
  command(workload: string, file: string): Command;
}

export interface Missing {
  readonly name: PeerName;
  readonly reason: string;
}

export const peerNames: readonly PeerName[] = ["pytorch", "numpy", "tfjs", "convnetjs", "brain"];

/** nnet first; then of the peers those that can be started, and why the others cannot. */
export async function findContenders(
  wanted: readonly PeerName[],
  log: (line: string) => void,
): Promise<{ readonly contenders: readonly Contender[]; readonly missing: readonly Missing[] }> {
  const found = await Promise.all([pythonPeers(wanted), nodePeers(wanted, log)]);
  const all = found.flat();
  return {
    contenders: [...ourThreads.map(nnet), ...all.filter(isContender)],
    missing: all.filter((peer): peer is Missing => !isContender(peer)),
  };
}

const isContender = (peer: Contender | Missing): peer is Contender => "command" in peer;

const folder = path.dirname(fileURLToPath(import.meta.url));
const peersFolder = path.join(folder, "peers");

function nnet(threads: number): Contender {
  const script = path.join(folder, "serve-ours.ts");
  const command = (workload: string) => node(script, workload, String(threads));
  return { name: "nnet", threads, sameLoss: true, command };
}

async function pythonPeers(wanted: readonly PeerName[]): Promise<(Contender | Missing)[]> {
  const peers: (Contender | Missing)[] = [];
  for (const { name, script, modules, install } of pythonLibraries) {
    if (!wanted.includes(name)) continue;
    const python = await pythonWith(...modules);
    if (!python) peers.push({ name, reason: `no python3 on the PATH imports ${modules.join(" and ")}: ${install}` });
    else peers.push(...[1, 2].map((threads) => pythonPeer(name, python, script, threads)));
  }
  return peers;
}

const pythonLibraries = [
  {
    name: "pytorch",
    script: "torch_peer.py",
    modules: ["torch", "numpy"],
    install: "apt-get install python3-torch python3-numpy (Debian, Ubuntu), or pip install torch numpy",
  },
  {
    name: "numpy",
    script: "numpy_peer.py",
    modules: ["numpy"],
    install: "apt-get install python3-numpy libopenblas0-pthread (Debian, Ubuntu), or pip install numpy",
  },
] as const;

function pythonPeer(name: PeerName, program: string, script: string, threads: number): Contender {
  const environment = { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const file = path.join(peersFolder, script);
  const command = (_: string, workload: string) => ({
    program,
    // -B: nothing is written beside the sources.
    arguments: ["-B", file, workload, String(threads)],
    environment,
  });
  return { name, threads, sameLoss: true, command };
}

async function nodePeers(wanted: readonly PeerName[], log: (line: string) => void): Promise<(Contender | Missing)[]> {
  const libraries = nodeLibraries.filter(({ name }) => wanted.includes(name));
  if (libraries.length === 0) return [];
  try {
    if (!(await hasPackages(peersFolder))) {
      log("installing the JavaScript peers (about 310 MB, once)");
      await installPackages(peersFolder);
    }
  } catch (error) {
    const reason = `${(error as Error).message} Run npm ci in bench/peers with a registry at hand`;
    return libraries.map(({ name }) => ({ name, reason }));
  }
  return libraries.map(({ name, script, sameLoss }) => {
    const file = path.join(peersFolder, script);
    return { name, threads: 1, sameLoss, command: (_: string, workload: string) => node(file, workload) };
  });
}

const nodeLibraries = [
  { name: "tfjs", script: "tfjs.ts", sameLoss: true },
  { name: "convnetjs", script: "convnetjs.ts", sameLoss: true },
  { name: "brain", script: "brain.ts", sameLoss: false },
] as const;

function node(...args: readonly string[]): Command {
  return { program: process.execPath, arguments: ["--import", "tsx", ...args], environment: {} };
}
