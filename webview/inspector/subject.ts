// What the inspector shows of a selection: the value, and the tensors that belong to it.

import type { Shape } from "../../engine/protocol/array";
import type { Network, Parameter, Value, ValueId } from "../../engine/protocol/network";

export interface Subject {
  readonly value: Value;
  /** The value itself first, then the parameters of its layer. */
  readonly tensors: readonly Tensor[];
  /** The one that is selected. */
  readonly selected: ValueId;
}

export interface Tensor {
  readonly id: ValueId;
  /** `output`, `W`. */
  readonly name: string;
  /** Whether dimension 0 is the batch. */
  readonly batched: boolean;
}

/** Undefined when the network has nothing of this id. */
export function subjectOf({ values, parameters }: Network, id: ValueId): Subject | undefined {
  const parameter = parameters.find((each) => each.id === id);
  const value = values.find((each) => each.id === id) ?? values.find((each) => owns(each, parameter));
  if (!value) return undefined;
  const owned = value.source.kind === "layer" ? parameters.filter((each) => owns(value, each)) : [];
  const own: Tensor = { id: value.id, name: value.name ?? value.title, batched: value.batched };
  const tensors = [own, ...owned.map(({ id, name }) => ({ id, name, batched: false }))];
  return { value, tensors, selected: id };
}

function owns({ source }: Value, parameter: Parameter | undefined): boolean {
  return source.kind === "layer" && parameter?.instance === source.instance;
}

/** What the dimensions of a tensor are called, outermost first. */
export function dimensionNames({ length }: Shape, batched: boolean): readonly string[] {
  if (batched) {
    const rest: readonly string[] =
      length === 4 ? ["channel", "row", "column"] : length === 3 ? ["place", "feature"] : ["unit"];
    return ["sample", ...fitted(rest, length - 1)];
  }
  if (length === 4) return ["filter", "channel", "row", "column"];
  return fitted(["row", "column"], length);
}

function fitted(names: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => names[at - count + names.length] ?? `dimension ${at}`);
}
