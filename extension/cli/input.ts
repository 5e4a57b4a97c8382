// `--input` of the command line: JSON → the network's inputs.

import { formatShape } from "../../engine/model/shape";
import type { NdArray } from "../../engine/protocol/array";
import type { Network, ValueId } from "../../engine/protocol/network";
import { CommandError } from "./terminal";

/** A number or list for a network of one input, an object of them by name for any. Throws CommandError. */
export function parseInput(json: string, network: Network): Record<ValueId, NdArray> {
  const value = parseJson(json);
  const inputs = network.values.filter(({ source }) => source.kind === "input");
  const usage = inputs.map(({ id, shape = [] }) => `"${id}": ${formatShape(shape)}`).join(", ");
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([id, array]) => [id, toArray(array, id)]));
  }
  const [only] = inputs;
  if (only === undefined || inputs.length > 1) {
    throw new CommandError(`${network.name} has ${inputs.length} inputs: give an object {${usage}} to --input`);
  }
  return { [only.id]: toArray(value, only.id) };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new CommandError(`--input takes JSON such as [0.5, 1] or {"x": [0.5, 1]}, but got ${json}`);
  }
}

function toArray(value: unknown, id: ValueId): NdArray {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const numbers: number[] = [];
  const collect = (part: unknown, depth: number): void => {
    if (depth === shape.length) {
      if (typeof part !== "number")
        throw new CommandError(`--input: ${id} holds ${JSON.stringify(part)}, not a number`);
      numbers.push(part);
      return;
    }
    if (!Array.isArray(part) || part.length !== shape[depth]) {
      throw new CommandError(`--input: the rows of ${id} differ in length`);
    }
    for (const inner of part) collect(inner, depth + 1);
  };
  collect(value, 0);
  return { shape, data: Float64Array.from(numbers) };
}
