// A check → its derivation: forward, loss, backward, update, with the numbers of each, and its expectations where they
// belong. Every formula is read off the graph that is run; nothing is known here about single layers.

import type { BuiltLoss, BuiltNetwork } from "../../model/build";
import { build, buildLoss, targetId } from "../../model/build";
import { documentation } from "../../model/catalog";
import { gradients } from "../../model/differentiate";
import { Evaluation, noRandomNumbers } from "../../model/evaluate";
import type { Tensor } from "../../model/graph";
import { multiply } from "../../model/ops/elementwise";
import { sum } from "../../model/ops/reduction";
import { optimizer } from "../../model/optimizers";
import { axesOf, sizeOf } from "../../model/shape";
import type { NdArray } from "../../protocol/array";
import type { Check, Value, ValueId } from "../../protocol/network";
import type { ExpectationReport } from "../../protocol/snapshot";
import { reasonIncomplete } from "../complete";
import { givenWeights, reasonNotToRun } from "../experiment";
import type { Derivation, DerivationStep, Given, Part } from "./derivation";
import { constant, type Expression, expressionOf, isClose, type Names, quantity } from "./expression";
import { text } from "./latex";
import { observedIn, type Phase, phasesOf } from "./phases";
import { simplify } from "./simplify";
import { lineFor, ruleOf, withoutBatchSize, written } from "./statement";
import { type Name, type Symbols, symbolsOf } from "./symbols";
import { updateLines } from "./update-lines";
import { Uses } from "./uses";

/** Why there is nothing to derive, in the user's words. */
export class DerivationError extends Error {}

const mostPasses = 3; // Written out; a check with more steps is cut after them.
const agreement = 1e-9; // Relative to the largest element: float64 sums in another order.

/** Throws DerivationError when the check cannot be run, ShapeError when something in it does not fit. */
export function derive(check: Check): Derivation {
  const { title, network, after } = check;
  if (after) {
    throw new DerivationError(
      `"${title}" looks at the result of training ${after.name}, which is thousands of passes: derive a check "…" on ${network.name}(…) instead`,
    );
  }
  const incomplete = reasonIncomplete(network);
  if (incomplete !== undefined) throw new DerivationError(incomplete);
  const problem = reasonNotToRun(check);
  if (problem !== undefined) throw new DerivationError(`"${title}": ${problem}`);
  return new Deriver(check).derivation();
}

class Deriver {
  private readonly symbols: Symbols;
  private readonly built: BuiltNetwork;
  private readonly loss: BuiltLoss | undefined;
  /** What is differentiated: the loss as it is written on paper, else the (weighted) sum of the output. */
  private readonly total: Tensor | undefined;
  /** The engine's own loss, where it is another formula. */
  private readonly engineTotal: Tensor | undefined;
  private readonly upstream: Tensor | undefined;
  private readonly uses: Uses;
  private readonly ids: readonly ValueId[];
  private readonly paperGradients: ReadonlyMap<ValueId, Tensor>;
  private readonly engineGradients: ReadonlyMap<ValueId, Tensor>;
  private readonly weights: Map<ValueId, NdArray>;
  private readonly slots = new Map<ValueId, NdArray[]>();
  private placed = new Set<ExpectationReport>();

  constructor(private readonly check: Check) {
    const { network, batchSize, loss, target, reduction, upstream } = check;
    this.uses = new Uses(network);
    const { values } = this.uses;
    this.symbols = symbolsOf({ ...network, values });
    this.built = build(network, { batchSize, mode: "eval" });
    this.weights = new Map([...givenWeights(check)].map(([id, value]) => [id, copy(value)]));
    const targetShape = target?.shape.slice(1);
    this.loss = loss && buildLoss(this.built, network, { loss, reduction, ...(targetShape && { targetShape }) });
    this.upstream = upstream && !loss ? this.built.graph.constant(upstream) : undefined;
    this.total = this.loss?.onPaper?.loss ?? this.loss?.loss ?? this.outputTotal();
    this.engineTotal = this.loss?.loss;
    const observed = observedIn(check);
    this.ids = [
      ...values.filter(({ source }) => source.kind !== "constant" && source.kind !== "parameter").map(({ id }) => id),
      ...network.parameters
        .filter(({ id, trainable }) => trainable || observed.some((each) => each.kind === "gradient" && each.id === id))
        .map(({ id }) => id),
      ...(observed.some((each) => each.kind === "gradient" && each.id === targetId) && this.loss?.target
        ? [targetId]
        : []),
    ];
    this.paperGradients = this.total ? this.gradientsOf(this.total) : new Map();
    this.engineGradients = this.loss ? this.loss.gradients(this.ids) : this.paperGradients;
    const kept = check.optimizer ? optimizer(check.optimizer).slots : 0;
    for (const { id, shape } of network.parameters) {
      this.slots.set(
        id,
        Array.from({ length: kept }, () => ({ shape, data: new Float64Array(sizeOf(shape)) })),
      );
    }
  }

