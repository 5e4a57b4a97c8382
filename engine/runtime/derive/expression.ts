// Formulas as trees: named quantities and numbers, joined by ops. Every node carries its numbers, computed by the op's own
// forward, so what is written and what is computed cannot disagree.

import { noRandomNumbers } from "../../model/evaluate";
import type { Graph, Tensor } from "../../model/graph";
import type { AnyOp, Attributes } from "../../model/op";
import { named } from "../../model/op";
import { sameShape, sizeOf } from "../../model/shape";
import type { NdArray, Shape } from "../../protocol/array";

export type Expression = Quantity | Constant | Application;

/** Something with a name: `H_1`, `∂L/∂W_2`, `η`. */
export interface Quantity {
  readonly kind: "quantity";
  /** LaTeX. */
  readonly symbol: string;
  /** A fraction such as ∂L/∂y, which needs parentheses before a superscript. */
  readonly isFraction: boolean;
  readonly value: NdArray;
  /** What it stands for, where a result is written in place of what it is computed from. */
  readonly resultOf?: Expression;
}

/** Numbers without a name. */
export interface Constant {
  readonly kind: "constant";
  readonly value: NdArray;
  /** Written by the user, from a definition (½ reads better than 0.5), or the result of a division (1/N). */
  readonly origin: "user" | "definition" | "division";
}

export interface Application {
  readonly kind: "application";
  readonly op: AnyOp;
  readonly inputs: readonly Expression[];
  readonly attributes: Attributes;
  readonly value: NdArray;
}

export const shapeOf = ({ value }: Expression): Shape => value.shape;

export function apply(op: AnyOp, inputs: readonly Expression[], attributes: Attributes = {}): Application {
  const shape = op.shapeOf(inputs.map(shapeOf), attributes);
  const value = new ArrayOnDemand(shape, () => {
    const values = inputs.map((input) => input.value);
    return compute(op, values, attributes).data;
  });
  return { kind: "application", op, inputs, attributes, value };
}

/** Numbers that are made when somebody looks at them: of most formulas somebody looks at one. */
export class ArrayOnDemand implements NdArray {
  private made: Float64Array | undefined;

  constructor(
    readonly shape: Shape,
    private readonly make: () => Float64Array,
  ) {}

  get isMade(): boolean {
    return this.made !== undefined;
  }

  get data(): Float64Array {
    this.made ??= this.make();
    return this.made;
  }
}

/** The numbers an op gives. */
export function compute(op: AnyOp, inputs: readonly NdArray[], attributes: Attributes): NdArray {
  const shape = op.shapeOf(
    inputs.map((input) => input.shape),
    attributes,
  );
  const value = { shape, data: new Float64Array(sizeOf(shape)) };
  op.definition.forward(value, named(op.definition.inputs, inputs), attributes as never, noRandomNumbers);
  return value;
}

/** The numbers of an expression computed anew from its quantities and constants, for tests. */
export function evaluate(expression: Expression, known = new Map<Expression, NdArray>()): NdArray {
  if (expression.kind !== "application") return expression.value;
  const done = known.get(expression);
  if (done) return done;
  const { op, inputs, attributes } = expression;
  const value = compute(
    op,
    inputs.map((input) => evaluate(input, known)),
    attributes,
  );
  known.set(expression, value);
  return value;
}

/** How many symbols and numbers it has when it is written out, at most `limit`. */
export function lengthOf(expression: Expression, limit: number): number {
  if (expression.kind !== "application") return 1;
  let length = 1;
  for (const input of expression.inputs) {
    if (length >= limit) return limit;
    length += lengthOf(input, limit - length);
  }
  return Math.min(length, limit);
}

/** The one number of an expression that has the same everywhere and no name; undefined otherwise. */
export function uniform(expression: Expression): number | undefined {
  if (expression.kind !== "constant") return undefined;
  const { data } = expression.value;
  const [first] = data;
  return first !== undefined && data.every((value) => value === first) ? first : undefined;
}

export function constant(value: NdArray, origin: Constant["origin"]): Constant {
  return { kind: "constant", value, origin };
}

export function filled(shape: Shape, value: number, origin: Constant["origin"]): Constant {
  return constant({ shape, data: new Float64Array(sizeOf(shape)).fill(value) }, origin);
}

export function quantity(symbol: string, value: NdArray, { isFraction = false } = {}): Quantity {
  return { kind: "quantity", symbol, isFraction, value };
}

/** What some nodes of a graph are called; every other node is written by its op. */
export type Names = Map<number, Expression>;

/**
 * The expression of a node over the named ones.
 *
 * A node that is named itself is that name. `feed` gives what is fed and has no name. `made` keeps what was built for the
 * nodes before, so that nodes used twice are one expression.
 */
export function expressionOf(
  { graph, index }: Pick<Tensor, "graph" | "index">,
  names: Names,
  rewrite: (expression: Application) => Expression,
): Expression {
  const made = new Map<number, Expression>();
  for (const needed of neededFor(graph, index, names)) {
    const known = names.get(needed);
    const node = graph.nodes[needed]!;
    if (known) made.set(needed, known);
    else if (node.kind === "constant") made.set(needed, constant(node.data, "definition"));
    else if (node.kind === "op") {
      const inputs = node.inputs.map((input) => made.get(input.index)!);
      made.set(needed, rewrite(apply(node.op, inputs, node.attributes)));
    } else throw new Error(`${node.name} has no name in this derivation`);
  }
  return made.get(index)!;
}

/** Nodes down to the named ones, in order. */
function neededFor(graph: Graph, index: number, names: Names): readonly number[] {
  const needed = new Set([index]);
  for (let at = index; at >= 0; at--) {
    const node = graph.nodes[at]!;
    if (needed.has(at) && !names.has(at) && node.kind === "op")
      for (const input of node.inputs) needed.add(input.index);
  }
  return [...needed].sort((a, b) => a - b);
}

export function isClose(a: NdArray, b: NdArray, tolerance: number): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  const scale = a.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return a.data.every((value, position) => {
    const other = b.data[position]!;
    return Object.is(value, other) || Math.abs(value - other) <= tolerance * scale;
  });
}
