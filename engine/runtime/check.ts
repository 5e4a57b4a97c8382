// Runs a check: one forward and backward pass in float64, then each expectation in order. Every number is computed by
// the same ops that train.

import { build, targetId } from "../model/build";
import { Evaluation, noRandomNumbers } from "../model/evaluate";
import type { Tensor } from "../model/graph";
import { metric } from "../model/metrics";
import { optimizer } from "../model/optimizers";
import { formatShape, sizeOf } from "../model/shape";
import type { NdArray } from "../protocol/array";
import type { Check, CheckStatement, Comparison, Network, Quantity, Value, ValueId } from "../protocol/network";
import type { CheckReport, ExpectationReport } from "../protocol/snapshot";
import { contextOf, Pass } from "./pass";
import { formatArray, formatIndex, formatNumber } from "./print";
import { freshWeights, type Weights } from "./weights";

const seed = 0; // Of parameters whose numbers the check does not give.

export function runCheck(check: Check): CheckReport {
  const { title } = check;
  try {
    const problem = reasonNotToRun(check);
    if (problem !== undefined) return { title, ok: false, expectations: [], problem };
    const expectations = runStatements(check);
    return { title, ok: expectations.every(({ ok }) => ok), expectations };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { title, ok: false, expectations: [], problem };
  }
}

function reasonNotToRun({ network, loss, target, statements, optimizer }: Check): string | undefined {
  if (!network.complete) return `${network.name} has errors and cannot run until they are mended`;
  if (loss && !target) return `a loss compares with a target: add target: […]`;
  if (statements.some(({ kind }) => kind === "step") && !optimizer) {
    return `step applies an optimizer: add one, such as optimizer: SGD(rate: 1)`;
  }
  return undefined;
}

function runStatements(check: Check): ExpectationReport[] {
  const experiment = new Experiment(check);
  const reports: ExpectationReport[] = [];
  for (const statement of check.statements) {
    switch (statement.kind) {
      case "expect":
        reports.push(judge(check, statement, (id) => experiment.formula(id)));
        break;
      case "step":
        experiment.step();
        break;
      default:
        statement satisfies never;
    }
  }
  return reports;
}

/** The network of a check with its numbers; a step changes them. */
class Experiment {
  private readonly weights: Weights;
  private readonly slots: ReadonlyMap<ValueId, Float64Array[]>;
  private readonly pass: Pass;
  private readonly formulas: Formulas;
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
    this.compute();
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

  private compute(): void {
    if (this.current) return;
    this.runPass();
    this.formulas.run((quantity) => this.observe(quantity));
    this.current = true;
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
        throw new Error("jacobian is part of the language, but this version cannot run it yet");
      default:
        throw new Error(quantity satisfies never);
    }
  }

  /** What no gradient reaches does not influence the loss: its gradient is 0. */
  private zeroGradient(id: ValueId): NdArray {
    const { shape } = id === targetId ? this.check.target! : this.pass.value(id);
    return { shape, data: new Float64Array(sizeOf(shape)) };
  }
}

function givenWeights({ network, given }: Check): Weights {
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
  const trainable = optimizer ? network.parameters.filter((parameter) => parameter.trainable) : [];
  return new Pass(network, {
    batchSize,
    mode: "eval",
    values: [...new Set([...values.filter((id) => known.has(id)), network.outputs[0]!.value])],
    gradients: [...new Set([...gradients, ...trainable.map(({ id }) => id)])],
    ...(loss && target && { loss: { loss, targetShape: target.shape.slice(1), reduction } }),
    ...(upstream && { upstream }),
  });
}

/** Everything the expectations compute: a network of its own, whose inputs are what is observed. */
class Formulas {
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

function judge(
  { formulas, tolerance }: Check,
  { text, comparison, left, right }: CheckStatement & { readonly kind: "expect" },
  formula: (id: ValueId) => NdArray,
): ExpectationReport {
  const actual = formula(left);
  const expected = formula(right);
  const title = formulas.find(({ id }) => id === left)?.title ?? "the left side";
  const difference = compare(title, actual, comparison, expected, tolerance);
  // Numbers that differ should not read the same.
  const same = difference !== "" && formatArray(actual) === formatArray(expected);
  const precision = same ? allDigits : undefined;
  return {
    text,
    ok: difference === "",
    expected: formatArray(expected, precision),
    actual: formatArray(actual, precision),
    difference,
  };
}

const allDigits = 17;

const holds: { readonly [C in Comparison]: (a: number, b: number, tolerance: number) => boolean } = {
  "==": (a, b, tolerance) => a === b || Math.abs(a - b) <= tolerance,
  "!=": (a, b, tolerance) => !(a === b || Math.abs(a - b) <= tolerance),
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Empty when it holds; otherwise where it does not: `H1[0][1] is -1, expected -0.5`. */
function compare(title: string, actual: NdArray, comparison: Comparison, expected: NdArray, tolerance: number): string {
  const oneForAll =
    expected.data.length === 1 && expected.shape.length === 0 && comparison !== "==" && comparison !== "!=";
  if (!oneForAll && formatShape(actual.shape) !== formatShape(expected.shape)) {
    if (comparison === "!=") return "";
    return `${title} is ${shapeName(actual.shape)}, expected ${shapeName(expected.shape)}`;
  }
  const wrong: number[] = [];
  actual.data.forEach((value, position) => {
    if (!holds[comparison](value, expected.data[oneForAll ? 0 : position]!, tolerance)) wrong.push(position);
  });
  // Tensors are unequal as soon as one element is.
  if (comparison === "!=") {
    return wrong.length < actual.data.length ? "" : `${title} is the same as the right side, within ${tolerance}`;
  }
  const [first] = wrong;
  if (first === undefined) return "";
  const value = actual.data[first]!;
  const bound = expected.data[oneForAll ? 0 : first]!;
  const precision = formatNumber(value) === formatNumber(bound) ? allDigits : undefined;
  const sign = comparison === "==" ? "" : `${comparison} `;
  const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : "";
  return `${title}${formatIndex(actual.shape, first)} is ${formatNumber(value, precision)}, expected ${sign}${formatNumber(bound, precision)}${more}`;
}

const shapeName = (shape: readonly number[]): string => (shape.length === 0 ? "a single number" : formatShape(shape));
