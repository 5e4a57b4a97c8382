// Network → Graph, for one batch size. Adds the batch dimension, runs nothing.

import type { Shape } from "../protocol/array";
import type { Call } from "../protocol/catalog";
import type { Loss, Network, Quantity, Training, Value, ValueId } from "../protocol/network";
import { gradients } from "./differentiate";
import { applyFunction } from "./functions";
import type { Tensor } from "./graph";
import { Graph } from "./graph";
import { applyLayer } from "./layers";
import { appendFormula } from "./loss-formula";
import { appendLoss, reduceBatch } from "./losses";
import { add, multiply } from "./ops/elementwise";
import { streamOf } from "./random";
import { appendPenalty, isRegularized } from "./regularizers";
import type { Sample } from "./sample";
import { formatShape, ShapeError } from "./shape";

export interface BuildOptions {
  readonly batchSize: number;
  /** Dropout drops in `train` only; there BatchNorm takes mean and variance of the batch. */
  readonly mode: "train" | "eval";
}

export interface BuiltNetwork {
  readonly graph: Graph;
  readonly batchSize: number;
  /** Every value and parameter by id. Inputs and parameters are feeds named by their id. */
  readonly tensors: ReadonlyMap<ValueId, Tensor>;
  /** What layers add to a loss, by the parameter it is put on. */
  readonly penalties: ReadonlyMap<ValueId, readonly Call[]>;
  /** What running parameters are after a training step on this batch; empty in `eval`. */
  readonly updates: ReadonlyMap<ValueId, Tensor>;
}

/** Throws ShapeError, naming the value, for a network that is not `complete`. */
export function build(network: Network, options: BuildOptions): BuiltNetwork {
  const graph = new Graph();
  const parameters = new Map(network.parameters.map(({ id, shape }) => [id, graph.feed(id, shape)]));
  // Operations may take the parameters of layers: `h1.W`.
  const samples = new Map<ValueId, Sample>();
  for (const [id, tensor] of parameters) samples.set(id, { tensor, batched: false });
  const penalties = new Map<ValueId, readonly Call[]>();
  const updates = new Map<ValueId, Tensor>();

  for (const value of network.values) {
    graph.origin = value.id;
    try {
      samples.set(value.id, buildValue(value, graph, { samples, parameters, penalties, updates }, options));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw new ShapeError(`${value.name ?? value.title}: ${error.message}`, error.inputs);
    }
  }
  graph.origin = undefined;

  const tensors = new Map<ValueId, Tensor>(parameters);
  for (const [id, { tensor }] of samples) tensors.set(id, tensor);
  return { graph, batchSize: options.batchSize, tensors, penalties, updates };
}

interface Built {
  readonly samples: ReadonlyMap<ValueId, Sample>;
  readonly parameters: ReadonlyMap<ValueId, Tensor>;
  /** Layers add theirs, to this and the next. */
  readonly penalties: Map<ValueId, readonly Call[]>;
  readonly updates: Map<ValueId, Tensor>;
}

function buildValue(
  value: Value,
  graph: Graph,
  { samples, parameters, penalties, updates }: Built,
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
    case "layer": {
      const idOf = (name: string) => `${source.instance}.${name}`;
      return applyLayer(
        source.layer,
        source.arguments,
        inputsOf(source.inputs),
        // Two uses of one instance drop different numbers.
        {
          mode,
          stream: streamOf(id),
          update: (name, next) => {
            const parameter = idOf(name);
            updates.set(parameter, next(updates.get(parameter) ?? found(parameters.get(parameter), parameter)));
          },
        },
        (name, spec) => {
          const parameter = idOf(name);
          if (spec.penalties?.length) penalties.set(parameter, spec.penalties);
          return found(parameters.get(parameter), parameter);
        },
      );
    }
    case "observed":
      throw new ShapeError("what a check observes is not part of a network.");
    default:
      return source satisfies never;
  }
}

export interface BuiltLoss {
  /** Feed of the targets, `[batch, …targetShape]`; absent when there are none. */
  readonly target?: Tensor;
  /** Scalar, penalties included. */
  readonly loss: Tensor;
  /** Set when the loss is computed from what is in front of the output: how it is written on paper. */
  readonly onPaper?: {
    /** The same loss, computed from the output itself. */
    readonly loss: Tensor;
    /** The gradient by what is in front of the output, without the detour over the output's own. */
    readonly shortcut: { readonly input: Tensor; readonly gradient: Tensor };
  };
  /**
   * Gradients of the loss with respect to values, parameters or `target`, by id; ids no gradient reaches are left out.
   * A probability fused with its loss still has its own gradient here.
   */
  gradients(ids: readonly ValueId[]): Map<ValueId, Tensor>;
}

export interface LossOptions {
  readonly loss: Loss;
  /** For one sample; absent when no targets are given. */
  readonly targetShape?: Shape;
  /** How the losses of the samples become one; penalties count once. */
  readonly reduction: "mean" | "sum";
  /** Regularizers on all weights that `isRegularized`, besides those of the layers themselves. */
  readonly regularize?: readonly Call[];
}

