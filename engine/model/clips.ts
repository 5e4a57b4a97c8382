// Clips: what is done to gradients that are too large before an update.

import type { Arguments, Call } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { lookUp, number, typedArguments } from "./arguments";

/** The gradients of all parameters → those the optimizer sees. Never writes into what it is given. */
export type Clip = (gradients: readonly Float64Array[]) => readonly Float64Array[];

/** A clip as numbers. */
export type ClipRule =
  | { readonly kind: "norm"; readonly limit: number }
  | { readonly kind: "value"; readonly limit: number };

/** Throws when there is no clip of this name. */
export function clipping({ name, arguments: args }: Call): Clip {
  return recordOf(name).create(args);
}

/** What the clip computes, when it is of a kind that has a kernel. Throws when there is no clip of this name. */
export function clipRule({ name, arguments: args }: Call): ClipRule | undefined {
  return recordOf(name).rule?.(args);
}

export const clips = {
  Norm: define({
    summary: "Scales all gradients down together when their common length exceeds a limit; their direction stays.",
    equation: String.raw`g \leftarrow g \cdot \min\left(1, \frac{c}{\lVert g \rVert + 10^{-6}}\right),\quad \lVert g \rVert = \sqrt{\textstyle\sum_i g_i^2}\ \text{over all parameters}`,
    source: "Pascanu, Mikolov & Bengio 2013, algorithm 1; torch.nn.utils.clip_grad_norm_",
    arguments: { limit: number({ above: 0, default: 1, summary: "Longest length, c." }) },
    create:
      ({ limit }) =>
      (gradients) => {
        const factor = limit / (lengthOf(gradients) + 1e-6); // As PyTorch has it.
        return factor < 1 ? gradients.map((gradient) => gradient.map((g) => g * factor)) : gradients;
      },
    rule: ({ limit }) => ({ kind: "norm", limit }),
  }),
  Value: define({
    summary: "Cuts each number of a gradient off at a limit; their direction may change.",
    equation: String.raw`g \leftarrow \max(-c, \min(c, g))`,
    source: "Mikolov 2012, section 3.2.2; torch.nn.utils.clip_grad_value_",
    arguments: { limit: number({ above: 0, default: 1, summary: "Largest absolute value, c." }) },
    create:
      ({ limit }) =>
      (gradients) =>
        gradients.map((gradient) => gradient.map((g) => Math.max(-limit, Math.min(limit, g)))),
    rule: ({ limit }) => ({ kind: "value", limit }),
  }),
};

function recordOf(name: string): ClipRecord {
  const record = lookUp<ClipRecord>(clips, name);
  if (!record) throw new Error(`There is no clip ${name}.`);
  return record;
}

/** Euclidean length of all numbers together; scaled by the largest one, so that no square overflows. */
function lengthOf(gradients: readonly Float64Array[]): number {
  let largest = 0;
  for (const gradient of gradients) for (const g of gradient) largest = Math.max(largest, Math.abs(g));
  if (largest === 0) return 0;
  let squares = 0;
  for (const gradient of gradients) for (const g of gradient) squares += (g / largest) ** 2;
  return largest * Math.sqrt(squares);
}

interface ClipRecord extends Described {
  readonly category: string;
  create(args: Arguments): Clip;
  rule?(args: Arguments): ClipRule;
}

function define<Specs extends ArgumentSpecs>(
  record: Omit<Described<Specs>, "gradient"> & {
    create(args: ArgumentsOf<Specs>): Clip;
    rule?(args: ArgumentsOf<Specs>): ClipRule;
  },
): ClipRecord {
  const { rule, ...rest } = record;
  return {
    ...rest,
    category: "clip",
    gradient: "",
    create: (args) => record.create(typedArguments(record.arguments, args)),
    ...(rule && { rule: (args) => rule(typedArguments(record.arguments, args)) }),
  };
}
