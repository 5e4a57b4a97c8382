// ∂of/∂by for one sample: every number of one value by every number of another, in reverse mode, one row after another.

import { build } from "../model/build";
import { gradients } from "../model/differentiate";
import { Evaluation } from "../model/evaluate";
import type { Tensor } from "../model/graph";
import { sizeOf } from "../model/shape";
import type { NdArray, Shape } from "../protocol/array";
import type { Network, ValueId } from "../protocol/network";
import { contextOf } from "./pass";
import type { Weights } from "./weights";

const upstream = "upstream of a Jacobian"; // A name that no value has.

export class Jacobian {
  private readonly evaluation: Evaluation | undefined;
  private readonly gradient: Tensor | undefined;
  private readonly of: Tensor;
  /** Shapes for one sample. */
  private readonly ofShape: Shape;
  private readonly byShape: Shape;

  /** Values or parameters of the network. Throws when it has none of these names. */
  constructor(network: Network, of: ValueId, by: ValueId) {
    const { graph, tensors } = build(network, { batchSize: 1, mode: "eval" });
    const tensor = (id: ValueId): Tensor => {
      const found = tensors.get(id);
      if (!found) throw new Error(`${network.name} has no value ${id}`);
      return found;
    };
    const sampleShape = (id: ValueId): Shape => {
      const batched = network.values.find((value) => value.id === id)?.batched ?? false;
      return tensor(id).shape.slice(batched ? 1 : 0);
    };
    this.of = tensor(of);
    this.ofShape = sampleShape(of);
    this.byShape = sampleShape(by);
    this.gradient = gradients(this.of, [tensor(by)], graph.feed(upstream, this.of.shape))[0];
    this.evaluation = this.gradient && new Evaluation([this.gradient]);
  }

  /** Inputs with a batch dimension of 1 → the shape of `of`, then the shape of `by`; 0 where nothing depends. */
  at(weights: Weights, inputs: Readonly<Record<ValueId, NdArray>>): NdArray {
    const [rows, columns] = [sizeOf(this.ofShape), sizeOf(this.byShape)];
    const data = new Float64Array(rows * columns);
    const { evaluation, gradient } = this;
    if (evaluation && gradient) {
      const row = { shape: this.of.shape, data: new Float64Array(rows) };
      const feeds = new Map([...weights, ...Object.entries(inputs), [upstream, row]]);
      for (let index = 0; index < rows; index++) {
        row.data.fill(0);
        row.data[index] = 1;
        evaluation.run(feeds, contextOf(0, 0));
        data.set(evaluation.value(gradient).data, index * columns);
      }
    }
    return { shape: [...this.ofShape, ...this.byShape], data };
  }
}
