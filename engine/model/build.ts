// Network → Graph, for one batch size. Adds the batch dimension, runs nothing.

import type { Shape } from "../protocol/array";
import type { Loss, Network, Value, ValueId } from "../protocol/network";
import { gradients } from "./differentiate";
import { applyFunction } from "./functions";
import type { Tensor } from "./graph";
import { Graph } from "./graph";
import { applyLayer } from "./layers";
import { appendLoss, reduceBatch } from "./losses";
import { streamOf } from "./random";
import type { Sample } from "./sample";
import { formatShape, ShapeError } from "./shape";

export interface BuildOptions {
  readonly batchSize: number;
  /** Dropout drops in `train` only. */
  readonly mode: "train" | "eval";
}

export interface BuiltNetwork {
  readonly graph: Graph;
  /** Every value and parameter by id. Inputs and parameters are feeds named by their id. */
  readonly tensors: ReadonlyMap<ValueId, Tensor>;
}

/** Throws ShapeError, naming the value, for a network that is not `complete`. */
export function build(network: Network, options: BuildOptions): BuiltNetwork {
  const graph = new Graph();
  const parameters = new Map(network.parameters.map(({ id, shape }) => [id, graph.feed(id, shape)]));
  const samples = new Map<ValueId, Sample>();

  for (const value of network.values) {
    graph.origin = value.id;
    try {
      samples.set(value.id, buildValue(value, graph, samples, parameters, options));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw new ShapeError(`${value.name ?? value.title}: ${error.message}`, error.inputs);
    }
  }
  graph.origin = undefined;

  const tensors = new Map<ValueId, Tensor>(parameters);
  for (const [id, { tensor }] of samples) tensors.set(id, tensor);
  return { graph, tensors };
}

function buildValue(
  value: Value,
  graph: Graph,
  samples: ReadonlyMap<ValueId, Sample>,
  parameters: ReadonlyMap<ValueId, Tensor>,
  { batchSize, mode }: BuildOptions,
): Sample {
  const { id, source, shape } = value;
  const inputsOf = (ids: readonly ValueId[]) => ids.map((input) => found(samples.get(input), input));
  switch (source.kind) {
    case "input":
      if (!shape) throw new ShapeError("its shape is not known.");
      return { tensor: graph.feed(id, value.batched ? [batchSize, ...shape] : shape), batched: value.batched };
    case "parameter":
      return { tensor: found(parameters.get(id), id), batched: false };
    case "constant":
      return { tensor: graph.constant(source.data), batched: false };
    case "operation":
      return applyFunction(source.function, source.arguments, inputsOf(source.inputs));
    case "layer":
      return applyLayer(
        source.layer,
        source.arguments,
        inputsOf(source.inputs),
        // Two uses of one instance drop different numbers.
        { mode, stream: streamOf(id) },
        (name) => found(parameters.get(`${source.instance}.${name}`), `${source.instance}.${name}`),
      );
    case "observed":
      throw new ShapeError("what a check observes is not part of a network.");
    default:
      return source satisfies never;
  }
}

export interface BuiltLoss {
  /** Feed of the targets, `[batch, …targetShape]`. */
  readonly target: Tensor;
  /** Scalar. */
  readonly loss: Tensor;
  /**
   * Gradients of the loss with respect to values, parameters or `target`, by id; ids no gradient reaches are left out.
   * A probability fused with its loss still has its own gradient here.
   */
  gradients(ids: readonly ValueId[]): Map<ValueId, Tensor>;
}

/** The id under which the targets' gradient is asked for. */
export const targetId: ValueId = "target";

/**
 * Appends a loss of the network's (first) output to the graph. targetShape is for one sample.
 * Throws ShapeError when output and target do not fit.
 */
export function buildLoss(
  built: BuiltNetwork,
  network: Network,
  loss: Loss,
  targetShape: Shape,
  reduction: "mean" | "sum",
): BuiltLoss {
  const id = network.outputs[0]?.value;
  const value = network.values.find((candidate) => candidate.id === id);
  const output = id === undefined ? undefined : built.tensors.get(id);
  if (!value || !output) throw new ShapeError(`${network.name} returns nothing to compare with a target.`);
  if (!value.batched) {
    throw new ShapeError(
      `${network.name} returns ${value.name ?? value.title} ${formatShape(output.shape)}, which depends on no input: there is nothing to compare for each sample.`,
    );
  }
  if (loss.kind === "formula") throw new ShapeError("a loss written as an expression cannot run yet.");
  const target = built.graph.feed(targetId, [output.shape[0]!, ...targetShape]);
  const appended = appendLoss(loss.call, output, target);
  const total = reduceBatch(appended.perSample, reduction);
  const unfused = appended.unfused && reduceBatch(appended.unfused, reduction);

  return {
    target,
    loss: total,
    gradients: (ids) => {
      const tensors = ids.map((id) => (id === targetId ? target : found(built.tensors.get(id), id)));
      const flowing = gradients(total, tensors);
      // The fused loss does not depend on the probability; the unfused one, which is equal, tells its gradient.
      const own = unfused && tensors.some(({ index }) => index === output.index) && gradients(unfused, [output])[0];
      const result = new Map<ValueId, Tensor>();
      for (const [position, id] of ids.entries()) {
        const gradient = own && tensors[position]!.index === output.index ? own : flowing[position];
        if (gradient) result.set(id, gradient);
      }
      return result;
    },
  };
}

function found<T>(item: T | undefined, id: ValueId): T {
  if (item === undefined) throw new ShapeError(`there is no ${id}.`);
  return item;
}
