// A gradient from two losses: the Graph is made again with a number added to one element of one tensor. In float64, as is
// the gradient it is compared with, so that what they differ by is no rounding of the training's.

import { Evaluation } from "../../model/evaluate";
import { Graph, type Tensor } from "../../model/graph";
import { add } from "../../model/ops/elementwise";
import { sizeOf } from "../../model/shape";
import type { CentralDifference } from "../../protocol/explanation";
import type { ValueId } from "../../protocol/network";
import type { StudiedBatch } from "./studied-batch";

/**
 * Works for inputs, parameters and whatever is computed from them, if a gradient flows there. Yields after each op; what
 * it needs of the batch is read before the first.
 */
export function* centralDifference(
  batch: StudiedBatch,
  id: ValueId,
  position: number,
): Generator<undefined, CentralDifference, undefined> {
  const { context } = batch.study;
  const over = batch.lossOver(id);
  const { loss, shift } = shifted(over, batch.tensor(id));
  const derived = batch.gradients.get(id)!;
  const feeds = batch.feeds([over, derived]);
  const epsilon = smallest * Math.max(1, Math.abs(batch.value(id).data[position]!));

  const byRule = new Evaluation([derived]);
  yield* byRule.runInParts(feeds, context);
  const gradient = byRule.value(derived).data[position]!;

  const evaluation = new Evaluation([loss]);
  const moved = { shape: shift.shape, data: new Float64Array(sizeOf(shift.shape)) };
  const feedsAndShift = new Map([...feeds, [shiftName, moved]]);
  function* lossAt(by: number): Generator<undefined, number, undefined> {
    moved.data[position] = by;
    yield* evaluation.runInParts(feedsAndShift, context);
    return evaluation.value(loss).data[0]!;
  }
  const here = yield* lossAt(0);
  const above = yield* lossAt(epsilon);
  const below = yield* lossAt(-epsilon);
  const number = (above - below) / (2 * epsilon);
  const sides = { left: (here - below) / epsilon, right: (above - here) / epsilon };
  const larger = Math.max(Math.abs(number), Math.abs(gradient));
  const rounding = (roundedBy * Math.abs(here)) / epsilon;
  const difference: CentralDifference = {
    epsilon,
    number,
    gradient,
    relativeError: larger === 0 ? 0 : Math.abs(number - gradient) / larger,
    isZero: larger <= rounding,
  };
  const bend = sides.right - sides.left;
  if (Math.abs(bend) <= rounding + slightBend * Math.max(Math.abs(sides.left), Math.abs(sides.right)))
    return difference;
  // Of a smooth loss the slopes on both sides differ by ε L″, half as much for half the ε; at a kink by as much as before.
  const half = epsilon / 2;
  const [above2, below2] = [yield* lossAt(half), yield* lossAt(-half)];
  const bend2 = (above2 - 2 * here + below2) / half;
  return Math.abs(bend2) > 0.75 * Math.abs(bend) ? { ...difference, sides } : difference;
}

// The error is about ε² from the third derivative and 10⁻¹⁶ / ε from rounding: least where both are alike.
const smallest = Math.cbrt(Number.EPSILON);

const roundedBy = 1e-13; // Of a loss: what a sum of many terms loses.
const slightBend = 1e-3; // Of the slope: more is worth a second look.

const shiftName = "shift of a central difference"; // A name that no value has.

/** A copy of the Graph up to the loss, in which `shift` is added to a tensor wherever it is used. */
function shifted(loss: Tensor, tensor: Tensor): { readonly loss: Tensor; readonly shift: Tensor } {
  const graph = new Graph();
  const shift = graph.feed(shiftName, tensor.shape);
  const copies: Tensor[] = [];
  for (const [index, node] of loss.graph.nodes.slice(0, loss.index + 1).entries()) {
    const inputs = () => (node.kind === "op" ? node.inputs.map((input) => copies[input.index]!) : []);
    const copy =
      node.kind === "feed"
        ? graph.feed(node.name, node.shape)
        : node.kind === "constant"
          ? graph.constant(node.data)
          : graph.apply(node.op, inputs(), node.attributes);
    copies[index] = index === tensor.index ? add(copy, shift) : copy;
  }
  return { loss: copies[loss.index]!, shift };
}
