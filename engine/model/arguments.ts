// Arguments of everything that can be called by name: one spec gives the documentation, the check and the TypeScript
// type. Reading a text's arguments against the specs is done by lowering; here they are only given their types.

import type { NdArray } from "../protocol/array";
import type {
  ArgumentDoc,
  Arguments,
  ArgumentType,
  ArgumentValue,
  Call,
  CallableDoc,
  CallableKind,
} from "../protocol/catalog";

/** One argument; `Value` is the type of what `typedArguments` gives for it. */
export interface ArgumentSpec<Value> {
  readonly type: ArgumentType;
  readonly default?: ArgumentValue;
  readonly optional?: boolean;
  readonly summary: string;
  /** Never set: it only carries the type. */
  readonly value?: Value;
}

export type ArgumentSpecs = Readonly<Record<string, ArgumentSpec<unknown>>>;

/** Values of the arguments, by name: `{ units: number; bias: boolean }`. */
export type ArgumentsOf<Specs extends ArgumentSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends ArgumentSpec<infer Value> ? Value : never;
};

/** What every entry of the catalog says about itself. */
export interface Described<Specs extends ArgumentSpecs = ArgumentSpecs> {
  readonly summary: string;
  /** LaTeX of the forward pass. */
  readonly equation: string;
  /** LaTeX of the backward pass, one formula per line; empty where nothing is differentiated. */
  readonly gradient: string;
  /** Paper or book, section. */
  readonly source: string;
  readonly arguments: Specs;
}

/** The entry as plain data for completion, hover and reference. */
export function describe(kind: CallableKind, name: string, category: string, record: Described): CallableDoc {
  const { summary, equation, gradient, source } = record;
  return {
    kind,
    name,
    category,
    summary,
    equation,
    gradient,
    source,
    arguments: Object.entries(record.arguments).map(([argument, spec]) => argumentDoc(argument, spec)),
  };
}

/**
 * Fills in defaults and gives the arguments the types of their specs.
 *
 * Throws when one without a default is missing: lowering reports that to the user before anything runs.
 */
export function typedArguments<Specs extends ArgumentSpecs>(specs: Specs, args: Arguments): ArgumentsOf<Specs> {
  const values: Record<string, ArgumentValue | undefined> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = args[name] ?? spec.default;
    if (value === undefined && !spec.optional) throw new Error(`The argument "${name}" is missing.`);
    values[name] = value;
  }
  return values as ArgumentsOf<Specs>;
}

/** The entry of a table, or undefined when it has none of this name. */
export function lookUp<Entry>(table: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

interface Options<Value> {
  readonly summary: string;
  readonly default?: Value;
  /** May be left out and is then undefined. */
  readonly optional?: true;
}

type ValueOf<Value, O> = O extends { readonly optional: true } ? Value | undefined : Value;

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

interface OpenBounds extends Bounds {
  readonly above?: number;
  readonly below?: number;
}

export function integer<const O extends Options<number> & Bounds>(options: O): ArgumentSpec<ValueOf<number, O>> {
  return spec({ kind: "integer", ...bounds(options) }, options);
}

export function number<const O extends Options<number> & OpenBounds>(options: O): ArgumentSpec<ValueOf<number, O>> {
  return spec({ kind: "number", ...bounds(options) }, options);
}

export function boolean<const O extends Options<boolean>>(options: O): ArgumentSpec<ValueOf<boolean, O>> {
  return spec({ kind: "boolean" }, options);
}

export function choice<const C extends string, const O extends Options<C>>(
  choices: readonly C[],
  options: O,
): ArgumentSpec<ValueOf<C, O>> {
  return spec({ kind: "choice", choices }, options);
}

/** One of some words, or a whole number: `valid`, `same`, 2. */
export function choiceOrInteger<const C extends string, const O extends Options<C | number> & Bounds>(
  choices: readonly C[],
  options: O,
): ArgumentSpec<ValueOf<C | number, O>> {
  return spec({ kind: "choice", choices, integer: bounds(options) }, options);
}

export function string<const O extends Options<string>>(options: O): ArgumentSpec<ValueOf<string, O>> {
  return spec({ kind: "string" }, options);
}

export function file<const O extends Options<string>>(options: O): ArgumentSpec<ValueOf<string, O>> {
  return spec({ kind: "file" }, options);
}

/** A column of a table: its name, or its number from 0, negative from the end. */
export function column<const O extends Options<string | number>>(
  options: O,
): ArgumentSpec<ValueOf<string | number, O>> {
  return spec({ kind: "column" }, options);
}

export function shape<const O extends Options<readonly number[]>>(
  options: O,
): ArgumentSpec<ValueOf<readonly number[], O>> {
  return spec({ kind: "shape" }, options);
}

export function tensor<const O extends Options<NdArray>>(options: O): ArgumentSpec<ValueOf<NdArray, O>> {
  return spec({ kind: "tensor" }, options);
}

export function initializer<const O extends Options<Call>>(options: O): ArgumentSpec<ValueOf<Call, O>> {
  return spec({ kind: "initializer" }, options);
}

function spec<Value>(type: ArgumentType, options: Options<ArgumentValue>): ArgumentSpec<Value> {
  return {
    type,
    summary: options.summary,
    ...(options.default === undefined ? {} : { default: options.default }),
    ...(options.optional ? { optional: true } : {}),
  };
}

function bounds({ min, max, above, below }: OpenBounds): OpenBounds {
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(above === undefined ? {} : { above }),
    ...(below === undefined ? {} : { below }),
  };
}

function argumentDoc(name: string, { type, summary, default: value, optional }: ArgumentSpec<unknown>): ArgumentDoc {
  return {
    name,
    type,
    summary,
    ...(value === undefined ? {} : { default: value }),
    ...(optional ? { optional } : {}),
  };
}
