// What names mean in the expectations of a check: values of the network, `loss`, `target`, metrics, `grad(v)` and
// `jacobian(y, x)`. After a training: its parameters, loss and metrics.

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
import { Observer } from "./observer";
import type { Operand, Place, ValueTable } from "./values";
import { augmentedParts } from "./weights";

/** What the check's entries say. */
export interface Frame {
  /** Undefined when the inputs are wrong. */
  readonly batchSize: number | undefined;
  readonly singleSample: boolean;
  /** With the batch dimension; undefined when there is none, or when it is wrong. */
  readonly target: NdArray | undefined;
  readonly hasTarget: boolean;
  readonly hasLoss: boolean;
  /** The training that runs first; then there are no inputs. */
  readonly after: string | undefined;
}

export class FormulaScope implements Scope {
  readonly attributes: AttributeScope;
  private readonly observer: Observer;

  constructor(
    private readonly context: Context,
    private readonly table: ValueTable,
    private readonly lowered: LoweredNetwork,
    private readonly frame: Frame,
    private readonly observed: (id: ValueId) => void,
  ) {
    this.attributes = { ...lowered.attributes, isValue: (name) => this.hasName(name) };
    this.observer = new Observer(context, lowered, this);
  }

  *names(): Iterable<string> {
    yield* this.observer.names();
    yield* ["loss", "target"];
    yield* namesOf("metric");
  }

  blocks(): Iterable<string> {
    return [];
  }

  hasName(name: string): boolean {
    return this.observer.has(name) || name === "loss" || name === "target" || isMetric(name);
  }

  /** The network's names come first. */
  name(expression: NameExpression): Operand {
    const { name, range } = expression;
    if (this.observer.has(name)) return this.valueOf(expression);
    if (name === "loss") {
      if (!this.frame.hasLoss) this.needs("needs-loss", range);
      return this.frame.hasLoss ? this.observe({ kind: "loss" }, [], range) : undefined;
    }
    if (name === "target" && this.frame.after !== undefined) return this.perSample(range);
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
    return this.valueOf(expression);
  }

  special(call: SpecialCall): { readonly value: Operand } | undefined {
    const { name } = call.callee;
    if (name === "jacobian") return { value: this.jacobian(call) };
    return name === "grad" ? { value: this.gradient(call) } : undefined;
  }

  layer({ layer, place }: LayerCall): Operand {
    this.context.reporter.report("layer-in-formula", place.range, [layer]);
    return undefined;
  }

  stage(): undefined {
    return undefined;
  }

  /** The value or parameter that an expression names. */
  subjectOf(expression: Expression): ReturnType<Observer["subjectOf"]> {
    return this.observer.subjectOf(expression);
  }

  private valueOf(expression: NameExpression | MemberExpression): Operand {
    const { range } = expression;
    const subject = this.subjectOf(expression);
    if (subject.kind === "other") {
      this.context.reporter.report("not-a-value", range, [
        `${oneLine(this.context.text, range, 30)} is no single value`,
      ]);
    }
    if (subject.kind !== "id") return undefined;
    const { id } = subject;
    const sample = this.lowered.shapeOf(id);
    this.observed(id);
    if (this.frame.after !== undefined && sample?.batched) return this.perSample(range);
    return this.observe({ kind: "value", id }, this.frameShape(sample), range);
  }

  private gradient({ arguments: written, piped, place, callee }: SpecialCall): Operand {
    const [argument] = written;
    if (argument === undefined || written.length > 1 || piped.length > 0) {
      this.context.reporter.report("gradient-of", place.range, [oneLine(this.context.text, place.range, 30)]);
      return undefined;
    }
    const { value } = argument;
    if (value.kind === "missing") return undefined;
    if (this.frame.after !== undefined) return this.perSample(place.range);
    if (value.kind === "name" && value.name === "target" && !this.observer.has("target")) {
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
    this.observed(id);
    return this.observe({ kind: "gradient", id }, this.frameShape(this.lowered.shapeOf(id)), range);
  }

  private jacobian({ arguments: written, piped, place }: SpecialCall): Operand {
    const { range } = place;
    const ids = written.map(({ value }) => this.subjectOf(value));
    const [of, by] = ids;
    if (ids.some(({ kind }) => kind === "silent")) return undefined;
    if (piped.length > 0 || ids.length !== 2 || of?.kind !== "id" || by?.kind !== "id") {
      this.context.reporter.report("jacobian-of", range, [oneLine(this.context.text, range, 30)]);
      return undefined;
    }
    if (this.frame.after !== undefined) return this.perSample(range);
    if (!this.frame.singleSample) {
      this.context.reporter.report("jacobian-of-batch", range, []);
      return undefined;
    }
    const [rows, columns] = [of, by].map(({ id }) => this.lowered.shapeOf(id)?.shape);
    for (const { id } of [of, by]) this.observed(id);
    return this.observe({ kind: "jacobian", of: of.id, by: by.id }, rows && columns && [...rows, ...columns], range);
  }

  private augmented(parts: readonly Operand[], range: Range): Operand {
    const place = { title: oneLine(this.context.text, range, 40), range, naming: undefined };
    return this.table.operation("augmented", parts, {}, place);
  }

  private observe(quantity: Quantity, shape: Shape | undefined, range: Range): Operand {
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

  private needs(code: "needs-loss" | "needs-target", range: Range, what?: string): undefined {
    this.context.reporter.report(code, range, [what ?? this.context.text.slice(range.start, range.end)]);
    return undefined;
  }

  private perSample(range: Range): undefined {
    const { after } = this.frame;
    const what = oneLine(this.context.text, range, 30);
    this.context.reporter.report("after-training", range, [what, after!, this.lowered.network.name]);
  }
}

function isMetric(name: string): boolean {
  return documentation("metric", name) !== undefined;
}
