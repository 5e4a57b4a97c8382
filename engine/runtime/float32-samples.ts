// The samples of a data set as a machine takes them. Converted once for each data set, however often it is trained on.

import type { Dataset } from "../data/dataset";

export interface Float32Samples {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

const converted = new WeakMap<Dataset, Float32Samples>();

export function float32Samples(data: Dataset): Float32Samples {
  const known = converted.get(data);
  if (known) return known;
  const samples = { inputs: new Float32Array(data.inputs.data), targets: new Float32Array(data.targets.data) };
  converted.set(data, samples);
  return samples;
}

/** Copies samples of `size` numbers each, one after the other. */
export function gatherInto(target: Float32Array, all: Float32Array, samples: Int32Array, size: number): void {
  for (let position = 0, to = 0; position < samples.length; position++, to += size) {
    const start = samples[position]! * size;
    if (size > fewNumbers) target.set(all.subarray(start, start + size), to);
    else for (let i = 0; i < size; i++) target[to + i] = all[start + i]!;
  }
}

const fewNumbers = 32; // So many are copied one by one before a view of them would be made.
