// Everything the expectations of a check compute: a network of its own, whose inputs are what is observed.

import { build } from "../model/build";
import { Evaluation, noRandomNumbers } from "../model/evaluate";
import type { Tensor } from "../model/graph";
import type { NdArray } from "../protocol/array";
import type { Check, Network, Quantity, Value, ValueId } from "../protocol/network";

export class Formulas {
  private readonly tensors: ReadonlyMap<ValueId, Tensor>;
  private readonly evaluation: Evaluation;
  private readonly observed: readonly { readonly value: Value; readonly quantity: Quantity }[];

  constructor({ title, range, titleRange, formulas }: Check) {
    this.observed = formulas.flatMap((value) =>
      value.source.kind === "observed" ? [{ value, quantity: value.source.quantity }] : [],
    );
    const network: Network = {
      name: title,
      documentation: "",
      range,
      nameRange: titleRange,
      attributes: [],
      values: formulas.map(asUnbatched),
      parameters: [],
      outputs: [],
      complete: true,
    };
    const built = build(network, { batchSize: 1, mode: "eval" });
    this.tensors = built.tensors;
    this.evaluation = new Evaluation([...built.tensors.values()]);
  }

  run(observe: (quantity: Quantity) => NdArray): void {
    const feeds = this.observed.map(({ value, quantity }) => {
      const { data, shape } = observe(quantity);
      // A single sample stands in the formulas without its batch dimension.
      return [value.id, { shape: value.shape ?? shape, data: Float64Array.from(data) }] as const;
    });
    this.evaluation.run(new Map(feeds), noRandomNumbers);
  }

  value(id: ValueId): NdArray {
    const tensor = this.tensors.get(id);
    if (!tensor) throw new Error(`the check has no formula ${id}`);
    return this.evaluation.value(tensor);
  }
}

function asUnbatched(value: Value): Value {
  return { ...value, batched: false, source: value.source.kind === "observed" ? { kind: "input" } : value.source };
}
