// Facts about what a layer or a function does to its numbers, whatever its arguments are. Advice in the editor rests on
// them, so that no name of a layer stands outside of its own record.

export interface Traits {
  /**
   * What it is for: `linear` multiplies by weights, so that two in a row are one; `activation` bends every number or
   * row; `regularization` only acts while training; `normalization` rescales; `rearrangement` changes the shape alone.
   */
  readonly role?: "linear" | "activation" | "regularization" | "normalization" | "rearrangement";
  /**
   * `probabilities`: numbers of the last dimension that add up to 1; `logProbabilities`: their logarithms;
   * `probability`: each number is a probability for itself.
   */
  readonly gives?: "probabilities" | "logProbabilities" | "probability";
  /** Bounds that no output leaves. */
  readonly range?: readonly [low: number, high: number];
  /** Its slope is 1 at most and almost 0 far from 0, so that a gradient shrinks on its way through. */
  readonly saturates?: true;
  /** Subtracts the mean over the batch, and with it every bias before it. */
  readonly removesBias?: true;
  /**
   * Every step of a sequence [T, F] weighs all of them by a softmax, and sees others in no other way. A constant of [T, T]
   * that is added before it, −∞ where it is so, keeps the row's step from seeing the column's.
   */
  readonly attends?: true;
  /** The argument that is the size of the output's last dimension. */
  readonly width?: string;
  /** The one of its role to take when nothing speaks for another. */
  readonly usual?: true;
  /** Gives one vector for each sample, whatever comes in. */
  readonly flattens?: true;
}
