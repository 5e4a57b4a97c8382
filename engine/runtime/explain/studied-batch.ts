// One batch of a training in float64: its Graph with the numbers of every value and gradient, for whoever wants to know
// where a number comes from.

import { type BuiltLoss, type BuiltNetwork, build, buildLoss, type LossOptions, targetId } from "../../model/build";
import { Evaluation, neededNodes } from "../../model/evaluate";
import type { Tensor } from "../../model/graph";
import type { RunContext } from "../../model/op";
import type { NdArray } from "../../protocol/array";
import type { Call } from "../../protocol/catalog";
import type { Network, Value, ValueId } from "../../protocol/network";
import { type Symbols, symbolsOf } from "../derive/symbols";
import { observedIds } from "../observe";

export interface Study {
  readonly network: Network;
  readonly loss: LossOptions;
  readonly batchSize: number;
  readonly mode: "train" | "eval";
  /** Parameters, inputs and the target, by id. */
  readonly feeds: ReadonlyMap<ValueId, NdArray>;
  readonly context: RunContext;
  /** What the training does to gradients before an update. */
  readonly clip?: Call;
}

export class StudiedBatch {
  readonly network: Network;
  readonly built: BuiltNetwork;
  readonly loss: BuiltLoss;
  readonly symbols: Symbols;
  /** Ids no gradient reaches are left out. */
  readonly gradients: ReadonlyMap<ValueId, Tensor>;
  private readonly evaluation: Evaluation;

  /** Throws ShapeError when network, loss and target do not fit. */
  constructor(readonly study: Study) {
    const { network, batchSize, mode, loss, feeds, context } = study;
    this.network = network;
    this.built = build(network, { batchSize, mode });
    this.loss = buildLoss(this.built, network, loss);
    this.symbols = symbolsOf(network);
    this.gradients = this.loss.gradients([...observedIds(network), targetId]);
    const { onPaper } = this.loss;
    this.evaluation = new Evaluation([
      ...this.built.tensors.values(),
      this.loss.loss,
      ...this.gradients.values(),
      ...(onPaper ? [onPaper.loss, onPaper.shortcut.gradient] : []),
    ]);
    this.evaluation.run(feeds, context);
  }

  /** Of a value, a parameter or the target. */
  tensor(id: ValueId): Tensor {
    const tensor = id === targetId && this.loss.target ? this.loss.target : this.built.tensors.get(id);
    if (!tensor) throw new Error(`${this.network.name} has no value ${id}`);
    return tensor;
  }

  numbers(tensor: Tensor): NdArray {
    return this.evaluation.value(tensor);
  }

  value(id: ValueId): NdArray {
    return this.numbers(this.tensor(id));
  }

  /** Undefined where none flows. */
  gradient(id: ValueId): NdArray | undefined {
    const tensor = this.gradients.get(id);
    return tensor && this.numbers(tensor);
  }

  /**
   * The loss that the gradient of a value is the derivative of: as it is written on paper for a probability that the loss
   * is computed without.
   */
  lossOver(id: ValueId): Tensor {
    const { loss, onPaper } = this.loss;
    const isUsed = neededNodes([loss]).some(([index]) => index === this.tensor(id).index);
    return isUsed || !onPaper ? loss : onPaper.loss;
  }

  find(id: ValueId): Value | undefined {
    return this.network.values.find((value) => value.id === id);
  }

  /** The values that are computed directly from this one or, of a parameter of a layer, with it. */
  usersOf(id: ValueId): readonly Value[] {
    const instance = this.network.parameters.find((parameter) => parameter.id === id)?.instance;
    return this.network.values.filter(
      ({ source }) =>
        ((source.kind === "layer" || source.kind === "operation") && source.inputs.includes(id)) ||
        (source.kind === "layer" && source.instance === instance),
    );
  }

  /** The values and parameters that this value is computed directly from. */
  sourcesOf(id: ValueId): readonly ValueId[] {
    const source = this.find(id)?.source;
    if (source?.kind === "operation") return source.inputs;
    if (source?.kind !== "layer") return [];
    const own = this.network.parameters.filter(({ instance }) => instance === source.instance);
    return [...source.inputs, ...own.map((parameter) => parameter.id)];
  }
}
