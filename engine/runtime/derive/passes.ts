// A check → its derivation: forward, loss, backward, update, with the numbers of each, and its expectations where they
// belong. Every formula is read off the graph that is run; nothing is known here about single layers.

import type { BuiltLoss, BuiltNetwork } from "../../model/build";
import { build, buildLoss, targetId } from "../../model/build";
import { documentation } from "../../model/catalog";
import { gradients } from "../../model/differentiate";
import { Evaluation, noRandomNumbers } from "../../model/evaluate";
import type { Tensor } from "../../model/graph";
import { Graph } from "../../model/graph";
import { multiply } from "../../model/ops/elementwise";
import { sum } from "../../model/ops/reduction";
import { optimizer, writtenUpdate } from "../../model/optimizers";
import { axesOf, sizeOf } from "../../model/shape";
import type { NdArray } from "../../protocol/array";
import type {
  Check,
  CheckStatement,
  Network,
  Quantity as Observed,
  Parameter,
  Value,
  ValueId,
} from "../../protocol/network";
import type { ExpectationReport } from "../../protocol/snapshot";
import { reasonIncomplete } from "../complete";
import { judge } from "../expectations";
import { Experiment, givenWeights, reasonNotToRun } from "../experiment";
import type { Derivation, DerivationStep, Given, Part } from "./derivation";
import { constant, type Expression, expressionOf, isClose, lengthOf, type Names, quantity } from "./expression";
import { text } from "./latex";
import { simplify } from "./simplify";
import { type Name, type Symbols, symbolsOf } from "./symbols";

/** Why there is nothing to derive, in the user's words. */
export class DerivationError extends Error {}

const mostPasses = 3; // Written out; a check with more steps is cut after them.
const longestFormula = 60; // Symbols and numbers; longer ones are stated by their rule.
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

/** What stands between two optimizer updates: the expectations, and whether there is an update after them. */
interface Phase {
  readonly expectations: readonly Expectation[];
  readonly isUpdated: boolean;
}

interface Expectation {
  readonly report: ExpectationReport;
  /** Keys of the steps whose quantities it speaks of. */
  readonly about: ReadonlySet<string>;
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
  /** What has a line of its own. An unnamed `X @ W` in `X @ W + b` has none. */
  private readonly values: readonly Value[];
  private readonly ids: readonly ValueId[];
  private readonly paperGradients: ReadonlyMap<ValueId, Tensor>;
  private readonly engineGradients: ReadonlyMap<ValueId, Tensor>;
  private readonly weights: Map<ValueId, NdArray>;
  private readonly slots = new Map<ValueId, NdArray[]>();
  private placed = new Set<ExpectationReport>();

