// Which elements of its inputs an element of a result is made of.

import type { AnyOp } from "../../model/op";
import {
  type Convolution,
  conv2d,
  conv2dInput,
  conv2dWeights,
  type ProductPlaces,
  productsOf,
} from "../../model/ops/convolution";
import { matmul } from "../../model/ops/linear-algebra";
import { sumTo } from "../../model/ops/reduction";
import { broadcastStrides, reducedShape, stridesOf } from "../../model/shape";
import type { Shape } from "../../protocol/array";
import type { Application } from "./expression";
import { shapeOf } from "./expression";

export const any = (op: unknown): AnyOp => op as AnyOp;

/** Where an element of `to` is read from in an array of shape `from` that broadcasts to it. */
export function positionIn(from: Shape, to: Shape, position: number): number {
  const strides = broadcastStrides(from, to);
  let rest = position;
  let at = 0;
  for (let axis = to.length - 1; axis >= 0; axis--) {
    at += (rest % to[axis]!) * strides[axis]!;
    rest = Math.floor(rest / to[axis]!);
  }
  return at;
}

/** Positions of the elements that a reduction makes into this one. */
export function reducedPositions({ op, inputs, attributes, value }: Application, position: number): readonly number[] {
  const { shape } = inputs[0]!.value;
  const kept =
    op === any(sumTo)
      ? [...new Array<number>(shape.length - value.shape.length).fill(1), ...value.shape]
      : reducedShape(shape, (attributes as { axes: readonly number[] }).axes, { keep: true });
  const strides = stridesOf(shape);
  const indices = stridesOf(kept).map((stride, axis) => Math.floor(position / stride) % kept[axis]!);
  let positions = [indices.reduce((at, index, axis) => at + index * strides[axis]!, 0)];
  for (const [axis, size] of shape.entries()) {
    if (kept[axis] === size) continue;
    positions = positions.flatMap((at) => Array.from({ length: size }, (_, index) => at + index * strides[axis]!));
  }
  return positions;
}

export function rowOf({ value }: Application, position: number): readonly number[] {
  const length = value.shape.at(-1)!;
  const start = position - (position % length);
  return Array.from({ length }, (_, offset) => start + offset);
}

type Factors = readonly (readonly [ofFirst: number, ofSecond: number])[];

/** Whether an element is a sum of products of an element of the first input and one of the second. */
export function isProductSum({ op }: Application): boolean {
  return op === any(matmul) || convolutions.has(op);
}

/** The pairs of elements whose products add up to one element, for what `isProductSum`. */
export function factorsOf(expression: Application, position: number): Factors {
  const [a, b] = expression.inputs.map(shapeOf) as [Shape, Shape];
  const convolution = convolutions.get(expression.op);
  if (!convolution) return factorsOfProduct(a, b, shapeOf(expression), position);
  const [first, second] = convolution.inputs;
  const { result } = convolution;
  const shapes = { [first]: a, [second]: b, [result]: shapeOf(expression) } as Record<Role, Shape>;
  const { attributes } = expression as unknown as { readonly attributes: Convolution };
  return [...productsOf(shapes, attributes, { role: result, position })].map((places) => [
    places[first],
    places[second],
  ]);
}

type Role = keyof ProductPlaces;

/** A convolution and its transposes: which of x, W and y each takes and which it gives. */
const convolutions: ReadonlyMap<AnyOp, { readonly inputs: readonly [Role, Role]; readonly result: Role }> = new Map([
  [any(conv2d), { inputs: ["x", "W"], result: "y" }],
  [any(conv2dInput), { inputs: ["y", "W"], result: "x" }],
  [any(conv2dWeights), { inputs: ["x", "y"], result: "W" }],
]);

function factorsOfProduct(a: Shape, b: Shape, y: Shape, position: number): Factors {
  const [rows, columns, inner] = [y.at(-2)!, y.at(-1)!, a.at(-1)!];
  const column = position % columns;
  const row = Math.floor(position / columns) % rows;
  const outer = Math.floor(position / (rows * columns));
  const [ofA, ofB] = [a, b].map((shape) => positionIn(shape.slice(0, -2), y.slice(0, -2), outer));
  return Array.from({ length: inner }, (_, k) => [
    ofA! * rows * inner + row * inner + k,
    ofB! * inner * columns + k * columns + column,
  ]);
}
