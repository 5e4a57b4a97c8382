// CodeLenses: what can be run, above the declaration that it runs.

import type { Range } from "../../engine/protocol/text";
import type { Analysis } from "./analyze";

export interface Lens {
  readonly range: Range;
  readonly title: string;
  readonly command: LensCommand;
  /** The training's name, or the check's title. */
  readonly arguments: readonly [name: string];
}

export type LensCommand = "nnet.train" | "nnet.step" | "nnet.check" | "nnet.derive";

export function lenses({ module }: Analysis): readonly Lens[] {
  const trainings = module.trainings.flatMap(({ name, range }): Lens[] => [
    { range, title: "▶ Train", command: "nnet.train", arguments: [name] },
    { range, title: "Step", command: "nnet.step", arguments: [name] },
  ]);
  const checks = module.checks.flatMap(({ title, range, after }): Lens[] => [
    { range, title: "✓ Check", command: "nnet.check", arguments: [title] },
    // What a training has come to is not one calculation.
    ...(after ? [] : [{ range, title: "∂ Derive", command: "nnet.derive", arguments: [title] } as const]),
  ]);
  return [...trainings, ...checks].sort((a, b) => a.range.start - b.range.start);
}
