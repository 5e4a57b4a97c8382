// One element of an expression as a sum: what is added up, each with its number and a way to write it.

import { add, multiply, negate } from "../../model/ops/elementwise";
import { transpose } from "../../model/ops/linear-algebra";
import { broadcastTo, reshape } from "../../model/ops/movement";
import { sum, sumTo } from "../../model/ops/reduction";
import { sizeOf, stridesOf } from "../../model/shape";
import type { Shape } from "../../protocol/array";
import { type Expression, lengthOf, quantity, shapeOf, uniform } from "../derive/expression";
import type { Piece } from "../derive/latex";
import { numberOf } from "../derive/number";
import { any, factorsOf, isProductSum, positionIn, reducedPositions } from "../derive/places";
import { entry, timesEntry } from "../derive/write";

/** An element of an expression. */
export interface Element {
  readonly expression: Expression;
  readonly position: number;
}

/** `factor` times the sum of all terms. */
export interface TermSum {
  readonly factor: number;
  readonly terms: readonly Term[];
}

/** A number, or the product of two. */
export interface Term {
  readonly number: number;
  readonly factors: readonly Element[];
  /** With as much of it worked out as fits into about so many characters. */
  write(room: number): Piece;
}

export function termsOf({ expression, position }: Element): TermSum {
  const inner = movedFrom({ expression, position });
  if (inner) return termsOf(inner);
  if (expression.kind !== "application") return { factor: 1, terms: [single({ expression, position })] };
  const [a, b] = expression.inputs as [Expression, Expression];
  if (expression.op === any(negate)) return scaledBy(-1, termsOf({ expression: a, position }));
  if (expression.op === any(multiply)) {
    for (const [number, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const factor = uniform(number);
      if (factor !== undefined && sizeOf(shapeOf(other)) === sizeOf(shapeOf(expression))) {
        return scaledBy(factor, termsOf({ expression: other, position }));
      }
    }
  }
  if (expression.op === any(add)) {
    const sides = [a, b].map((side) => termsOf({ expression: side, position: placeIn(side, expression, position) }));
    if (sides.every(({ factor }) => factor === 1)) return { factor: 1, terms: sides.flatMap(({ terms }) => terms) };
  }
  if (isProductSum(expression)) {
    return { factor: 1, terms: factorsOf(expression, position).map(([ofA, ofB]) => product(a, ofA, b, ofB)) };
  }
  if (expression.op === any(sum) || expression.op === any(sumTo)) {
    return {
      factor: 1,
      terms: reducedPositions(expression, position).flatMap((at) => insideOf({ expression: a, position: at })),
    };
  }
  return { factor: 1, terms: [single({ expression, position })] };
}

/** A sum of sums is one sum; what has a factor before it stays together. */
function insideOf(element: Element): readonly Term[] {
  const { factor, terms } = termsOf(element);
  return factor === 1 ? terms : [single(element)];
}

/** Where a number was before it was moved; undefined when nothing moved it, or more than its place changed. */
export function movedFrom({ expression, position }: Element): Element | undefined {
  if (expression.kind !== "application") return undefined;
  const [x] = expression.inputs;
  if (x === undefined) return undefined;
  if (expression.op === any(reshape)) return { expression: x, position };
  if (expression.op === any(broadcastTo)) return { expression: x, position: placeIn(x, expression, position) };
  if (expression.op === any(transpose)) {
    const { order } = expression.attributes as { readonly order: readonly number[] };
    const strides = stridesOf(shapeOf(x));
    const indices = indicesAt(shapeOf(expression), position);
    return { expression: x, position: indices.reduce((at, index, axis) => at + index * strides[order[axis]!]!, 0) };
  }
  return undefined;
}

/** Where the element of an input stands that belongs to this element of what is computed element by element. */
export function placeIn(input: Expression, { value }: Expression, position: number): number {
  return positionIn(shapeOf(input), value.shape, position);
}

export function indicesAt(shape: Shape, position: number): readonly number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]!);
}

export const numberAt = ({ expression, position }: Element): number => numberOf(expression, position);

const longestTerms = [12, 4, 1]; // Symbols and numbers; what is longer is written with its inner results.

function single(element: Element): Term {
  const write = (limit: number): Piece => entry(cut(element.expression, limit), element.position);
  return { number: numberAt(element), factors: [element], write: (room) => narrow(write, room) };
}

function product(a: Expression, ofA: number, b: Expression, ofB: number): Term {
  const write = (limit: number): Piece => timesEntry(cut(a, limit), ofA, cut(b, limit), ofB);
  return {
    number: numberOf(a, ofA) * numberOf(b, ofB),
    factors: [
      { expression: a, position: ofA },
      { expression: b, position: ofB },
    ],
    write: (room) => narrow(write, room),
  };
}

function narrow(write: (limit: number) => Piece, room: number): Piece {
  const [longest, ...shorter] = longestTerms.map((limit) => () => write(limit));
  let piece = longest!();
  for (const next of shorter) if (piece.width > room) piece = next();
  return piece;
}

function scaledBy(by: number, { factor, terms }: TermSum): TermSum {
  return { factor: by * factor, terms };
}

/** The same with results in place of what is too long to be written. */
function cut(expression: Expression, limit: number): Expression {
  if (expression.kind !== "application" || lengthOf(expression, limit + 1) <= limit) return expression;
  if (limit < 2) return { ...quantity(String.raw`\cdot`, expression.value), resultOf: expression };
  const share = Math.floor((limit - 1) / expression.inputs.length);
  return { ...expression, inputs: expression.inputs.map((input) => cut(input, share)) };
}
