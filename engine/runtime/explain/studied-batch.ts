// One batch of a training: its Graph, and the numbers of every value and gradient as whoever computed them has them, for
// whoever wants to know where a number comes from. Runs nothing but what draws random numbers.

import { type BuiltLoss, type BuiltNetwork, build, buildLoss, type LossOptions, targetId } from "../../model/build";
import { Evaluation, neededNodes } from "../../model/evaluate";
import type { Tensor } from "../../model/graph";
import type { RunContext } from "../../model/op";
import { sameShape } from "../../model/shape";
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
  readonly numbers: BatchNumbers;
  readonly context: RunContext;
  /** What the training does to gradients before an update. */
  readonly clip?: Call;
}

/** Of values, of parameters, and of the target under `targetId`. */
export interface BatchNumbers {
  value(id: ValueId): NdArray;
  /** Undefined where none flows. */
  gradient(id: ValueId): NdArray | undefined;
}

export class StudiedBatch implements BatchNumbers {
  readonly network: Network;
  readonly built: BuiltNetwork;
  readonly loss: BuiltLoss;
  readonly symbols: Symbols;
  /** Ids no gradient reaches are left out. */
  readonly gradients: ReadonlyMap<ValueId, Tensor>;
  /** What was asked for: others may go on with the arrays they came from. */
  private readonly values = new Map<ValueId, NdArray>();
  private readonly flowing = new Map<ValueId, NdArray | undefined>();

  /** Throws ShapeError when network, loss and target do not fit. */
  constructor(readonly study: Study) {
    const { network, batchSize, mode, loss } = study;
    this.network = network;
    this.built = build(network, { batchSize, mode });
    this.loss = buildLoss(this.built, network, loss);
    this.symbols = symbolsOf(network);
    this.gradients = this.loss.gradients([...observedIds(network), targetId]);
  }

  /** Of a value, a parameter or the target. */
  tensor(id: ValueId): Tensor {
    const tensor = id === targetId && this.loss.target ? this.loss.target : this.built.tensors.get(id);
    if (!tensor) throw new Error(`${this.network.name} has no value ${id}`);
    return tensor;
  }

  value(id: ValueId): NdArray {
    const known = this.values.get(id) ?? this.study.numbers.value(id);
    this.values.set(id, known);
    return known;
  }

  gradient(id: ValueId): NdArray | undefined {
    const known = this.flowing.has(id) ? this.flowing.get(id) : this.study.numbers.gradient(id);
    this.flowing.set(id, known);
    return known;
  }

  /** The same for every batch with this context. */
  randomNumbers(tensor: Tensor): NdArray {
    const evaluation = new Evaluation([tensor]);
    evaluation.run(this.feeds([tensor]), this.study.context);
    return evaluation.value(tensor);
  }

  /** What is fed to compute some tensors. */
  feeds(wanted: readonly Tensor[]): ReadonlyMap<ValueId, NdArray> {
    const needed = neededNodes(wanted);
    return new Map(needed.flatMap(([, node]) => (node.kind === "feed" ? [[node.name, this.value(node.name)]] : [])));
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

  /** Whether the loss is computed from it, past the output: then the output's slope is no part of its gradient. */
  isInFrontOfLoss(id: ValueId): boolean {
    return this.loss.onPaper?.shortcut.input.index === this.tensor(id).index;
  }

  /** Whether both have the same shape. */
  isAlike(a: ValueId, b: ValueId): boolean {
    return sameShape(this.tensor(a).shape, this.tensor(b).shape);
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
