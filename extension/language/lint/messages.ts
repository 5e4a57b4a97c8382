// Advice: what is no error and hardly ever meant. One table like that of diagnostics.ts: code → severity and words.

import type { Severity } from "../../../engine/protocol/diagnostic";

interface Message<Parameters extends readonly never[]> {
  readonly severity: Severity;
  readonly text: (...parameters: Parameters) => string;
}

const warning = <const P extends readonly unknown[]>(text: (...parameters: P) => string) =>
  ({ severity: "warning", text }) as const;
const information = <const P extends readonly unknown[]>(text: (...parameters: P) => string) =>
  ({ severity: "information", text }) as const;

export const adviceMessages = {
  // A loss and what it is given.
  "not-a-probability": warning(
    (loss: string, giver: string, layer: string) =>
      `${loss} needs probabilities, but ${giver} gives any numbers: end the network with ${layer}`,
  ),
  "logarithm-twice": warning(
    (loss: string, giver: string, layer: string) =>
      `${loss} takes the logarithm itself, but ${giver} gives logarithms already: end the network with ${layer}`,
  ),
  "separate-probabilities": warning(
    (loss: string, giver: string) =>
      `${loss} needs one probability for each class, together 1, but ${giver} gives each number a probability of its own`,
  ),
  "joint-probabilities": information(
    (loss: string, giver: string, other: string) =>
      `${giver} gives probabilities that are 1 together, but ${loss} takes each for itself: ${other} belongs to ${giver}`,
  ),
  "unreachable-targets": warning(
    (giver: string, range: string, data: string, targets: string) =>
      `${giver} gives ${range}, but the targets of ${data} are ${targets}: the network cannot reach them`,
  ),

  // Layers in a row.
  "probabilities-twice": warning(
    (second: string, first: string) =>
      `${second} after ${first}: what is a probability already is squeezed again, and the gradient nearly vanishes`,
  ),
  "probability-of-one": warning(
    (layer: string, other: string) => `${layer} over a single number is always 1: use ${other} for one probability`,
  ),
  "linear-twice": information(
    (first: string, second: string, activation: string) =>
      `${first} and ${second} with nothing between them are a single linear layer: put an activation there, such as ${activation}`,
  ),
  "bias-removed": information(
    (layer: string, normalization: string) =>
      `${normalization} subtracts the mean, and with it the bias of ${layer}: the bias learns nothing`,
  ),
  "regularized-output": warning(
    (layer: string) => `${layer} after the last layer with weights falsifies the output itself while training`,
  ),
  "vanishing-gradient": information(
    (count: number, layer: string) =>
      `${count} activations in a row flatten out on both sides, ${layer} the last of them: little of the gradient comes back to the first layers`,
  ),

  // A training and its data.
  "spare-outputs": warning(
    (data: string, classes: number, outputs: number) =>
      `the network tells ${outputs} classes apart, but ${data} has only ${classes}`,
  ),
  "unscaled-inputs": information(
    (data: string, low: string, high: string) =>
      `inputs of ${data} go from ${low} to ${high}: networks learn best from numbers between about -1 and 1`,
  ),
  "many-parameters": information(
    (network: string, parameters: string, samples: string) =>
      `${network} has ${parameters} parameters for ${samples} samples: it may learn them by heart`,
  ),
  "large-rate": warning(
    (optimizer: string, rate: string, usual: string) =>
      `${optimizer} moves every weight by about ${rate} in each step, which rarely learns: ${usual} is usual`,
  ),
  "too-much-memory": warning(
    (network: string, batch: number, shortage: string) => `training ${network} in batches of ${batch} ${shortage}`,
  ),
  "batch-too-large": information(
    (batch: number, data: string, samples: number) =>
      `a batch of ${batch} is more than the ${samples} samples of ${data} to train on: each epoch is a single step`,
  ),
} satisfies Record<string, Message<never>>;

export type AdviceCode = keyof typeof adviceMessages;

export type AdviceParameters<C extends AdviceCode> = Parameters<(typeof adviceMessages)[C]["text"]>;