  derivation(): Derivation {
    const { title, network, batchSize, singleSample } = this.check;
    const phases = phasesOf(this.check);
    const given = this.given(phases[0]!);
    const parts: Part[] = [];
    let omitted: string | undefined;
    for (const [updates, phase] of phases.entries()) {
      if (updates >= mostPasses) {
        omitted = `The check goes on to ${phases.length - 1} optimizer steps; the first ${mostPasses} passes are written out here.`;
        break;
      }
      const speaksOfPass = phase.expectations.some(({ report }) => !this.placed.has(report));
      if (updates > 0 && !phase.isUpdated && !speaksOfPass) break;
      parts.push(...this.pass(phase, phases[updates + 1], updates));
    }
    const expectations = phases.flatMap((phase) => phase.expectations.map(({ report }) => report));
    return {
      title,
      documentation: [this.check.documentation, network.documentation].filter((words) => words !== ""),
      network: network.name,
      output: this.symbols.of(network.outputs[0]!.value),
      batchSize,
      singleSample,
      given,
      parts,
      expectations,
      others: expectations.filter((report) => !this.placed.has(report)),
      ...(omitted !== undefined && { omitted }),
    };
  }

  private given(phase: Phase): readonly Given[] {
    const { network, inputs, target } = this.check;
    const parameters = network.parameters.map(
      ({ id, trainable }): Given => ({
        role: trainable ? "parameter" : "constant",
        name: this.symbols.of(id),
        value: copy(this.weights.get(id)!),
        expectations: this.take(phase, [`value ${id}`]),
      }),
    );
    const fed = network.values.flatMap(({ id, source }): Given[] =>
      source.kind === "input" && inputs[id]
        ? [
            {
              role: "input",
              name: this.symbols.of(id),
              value: inputs[id],
              expectations: this.take(phase, [`value ${id}`]),
            },
          ]
        : [],
    );
    const targets: Given[] =
      target && this.loss?.target
        ? [{ role: "target", name: this.symbols.target, value: target, expectations: this.take(phase, ["target"]) }]
        : [];
    const upstreams: Given[] =
      this.upstream && this.check.upstream
        ? [{ role: "upstream", name: upstreamName, value: this.check.upstream, expectations: [] }]
        : [];
    return [...fed, ...parameters, ...targets, ...upstreams];
  }

  /** One forward and backward pass and the update after it. */
  private pass(phase: Phase, next: Phase | undefined, updates: number): readonly Part[] {
    const evaluation = this.evaluate();
    const names = this.givenNames();
    const forward = this.forward(evaluation, names, phase);
    const loss = this.lossPart(evaluation, names, phase);
    const isBackwardWanted =
      this.loss !== undefined ||
      this.upstream !== undefined ||
      phase.isUpdated ||
      observedIn(this.check).some(({ kind }) => kind === "gradient");
    const backward = isBackwardWanted ? this.backward(evaluation, names, phase) : [];
    const parts: Part[] = [
      { kind: "forward", updates, introduction: "", steps: forward },
      { kind: "loss", updates, introduction: this.lossIntroduction(), steps: loss },
      { kind: "backward", updates, introduction: "", steps: backward },
    ];
    if (phase.isUpdated) {
      parts.push({
        kind: "update",
        updates,
        introduction: this.updateIntroduction(),
        steps: this.update(evaluation, next, updates + 1),
      });
    }
    return parts.filter(({ steps }) => steps.length > 0);
  }

  private evaluate(): (tensor: Tensor) => NdArray {
    const { inputs, target } = this.check;
    const { shortcut } = this.loss?.onPaper ?? {};
    const evaluation = new Evaluation([
      ...this.built.tensors.values(),
      ...(this.total ? [this.total] : []),
      ...(this.engineTotal ? [this.engineTotal] : []),
      ...this.paperGradients.values(),
      ...this.engineGradients.values(),
      ...(shortcut ? [shortcut.gradient] : []),
    ]);
    const feeds = new Map([...this.weights, ...Object.entries(inputs)]);
    if (target) feeds.set(targetId, target);
    evaluation.run(feeds, noRandomNumbers);
    return (tensor) => copy(evaluation.value(tensor));
  }