/** What a training makes small. `targetShape` is of one sample. */
export function trainingLoss({ loss, regularize }: Training, targetShape: Shape): LossOptions {
  return { loss, targetShape, reduction: "mean", ...(regularize && { regularize }) };
}

/** What an optimizer may change. */
export function trainableIds({ parameters }: Network): ValueId[] {
  return parameters.filter(({ trainable }) => trainable).map(({ id }) => id);
}

/** The id under which the targets' gradient is asked for. */
export const targetId: ValueId = "target";

/** Appends a loss to the graph. Throws ShapeError when it does not fit network and target. */
export function buildLoss(built: BuiltNetwork, network: Network, options: LossOptions): BuiltLoss {
  const { graph } = built;
  const { loss, targetShape, reduction } = options;
  const target = targetShape && graph.feed(targetId, [built.batchSize, ...targetShape]);
  const { total, unfused } =
    loss.kind === "call"
      ? compared(built, network, loss.call, target, reduction)
      : {
          total: appendFormula(graph, loss, reduction, (quantity) => leafOf(quantity, built, network, target)),
          unfused: undefined,
        };
  const penalties = penaltiesOf(built, network, options);
  const penalized = penalties.reduce(add, total);

  return {
    ...(target && { target }),
    loss: penalized,
    ...(unfused && { onPaper: { loss: penalties.reduce(add, unfused.loss), shortcut: unfused.shortcut } }),
    gradients: (ids) => {
      const known = target ? ids : ids.filter((id) => id !== targetId);
      const tensors = known.map((id) => (id === targetId ? target! : found(built.tensors.get(id), id)));
      const flowing = gradients(penalized, tensors);
      // The fused loss does not depend on the probability; the unfused one, which is equal, tells its gradient.
      const own =
        unfused &&
        tensors.some(({ index }) => index === unfused.output.index) &&
        gradients(unfused.loss, [unfused.output])[0];
      const result = new Map<ValueId, Tensor>();
      for (const [position, id] of known.entries()) {
        const gradient = own && tensors[position]!.index === unfused.output.index ? own : flowing[position];
        if (gradient) result.set(id, gradient);
      }
      return result;
    },
  };
}

interface ReducedLoss {
  readonly total: Tensor;
  /** Set when `total` was computed from what is in front of the output: the same from the output itself. */
  readonly unfused:
    | {
        readonly loss: Tensor;
        readonly output: Tensor;
        readonly shortcut: { readonly input: Tensor; readonly gradient: Tensor };
      }
    | undefined;
}

/** A loss of the catalog: compares the network's (first) output with the target. */
function compared(
  built: BuiltNetwork,
  network: Network,
  call: Call,
  target: Tensor | undefined,
  reduction: "mean" | "sum",
): ReducedLoss {
  const id = network.outputs[0]?.value;
  const value = network.values.find((candidate) => candidate.id === id);
  const output = id === undefined ? undefined : built.tensors.get(id);
  if (!value || !output) throw new ShapeError(`${network.name} returns nothing to compare with a target.`);
  if (!value.batched) {
    throw new ShapeError(
      `${network.name} returns ${value.name ?? value.title} ${formatShape(output.shape)}, which depends on no input: there is nothing to compare for each sample.`,
    );
  }
  if (!target) throw new ShapeError(`${call.name} compares with a target, but none is given.`);
  const appended = appendLoss(call, output, target);
  const { perSample, unfused, shortcut } = appended;
  const share = reduction === "mean" ? 1 / built.batchSize : 1;
  return {
    total: reduceBatch(perSample, reduction),
    unfused:
      unfused && shortcut
        ? {
            loss: reduceBatch(unfused, reduction),
            output,
            shortcut: { input: shortcut.input, gradient: multiply(built.graph.scalar(share), shortcut.gradient) },
          }
        : undefined,
  };
}

/** What stands for a value or the target in a loss that is written as an expression. */
function leafOf(quantity: Quantity, built: BuiltNetwork, network: Network, target: Tensor | undefined): Sample {
  switch (quantity.kind) {
    case "target":
      if (!target) throw new ShapeError("The loss compares with a target, but none is given.");
      return { tensor: target, batched: true };
    case "value": {
      const { id } = quantity;
      const batched = network.values.find((value) => value.id === id)?.batched ?? false;
      return { tensor: found(built.tensors.get(id), id), batched };
    }
    case "gradient":
    case "loss":
    case "metric":
    case "jacobian":
      throw new ShapeError(`A ${quantity.kind} cannot stand in a loss: it is known only when the loss is.`);
    default:
      return quantity satisfies never;
  }
}

/** Scalars, those of the layers first. */
function penaltiesOf(built: BuiltNetwork, network: Network, { regularize = [] }: LossOptions): Tensor[] {
  const put = [
    ...built.penalties,
    ...network.parameters.filter(isRegularized).map(({ id }) => [id, regularize] as const),
  ];
  return put.flatMap(([id, calls]) => calls.map((call) => appendPenalty(call, found(built.tensors.get(id), id))));
}

function found<T>(item: T | undefined, id: ValueId): T {
  if (item === undefined) throw new ShapeError(`there is no ${id}.`);
  return item;
}
