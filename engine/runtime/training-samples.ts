// Which samples a training learns from and which it is validated on.

import { allOf, split } from "../data/batches";
import { DataError, type Dataset } from "../data/dataset";
import { formatShape, sameShape } from "../model/shape";
import type { Network, Training, ValueId } from "../protocol/network";
import { expectComplete } from "./complete";
import type { SampleSource } from "./computation";

export interface TrainingSamples {
  /** The network's input, which they are put on. */
  readonly input: ValueId;
  /** Positions in the training's data. */
  readonly training: Int32Array;
  readonly validation?: { readonly source: SampleSource; readonly samples: Int32Array };
}

/** Throws DataError when network and data do not fit. */
export function samplesOf(training: Training, data: Dataset, validation: Dataset | undefined): TrainingSamples {
  const { network, validation: held } = training;
  const input = inputFor(network, data, training.data.name);
  if (held.kind === "fraction") {
    const sides = splitBy(held.fraction, training, data);
    return { input, training: sides.training, validation: { source: "data", samples: sides.validation } };
  }
  if (held.kind === "none" || !validation) return { input, training: allOf(data) };
  inputFor(network, validation, held.data.name);
  return { input, training: allOf(data), validation: { source: "validation", samples: allOf(validation) } };
}

/** The network's only input, if these samples fit it. */
function inputFor(network: Network, { summary }: Dataset, name: string): ValueId {
  expectComplete(network);
  const inputs = network.values.filter(({ source }) => source.kind === "input");
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new DataError(
      `${network.name} has ${inputs.length} inputs (${inputs.map(({ id }) => id).join(", ")}), but ${name} gives one for each sample`,
    );
  }
  const shape = input.shape ?? [];
  if (!sameShape(shape, summary.inputShape)) {
    throw new DataError(
      `${name} gives samples of shape ${formatShape(summary.inputShape)}, but ${network.name} takes ${input.id}: ${formatShape(shape)}`,
    );
  }
  return input.id;
}

function splitBy(fraction: number, { seed, data: { name } }: Training, { summary }: Dataset) {
  if (summary.samples < 2) {
    throw new DataError(`${name} has a single sample: nothing can be split off for validation`);
  }
  return split(summary.samples, fraction, seed);
}
