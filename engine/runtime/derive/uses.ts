// Which values of a network a derivation has lines for, and which of them use which: the order of the way back.

import { targetId } from "../../model/build";
import type { Network, Value, ValueId } from "../../protocol/network";

export class Uses {
  /** What has a line of its own. An unnamed `X @ W` in `X @ W + b` has none. */
  readonly values: readonly Value[];

  constructor(private readonly network: Network) {
    const inlined = inlinedIn(network);
    this.values = network.values.filter(({ id }) => !inlined.has(id));
  }

  /** Values from the last to the first, each parameter once its first use has been gone through; inputs last. */
  backwardOrder(ids: readonly ValueId[]): readonly ValueId[] {
    const { network } = this;
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
    const wanted = new Set(ids);
    return [targetId, ...order, ...inputs].filter((id) => wanted.has(id));
  }

  /** Values whose formula has it. */
  usersOf(id: ValueId): readonly ValueId[] {
    return this.values.filter((value) => this.parametersOf(value).includes(id)).map((value) => value.id);
  }

  private parametersOf({ source }: Value): readonly ValueId[] {
    const { network } = this;
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
    const own = network.parameters.filter(({ instance }) => instance === source.instance).map(({ id }) => id);
    return [...source.inputs, ...own];
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
