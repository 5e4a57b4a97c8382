// What the language's operators do with samples: broadcasting, reductions, products and positions within the sample, and
// what is said when shapes do not fit.

import type { Shape } from "../protocol/array";
import type { Tensor } from "./graph";
import { multiply } from "./ops/elementwise";
import { matmul, transposeLastTwo } from "./ops/linear-algebra";
import { concat, slice } from "./ops/movement";
import { type Reduction, sum } from "./ops/reduction";
import type { Sample } from "./sample";
import { reshapeSample, shapeOfSample, withRank } from "./sample";
import { axesOf, broadcastShapes, formatShape, ShapeError } from "./shape";

export type ReductionOp = (x: Tensor, attributes: Reduction) => Tensor;

/** An op on two samples, broadcast within the sample. `written` puts their shapes into the words of an error. */
export function broadcast(
  op: (a: Tensor, b: Tensor) => Tensor,
  a: Sample,
  b: Sample,
  written: (left: string, right: string) => string,
): Sample {
  const [left, right] = [shapeOfSample(a), shapeOfSample(b)];
  const shape = broadcastShapes(left, right, () => `${written(formatShape(left), formatShape(right))} does not fit`);
  const tensor = op(withRank(a, shape.length).tensor, withRank(b, shape.length).tensor);
  return { tensor, batched: a.batched || b.batched };
}

/** A reduction along one axis of the sample, or along all of them. */
export function reduced(op: ReductionOp, x: Sample, axis: number | undefined): Sample {
  const shape = shapeOfSample(x);
  const first = x.batched ? 1 : 0;
  const axes =
    axis === undefined
      ? axesOf(shape)
      : [positionIn(shape.length, axis, `${formatShape(shape)} has no dimension ${axis}.`)];
  return { tensor: op(x.tensor, { axes: axes.map((axis) => axis + first), keep: false }), batched: x.batched };
}

/** Matrix product within samples, vectors as in NumPy. */
export function product(a: Sample, b: Sample): Sample {
  const [left, right] = [shapeOfSample(a), shapeOfSample(b)];
  for (const [position, shape] of [left, right].entries()) {
    if (shape.length === 0) {
      throw new ShapeError("@ needs vectors or matrices, but gets a single number. Write * for its product.", [
        position,
      ]);
    }
  }
  const [inner, other] = [left.at(-1)!, right.at(-2) ?? right[0]!];
  if (inner !== other) {
    const where =
      right.length === 1
        ? "the right side"
        : right.length === 2
          ? "the first of the right side"
          : "the last but one of the right side";
    throw new ShapeError(
      `${formatShape(left)} @ ${formatShape(right)} does not fit: the last dimension of the left side is ${inner}, ${where} is ${other}.`,
      [0, 1],
    );
  }
  const batched = a.batched || b.batched;
  if (left.length === 1 && right.length === 1) {
    const products = broadcast(multiply, a, b, (one, other) => `${one} @ ${other}`);
    return reduced(sum, products, -1);
  }
  // One matrix for all vectors of the batch is one product: rows @ matrix, and matrix @ columns as rows @ its transpose.
  if (a.batched && left.length === 1 && !b.batched && right.length === 2) {
    return { tensor: matmul(a.tensor, b.tensor), batched };
  }
  if (b.batched && right.length === 1 && !a.batched && left.length === 2) {
    return { tensor: matmul(b.tensor, transposeLastTwo(a.tensor)), batched };
  }
  const row = left.length === 1 ? reshapeSample(a, [1, inner]) : a;
  const column = right.length === 1 ? reshapeSample(b, [inner, 1]) : b;
  broadcastShapes(
    shapeOfSample(row).slice(0, -2),
    shapeOfSample(column).slice(0, -2),
    () => `${formatShape(left)} @ ${formatShape(right)} does not fit before the last two dimensions`,
  );
  const rank = Math.max(shapeOfSample(row).length, shapeOfSample(column).length);
  const result: Sample = { tensor: matmul(withRank(row, rank).tensor, withRank(column, rank).tensor), batched };
  if (left.length === 1) return reshapeSample(result, dropAxis(shapeOfSample(result), -2));
  if (right.length === 1) return reshapeSample(result, dropAxis(shapeOfSample(result), -1));
  return result;
}

function dropAxis(shape: Shape, axis: number): Shape {
  return shape.filter((_, other) => other !== shape.length + axis);
}

/** One position of a dimension of the sample, which is then gone; negative ones count from the end. */
export function at(x: Sample, position: number, axis = 0): Sample {
  const shape = shapeOfSample(x);
  const size = sizeAlong(shape, axis);
  const where = axis === 0 ? "" : ` in dimension ${axis}`;
  const start = positionIn(
    size,
    position,
    `${formatShape(shape)} has no position ${position}${where}: there are ${size}.`,
  );
  const one = slice(x.tensor, { axis: axis + (x.batched ? 1 : 0), start, end: start + 1 });
  return reshapeSample({ tensor: one, batched: x.batched }, [...shape.slice(0, axis), ...shape.slice(axis + 1)]);
}

/** The positions from `start` to before `end`, negative ones from the end; limits beyond the ends are the ends. */
export function between(x: Sample, start: number, end: number | undefined, axis: number): Sample {
  const shape = shapeOfSample(x);
  const size = sizeAlong(shape, axis);
  const limit = (position: number) => Math.max(0, Math.min(size, position < 0 ? size + position : position));
  const [from, to] = [limit(start), limit(end ?? size)];
  if (from >= to) {
    throw new ShapeError(
      `nothing is left of ${formatShape(shape)} between ${start} and ${end ?? "the end"}: dimension ${axis} has positions 0 to ${size - 1}.`,
      [0],
    );
  }
  return { tensor: slice(x.tensor, { axis: axis + (x.batched ? 1 : 0), start: from, end: to }), batched: x.batched };
}

function sizeAlong(shape: Shape, axis: number): number {
  const size = shape[axis];
  if (size !== undefined) return size;
  throw new ShapeError(
    shape.length === 0
      ? "A single number has no positions to choose from."
      : `${formatShape(shape)} has ${shape.length === 1 ? "one dimension" : `${shape.length} dimensions`}: there is no dimension ${axis} to choose from.`,
    [0],
  );
}

/** b [out] as first row on top of W [in, out]. */
export function stack(b: Sample, W: Sample): Sample {
  const [row, matrix] = [shapeOfSample(b), shapeOfSample(W)];
  if (matrix.length !== 2 || row.length !== 1 || row[0] !== matrix[1] || b.batched || W.batched) {
    throw new ShapeError(
      `[b; W] needs b [out] and W [in, out], but gets ${formatShape(row)} and ${formatShape(matrix)}.`,
      [0, 1],
    );
  }
  return { tensor: concat(reshapeSample(b, [1, ...row]).tensor, W.tensor, { axis: 0 }), batched: false };
}

/** A position from 0, where negative ones count from the end. */
function positionIn(size: number, position: number, problem: string): number {
  const fromStart = position < 0 ? size + position : position;
  if (fromStart < 0 || fromStart >= size) throw new ShapeError(problem);
  return fromStart;
}
