// Samples through a network in eval mode, batch after batch. Of a batch nothing is kept but its outputs, and those only
// until the next one.

import { sizeOf } from "../model/shape";
import type { NdArray, Shape } from "../protocol/array";
import type { Network, Output, ValueId } from "../protocol/network";
import { contextOf, Pass } from "./pass";
import type { Weights } from "./weights";

/** One output of the network, of all samples of a batch. */
export interface Predicted extends Output {
  /** Of one sample. */
  readonly shape: Shape;
  /** The numbers of one sample of the last batch, without a copy. */
  sample(index: number): Float64Array;
}

export class Predictor {
  /** Of one sample. */
  readonly inputs: readonly { readonly id: ValueId; readonly shape: Shape }[];
  /** By batch size: all batches but the last have the same. */
  private readonly passes = new Map<number, Pass>();

  constructor(
    private readonly network: Network,
    private readonly weights: Weights,
  ) {
    this.inputs = network.values.flatMap(({ id, source, shape }) =>
      source.kind === "input" && shape ? [{ id, shape }] : [],
    );
  }

  /** Numbers that one sample consists of, all inputs after each other. */
  get width(): number {
    return this.inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /** samples [batch, width] */
  predict(samples: NdArray): readonly Predicted[] {
    const batchSize = samples.shape[0]!;
    const pass = this.pass(batchSize);
    pass.run(this.weights, { inputs: this.partedInputs(samples) }, contextOf(0, 0));
    const batched = new Set(this.network.values.filter((value) => value.batched).map(({ id }) => id));
    return this.network.outputs.map(({ name, value }) => {
      const { shape, data } = pass.value(value);
      if (!batched.has(value)) return { name, value, shape, sample: () => data };
      const size = sizeOf(shape.slice(1));
      const sample = (index: number): Float64Array => data.subarray(index * size, (index + 1) * size);
      return { name, value, shape: shape.slice(1), sample };
    });
  }

  private partedInputs({ shape: [batchSize = 0, width = 0], data }: NdArray): Record<ValueId, NdArray> {
    let offset = 0;
    return Object.fromEntries(
      this.inputs.map(({ id, shape }) => {
        const size = sizeOf(shape);
        const own = { shape: [batchSize, ...shape], data: columnsOf(data, batchSize, width, offset, size) };
        offset += size;
        return [id, own];
      }),
    );
  }

  private pass(batchSize: number): Pass {
    const values = this.network.outputs.map(({ value }) => value);
    const pass =
      this.passes.get(batchSize) ?? new Pass(this.network, { batchSize, mode: "eval", values, gradients: [] });
    this.passes.set(batchSize, pass);
    return pass;
  }
}

/** Columns [offset, offset + size) of data [rows, width]; the data itself when these are all. */
function columnsOf(data: Float64Array, rows: number, width: number, offset: number, size: number): Float64Array {
  if (size === width) return data;
  const result = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++) {
    result.set(data.subarray(row * width + offset, row * width + offset + size), row * size);
  }
  return result;
}
