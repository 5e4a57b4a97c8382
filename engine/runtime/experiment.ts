// The network of a check on given inputs, with its numbers: one forward and backward pass in float64 for what is
// observed; a step changes the numbers. Every number is computed by the same ops that train.

import { targetId, trainableIds } from "../model/build";
import { usesTarget } from "../model/loss-formula";
import { metric } from "../model/metrics";
import { optimizer } from "../model/optimizers";
import { formatShape, sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Check, Quantity, ValueId } from "../protocol/network";
import { Formulas } from "./formulas";
import { Jacobian } from "./jacobian";
import { contextOf, Pass } from "./pass";
import { freshWeights, type Weights } from "./weights";

const seed = 0; // Of parameters whose numbers the check does not give.

/** Why a check cannot run on its inputs. */
export function reasonNotToRun({ loss, target, statements, optimizer }: Check): string | undefined {
  const compares = loss && (loss.kind === "call" || usesTarget(loss));
  if (compares && !target) return `a loss compares with a target: add target: […]`;
  if (statements.some(({ kind }) => kind === "step") && !optimizer) {
    return `step applies an optimizer: add one, such as optimizer: SGD(rate: 1)`;
  }
  return undefined;
}

export class Experiment {
  private readonly weights: Weights;
  private readonly slots: ReadonlyMap<ValueId, Float64Array[]>;
  private readonly pass: Pass;
  private readonly formulas: Formulas;
  private readonly jacobians = new Map<string, Jacobian>();
  private steps = 0;
  /** Whether pass and formulas hold the numbers of the weights as they are. */
  private current = false;

  constructor(private readonly check: Check) {
    const { network } = check;
    this.weights = givenWeights(check);
    this.pass = passOf(check);
    this.formulas = new Formulas(check);
    const slots = check.optimizer ? optimizer(check.optimizer).slots : 0;
    this.slots = new Map(
      network.parameters.map(({ id, shape }) => [
        id,
        Array.from({ length: slots }, () => new Float64Array(sizeOf(shape))),
      ]),
    );
  }

  formula(id: ValueId): NdArray {
    if (!this.current) {
      this.runPass();
      this.formulas.run((quantity) => this.observe(quantity));
      this.current = true;
    }
    return this.formulas.value(id);
  }

  step(): void {
    this.runPass();
    const { network } = this.check;
    const chosen = optimizer(this.check.optimizer!);
    this.steps++;
    for (const { id, trainable } of network.parameters) {
      const gradient = this.pass.gradient(id);
      if (!trainable || !gradient) continue;
      const update = { step: this.steps, rate: chosen.rate };
      chosen.update(this.weights.get(id)!.data, gradient.data, this.slots.get(id)!, update);
    }
    this.current = false;
  }

  private runPass(): void {
    const { inputs, target } = this.check;
    this.pass.run(this.weights, { inputs, ...(target && { target }) }, contextOf(seed, this.steps));
  }

  private observe(quantity: Quantity): NdArray {
    const { network, target } = this.check;
    switch (quantity.kind) {
      case "value":
        return this.pass.value(quantity.id);
      case "gradient":
        return this.pass.gradient(quantity.id) ?? this.zeroGradient(quantity.id);
      case "loss":
        return { shape: [], data: Float64Array.of(this.pass.loss) };
      case "target":
        return target!;
      case "metric": {
        const value = metric(quantity.name, this.pass.value(network.outputs[0]!.value), target!);
        return { shape: [], data: Float64Array.of(value) };
      }
      case "jacobian":
        return this.jacobian(quantity.of, quantity.by);
      default:
        throw new Error(quantity satisfies never);
    }
  }

  /** What no gradient reaches does not influence the loss: its gradient is 0. */
  private zeroGradient(id: ValueId): NdArray {
    const { shape } = id === targetId && this.check.target ? this.check.target : this.pass.value(id);
    return { shape, data: new Float64Array(sizeOf(shape)) };
  }

  private jacobian(of: ValueId, by: ValueId): NdArray {
    const { network, inputs, batchSize } = this.check;
    if (batchSize !== 1) {
      throw new Error(`jacobian(${of}, ${by}) is of one sample, but the check has a batch of ${batchSize}`);
    }
    const key = JSON.stringify([of, by]);
    const known = this.jacobians.get(key) ?? new Jacobian(network, of, by);
    this.jacobians.set(key, known);
    return known.at(this.weights, inputs);
  }
}

export function givenWeights({ network, given }: Check): Weights {
  const weights = freshWeights(network, seed);
  for (const { parameter, data } of given) {
    const known = weights.get(parameter);
    if (!known) throw new Error(`${network.name} has no parameter ${parameter}`);
    if (formatShape(known.shape) !== formatShape(data.shape)) {
      throw new Error(`${parameter} is ${formatShape(known.shape)}, but is given ${formatShape(data.shape)}`);
    }
    known.data.set(data.data);
  }
  return weights;
}

function passOf(check: Check): Pass {
  const { network, batchSize, loss, target, reduction, upstream, optimizer } = check;
  const quantities = check.formulas.flatMap(({ source }) => (source.kind === "observed" ? [source.quantity] : []));
  const values = quantities.flatMap((quantity) =>
    quantity.kind === "value" || quantity.kind === "gradient" ? [quantity.id] : [],
  );
  const known = new Set([...network.values, ...network.parameters].map(({ id }) => id));
  const gradients = quantities.flatMap((quantity) => (quantity.kind === "gradient" ? [quantity.id] : []));
  const trainable = optimizer ? trainableIds(network) : [];
  const targetShape = target?.shape.slice(1);
  return new Pass(network, {
    batchSize,
    mode: "eval",
    values: [...new Set([...values.filter((id) => known.has(id)), network.outputs[0]!.value])],
    gradients: [...new Set([...gradients, ...trainable])],
    ...(loss && { loss: { loss, reduction, ...(targetShape && { targetShape }) } }),
    ...(upstream && { upstream }),
  });
}
