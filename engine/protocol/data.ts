// What is known about a data set after reading it.

import type { Shape } from "./array";

export interface DataSummary {
  readonly samples: number;
  /** Of one sample. */
  readonly inputShape: Shape;
  /** Of one sample's target; `[]` for a class index or a single number. */
  readonly targetShape: Shape;
  /** Names of the classes in index order when the targets are classes. */
  readonly classes?: readonly string[];
  /** Names of the input columns, when the source has them. */
  readonly features?: readonly string[];
  /** Names of all columns of a table in their order, the target's included. */
  readonly columns?: readonly string[];
  /** The smallest and the largest number of all inputs. */
  readonly inputRange?: NumberRange;
  /** The same of all targets. */
  readonly targetRange?: NumberRange;
}

export type NumberRange = readonly [low: number, high: number];

/** Why a data set cannot be used: what is wrong, where, what to do. */
export interface DataProblem {
  readonly message: string;
  /** The argument of the source that is to blame, if one is. */
  readonly argument?: string;
}

/** What is known of a file of numbers that a parameter begins with. */
export type NumbersDescription =
  | { readonly kind: "ready"; readonly shape: Shape }
  | { readonly kind: "problem"; readonly message: string };

export type DataDescription =
  | { readonly kind: "ready"; readonly summary: DataSummary }
  | { readonly kind: "problem"; readonly problem: DataProblem };
