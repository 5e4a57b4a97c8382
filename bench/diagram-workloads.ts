// Networks of a thousand nodes, which can be edited and trained.

import { filesOf } from "../engine/data/files";
import { readDataset } from "../engine/data/readers";
import type { Module } from "../engine/protocol/network";
import type { Snapshot } from "../engine/protocol/snapshot";
import { Trainer } from "../engine/runtime/trainer";
import { analyze } from "../extension/language/analyze";

export interface DiagramWorkload {
  readonly name: string;
  /** `turn` changes one line among the first, which are in view. */
  readonly text: (turn: number) => string;
}

const chain: DiagramWorkload = {
  name: "a chain of 1,000 layers",
  text: (turn) => {
    const stages = Array.from({ length: 498 }, (_, index) => `    -> Dense(${index === 1 ? 16 + turn : 16}) -> ReLU`);
    return fileOf(`network N(x: [2]) {\n  return x\n${stages.join("\n")}\n    -> Dense(3) -> Softmax\n}\n`);
  },
};

const residual: DiagramWorkload = {
  name: "1,000 nodes of residual blocks",
  text: (turn) => {
    // Small weights: two hundred sums must not overflow.
    const block =
      "block R(x, u: int) {\n  y = x -> Dense(u, init: Normal(0.02)) -> ReLU -> Dense(u, init: Normal(0.02))\n  return x + y\n}\n";
    const uses = Array.from({ length: 249 }, (_, index) =>
      index === 0 ? `${"    -> ReLU\n".repeat(turn)}    -> R(16)` : "    -> R(16)",
    );
    return fileOf(
      `${block}network N(x: [2]) {\n  return x -> Dense(16)\n${uses.join("\n")}\n    -> Dense(3) -> Softmax\n}\n`,
    );
  },
};

const branches: DiagramWorkload = {
  name: "1,000 nodes in four branches",
  text: (turn) => {
    const branch = (name: string) => {
      const stages = Array.from({ length: 124 }, (_, index) => {
        const added = name === "a" && index === 1 ? " -> Tanh".repeat(turn) : "";
        return `-> Dense(16)${added} -> ReLU`;
      });
      return `  ${name} = x ${stages.join(" ")}`;
    };
    const names = ["a", "b", "c", "d"];
    return fileOf(
      `network N(x: [2]) {\n${names.map(branch).join("\n")}\n  return (${names.join(", ")}) -> Concat -> Dense(3) -> Softmax\n}\n`,
    );
  },
};

export const diagramWorkloads: readonly DiagramWorkload[] = [chain, residual, branches];

function fileOf(network: string): string {
  return `${network}data Spirals = Spiral(classes: 3, samples: 300, seed: 1)
train N on Spirals as T { loss: CrossEntropy optimizer: SGD(rate: 0.0001) batch: 32 epochs: 1 }\n`;
}

/** Throws when the text has an error. */
export function moduleOf(text: string): Module {
  const { module, diagnostics } = analyze(text);
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error) throw new Error(error.message);
  return module;
}

/** What its training shows after each of its first steps. */
export async function snapshotsOf(text: string, steps: number): Promise<readonly Snapshot[]> {
  const training = moduleOf(text).trainings[0]!;
  const data = await readDataset(training.data.source, filesOf("."));
  const trainer = new Trainer({ training, data, now: () => performance.now() });
  const snapshots: Snapshot[] = [];
  for (let step = 1; step <= steps; step++) {
    const { kind } = trainer.advance();
    if (kind !== "step") throw new Error(`${training.name} gave ${kind} instead of its step ${step}.`);
    const place = { training: training.name, version: 0, epoch: 1, step, learningRate: 0.0001, samplesPerSecond: 0 };
    snapshots.push({ ...place, ...trainer.observe() });
  }
  trainer.close();
  return snapshots;
}
