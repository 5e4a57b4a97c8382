// Graph → the operations that are really needed, in order: what does not depend on inputs is computed once, what is computed
// twice only once. Runs nothing of the rest.

import { neededNodes } from "../model/evaluate";
import type { Tensor } from "../model/graph";
import type { AnyOp, Attributes } from "../model/op";
import { named } from "../model/op";
import { sizeOf } from "../model/shape";
import type { NdArray, Shape } from "../protocol/array";
import type { ValueId } from "../protocol/network";

/** Position in the list of operations. */
export type Index = number;

export type Operation =
  | { readonly kind: "feed"; readonly name: string; readonly shape: Shape }
  /** A single number stands for all elements where `data` has one only. */
  | { readonly kind: "constant"; readonly data: ArrayLike<number>; readonly shape: Shape }
  | {
      readonly kind: "op";
      /** Of a primitive op, or of a fused one that only has a kernel. */
      readonly name: string;
      readonly inputs: readonly Index[];
      readonly attributes: Attributes;
      readonly shape: Shape;
      /** For ops of the model: what computes it where there is no kernel. */
      readonly op?: AnyOp;
      readonly origin: ValueId | undefined;
    };

export type OpOperation = Operation & { readonly kind: "op" };

export interface Operations {
  readonly list: readonly Operation[];
  /** Where each wanted tensor is, in the order of `wanted`. */
  readonly wanted: readonly Index[];
}

export function operationsOf(wanted: readonly Tensor[]): Operations {
  const list: Operation[] = [];
  const known = new Map<string, Index>();
  const at = new Map<number, Index>();
  const identities = new Identities();

  const append = (operation: Operation): Index => {
    const key = identities.keyOf(operation);
    const found = known.get(key);
    if (found !== undefined) return found;
    list.push(operation);
    known.set(key, list.length - 1);
    return list.length - 1;
  };

  for (const [index, node] of neededNodes(wanted)) {
    if (node.kind !== "op") {
      at.set(index, append(node.kind === "feed" ? node : constant(node.data)));
      continue;
    }
    const inputs = node.inputs.map((input) => at.get(input.index)!);
    const { op, attributes, shape, origin } = node;
    const operation: OpOperation = { kind: "op", name: op.definition.name, inputs, attributes, shape, op, origin };
    const folded = fold(operation, list) ?? neutral(operation, list);
    at.set(index, typeof folded === "number" ? folded : append(folded ?? operation));
  }
  return { list, wanted: wanted.map(({ index }) => at.get(index)!) };
}

function constant({ data, shape }: NdArray): Operation {
  return { kind: "constant", data, shape };
}

/** The constant it is, when all its inputs are constants. Elements that are all equal stay a single number. */
function fold({ op, inputs, attributes, shape }: OpOperation, list: readonly Operation[]): Operation | undefined {
  if (!op || op.definition.random || inputs.length === 0) return undefined;
  const constants = inputs.map((input) => list[input]!);
  if (!constants.every((input) => input.kind === "constant")) return undefined;
  const isUniform = constants.every(({ data }) => data.length === 1);
  const { name } = op.definition;
  if (isUniform && movements.has(name)) return { kind: "constant", data: constants[0]!.data, shape };
  const { kind } = op.definition.notation ?? {};
  const small = isUniform && (kind === "element" || kind === "mask");
  const arrays = constants.map(({ data, shape }) =>
    small ? { shape: [], data: Float64Array.of(data[0]!) } : materialized(data, shape),
  );
  const y = { shape: small ? [] : shape, data: new Float64Array(small ? 1 : sizeOf(shape)) };
  op.definition.forward(y, named(op.definition.inputs, arrays), attributes as never, {
    random: () => {
      throw new Error("A constant is not random.");
    },
  });
  return { kind: "constant", data: y.data, shape };
}

/** Ops that only move numbers: all elements stay equal if they were. */
const movements: ReadonlySet<string> = new Set(["reshape", "broadcastTo", "transpose", "slice"]);

/** What an operation gives that changes nothing: x · 1, x / 1, x + 0, x − 0. */
function neutral({ name, inputs, shape }: OpOperation, list: readonly Operation[]): Index | undefined {
  const isAll = (index: Index, value: number): boolean => {
    const operation = list[index]!;
    return operation.kind === "constant" && operation.data.length === 1 && operation.data[0] === value;
  };
  const kept = (index: Index): Index | undefined =>
    sizeOf(list[index]!.shape) === sizeOf(shape) && list[index]!.shape.length === shape.length ? index : undefined;
  const [a, b] = inputs;
  if (a === undefined || b === undefined) return undefined;
  switch (name) {
    case "multiply":
      return isAll(b, 1) ? kept(a) : isAll(a, 1) ? kept(b) : undefined;
    case "divide":
      return isAll(b, 1) ? kept(a) : undefined;
    case "add":
      return isAll(b, 0) ? kept(a) : isAll(a, 0) ? kept(b) : undefined;
    case "subtract":
      return isAll(b, 0) ? kept(a) : undefined;
    default:
      return undefined;
  }
}

function materialized(data: ArrayLike<number>, shape: Shape): NdArray {
  const size = sizeOf(shape);
  return {
    shape,
    data: data.length === size ? Float64Array.from(data) : new Float64Array(size).fill(data[0]!),
  };
}

/** JSON has no infinity. */
const textOf = (attributes: Attributes): string =>
  JSON.stringify(attributes, (_, value) => (typeof value === "number" ? String(value) : value));

/** Text that is the same for operations that compute the same. */
class Identities {
  private count = 0;

  keyOf(operation: Operation): string {
    switch (operation.kind) {
      case "feed":
        return `feed ${operation.name}`;
      case "constant":
        return operation.data.length === 1
          ? `constant ${Object.is(operation.data[0], -0) ? "-0" : operation.data[0]} ${operation.shape}`
          : `unique ${this.count++}`;
      case "op":
        // Random ops carry their stream in their attributes: the same stream is the same numbers.
        return `${operation.name} ${operation.inputs} ${operation.shape} ${textOf(operation.attributes)}`;
      default:
        return operation satisfies never;
    }
  }
}
