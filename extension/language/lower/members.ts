// `h1.W`, `r1.h.b`: what stands behind the dots of a body's expressions.

import type { MemberExpression } from "../ast";
import type { Bindings } from "./bindings";
import { type Context, oneLine } from "./context";
import type { Expressions } from "./expression";
import { memberOf, type Named, singleValue } from "./names";
import type { Operand, ValueTable } from "./values";
import { augmentedParts, type Weights } from "./weights";

export class Members {
  constructor(
    private readonly context: Context,
    private readonly bindings: Bindings,
    private readonly expressions: Expressions,
    private readonly table: ValueTable,
    private readonly weights: Weights,
  ) {}

  /** Undefined after reporting why it is no value, or when an error hides it. */
  value(expression: MemberExpression): Operand {
    if (expression.property.name === "augmented") {
      const parts = augmentedParts(expression).map((part) => this.value(part));
      return this.table.operation("augmented", parts, {}, this.expressions.placeOf(expression.range));
    }
    const found = this.find(expression);
    if (found === undefined) return undefined;
    const value = singleValue(found);
    if (value === undefined) this.reportNotSingle(found, expression);
    return value;
  }

  private find(expression: MemberExpression): Named | undefined {
    const owner = this.ownerOf(expression);
    if (owner === undefined) return undefined;
    const found = memberOf(this.context, (id) => this.weights.of(id), owner, expression);
    if (found !== undefined) this.bindings.mention(expression.property.range, singleValue(found));
    return found;
  }

  private ownerOf({ object }: MemberExpression): Named | undefined {
    if (object.kind === "member" && object.property.name !== "T" && object.property.name !== "augmented") {
      return this.find(object);
    }
    const owner = object.kind === "name" ? this.bindings.owner(object) : undefined;
    if (owner !== undefined) return owner.found;
    const id = this.expressions.lower(object);
    const instance = this.table.bundled(id);
    if (instance !== undefined) return { kind: "instance", instance };
    return id === undefined ? undefined : { kind: "value", id };
  }

  private reportNotSingle(found: Named, { range, property }: MemberExpression): void {
    if (found.kind === "layer") {
      this.context.reporter.report("layer-without-input", property.range, [oneLine(this.context.text, range, 30)]);
    } else if (found.kind === "instance" && found.instance.outputs.length > 1) {
      const { block, outputs } = found.instance;
      this.context.reporter.report("several-outputs", range, [block, outputs.map(({ name }) => name)]);
    }
  }
}
