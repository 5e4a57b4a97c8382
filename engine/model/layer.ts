// What a layer is: a record that documents itself, names its weights and composes ops. It declares neither its output's
// shape nor a gradient: both follow from its ops. Lowering, build, hover, palette and reference read the record.

import type { Shape } from "../protocol/array";
import type { Arguments, Call } from "../protocol/catalog";
import type { ArgumentSpecs, ArgumentsOf, Described } from "./arguments";
import { typedArguments } from "./arguments";
import type { Tensor } from "./graph";
import type { Traits } from "./traits";

export interface WeightSpec {
  readonly shape: Shape;
  readonly initializer: Call;
  /** Regularizers that the layer's own arguments put on it. */
  readonly penalties?: readonly Call[];
  /** Set when no gradient changes it, but what the layer sees while training: a running mean. */
  readonly running?: true;
}

/** What a layer may need from the run besides inputs and weights. */
export interface LayerRun {
  readonly mode: "train" | "eval";
  /** Random numbers of its own. */
  readonly stream: number;
  /**
   * Says what a running weight is after this step, as a function of what it is before, which another use of the same
   * layer may have changed. Absent where nobody keeps it.
   */
  readonly update?: (weight: string, next: (current: Tensor) => Tensor) => void;
}

/** How many inputs a layer or a function takes. */
export interface InputCount {
  readonly min: number;
  readonly max: number;
}

/** A layer as the rest of the model sees it: arguments are not typed, inputs are a list. */
export interface Layer extends Described {
  readonly category: string;
  readonly traits?: Traits;
  readonly inputs: InputCount;
  /** Names of the weights with their shapes; undefined for one that is switched off. Throws ShapeError. */
  weights(args: Arguments, input: Shape): Readonly<Record<string, WeightSpec | undefined>>;
  /** Inputs are [N, …]. Throws ShapeError. */
  forward(
    inputs: readonly Tensor[],
    weights: Readonly<Record<string, Tensor | undefined>>,
    args: Arguments,
    run: LayerRun,
  ): Tensor;
  readonly example: LayerExample;
}

/** For the tests that run every layer. */
export interface LayerExample {
  /** Shapes of the inputs for one sample. */
  readonly inputs: readonly Shape[];
  readonly arguments?: Arguments;
  /** Set when inputs are whole numbers from 0 to one less: no gradient reaches them. */
  readonly indices?: number;
}

interface LayerRecord<Specs extends ArgumentSpecs> extends Described<Specs> {
  /** Groups layers in palette and reference. */
  readonly category: string;
  readonly traits?: Traits;
  readonly example: LayerExample;
}

interface WeightedLayer<Specs extends ArgumentSpecs, Weight extends string> extends LayerRecord<Specs> {
  /** `input` is the shape for one sample. Throws ShapeError when the layer cannot take it. */
  weights(args: ArgumentsOf<Specs>, input: Shape): { readonly [W in Weight]: WeightSpec | undefined };
  /** x is [N, …]; a weight is undefined when it is switched off. */
  forward(
    x: Tensor,
    weights: { readonly [W in Weight]: Tensor | undefined },
    args: ArgumentsOf<Specs>,
    run: LayerRun,
  ): Tensor;
}

/** A layer with weights. */
export function layer<Specs extends ArgumentSpecs, Weight extends string>(record: WeightedLayer<Specs, Weight>): Layer {
  const typed = (args: Arguments) => typedArguments(record.arguments, args);
  return {
    ...record,
    inputs: { min: 1, max: 1 },
    weights: (args, input) => record.weights(typed(args), input),
    forward: ([x], weights, args, run) =>
      record.forward(x!, weights as Record<Weight, Tensor | undefined>, typed(args), run),
  };
}

/** A layer without weights: it only transforms its input. */
export function transformation<Specs extends ArgumentSpecs>(
  record: LayerRecord<Specs> & { forward(x: Tensor, args: ArgumentsOf<Specs>, run: LayerRun): Tensor },
): Layer {
  return {
    ...record,
    inputs: { min: 1, max: 1 },
    weights: () => ({}),
    forward: ([x], _, args, run) => record.forward(x!, typedArguments(record.arguments, args), run),
  };
}

/** A layer without weights that makes one value of several. */
export function junction<Specs extends ArgumentSpecs>(
  record: LayerRecord<Specs> & { forward(inputs: readonly Tensor[], args: ArgumentsOf<Specs>): Tensor },
): Layer {
  return {
    ...record,
    inputs: { min: 2, max: Number.POSITIVE_INFINITY },
    weights: () => ({}),
    forward: (inputs, _, args) => record.forward(inputs, typedArguments(record.arguments, args)),
  };
}
