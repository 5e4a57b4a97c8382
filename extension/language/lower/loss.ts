// `loss: CrossEntropy` or `loss: mean((y - target)^2)` → Loss: an entry of the catalog, or an expression over the
// network's values and `target`, written for one sample.

import { documentation } from "../../../engine/model/catalog";
import { checkLossShapes, type SampleShape } from "../../../engine/model/infer";
import { formatShape, ShapeError } from "../../../engine/model/shape";
import type { Shape } from "../../../engine/protocol/array";
import type { Call } from "../../../engine/protocol/catalog";
import type { Loss, Quantity, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Expression, MemberExpression, NameExpression } from "../ast";
import { catalogCall } from "./arguments";
import { type AttributeScope, noAttributes } from "./constants";
import { type Context, oneLine } from "./context";
import { Expressions, type LayerCall, type Scope, type SpecialCall } from "./expression";
import { rename, suggest } from "./fixes";
import type { LoweredNetwork } from "./network";
import { Observer } from "./observer";
import { type Operand, ValueTable } from "./values";
import { augmentedParts } from "./weights";

export interface LoweredLoss {
  readonly loss: Loss;
  /** What to mark when the loss does not fit. */
  readonly range: Range;
  readonly usesTarget: boolean;
  /** The values that an expression looks at. */
  readonly observed: readonly ValueId[];
}

/** `target` is the shape of one sample's target. Undefined after reporting what is wrong. */
export function lowerLoss(
  context: Context,
  expression: Expression | undefined,
  network: LoweredNetwork | undefined,
  target: Shape | undefined,
): LoweredLoss | undefined {
  if (expression === undefined || expression.kind === "missing") return undefined;
  if (!isFormula(expression, network)) {
    const bound = catalogCall(context, "loss", expression, noAttributes);
    return (
      bound && { loss: { kind: "call", call: bound.call }, range: bound.nameRange, usesTarget: true, observed: [] }
    );
  }
  return network && lowerFormula(context, expression, network, target);
}

/** Why the loss cannot compare an output with targets of these shapes; undefined when it can. */
export function lossProblem(loss: Call, output: Shape, target: Shape): string | undefined {
  try {
    checkLossShapes(loss, output, target);
    return undefined;
  } catch (problem) {
    if (problem instanceof ShapeError) return problem.message;
    throw problem;
  }
}

/** A name or call is an expression when it is no loss, but a value or a function. */
function isFormula(expression: Expression, network: LoweredNetwork | undefined): boolean {
  switch (expression.kind) {
    case "name": {
      const { name } = expression;
      return documentation("loss", name) === undefined && (network?.names.values.has(name) || name === "target");
    }
    case "call":
      return documentation("function", expression.callee.name) !== undefined;
    case "string":
    case "boolean":
    case "list":
      return false;
    default:
      return true;
  }
}

function lowerFormula(
  context: Context,
  expression: Expression,
  network: LoweredNetwork,
  target: Shape | undefined,
): LoweredLoss | undefined {
  const { range } = expression;
  const table = new ValueTable(context);
  const scope = new LossScope(context, table, network, target);
  const result = new Expressions(context, table, scope).lower(expression);
  if (result === undefined) return undefined;
  const shape = table.shapeOf(result)?.shape;
  if (shape === undefined) {
    // Known shapes that do not fit have been reported; unknown ones come from the data.
    if (!scope.isOpen) return undefined;
  } else if (shape.length > 0) {
    const text = context.text.slice(range.start, range.end);
    const fixes = ["mean", "sum"].map((name) => ({
      title: `Take the ${name}`,
      edits: [{ range, newText: `${name}(${text})` }],
    }));
    context.reporter.report("loss-not-single", range, [formatShape(shape)], { fixes });
    return undefined;
  }
  return {
    loss: { kind: "formula", text: oneLine(context.text, range), values: table.values, result },
    range,
    usesTarget: scope.usesTarget,
    observed: scope.observed,
  };
}

class LossScope implements Scope {
  readonly attributes: AttributeScope;
  readonly observed: ValueId[] = [];
  usesTarget = false;
  /** Whether the shape of something is not known yet. */
  isOpen = false;
  private readonly observer: Observer;

  constructor(
    private readonly context: Context,
    private readonly table: ValueTable,
    private readonly lowered: LoweredNetwork,
    private readonly target: Shape | undefined,
  ) {
    this.attributes = { ...lowered.attributes, isValue: (name) => this.hasName(name) };
    this.observer = new Observer(context, lowered, this);
  }

  *names(): Iterable<string> {
    yield* this.observer.names();
    yield "target";
  }

  blocks(): Iterable<string> {
    return [];
  }

  hasName(name: string): boolean {
    return this.observer.has(name) || name === "target";
  }

  name(expression: NameExpression): Operand {
    const { name, range } = expression;
    if (this.observer.has(name)) return this.valueOf(expression);
    if (name === "target") {
      this.usesTarget = true;
      const shape = this.target && { shape: this.target, batched: true };
      return this.observe({ kind: "target" }, shape, range);
    }
    if (documentation("loss", name) !== undefined) {
      this.context.reporter.report("loss-in-formula", range, [name]);
      return undefined;
    }
    const suggestion = suggest(this.context, name, this.names());
    this.context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return undefined;
  }

  member(expression: MemberExpression): Operand {
    if (expression.property.name !== "augmented") return this.valueOf(expression);
    const parts = augmentedParts(expression).map((part) => this.member(part));
    const place = { title: this.titleOf(expression.range), range: expression.range, naming: undefined };
    return this.table.operation("augmented", parts, {}, place);
  }

  special({ callee }: SpecialCall): { readonly value: Operand } | undefined {
    const { name, range } = callee;
    if (documentation("loss", name) === undefined) return undefined;
    this.context.reporter.report("loss-in-formula", range, [name]);
    return { value: undefined };
  }

  layer({ layer, place }: LayerCall): Operand {
    this.context.reporter.report("layer-in-formula", place.range, [layer]);
    return undefined;
  }

  stage(): undefined {
    return undefined;
  }

  private valueOf(expression: NameExpression | MemberExpression): Operand {
    const { range } = expression;
    const subject = this.observer.subjectOf(expression);
    if (subject.kind === "other") {
      this.context.reporter.report("not-a-value", range, [`${this.titleOf(range)} is no single value`]);
    }
    if (subject.kind !== "id") return undefined;
    this.observed.push(subject.id);
    return this.observe({ kind: "value", id: subject.id }, this.lowered.shapeOf(subject.id), range);
  }

  private observe(quantity: Quantity, shape: SampleShape | undefined, range: Range): Operand {
    this.isOpen ||= shape === undefined;
    const place = { title: this.titleOf(range), range, naming: undefined };
    return this.table.add({ kind: "observed", quantity }, place, shape, this.table.anonymousId(place.title));
  }

  private titleOf(range: Range): string {
    return oneLine(this.context.text, range, 40);
  }
}