  /** What has a name before anything is computed. */
  private givenNames(): Names {
    const { network, inputs, target, upstream } = this.check;
    const names: Names = new Map();
    const { tensors } = this.built;
    for (const { id } of network.parameters)
      names.set(tensors.get(id)!.index, quantity(this.symbols.of(id).symbol, copy(this.weights.get(id)!)));
    for (const { id, source } of network.values) {
      const tensor = tensors.get(id)!;
      if (source.kind === "input") names.set(tensor.index, quantity(this.symbols.of(id).symbol, inputs[id]!));
      if (source.kind === "constant") names.set(tensor.index, constant(source.data, "user"));
    }
    if (target && this.loss?.target) names.set(this.loss.target.index, quantity(this.symbols.target.symbol, target));
    if (upstream && this.upstream) names.set(this.upstream.index, quantity(upstreamName.symbol, upstream));
    return names;
  }

  private forward(numbersOf: (tensor: Tensor) => NdArray, names: Names, phase: Phase): readonly DerivationStep[] {
    return this.uses.values.flatMap((value): DerivationStep[] => {
      if (value.source.kind !== "operation" && value.source.kind !== "layer") return [];
      const tensor = this.built.tensors.get(value.id)!;
      const expression = expressionOf(tensor, names, simplify);
      const name = this.symbols.of(value.id);
      const result = numbersOf(tensor);
      if (!names.has(tensor.index)) names.set(tensor.index, quantity(name.symbol, result));
      return [
        {
          kind: "value",
          id: value.id,
          target: name,
          source: this.sourceOf(value),
          ...ruleOf(value, "equation"),
          ...written(expression),
          result,
          expectations: this.take(phase, [`value ${value.id}`]),
        },
      ];
    });
  }

  private lossPart(numbersOf: (tensor: Tensor) => NdArray, names: Names, phase: Phase): readonly DerivationStep[] {
    const { total, engineTotal } = this;
    if (!total || (!this.loss && !this.upstream && this.paperGradients.size === 0)) return [];
    if (
      !this.loss &&
      !observedIn(this.check).some(({ kind }) => kind === "gradient") &&
      !this.upstream &&
      !phase.isUpdated
    )
      return [];
    const result = numbersOf(engineTotal ?? total);
    const onPaper = expressionOf(total, names, simplify);
    const expression =
      engineTotal && !isClose(onPaper.value, result, agreement) ? expressionOf(engineTotal, names, simplify) : onPaper;
    const { loss } = this.check;
    const doc = loss?.kind === "call" ? documentation("loss", loss.call.name) : undefined;
    return [
      {
        kind: "loss",
        id: "loss",
        target: this.symbols.loss,
        source: loss?.kind === "call" ? loss.call.name : (loss?.text ?? ""),
        rule: doc ? this.reduced(doc.equation) : "",
        ruleName: doc?.name ?? "",
        ...written(expression),
        result,
        expectations: this.take(phase, ["loss", "metric"]),
      },
    ];
  }

  /** Without 1/N where the losses of the samples are added up. */
  private reduced(latex: string): string {
    return this.check.reduction === "mean" ? latex : withoutBatchSize(latex);
  }

  /** From the loss back: a value's gradient is whole once everything that uses the value has been gone through. */
  private backward(numbersOf: (tensor: Tensor) => NdArray, names: Names, phase: Phase): readonly DerivationStep[] {
    const values = new Map(this.uses.values.map((value) => [value.id, value]));
    return this.uses.backwardOrder(this.ids).flatMap((id): DerivationStep[] => {
      const engine = this.engineGradients.get(id);
      if (!engine) return [];
      const result = numbersOf(engine);
      const paper = this.paperGradients.get(id);
      const onPaper = paper && expressionOf(paper, names, simplify);
      const expression =
        onPaper && isClose(onPaper.value, result, agreement) ? onPaper : expressionOf(engine, names, simplify);
      const name = this.symbols.gradient(id === targetId ? this.symbols.target : this.symbols.of(id));
      const named = quantity(name.symbol, result, { isFraction: true });
      for (const tensor of [engine, paper]) if (tensor && !names.has(tensor.index)) names.set(tensor.index, named);
      const users = this.uses.usersOf(id);
      const rule = this.gradientRule(id, users);
      return [
        {
          kind: "gradient",
          id,
          target: name,
          source: users.map((user) => this.sourceOf(values.get(user)!)).join(" and "),
          ...rule,
          ...written(expression),
          result,
          ...this.shortcut(id, names, result),
          expectations: this.take(phase, [`gradient ${id}`]),
        },
      ];
    });
  }

  private shortcut(id: ValueId, names: Names, result: NdArray): { shortcut?: Expression } {
    const { shortcut } = this.loss?.onPaper ?? {};
    const tensor = this.built.tensors.get(id);
    if (!shortcut || shortcut.input.index !== tensor?.index) return {};
    const expression = expressionOf(shortcut.gradient, names, simplify);
    return isClose(expression.value, result, agreement) ? { shortcut: expression } : {};
  }

