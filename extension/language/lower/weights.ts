// The parameters of one network: those declared, and those its layers own. Layers that share an instance share them.

import type { InferredLayer } from "../../../engine/model/infer";
import { formatShape, sameShape } from "../../../engine/model/shape";
import type { Parameter, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { MemberExpression } from "../ast";
import { type Context, oneLine } from "./context";
import { rename, suggest } from "./fixes";
import type { ValueTable } from "./values";

export class Weights {
  readonly parameters: Parameter[] = [];
  private readonly byInstance = new Map<string, readonly Parameter[]>();
  private readonly instances = new Map<ValueId, string>();

  constructor(
    private readonly context: Context,
    private readonly table: ValueTable,
  ) {}

  /** Notes that a value is the output of a layer, before it is known whether the layer is right. */
  addLayer(value: ValueId, instance: string): void {
    this.instances.set(value, instance);
  }

  /** The layer's own parameters, or those of the first use of its instance. False after reporting that these differ. */
  addParameters(instance: string, { weights }: InferredLayer, range: Range): boolean {
    const known = this.byInstance.get(instance);
    if (known !== undefined) return this.compare(instance, known, weights, range);
    const parameters = weights.map(({ name, shape, initializer }): Parameter => {
      const id = `${instance}.${name}`;
      this.table.describe(id, { shape, batched: false }, range);
      const initial = { kind: "call", call: initializer } as const;
      return { id, name, instance, shape, initializer: initial, trainable: true, range };
    });
    this.byInstance.set(instance, parameters);
    this.parameters.push(...parameters);
    return true;
  }

  /** Of a value or a shared layer: none when no layer gives the value, undefined when an error hides them. */
  of(owner: ValueId): readonly Parameter[] | undefined {
    const instance = this.instances.get(owner) ?? (this.byInstance.has(owner) ? owner : undefined);
    return instance === undefined ? [] : this.byInstance.get(instance);
  }

  private compare(
    instance: string,
    known: readonly Parameter[],
    weights: InferredLayer["weights"],
    range: Range,
  ): boolean {
    for (const { name, shape } of weights) {
      const first = known.find((parameter) => parameter.name === name);
      if (first === undefined || sameShape(first.shape, shape)) continue;
      const related = [{ range: first.range, message: `${first.id} is ${formatShape(first.shape)} here` }];
      const words = [instance, formatShape(first.shape), formatShape(shape)] as const;
      this.context.reporter.report("shared-weights", range, [...words], { related });
      return false;
    }
    return true;
  }
}

/** The parameter that a `.name` picks. Undefined after reporting; silent when an error hides the parameters. */
export function parameterOf(
  context: Context,
  parameters: readonly Parameter[] | undefined,
  { object, property }: MemberExpression,
): ValueId | undefined {
  if (property.name === "" || parameters === undefined) return undefined;
  const found = parameters.find(({ name }) => name === property.name);
  if (found !== undefined) return found.id;
  const members = parameters.map(({ name }) => name);
  const fixes = rename(property.range, suggest(context, property.name, members));
  const has = members.length === 0 ? "it has no parameters" : `it has ${members.join(" and ")}`;
  const owner = oneLine(context.text, object.range, 30);
  context.reporter.report("unknown-member", property.range, [owner, property.name, has], { fixes });
  return undefined;
}

/** `h1.augmented` is the bias row stacked on the weights: `h1.b` and `h1.W`. */
export function augmentedParts(expression: MemberExpression): readonly MemberExpression[] {
  return ["b", "W"].map((name) => ({ ...expression, property: { ...expression.property, name } }));
}
