// The parameters of one network: those declared, and those its layers own. Layers that share an instance share them.

import type { InferredLayer } from "../../../engine/model/infer";
import { formatShape, sameShape } from "../../../engine/model/shape";
import type { Parameter, ValueId } from "../../../engine/protocol/network";
import type { Range } from "../../../engine/protocol/text";
import type { MemberExpression } from "../ast";
import type { Context } from "./context";
import type { ValueTable } from "./values";

export class Weights {
  readonly parameters: Parameter[] = [];
  private readonly byInstance = new Map<string, readonly Parameter[]>();
  private readonly instances = new Map<ValueId, string>();

  constructor(private readonly table: ValueTable) {}

  /** Notes that a value is the output of a layer, before it is known whether the layer is right. */
  addLayer(value: ValueId, instance: string): void {
    this.instances.set(value, instance);
  }

  /** The layer's own parameters, or those of the first use of its instance. False after reporting that these differ. */
  addParameters(context: Context, instance: string, { weights }: InferredLayer, range: Range): boolean {
    const known = this.byInstance.get(instance);
    if (known !== undefined) return compare(context, instance, known, weights, range);
    const parameters = weights.map(({ name, shape, initializer, running }): Parameter => {
      const id = `${instance}.${name}`;
      this.table.describe(id, { shape, batched: false }, range);
      const initial = { kind: "call", call: initializer } as const;
      const kind = running ? { trainable: false, running } : { trainable: true };
      return { id, name, instance, shape, initializer: initial, ...kind, range };
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
}

function compare(
  { reporter }: Context,
  instance: string,
  known: readonly Parameter[],
  weights: InferredLayer["weights"],
  range: Range,
): boolean {
  for (const { name, shape } of weights) {
    const first = known.find((parameter) => parameter.name === name);
    if (first === undefined || sameShape(first.shape, shape)) continue;
    const related = [{ range: first.range, message: `${first.id} is ${formatShape(first.shape)} here` }];
    reporter.report("shared-weights", range, [instance, formatShape(first.shape), formatShape(shape)], { related });
    return false;
  }
  return true;
}

/** `h1.augmented` is the bias row stacked on the weights: `h1.b` and `h1.W`. */
export function augmentedParts(expression: MemberExpression): readonly MemberExpression[] {
  return ["b", "W"].map((name) => ({ ...expression, property: { ...expression.property, name } }));
}
