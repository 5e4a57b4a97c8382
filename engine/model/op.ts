// What a primitive op is: a shape rule, a float64 forward and one backward formula per named input, together.

import type { NdArray, Shape } from "../protocol/array";
import type { Graph, Tensor } from "./graph";

export type Attributes = Readonly<Record<string, unknown>>;

/** What an op may need from the run besides its inputs. */
export interface RunContext {
  /** Random numbers of this run, in [0, 1): the same for the same `stream` and index until the next step. */
  random(stream: number, index: number): number;
}

/** How tightly something written binds, loosest first: what binds less than its place asks for gets parentheses. */
export type Binding = "sum" | "product" | "power" | "atom";

/** How an op is written when a computation is derived on paper. */
export interface Notation<Input extends string = string, A extends object = Attributes> {
  /** LaTeX in which `#x` stands for the input x; `(#x)` is a bracket that grows with it. */
  readonly latex: string | ((written: Written<Input, A>) => string);
  readonly binds: Binding;
  /** How tightly an input must bind; one that is left out is enclosed by the notation itself. */
  readonly inputs?: { readonly [I in Input]?: Binding };
  /**
   * Whether an element of the result depends on the same element of the inputs (`element`), is a 1 or 0 that says where
   * something holds (`mask`), or is a number that only moved (`move`); none of them when absent.
   */
  readonly kind?: "element" | "mask" | "move";
}

/** What a notation may depend on. */
export interface Written<Input extends string, A extends object> {
  readonly shapes: Record<Input, Shape>;
  readonly attributes: A;
}

export interface OpDefinition<Inputs extends readonly string[], A extends object> {
  readonly name: string;
  readonly inputs: Inputs;
  /** Without it the op is written as a function of its name. */
  readonly notation?: Notation<Inputs[number], A>;
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
    readonly notation?: Notation<string, never>;
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