  constructor(private readonly check: Check) {
    const { network, batchSize, loss, target, reduction, upstream } = check;
    const inlined = inlinedIn(network);
    this.values = network.values.filter(({ id }) => !inlined.has(id));
    this.symbols = symbolsOf({ ...network, values: this.values });
    this.built = build(network, { batchSize, mode: "eval" });
    this.weights = new Map([...givenWeights(check)].map(([id, value]) => [id, copy(value)]));
    const targetShape = target?.shape.slice(1);
    this.loss = loss && buildLoss(this.built, network, { loss, reduction, ...(targetShape && { targetShape }) });
    this.upstream = upstream && !loss ? this.built.graph.constant(upstream) : undefined;
    this.total = this.loss?.onPaper?.loss ?? this.loss?.loss ?? this.outputTotal();
    this.engineTotal = this.loss?.loss;
    const observed = observedIn(check);
    this.ids = [
      ...this.values
        .filter(({ source }) => source.kind !== "constant" && source.kind !== "parameter")
        .map(({ id }) => id),
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
    return this.values.flatMap((value): DerivationStep[] => {
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
    const values = new Map(this.values.map((value) => [value.id, value]));
    return this.backwardOrder().flatMap((id): DerivationStep[] => {
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
      const users = this.usersOf(id);
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

  /** Values from the last to the first, each parameter once its first use has been gone through; inputs last. */
  private backwardOrder(): readonly ValueId[] {
    const { network } = this.check;
    const computed = this.values.filter(({ source }) => source.kind === "operation" || source.kind === "layer");
    const firstUse = new Map<ValueId, ValueId>();
    for (const value of computed) {
      for (const parameter of this.parametersOf(value)) if (!firstUse.has(parameter)) firstUse.set(parameter, value.id);
    }
    const order = [...computed]
      .reverse()
      .flatMap(({ id }) => [
        id,
        ...network.parameters.filter((parameter) => firstUse.get(parameter.id) === id).map((parameter) => parameter.id),
      ]);
    const inputs = network.values.filter(({ source }) => source.kind === "input").map(({ id }) => id);
    const wanted = new Set(this.ids);
    return [targetId, ...order, ...inputs].filter((id) => wanted.has(id));
  }

  private parametersOf({ source }: Value): readonly ValueId[] {
    const { network } = this.check;
    if (source.kind === "operation") {
      // What an inlined operation uses, the formula around it uses.
      return source.inputs.flatMap((id) => {
        const inner = this.values.some((value) => value.id === id)
          ? undefined
          : network.values.find((value) => value.id === id);
        return inner ? this.parametersOf(inner) : [id];
      });
    }
    if (source.kind !== "layer") return [];
    const own = this.check.network.parameters
      .filter(({ instance }) => instance === source.instance)
      .map(({ id }) => id);
    return [...source.inputs, ...own];
  }

  private usersOf(id: ValueId): readonly ValueId[] {
    return this.values.filter((value) => this.parametersOf(value).includes(id)).map((value) => value.id);
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
      const steps = this.writeUpdate(parameter, before, gradient, slots.map(copy), { rate, step });
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

  private writeUpdate(
    { id, shape }: Parameter,
    weights: NdArray,
    gradient: NdArray,
    slots: readonly NdArray[],
    update: { rate: number; step: number },
  ): readonly DerivationStep[] {
    const graph = new Graph();
    const names: Names = new Map();
    const feed = (value: Expression): Tensor => {
      const tensor = graph.feed(`${names.size}`, value.value.shape);
      names.set(tensor.index, value);
      return tensor;
    };
    const own = this.symbols.of(id);
    const name = (letter: string): Name => ({
      symbol: letter,
      plain: letter.replace(/^\\hat (.)$/, "$1\u0302").replaceAll(/[\\{}]/g, ""),
    });
    const lettersOf = (terms: Tensor[]) =>
      writtenUpdate(this.check.optimizer!, {
        w: terms[0]!,
        g: terms[1]!,
        slots: terms.slice(2),
        number: (letter, value) => feed(quantity(letter, { shape: [], data: Float64Array.of(value) })),
        update,
      });
    const w = feed(quantity(own.symbol, weights));
    const g = feed(quantity(this.symbols.gradient(own).symbol, gradient, { isFraction: true }));
    // A slot's letter is known from the lines that renew it; before the first update it holds zeros.
    const kept = slots.map((slot) => feed(quantity("", slot)));
    const lines = lettersOf([w, g, ...kept]);
    for (const { letter, slot } of lines) {
      if (slot !== undefined) names.set(kept[slot]!.index, quantity(letter, slots[slot]!));
    }
    return lines.map(({ letter, value }, position): DerivationStep => {
      const isLast = position === lines.length - 1;
      const expression = expressionOf(value, names, simplify);
      if (!isLast) names.set(value.index, quantity(letter, expression.value));
      return {
        kind: isLast ? "update" : "memory",
        id,
        target: isLast ? own : name(letter),
        source: isLast ? "" : own.plain,
        rule: "",
        ruleName: "",
        ...written(expression),
        result: { shape, data: expression.value.data },
        expectations: [],
      };
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

/** Unnamed operations whose only use is a sum or a difference, through which their gradient passes as it is. */
function inlinedIn({ values, outputs }: Network): ReadonlySet<ValueId> {
  const usersOf = (id: ValueId) =>
    values.filter(
      ({ source }) => (source.kind === "operation" || source.kind === "layer") && source.inputs.includes(id),
    );
  const inlined = values.filter(({ id, name, source }) => {
    const [user, ...others] = usersOf(id);
    const passes = user?.source.kind === "operation" && ["add", "subtract"].includes(user.source.function);
    const isOutput = outputs.some((output) => output.value === id);
    return source.kind === "operation" && name === undefined && passes && others.length === 0 && !isOutput;
  });
  return new Set(inlined.map(({ id }) => id));
}

const upstreamName: Name = { symbol: text("upstream"), plain: "upstream" };

const copy = ({ shape, data }: NdArray): NdArray => ({ shape, data: Float64Array.from(data) });

function written(expression: Expression): { formula: Expression | undefined; expression: Expression } {
  return { formula: lengthOf(expression, longestFormula + 1) > longestFormula ? undefined : expression, expression };
}

/** What the catalog says of a layer, about one of its inputs or weights. Functions are their own rule. */
function ruleOf({ source }: Value, which: "equation" | "gradient", of = ""): { rule: string; ruleName: string } {
  if (source.kind !== "layer") return { rule: "", ruleName: "" };
  const doc = documentation("layer", source.layer);
  const latex = which === "equation" ? (doc?.equation ?? "") : lineFor(doc?.gradient ?? "", of);
  return { rule: latex, ruleName: source.layer };
}

/** The line of a gradient that is about ∂x. */
function lineFor(gradient: string, name: string): string {
  const lines = gradient.split("\n");
  return lines.find((line) => line.startsWith(String.raw`\frac{\partial L}{\partial ${name}}`)) ?? "";
}

/** `\tfrac{1}{2N} \sum_n` → `\tfrac{1}{2} \sum_n`, `\tfrac1N` → nothing. */
export function withoutBatchSize(latex: string): string {
  return latex
    .replaceAll(/\\tfrac1N\s*/g, "")
    .replaceAll(/\\tfrac\{(\d+)\}\{(\w*)N(\w*)\}/g, (_, above: string, before: string, behind: string) =>
      `${before}${behind}` === "" ? (above === "1" ? "" : above) : String.raw`\tfrac{${above}}{${before}${behind}}`,
    );
}

function observedIn({ formulas }: Check): readonly Observed[] {
  return formulas.flatMap(({ source }) => (source.kind === "observed" ? [source.quantity] : []));
}

/** Runs the check's statements and sorts them by the updates between them. */
function phasesOf(check: Check): readonly Phase[] {
  const experiment = new Experiment(check);
  const phases: { expectations: Expectation[]; isUpdated: boolean }[] = [{ expectations: [], isUpdated: false }];
  for (const statement of check.statements) {
    if (statement.kind === "step") {
      experiment.step();
      phases.at(-1)!.isUpdated = true;
      phases.push({ expectations: [], isUpdated: false });
    } else {
      const report = judge(check, statement, (id) => experiment.formula(id));
      phases.at(-1)!.expectations.push({ report, about: new Set(subjectsOf(check, statement)) });
    }
  }
  return phases;
}

/** Keys of the quantities both sides of an expectation are made of. */
function subjectsOf(
  { formulas }: Check,
  { left, right }: CheckStatement & { readonly kind: "expect" },
): readonly string[] {
  const byId = new Map(formulas.map((value) => [value.id, value]));
  const keys = (id: ValueId): readonly string[] => {
    const source = byId.get(id)?.source;
    if (source?.kind === "observed") return [keyOf(source.quantity)];
    return source?.kind === "operation" || source?.kind === "layer" ? source.inputs.flatMap(keys) : [];
  };
  return [...keys(left), ...keys(right)];
}

function keyOf(observed: Observed): string {
  switch (observed.kind) {
    case "value":
    case "gradient":
      return `${observed.kind} ${observed.id}`;
    case "jacobian":
      return `jacobian ${observed.of} ${observed.by}`;
    case "loss":
    case "target":
    case "metric":
      return observed.kind;
    default:
      return observed satisfies never;
  }
}