  /** The rule of the one layer that uses it, or of the loss. */
  private gradientRule(id: ValueId, users: readonly ValueId[]): { rule: string; ruleName: string } {
    const { network, loss } = this.check;
    const user = network.values.find((value) => value.id === users[0]);
    if (users.length === 1 && user?.source.kind === "layer") {
      const parameter = network.parameters.find((each) => each.id === id);
      return ruleOf(user, "gradient", parameter?.name ?? "x");
    }
    const isOutput = network.outputs[0]?.value === id || id === targetId;
    if (isOutput && users.length === 0 && loss?.kind === "call") {
      const doc = documentation("loss", loss.call.name);
      return {
        rule: this.reduced(lineFor(doc?.gradient ?? "", id === targetId ? "t" : String.raw`\hat y`)),
        ruleName: loss.call.name,
      };
    }
    return { rule: "", ruleName: "" };
  }

  /** The optimizer's update of every parameter; changes the weights. */
  private update(
    numbersOf: (tensor: Tensor) => NdArray,
    next: Phase | undefined,
    step: number,
  ): readonly DerivationStep[] {
    const call = this.check.optimizer!;
    const { rate, update } = optimizer(call);
    return this.check.network.parameters.flatMap((parameter): DerivationStep[] => {
      const tensor = parameter.trainable ? this.engineGradients.get(parameter.id) : undefined;
      if (!tensor) return [];
      const gradient = numbersOf(tensor);
      const before = copy(this.weights.get(parameter.id)!);
      const slots = this.slots.get(parameter.id)!;
      const kept = slots.map(copy);
      const steps = updateLines(call, this.symbols, parameter, { weights: before, gradient, slots: kept, rate, step });
      update(
        this.weights.get(parameter.id)!.data,
        gradient.data,
        slots.map(({ data }) => data),
        { step, rate },
      );
      const result = copy(this.weights.get(parameter.id)!);
      const expectations = next ? this.take(next, [`value ${parameter.id}`]) : [];
      return steps.map((line, position) => (position === steps.length - 1 ? { ...line, result, expectations } : line));
    });
  }

  private lossIntroduction(): string {
    if (this.loss) return "";
    const output = this.check.network.outputs[0]!.value;
    const of = this.symbols.of(output);
    const isSingle = sizeOf(this.built.tensors.get(output)!.shape) === 1;
    return this.upstream
      ? `The check has no loss: backward starts from the gradient of the output that it gives as \`upstream\`.`
      : `The check has no loss: gradients are those of ${isSingle ? "" : "the sum of "}the output $${of.symbol}$.`;
  }

  private updateIntroduction(): string {
    const { name } = this.check.optimizer!;
    const { rate } = optimizer(this.check.optimizer!);
    return String.raw`${name} with $\eta = ${rate}$.`;
  }

  private outputTotal(): Tensor | undefined {
    const id = this.check.network.outputs[0]?.value;
    const output = id === undefined ? undefined : this.built.tensors.get(id);
    if (!output) return undefined;
    const weighted = this.upstream ? multiply(this.upstream, output) : output;
    return sum(weighted, { axes: axesOf(weighted.shape), keep: false });
  }

  private gradientsOf(total: Tensor): ReadonlyMap<ValueId, Tensor> {
    const tensors = this.ids.map((id) => (id === targetId ? this.loss!.target! : this.built.tensors.get(id)!));
    const found = gradients(total, tensors);
    return new Map(this.ids.flatMap((id, position) => (found[position] ? [[id, found[position]]] : [])));
  }

  /** Expectations about these quantities, each once, at the last step it speaks of. */
  private take(phase: Phase, keys: readonly string[]): readonly ExpectationReport[] {
    const taken = phase.expectations.filter(({ report, about }) => {
      if (this.placed.has(report)) return false;
      for (const key of keys) about.has(key) && (about as Set<string>).delete(key);
      return about.size === 0 && keys.length > 0;
    });
    for (const { report } of taken) this.placed.add(report);
    return taken.map(({ report }) => report);
  }

  /** `H1 = X @ W1`, `h1 = Dense(X)`. */
  private sourceOf({ id, name, title, source }: Value): string {
    const own = name ?? this.symbols.of(id).plain;
    if (source.kind === "operation") return `${own} = ${title}`;
    if (source.kind !== "layer") return own;
    return `${own} = ${source.layer}(${source.inputs.map((input) => this.symbols.of(input).plain).join(", ")})`;
  }
}

const upstreamName: Name = { symbol: text("upstream"), plain: "upstream" };

const copy = ({ shape, data }: NdArray): NdArray => ({ shape, data: Float64Array.from(data) });
