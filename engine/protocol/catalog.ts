// Documentation of everything that can be called by name in a `.nnet` file, as plain data.
// Completion, hover, argument checking and the reference pages read it; the records in engine/model write it.

import type { NdArray, Shape } from "./array";

/** What an argument of a call may hold once it is lowered. */
export type ArgumentValue = number | boolean | string | readonly ArgumentValue[] | NdArray | Call;

export type Arguments = Readonly<Record<string, ArgumentValue>>;

/** A documented thing with its arguments bound: `Adam(rate: 0.01)`. Defaults are filled in. */
export interface Call {
  readonly name: string;
  readonly arguments: Arguments;
}

export type ArgumentType =
  | { readonly kind: "integer"; readonly min?: number; readonly max?: number }
  /** `above` and `below` are exclusive bounds, `min` and `max` inclusive ones. */
  | {
      readonly kind: "number";
      readonly min?: number;
      readonly max?: number;
      readonly above?: number;
      readonly below?: number;
    }
  | { readonly kind: "boolean" }
  /** One of some words, or, where `integer` is set, a whole number of that range instead. */
  | {
      readonly kind: "choice";
      readonly choices: readonly string[];
      readonly integer?: { readonly min?: number; readonly max?: number };
    }
  | { readonly kind: "string" }
  /** A path relative to the file. */
  | { readonly kind: "file" }
  /** A column of a table: its name, or its number from 0, negative from the end. */
  | { readonly kind: "column" }
  /** A list of positive integers. */
  | { readonly kind: "shape" }
  /** A literal `[[1, 2], [3, 4]]`. */
  | { readonly kind: "tensor" }
  | { readonly kind: "initializer" };

export interface ArgumentDoc {
  readonly name: string;
  readonly type: ArgumentType;
  /** What is used when it is left out; an argument with neither default nor `optional` must be given. */
  readonly default?: ArgumentValue;
  readonly optional?: boolean;
  readonly summary: string;
}

export type CallableKind =
  | "layer"
  | "function"
  | "loss"
  | "optimizer"
  | "schedule"
  | "regularizer"
  | "clip"
  | "stopping"
  | "initializer"
  | "metric"
  | "dataset";

/** One entry of the catalog. */
export interface CallableDoc {
  readonly kind: CallableKind;
  readonly name: string;
  /** Groups layers in palette and reference: "core", "activation", … */
  readonly category: string;
  readonly summary: string;
  /** LaTeX of the forward pass. */
  readonly equation: string;
  /** LaTeX of the backward pass, one formula per line; empty where nothing is differentiated. */
  readonly gradient: string;
  /** Paper or book, section. */
  readonly source: string;
  readonly arguments: readonly ArgumentDoc[];
}

/** A parameter a layer owns: `W` of shape [in, out]. */
export interface WeightDoc {
  readonly name: string;
  readonly shape: Shape;
}
