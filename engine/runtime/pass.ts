// A network and its loss, made ready to run on batches of one size: feeds in; values, loss and gradients out. Without a
// loss, gradients are those of the summed output, or of its product with `upstream`.

import { type BuiltLoss, type BuiltNetwork, build, buildLoss, type LossOptions } from "../model/build";
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

export class Pass {
  readonly batchSize: number;
  private readonly built: BuiltNetwork;
  private readonly builtLoss: BuiltLoss | undefined;
  private readonly gradients: ReadonlyMap<ValueId, Tensor>;
  private readonly evaluation: Evaluation;

  /** Throws ShapeError when network, loss and target do not fit. */
  constructor(network: Network, options: PassOptions) {
    const { batchSize, mode, loss, values } = options;
    this.batchSize = batchSize;
    this.built = build(network, { batchSize, mode });
    this.builtLoss = loss && buildLoss(this.built, network, loss);
    this.gradients = this.builtLoss?.gradients(options.gradients) ?? this.outputGradients(network, options);
    this.evaluation = new Evaluation([
      ...values.map((id) => this.tensor(id)),
      ...(this.builtLoss ? [this.builtLoss.loss] : []),
      ...this.gradients.values(),
      ...(options.updates ? this.built.updates.values() : []),
    ]);
  }

  run(weights: Weights, { inputs, target }: Batch, context: RunContext): void {
    const feeds = new Map([...weights, ...Object.entries(inputs)]);
    if (this.builtLoss?.target && target) feeds.set(feedName(this.builtLoss.target), target);
    this.evaluation.run(feeds, context);
  }

  /** Of the last run; the next run writes into the same buffer. */
  value(id: ValueId): NdArray {
    return this.evaluation.value(this.tensor(id));
  }

  /** Of the last run; undefined where no gradient flows. */
  gradient(id: ValueId): NdArray | undefined {
    const tensor = this.gradients.get(id);
    return tensor && this.evaluation.value(tensor);
  }

  /** What running parameters are after the last run, for a pass that was asked for it. */
  get updates(): readonly (readonly [ValueId, NdArray])[] {
    return [...this.built.updates].map(([id, tensor]) => [id, this.evaluation.value(tensor)]);
  }

  /** Of the last run. */
  get loss(): number {
    if (!this.builtLoss) throw new Error("this pass has no loss");
    return this.evaluation.value(this.builtLoss.loss).data[0]!;
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

  private tensor(id: ValueId): Tensor {
    const tensor = this.built.tensors.get(id);
    if (!tensor) throw new Error(`the network has no value ${id}`);
    return tensor;
  }
}

/** Random numbers of one step: repeated for the same step, others at the next. */
export function contextOf(seed: number, step: number): RunContext {
  const stepSeed = Math.floor(randomAt(seed, streamOf("step"), step) * 2 ** 32);
  return { random: (stream, index) => randomAt(stepSeed, stream, index) };
}

function feedName({ graph, index }: Tensor): string {
  const node = graph.nodes[index]!;
  if (node.kind !== "feed") throw new Error("targets are fed from outside");
  return node.name;
}
