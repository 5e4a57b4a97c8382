// Whether what lowering gives is what the engine takes: networks build, losses append, gradients follow.

import { build, buildLoss } from "../../engine/model/build";
import type { Module, Network } from "../../engine/protocol/network";

export type BuildProblem = string;

export function buildable(module: Module): BuildProblem[] {
  const attempts: [string, () => void][] = [
    ...module.networks.map((network): [string, () => void] => [network.name, () => compare(network)]),
    ...module.checks.map((check): [string, () => void] => [
      check.title,
      () => {
        const { network, batchSize, loss, target, reduction } = check;
        const built = build(network, { batchSize, mode: "train" });
        if (loss && target) {
          buildLoss(built, network, { loss, targetShape: target.shape.slice(1), reduction }).gradients(
            network.parameters.map(({ id }) => id),
          );
        }
      },
    ]),
  ];
  return attempts.flatMap(([name, attempt]) => {
    try {
      attempt();
      return [];
    } catch (problem) {
      return [`${name}: ${String(problem)}`];
    }
  });
}

/** The engine gives every value the shape that lowering inferred. */
function compare(network: Network): void {
  const batchSize = 3;
  const { tensors } = build(network, { batchSize, mode: "train" });
  for (const { id, shape, batched, source } of network.values) {
    const expected = JSON.stringify(batched ? [batchSize, ...shape!] : shape);
    const found = JSON.stringify(tensors.get(id)?.shape);
    if (found !== expected && source.kind !== "constant") throw new Error(`${id} is ${found}, not ${expected}`);
  }
}
