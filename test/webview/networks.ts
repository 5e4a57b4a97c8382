// Small networks as lowering gives them, written by hand, for the tests of what the webview makes of them.

import type { Arguments } from "../../engine/protocol/catalog";
import type { Network, Output, Parameter, Value, ValueSource } from "../../engine/protocol/network";

const range = { start: 0, end: 1 };

export function network(values: readonly Value[], more: Partial<Network> = {}): Network {
  return {
    name: "Example",
    documentation: "",
    range,
    nameRange: range,
    attributes: [],
    values,
    parameters: [],
    outputs: [],
    complete: values.every(({ shape }) => shape !== undefined),
    ...more,
  };
}

export function input(id: string, shape: readonly number[]): Value {
  return { id, name: id, title: id, source: { kind: "input" }, shape, batched: true, range };
}

export function declared(id: string, shape: readonly number[]): Value {
  return { id, name: id, title: id, source: { kind: "parameter" }, shape, batched: false, range };
}

export function literal(id: string, title: string, data: readonly number[], shape: readonly number[] = []): Value {
  const source: ValueSource = { kind: "constant", data: { shape, data: Float64Array.from(data) } };
  return { id, title, source, shape, batched: false, range };
}

interface Computed {
  readonly id: string;
  readonly title: string;
  readonly inputs: readonly string[];
  readonly name?: string;
  /** Left out where an error hides it. */
  readonly shape?: readonly number[];
  readonly arguments?: Arguments;
  readonly instance?: string;
}

export function operation({ id, title, inputs, name, shape, arguments: given = {} }: Computed): Value {
  const source: ValueSource = { kind: "operation", function: "f", inputs, arguments: given };
  return { id, title, source, batched: true, range, ...(name && { name }), ...(shape && { shape }) };
}

export function layer({ id, title, inputs, name, shape, arguments: given = {}, instance = id }: Computed): Value {
  const source: ValueSource = {
    kind: "layer",
    layer: title,
    instance,
    inputs,
    arguments: given,
    chosen: Object.keys(given),
  };
  return { id, title, source, batched: true, range, ...(name && { name }), ...(shape && { shape }) };
}

export function weights(instance: string, shapes: Readonly<Record<string, readonly number[]>>): readonly Parameter[] {
  return Object.entries(shapes).map(([name, shape]) => ({
    ...parameter(`${instance}.${name}`, shape, { trainable: true }),
    name,
    instance,
  }));
}

export function parameter(
  id: string,
  shape: readonly number[],
  { trainable }: { readonly trainable: boolean },
): Parameter {
  const initializer = { kind: "call", call: { name: "Zeros", arguments: {} } } as const;
  return { id, name: id, shape, initializer, trainable, range };
}

export function output(value: string, name = "output"): Output {
  return { name, value };
}

/** `x -> Dense(3) as h -> Softmax`. */
export function classifier(): Network {
  return network(
    [
      input("x", [4]),
      layer({ id: "h", name: "h", title: "Dense", inputs: ["x"], shape: [3], arguments: { units: 3, bias: true } }),
      layer({ id: "Softmax#1", title: "Softmax", inputs: ["h"], shape: [3] }),
    ],
    { parameters: weights("h", { W: [4, 3], b: [3] }), outputs: [output("Softmax#1")] },
  );
}
