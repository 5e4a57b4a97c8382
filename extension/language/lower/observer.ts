// Expressions outside a network that name what is in it: values, parameters, what is inside instances of blocks.

import type { ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { Expression } from "../ast";
import type { AttributeScope } from "./constants";
import type { Context } from "./context";
import { rename, suggest } from "./fixes";
import { memberOf, type Named, named, singleValue } from "./names";
import type { LoweredNetwork } from "./network";

/** "silent" after reporting, or when an error hides it; "other" for what names no single value. */
export type ObservedSubject =
  | { readonly kind: "id"; readonly id: ValueId }
  | { readonly kind: "silent" }
  | { readonly kind: "other" };

/** The names besides those of the network. */
interface Around {
  readonly attributes: AttributeScope;
  names(): Iterable<string>;
  hasName(name: string): boolean;
}

export class Observer {
  constructor(
    private readonly context: Context,
    private readonly lowered: LoweredNetwork,
    private readonly around: Around,
  ) {}

  /** Of the network. */
  *names(): Iterable<string> {
    const { values, layers, instances } = this.lowered.names;
    yield* new Set([...values.keys(), ...layers.keys(), ...instances.keys()]);
    yield* this.around.attributes.values.keys();
  }

  has(name: string): boolean {
    const { values, layers, instances } = this.lowered.names;
    return values.has(name) || layers.has(name) || instances.has(name);
  }

  subjectOf(expression: Expression): ObservedSubject {
    if (expression.kind !== "name" && expression.kind !== "member") return other;
    const found = this.find(expression);
    if (found === "silent" || found === "other") return found === "silent" ? silent : other;
    const id = singleValue(found);
    return id === undefined ? other : { kind: "id", id };
  }

  private find(expression: Expression): Named | "silent" | "other" {
    if (expression.kind === "name") return this.byName(expression.name, expression.range);
    if (expression.kind !== "member") return "other";
    const owner = this.find(expression.object);
    if (owner === "silent" || owner === "other") return owner;
    const found = memberOf(this.context, (id) => this.lowered.parametersOf(id), owner, expression);
    if (found !== undefined) this.mention(expression.property.range, found);
    return found ?? "silent";
  }

  private byName(name: string, range: Range): Named | "silent" | "other" {
    if (this.around.attributes.values.has(name)) return "other";
    const found = named(this.lowered.names, name);
    if (found !== undefined) {
      this.mention(range, found);
      return found;
    }
    if (this.has(name)) return "silent";
    if (this.around.hasName(name)) return "other";
    const suggestion = suggest(this.context, name, this.around.names());
    this.context.reporter.report("unknown-name", range, [name, suggestion], { fixes: rename(range, suggestion) });
    return "silent";
  }

  private mention(range: Range, found: Named): void {
    const id = singleValue(found);
    const { network } = this.lowered.attributes;
    if (id !== undefined) this.context.mention(range, { kind: "value", network, id });
  }
}

const silent: ObservedSubject = { kind: "silent" };
const other: ObservedSubject = { kind: "other" };
