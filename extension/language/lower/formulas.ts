// What names mean in the expectations of a check: values of the network, `loss`, `target`, metrics, `grad(v)`.

import { targetId } from "../../../engine/model/build";
import { documentation, namesOf } from "../../../engine/model/catalog";
import type { SampleShape } from "../../../engine/model/infer";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Quantity, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Expression, MemberExpression, NameExpression } from "../ast";
import type { AttributeScope } from "./constants";
import { type Context, oneLine } from "./context";
import type { LayerCall, Scope, SpecialCall } from "./expression";
import { rename, suggest } from "./fixes";
import type { LoweredNetwork } from "./network";
import type { Operand, Place, ValueTable } from "./values";
import { augmentedParts, parameterOf } from "./weights";

/** What the check's entries say. */
export interface Frame {
  /** Undefined when the inputs are wrong. */
  readonly batchSize: number | undefined;
  readonly singleSample: boolean;
  /** With the batch dimension; undefined when there is none, or when it is wrong. */
  readonly target: NdArray | undefined;
  readonly hasTarget: boolean;
  readonly hasLoss: boolean;
}

type Subject = { readonly kind: "id"; readonly id: ValueId } | { readonly kind: "silent" } | { readonly kind: "other" };

export class FormulaScope implements Scope {
  readonly attributes: AttributeScope;

  constructor(
    private readonly context: Context,
    private readonly table: ValueTable,
    private readonly lowered: LoweredNetwork,
    private readonly frame: Frame,
    private readonly observed: (id: ValueId) => void,
  ) {
    this.attributes = { ...lowered.attributes, isValue: (name) => this.hasName(name) };
  }

  *names(): Iterable<string> {
    yield* this.lowered.names.keys();
    yield* this.attributes.values.keys();
    yield* ["loss", "target"];
    yield* namesOf("metric");
  }

  hasName(name: string): boolean {
    return this.lowered.names.has(name) || name === "loss" || name === "target" || isMetric(name);
  }

  /** The network's names come first. */
  name(expression: NameExpression): Operand {
    const { name, range } = expression;
    if (this.lowered.names.has(name)) {
      const id = this.lowered.names.get(name);
      if (id === undefined) return undefined;
      this.mention(range, id);
      return this.observe({ kind: "value", id }, this.frameShape(this.lowered.shapeOf(id)), range);
    }
    if (this.lowered.layers.has(name)) {
      this.context.reporter.report("layer-without-input", range, [name]);
      return undefined;
    }
    if (name === "loss") {
      if (!this.frame.hasLoss) this.needs("needs-loss", range);
      return this.frame.hasLoss ? this.observe({ kind: "loss" }, [], range) : undefined;
    }
    if (name === "target" || isMetric(name)) {
      if (!this.frame.hasTarget) return this.needs("needs-target", range);
      if (name === "target") return this.observe({ kind: "target" }, this.targetShape(), range);
      this.context.mention(range, { kind: "callable", callable: "metric", name });
      return this.observe({ kind: "metric", name }, [], range);
    }
    const suggestion = suggest(this.context, name, this.names());
    this.context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }

  member(expression: MemberExpression): Operand {
    if (expression.property.name === "augmented") {
      return this.augmented(
        augmentedParts(expression).map((part) => this.member(part)),
        expression.range,
      );
    }
    const subject = this.subjectOf(expression);
    if (subject.kind !== "id") return undefined;
    const { id } = subject;
    return this.observe({ kind: "value", id }, this.frameShape(this.lowered.shapeOf(id)), expression.range);
  }

  special(call: SpecialCall): { readonly value: Operand } | undefined {
    const { name, range } = call.callee;
    if (name === "jacobian") {
      this.context.reporter.report("not-supported", range, ["`jacobian` is"]);
      return { value: undefined };
    }
    return name === "grad" ? { value: this.gradient(call) } : undefined;
  }

  layer({ layer, place }: LayerCall): Operand {
    this.context.reporter.report("not-supported", place.range, [`A layer inside \`expect\`, like \`${layer}\`, is`]);
    return undefined;
  }

  stage(): undefined {
    return undefined;
  }

