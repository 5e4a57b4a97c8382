// JSON → Dataset: a list of objects, one for each sample, or one object of lists. Numbers may be nested; texts in the
// targets are classes. Everything else is a DataError that names the place, as JavaScript would write it: `[3].x[0]`.

import type { DatasetArguments } from "../model/datasets";
import { nearest } from "../model/nearest";
import { formatShape } from "../model/shape";
import type { NdArray } from "../protocol/array";
import { indexClasses, mostClasses } from "./classes";
import { DataError, type Dataset } from "./dataset";
import { datasetOf } from "./samples";

export type JsonOptions = Pick<DatasetArguments<"Json">, "inputs" | "targets" | "shape" | "scale">;

/** `name` stands in messages. */
export function readJson(name: string, bytes: Uint8Array, options: JsonOptions): Dataset {
  const table = tableIn(name, parse(name, bytes));
  const { keys } = table;
  for (const argument of ["targets", "inputs"] as const) {
    const key = options[argument];
    if (key !== undefined && !keys.includes(key)) throw unknownKey(table, key, argument);
  }
  const others = keys.filter((key) => key !== options.targets);
  // A single other key may hold lists; several are one number each.
  const only = options.inputs ?? (others.length === 1 ? others[0] : undefined);
  const inputs = only === undefined ? columns(table, others) : numbers(table, table.column(only), "inputs");
  const targets = targetsIn(table, options.targets);
  const source = { name, argument: "file" };
  const dataset = datasetOf({ ...source, array: inputs }, { ...source, array: targets.array }, options);
  const features = only === undefined && options.shape === undefined ? { features: others } : {};
  const classes = targets.classes && { classes: targets.classes };
  return { ...dataset, summary: { ...dataset.summary, ...features, ...classes } };
}

/** A value of one sample, and where it stands. */
interface Cell {
  readonly value: unknown;
  readonly place: string;
}

interface JsonTable {
  readonly name: string;
  readonly keys: readonly string[];
  /** One cell for each sample. Throws DataError when the column is no list. */
  column(key: string): readonly Cell[];
}

function parse(name: string, bytes: Uint8Array): unknown {
  try {
    // TextDecoder leaves out the byte order mark.
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new DataError(`${name} is not JSON: ${(error as SyntaxError).message}`, "file");
  }
}

function tableIn(name: string, value: unknown): JsonTable {
  if (Array.isArray(value)) {
    const [first] = value;
    if (value.length === 0) throw new DataError(`${name} is an empty list`, "file");
    if (!isObject(first)) throw new DataError(`${name}: [0] is ${inWords(first)}, not an object with keys`, "file");
    return {
      name,
      keys: Object.keys(first),
      column: (key) =>
        value.map((sample: unknown, index) => {
          if (!isObject(sample))
            throw new DataError(`${name}: [${index}] is ${inWords(sample)}, not an object`, "file");
          if (!Object.hasOwn(sample, key)) throw new DataError(`${name}: [${index}] has no ${key}`, "file");
          return { value: sample[key], place: `[${index}].${key}` };
        }),
    };
  }
  if (!isObject(value)) {
    throw new DataError(`${name} is ${inWords(value)}, not a list of objects or an object of lists`, "file");
  }
  return {
    name,
    keys: Object.keys(value),
    column: (key) => {
      const list = value[key];
      if (!Array.isArray(list)) {
        throw new DataError(`${name}: ${key} is ${inWords(list)}, not a list with an entry for each sample`, "file");
      }
      return list.map((entry: unknown, index) => ({ value: entry, place: `${key}[${index}]` }));
    },
  };
}

function unknownKey({ name, keys }: JsonTable, key: string, argument: string): DataError {
  const near = nearest(key, keys);
  const known = keys.length > 12 ? `${keys.slice(0, 12).join(", ")}, …` : keys.join(", ");
  const hint = near !== undefined ? `did you mean "${near}"?` : `its keys are ${known}`;
  return new DataError(`${name} has no key "${key}": ${hint}`, argument);
}

/** One number of each key for each sample: [N, keys]. */
function columns(table: JsonTable, keys: readonly string[]): NdArray {
  if (keys.length === 0) throw new DataError(`${table.name} has no inputs: its only key is the target`, "file");
  const read = keys.map((key) => numbers(table, table.column(key), "inputs"));
  const [first] = read;
  for (const [index, { shape }] of read.entries()) {
    if (shape.length > 1) {
      throw new DataError(
        `${table.name}: ${keys[index]} is ${formatShape(shape.slice(1))} for each sample, not a single number; say which key the inputs are, inputs: "${keys[index]}"`,
        "file",
      );
    }
    if (shape[0] !== first!.shape[0]) {
      throw new DataError(
        `${table.name}: ${keys[0]} has ${first!.shape[0]} samples, but ${keys[index]} has ${shape[0]}`,
        "file",
      );
    }
  }
  const samples = first!.shape[0]!;
  const data = new Float64Array(samples * keys.length);
  for (const [column, array] of read.entries()) {
    for (let sample = 0; sample < samples; sample++) data[sample * keys.length + column] = array.data[sample]!;
  }
  return { shape: [samples, keys.length], data };
}

/** Texts are classes, and so are true and false. */
function targetsIn(table: JsonTable, key: string): { readonly array: NdArray; readonly classes?: readonly string[] } {
  const cells = table.column(key);
  const isClass = ({ value }: Cell) => typeof value === "string" || typeof value === "boolean";
  if (cells.length === 0 || !cells.every(isClass)) return { array: numbers(table, cells, "targets") };
  const { data, classes } = indexClasses(cells.map(({ value }) => String(value)));
  if (classes.length > mostClasses) {
    throw new DataError(
      `${table.name}: ${key} is the target and holds ${classes.length} different texts; at most ${mostClasses} classes can be told apart`,
      "targets",
    );
  }
  return { array: { shape: [cells.length], data }, classes };
}

/** Nested lists of equal lengths → [N, …]. */
function numbers({ name }: JsonTable, cells: readonly Cell[], argument: string): NdArray {
  const [first] = cells;
  if (first === undefined) throw new DataError(`${name} has no samples`, argument);
  const shape: number[] = [];
  for (let inner = first.value; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  const data: number[] = [];
  const visit = ({ value, place }: Cell, depth: number): void => {
    if (depth === shape.length) {
      if (typeof value === "boolean") data.push(value ? 1 : 0);
      else if (typeof value === "number") data.push(value);
      else throw new DataError(`${name}: ${place} is ${inWords(value)}, not a number`, "file");
      return;
    }
    if (!Array.isArray(value)) {
      throw new DataError(
        `${name}: ${place} is ${inWords(value)}, but ${first.place} is ${formatShape(shape)}`,
        "file",
      );
    }
    if (value.length !== shape[depth]) {
      throw new DataError(
        `${name}: ${place} has ${value.length} entries, but it takes ${shape[depth]} to be like ${first.place}, ${formatShape(shape)}`,
        "file",
      );
    }
    for (const [index, entry] of value.entries()) visit({ value: entry, place: `${place}[${index}]` }, depth + 1);
  };
  for (const cell of cells) visit(cell, 0);
  return { shape: [cells.length, ...shape], data: Float64Array.from(data) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inWords(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
