// A gradient from two losses: the Graph is made again with a number added to one element of one tensor.

import { Evaluation } from "../../model/evaluate";
import { Graph, type Tensor } from "../../model/graph";
import { add } from "../../model/ops/elementwise";
import { sizeOf } from "../../model/shape";
import type { CentralDifference } from "../../protocol/explanation";
import type { ValueId } from "../../protocol/network";
import type { StudiedBatch } from "./studied-batch";

/** Works for inputs, parameters and whatever is computed from them. */
export function centralDifference(
  batch: StudiedBatch,
  id: ValueId,
  position: number,
  gradient: number,
): CentralDifference {
  const { study } = batch;
  const { loss, shift } = shifted(batch.lossOver(id), batch.tensor(id));
  const evaluation = new Evaluation([loss]);
  const moved = { shape: shift.shape, data: new Float64Array(sizeOf(shift.shape)) };
  const feeds = new Map([...study.feeds, [shiftName, moved]]);
  const at = (by: number): number => {
    moved.data[position] = by;
    evaluation.run(feeds, study.context);
    return evaluation.value(loss).data[0]!;
  };
  const epsilon = smallest * Math.max(1, Math.abs(batch.value(id).data[position]!));
  const number = (at(epsilon) - at(-epsilon)) / (2 * epsilon);
  const larger = Math.max(Math.abs(number), Math.abs(gradient));
  return { epsilon, number, relativeError: larger === 0 ? 0 : Math.abs(number - gradient) / larger };
}

// The error is about ε² from the third derivative and 10⁻¹⁶ / ε from rounding: least where both are alike.
const smallest = Math.cbrt(Number.EPSILON);

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