  /** The value or parameter an expression names; "silent" after reporting, or when an error hides it. */
  subjectOf(expression: Expression): Subject {
    if (expression.kind === "name") {
      const { name, range } = expression;
      if (!this.lowered.names.has(name)) return this.attributes.values.has(name) ? other : this.unknown(name, range);
      const id = this.lowered.names.get(name);
      if (id === undefined) return silent;
      this.mention(range, id);
      return { kind: "id", id };
    }
    if (expression.kind !== "member" || expression.object.kind !== "name") return other;
    const id = this.parameter(expression, expression.object);
    return id === undefined ? silent : { kind: "id", id };
  }

  private parameter(expression: MemberExpression, { name, range }: NameExpression): ValueId | undefined {
    const { names, layers } = this.lowered;
    const owner = layers.has(name) ? name : names.get(name);
    if (owner === undefined) {
      if (!names.has(name)) this.unknown(name, range);
      return undefined;
    }
    if (!layers.has(name)) this.mention(range, owner);
    const found = parameterOf(this.context, this.lowered.parametersOf(owner), expression);
    if (found !== undefined) this.mention(expression.property.range, found);
    return found;
  }

  private unknown(name: string, range: Range): Subject {
    if (this.hasName(name) || this.lowered.layers.has(name)) return other;
    const suggestion = suggest(this.context, name, this.names());
    this.context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return silent;
  }

  private gradient({ arguments: written, piped, place, callee }: SpecialCall): Operand {
    const [argument] = written;
    if (argument === undefined || written.length > 1 || piped.length > 0) {
      this.context.reporter.report("gradient-of", place.range, [oneLine(this.context.text, place.range, 30)]);
      return undefined;
    }
    const { value } = argument;
    if (value.kind === "missing") return undefined;
    if (value.kind === "name" && value.name === "target" && !this.lowered.names.has("target")) {
      if (!this.frame.hasLoss) return this.needs("needs-loss", callee.range, "grad(target)");
      return this.observe({ kind: "gradient", id: targetId }, this.targetShape(), place.range);
    }
    return this.gradientOf(value, place.range);
  }

  private gradientOf(value: Expression, range: Range): Operand {
    if (value.kind === "member" && value.property.name === "augmented") {
      return this.augmented(
        augmentedParts(value).map((part) => this.gradientOf(part, range)),
        range,
      );
    }
    const subject = this.subjectOf(value);
    if (subject.kind === "other") {
      this.context.reporter.report("gradient-of", value.range, [oneLine(this.context.text, value.range, 30)]);
    }
    if (subject.kind !== "id") return undefined;
    const { id } = subject;
    return this.observe({ kind: "gradient", id }, this.frameShape(this.lowered.shapeOf(id)), range);
  }

  private augmented(parts: readonly Operand[], range: Range): Operand {
    const place = { title: oneLine(this.context.text, range, 40), range, naming: undefined };
    return this.table.operation("augmented", parts, {}, place);
  }

  private observe(quantity: Quantity, shape: Shape | undefined, range: Range): Operand {
    if (quantity.kind === "value" || quantity.kind === "gradient") this.observed(quantity.id);
    const place: Place = { title: oneLine(this.context.text, range, 40), range, naming: undefined };
    const sample = shape && { shape, batched: false };
    return this.table.add({ kind: "observed", quantity }, place, sample, this.table.anonymousId(place.title));
  }

  /** The shape a value has in the check's formulas: a batch has its dimension in front, one sample has none. */
  private frameShape(sample: SampleShape | undefined): Shape | undefined {
    if (sample === undefined) return undefined;
    if (!sample.batched || this.frame.singleSample) return sample.shape;
    return this.frame.batchSize === undefined ? undefined : [this.frame.batchSize, ...sample.shape];
  }

  private targetShape(): Shape | undefined {
    return this.frame.singleSample ? this.frame.target?.shape.slice(1) : this.frame.target?.shape;
  }

  private mention(range: Range, id: ValueId): void {
    this.context.mention(range, { kind: "value", network: this.attributes.network, id });
  }

  private needs(code: "needs-loss" | "needs-target", range: Range, what?: string): undefined {
    this.context.reporter.report(code, range, [what ?? this.context.text.slice(range.start, range.end)]);
    return undefined;
  }
}

const silent: Subject = { kind: "silent" };
const other: Subject = { kind: "other" };

function isMetric(name: string): boolean {
  return documentation("metric", name) !== undefined;
}
