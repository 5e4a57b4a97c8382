// A network and its loss, made ready to run on batches of one size: feeds in; values, loss and gradients out. Without a
// loss, gradients are those of the summed output, or of its product with `upstream`.

import { type BuiltNetwork, build, buildLoss, type LossOptions, targetId } from "../model/build";
import { gradients } from "../model/differentiate";
import { Evaluation } from "../model/evaluate";
import type { Tensor } from "../model/graph";
import type { RunContext } from "../model/op";
import { randomAt, streamOf } from "../model/random";
import type { NdArray } from "../protocol/array";
import type { Network, ValueId } from "../protocol/network";
import type { Weights } from "./weights";

export interface PassOptions {
  readonly batchSize: number;
  /** Dropout drops in `train` only. */
  readonly mode: "train" | "eval";
  /** Whether to compute what running parameters are after this batch. */
  readonly updates?: boolean;
  readonly loss?: LossOptions;
  /** Shape of the first output, the batch dimension included. */
  readonly upstream?: NdArray;
  /** Values and parameters to compute, besides the loss. */
  readonly values: readonly ValueId[];
  /** Values, parameters or the target whose gradient of the loss to compute. */
  readonly gradients: readonly ValueId[];
}

/** What one batch feeds. */
export interface Batch {
  readonly inputs: Readonly<Record<ValueId, NdArray>>;
  readonly target?: NdArray;
}

/** The Graph of a pass, and where in it stands what was asked for. Runs nothing. */
export class PassGraph {
  /** Undefined for a pass without a loss. */
  readonly loss: Tensor | undefined;
  /** The feed of the targets; undefined where none are needed. */
  readonly target: Tensor | undefined;
  /** Ids no gradient reaches are left out. */
  readonly gradients: ReadonlyMap<ValueId, Tensor>;
  /** What running parameters are after the batch; empty when that was not asked for. */
  readonly updates: ReadonlyMap<ValueId, Tensor>;
  private readonly built: BuiltNetwork;

  /** Throws ShapeError when network, loss and target do not fit. */
  constructor(network: Network, options: PassOptions) {
    const { batchSize, mode, loss } = options;
    this.built = build(network, { batchSize, mode });
    const builtLoss = loss && buildLoss(this.built, network, loss);
    this.loss = builtLoss?.loss;
    this.target = builtLoss?.target;
    this.gradients = builtLoss?.gradients(options.gradients) ?? this.outputGradients(network, options);
    this.updates = options.updates ? this.built.updates : new Map();
  }

  /** Of a value or parameter. */
  tensor(id: ValueId): Tensor {
    const tensor = this.built.tensors.get(id);
    if (!tensor) throw new Error(`the network has no value ${id}`);
    return tensor;
  }

  private outputGradients(network: Network, options: PassOptions): ReadonlyMap<ValueId, Tensor> {
    const ids = options.gradients.filter((id) => this.built.tensors.has(id));
    if (ids.length === 0) return new Map();
    const output = this.tensor(network.outputs[0]!.value);
    const upstream = options.upstream && this.built.graph.constant(options.upstream);
    const found = gradients(
      output,
      ids.map((id) => this.tensor(id)),
      upstream,
    );
    return new Map(ids.flatMap((id, position) => (found[position] ? [[id, found[position]]] : [])));
  }
}

/** A pass that is run in float64, through the ops' own forwards. */
export class Pass {
  readonly batchSize: number;
  private readonly graph: PassGraph;
  private readonly evaluation: Evaluation;

  /** Throws ShapeError when network, loss and target do not fit. */
  constructor(network: Network, options: PassOptions) {
    this.batchSize = options.batchSize;
    this.graph = new PassGraph(network, options);
    const { loss, gradients, updates } = this.graph;
    this.evaluation = new Evaluation([
      ...options.values.map((id) => this.graph.tensor(id)),
      ...(loss ? [loss] : []),
      ...gradients.values(),
      ...updates.values(),
    ]);
  }

  run(weights: Weights, { inputs, target }: Batch, context: RunContext): void {
    const feeds = new Map([...weights, ...Object.entries(inputs)]);
    if (this.graph.target && target) feeds.set(targetId, target);
    this.evaluation.run(feeds, context);
  }

  /** Of the last run; the next run writes into the same buffer. */
  value(id: ValueId): NdArray {
    return this.evaluation.value(this.graph.tensor(id));
  }

  /** Of the last run; undefined where no gradient flows. */
  gradient(id: ValueId): NdArray | undefined {
    const tensor = this.graph.gradients.get(id);
    return tensor && this.evaluation.value(tensor);
  }

  /** What running parameters are after the last run, for a pass that was asked for it. */
  get updates(): readonly (readonly [ValueId, NdArray])[] {
    return [...this.graph.updates].map(([id, tensor]) => [id, this.evaluation.value(tensor)]);
  }

  /** Of the last run. */
  get loss(): number {
    if (!this.graph.loss) throw new Error("this pass has no loss");
    return this.evaluation.value(this.graph.loss).data[0]!;
  }
}

/** Random numbers of one step: repeated for the same step, others at the next. */
export function contextOf(seed: number, step: number): RunContext {
  const stepSeed = stepSeedOf(seed, step);
  return { random: (stream, index) => randomAt(stepSeed, stream, index) };
}

/** An integer below 2³². */
export function stepSeedOf(seed: number, step: number): number {
  return Math.floor(randomAt(seed, streamOf("step"), step) * 2 ** 32);
}
