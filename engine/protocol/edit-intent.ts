// What a gesture in the diagram asks of the text. Values are named by the ids that the diagram shows; a use of a block by
// its instance. What is written (arguments, shapes, names) is text of the language. The message that carries an intent
// carries the document version it was made for.

import type { ValueId } from "./network";

export type EditIntent = Gesture & {
  /** The network the diagram shows, or the block, when it shows one that nothing uses. */
  readonly network: string;
};

export type Gesture =
  /** Of several values the one that comes to the place is one; `others` are the rest. */
  | { readonly kind: "insert"; readonly call: WrittenCall; readonly at: EditPlace; readonly others?: OtherInputs }
  /**
   * Users of a value are given what it was computed from: of several inputs the one that is `instead`, from 0. Values,
   * `param`s that nothing uses, uses of blocks.
   */
  | { readonly kind: "delete"; readonly values: readonly ValueId[]; readonly instead?: number }
  /** A value without a name is given one. */
  | { readonly kind: "rename"; readonly value: ValueId; readonly name: string }
  /** What the end was given before stays in the network. */
  | { readonly kind: "rewire"; readonly edge: EdgeEnd; readonly from: ValueId }
  /** An argument of a layer or of a use of a block; one that is not `written` is taken out, so that its default holds. */
  | { readonly kind: "argument"; readonly value: ValueId; readonly name: string; readonly written?: string }
  /** The value an attribute of the network has where nothing else is said. */
  | { readonly kind: "attribute"; readonly name: string; readonly written: string }
  /** An entry of a training, `batch`, or an argument of what one calls, `optimizer.rate`; taken out when not `written`. */
  | { readonly kind: "entry"; readonly training: string; readonly name: string; readonly written?: string }
  | { readonly kind: "shape"; readonly input: ValueId; readonly dimensions: readonly string[] }
  /** The values become a block of this name, which is used once, in their place. */
  | { readonly kind: "wrap"; readonly values: readonly ValueId[]; readonly name: string }
  /** The values of a block stand in place of its use. */
  | { readonly kind: "expand"; readonly instance: string }
  /** A residual connection: what uses `to` is given `from + to`; a sum is given one more term. */
  | { readonly kind: "connect"; readonly from: ValueId; readonly to: ValueId }
  /** `chain` is what copying gave: `-> Dense(4) as h -> ReLU`. Its names are made new. */
  | { readonly kind: "paste"; readonly chain: string; readonly at: EditPlace }
  /** One after another, ids being those of the network before all of them. */
  | { readonly kind: "several"; readonly gestures: readonly Gesture[] };

/** What something new takes besides the value that comes to its place: in front of that one, and behind it. */
export interface OtherInputs {
  readonly before: readonly ValueId[];
  readonly behind: readonly ValueId[];
}

/** A layer, function, operator, block or shared layer with arguments, as a palette gives it. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: readonly { readonly name: string; readonly written: string }[];
}

/** The end of an edge: which input of a value or of a use of a block, from 0, or which output of the network. */
export type EdgeEnd =
  | { readonly kind: "input"; readonly value: ValueId; readonly input: number }
  | { readonly kind: "output"; readonly name: string };

/** Where something new goes. */
export type EditPlace =
  | { readonly kind: "edge"; readonly edge: EdgeEnd }
  /** Between a value and all that uses it. */
  | { readonly kind: "after"; readonly value: ValueId }
  /** Between a value and the one it is computed from. */
  | { readonly kind: "before"; readonly value: ValueId }
  /** Computed from a value, and used by nothing yet. */
  | { readonly kind: "branch"; readonly value: ValueId };
