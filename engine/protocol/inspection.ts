// What can be asked about a training besides its Snapshots: a part of one tensor, and how the network does on samples.

import type { NdArray, Shape } from "./array";
import type { ValueId } from "./network";

/** What a question about a training asks of. */
export interface AskedMoment {
  /** As it was after this step; as it is when absent. */
  readonly step?: number;
}

/** A matrix of a tensor, or several: the last two dimensions, with indices for the first ones. */
export interface SliceOrder extends AskedMoment {
  readonly id: ValueId;
  readonly of: "value" | "gradient";
  /** Indices of the first dimensions. The matrices of all dimensions between these and the last two come as tiles. */
  readonly at: readonly number[];
}

/** At most 128 × 128 numbers of a tensor, as they were after `step`. */
export interface TensorSlice {
  readonly step: number;
  /** Of the whole tensor. */
  readonly shape: Shape;
  readonly at: readonly number[];
  /** Matrices in `numbers`: the first of `allTiles`. */
  readonly tiles: number;
  readonly allTiles: number;
  readonly rows: number;
  readonly columns: number;
  /** Rows and columns of elements that each number is the mean of; `[1, 1]` when the numbers are the elements. */
  readonly block: readonly [rows: number, columns: number];
  /** `[tiles, rows, columns]` */
  readonly numbers: Float64Array;
}

/** Which samples of a training: those it is validated on, or those it learns from. */
export type SamplePart = "validation" | "training";

export interface EvaluationOrder extends AskedMoment {
  readonly part: SamplePart;
}

/** How the network does on samples, with the weights of one step. */
export interface Evaluation {
  readonly training: string;
  readonly step: number;
  readonly part: SamplePart;
  /** How many were looked at, evenly spread over `allSamples`. */
  readonly samples: number;
  readonly allSamples: number;
  /** When the outputs decide between classes. */
  readonly confusion?: Confusion;
  /** Those furthest from what was expected, the worst one first. */
  readonly worst: readonly SamplePrediction[];
  /** Some, evenly spread. */
  readonly some: readonly SamplePrediction[];
  /** When a sample has two numbers. */
  readonly boundary?: DecisionBoundary;
}

export interface Confusion {
  readonly classes: readonly string[];
  /** Samples by expected class, then by predicted class. */
  readonly counts: readonly (readonly number[])[];
}

export interface SamplePrediction {
  /** Position in its data set. */
  readonly index: number;
  readonly input: NdArray;
  readonly output: NdArray;
  /** A class or numbers, as printed. */
  readonly expected: string;
  readonly predicted: string;
  /**
   * How far it is from right. Between classes: by how much the largest output of another class exceeds that of the
   * expected class, negative when it is right. Else the distance (L2) between output and target. Absent when the
   * output is not finite.
   */
  readonly miss?: number;
}

/** What the first output says on a grid over the two numbers of a sample. */
export interface DecisionBoundary {
  /** From the left edge of the grid to the right one, of the first number. */
  readonly x: readonly [low: number, high: number];
  /** From the lower edge to the upper one, of the second number. */
  readonly y: readonly [low: number, high: number];
  /** Names of the two numbers, where the data have them. */
  readonly names?: readonly [x: string, y: string];
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, the upper row first: the index of the predicted class, or the output when there are no classes. */
  readonly cells: Float64Array;
  /** `[rows, columns]`, when the outputs are probabilities: that of the predicted class. */
  readonly certainty?: Float64Array;
  /** Names of the classes that `cells` and `target` count. */
  readonly classes?: readonly string[];
  /** Samples, evenly spread. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly target: number }[];
}
