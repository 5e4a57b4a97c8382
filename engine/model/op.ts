// What a primitive op is: a shape rule, a float64 forward and one backward formula per named input, together.

import type { NdArray, Shape } from "../protocol/array";
import type { Graph, Tensor } from "./graph";

export type Attributes = Readonly<Record<string, unknown>>;

/** What an op may need from the run besides its inputs. */
export interface RunContext {
  /** Random numbers of this run, in [0, 1): the same for the same `stream` and index until the next step. */
  random(stream: number, index: number): number;
}

export interface OpDefinition<Inputs extends readonly string[], A extends object> {
  readonly name: string;
  readonly inputs: Inputs;
  /** Set when it draws random numbers: then it is not a constant even if all its inputs are. */
  readonly random?: true;
  /** Throws ShapeError when the inputs do not fit. */
  shape(shapes: Record<Inputs[number], Shape>, attributes: A): Shape;
  /** Writes every element of `y`, whose shape is the shape rule's. */
  forward(y: NdArray, inputs: Record<Inputs[number], NdArray>, attributes: A, context: RunContext): void;
  /**
   * The gradient of each input, given that of the result; null where nothing can be differentiated.
   * A formula may give the broadcast shape: differentiate.ts sums it back.
   */
  readonly backward: {
    readonly [Input in Inputs[number]]:
      | ((dy: Tensor, tensors: Record<Inputs[number] | "y", Tensor>, attributes: A) => Tensor)
      | null;
  };
  /** Inputs for the gradient test: shapes, and attributes if there are any. Random values in `range`. */
  readonly example: {
    readonly shapes: Record<Inputs[number], Shape>;
    readonly attributes?: A;
    readonly range?: readonly [low: number, high: number];
  };
}

type TensorsOf<Inputs extends readonly string[]> = { -readonly [I in keyof Inputs]: Tensor };

// biome-ignore lint/complexity/noBannedTypes: `{}` is the type of no attributes; `keyof {}` is never.
type NoAttributes = {};

/** An op is called on tensors, attributes last: `add(a, b)`, `sum(x, { axes: [1], keep: true })`. */
export interface Op<Inputs extends readonly string[], A extends object = NoAttributes> {
  (...args: [...TensorsOf<Inputs>, ...(keyof A extends never ? [] : [attributes: A])]): Tensor;
  readonly definition: OpDefinition<Inputs, A>;
  shapeOf(shapes: readonly Shape[], attributes: Attributes): Shape;
}

/** An op whose inputs and attributes are known at run time only, as a Graph stores it. */
export interface AnyOp {
  readonly definition: {
    readonly name: string;
    readonly inputs: readonly string[];
    readonly random?: true;
    forward(y: NdArray, inputs: Record<string, NdArray>, attributes: never, context: RunContext): void;
    readonly backward: Readonly<
      Record<string, ((dy: Tensor, tensors: Record<string, Tensor>, attributes: never) => Tensor) | null>
    >;
  };
  shapeOf(shapes: readonly Shape[], attributes: Attributes): Shape;
}

export function op<const Inputs extends readonly string[], A extends object = NoAttributes>(
  definition: OpDefinition<Inputs, A>,
): Op<Inputs, A> {
  const count = definition.inputs.length;
  const shapeOf = (shapes: readonly Shape[], attributes: Attributes): Shape =>
    definition.shape(named(definition.inputs, shapes), attributes as A);
  const call = (...args: unknown[]): Tensor => {
    const inputs = args.slice(0, count) as Tensor[];
    const graph: Graph = inputs[0]!.graph;
    return graph.apply(self as unknown as AnyOp, inputs, (args[count] ?? {}) as Attributes);
  };
  const self = Object.assign(call, { definition, shapeOf }) as Op<Inputs, A>;
  return self;
}

/** Pairs the names of inputs with what stands at their positions. */
export function named<Name extends string, T>(names: readonly Name[], items: readonly T[]): Record<Name, T> {
  return Object.fromEntries(names.map((name, position) => [name, items[position]])) as Record<Name, T>;
}
