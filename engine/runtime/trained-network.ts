// What a training has come to, as a check looks at it: parameters, and loss and metrics of the trained network on the
// validation's samples, or on the training's when there is no validation.

import type { NdArray } from "../protocol/array";
import type { Check, Quantity, ValueId } from "../protocol/network";
import { Formulas } from "./formulas";
import { contextOf, Pass } from "./pass";
import type { Scores } from "./tally";
import type { Trainer } from "./trainer";

export class TrainedNetwork {
  private readonly formulas: Formulas;
  private scores: Scores | undefined;

  constructor(
    private readonly check: Check,
    private readonly trainer: Trainer,
  ) {
    this.formulas = new Formulas(check);
  }

  /** Computes what the check asks for, batch by batch. */
  *prepare(): Generator<undefined, void, undefined> {
    const quantities = this.check.formulas.flatMap(({ source }) =>
      source.kind === "observed" ? [source.quantity] : [],
    );
    const metrics = quantities.flatMap((quantity) => (quantity.kind === "metric" ? [quantity.name] : []));
    const isScored = ({ kind }: Quantity) => kind === "metric" || kind === "loss";
    if (quantities.some(isScored)) this.scores = yield* this.trainer.score([...new Set(metrics)]);
    this.formulas.run((quantity) => this.observe(quantity));
  }

  formula(id: ValueId): NdArray {
    return this.formulas.value(id);
  }

  step(): never {
    throw new Error(`step belongs to a check on given inputs; ${this.trainer.training.name} has run to its end`);
  }

  private observe(quantity: Quantity): NdArray {
    const number = (value: number): NdArray => ({ shape: [], data: Float64Array.of(value) });
    switch (quantity.kind) {
      case "loss":
        return number(this.scores!.loss);
      case "metric":
        return number(this.scores!.metrics[quantity.name]!);
      case "value":
        return this.value(quantity.id);
      case "gradient":
      case "target":
      case "jacobian":
        throw new Error(
          `a check after a training can look at parameters, loss and metrics; for a ${quantity.kind} give inputs: check "…" on ${this.check.network.name}(…)`,
        );
      default:
        return quantity satisfies never;
    }
  }

  /** A parameter, or what is computed from parameters alone. */
  private value(id: ValueId): NdArray {
    const { network } = this.check;
    const { weights, training } = this.trainer;
    const parameter = weights.get(id);
    if (parameter) return parameter;
    if (network.values.find((value) => value.id === id)?.batched !== false) {
      throw new Error(
        `${id} is another number for each sample: a check after ${training.name} can look at parameters, loss and metrics`,
      );
    }
    const pass = new Pass(network, { batchSize: 1, mode: "eval", values: [id], gradients: [] });
    pass.run(weights, { inputs: {} }, contextOf(0, 0));
    return pass.value(id);
  }
}
