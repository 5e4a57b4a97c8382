// Reverse mode: appends to a Graph the nodes that compute gradients. The only place where broadcasting is undone.

import type { Tensor } from "./graph";
import { named } from "./op";
import { add } from "./ops/elementwise";
import { broadcastTo } from "./ops/movement";
import { sumTo } from "./ops/reduction";
import { formatShape, sameShape } from "./shape";

/**
 * Gradients of y with respect to each of `wanted`, in their order; undefined where no gradient flows.
 *
 * `dy` has the shape of y and is what the backward pass starts from: ones when absent, that is, the gradient of y's
 * sum. The new nodes have the origin of the node whose backward formula made them.
 */
export function gradients(y: Tensor, wanted: readonly Tensor[], dy?: Tensor): (Tensor | undefined)[] {
  const { graph } = y;
  const leadsToWanted = markPaths(y, wanted);
  const gradientOf: (Tensor | undefined)[] = [];
  const origin = graph.origin;
  gradientOf[y.index] = dy ?? broadcastTo(graph.scalar(1), { shape: y.shape });

  // Every use of a node stands after it, so its gradient is complete when the way back arrives there.
  for (let index = y.index; index >= 0; index--) {
    const node = graph.nodes[index]!;
    const dNode = gradientOf[index];
    if (node.kind !== "op" || !dNode || !leadsToWanted[index]) continue;
    graph.origin = node.origin;
    const { name, inputs: names, backward } = node.op.definition;
    const tensors = { ...named(names, node.inputs), y: { graph, index, shape: node.shape } };
    for (const [position, input] of node.inputs.entries()) {
      const formula = backward[names[position]!];
      if (!formula || !leadsToWanted[input.index]) continue;
      const dInput = unbroadcast(
        formula(dNode, tensors, node.attributes as never),
        input,
        `${name}.${names[position]}`,
      );
      const sofar = gradientOf[input.index];
      gradientOf[input.index] = sofar ? add(sofar, dInput) : dInput;
    }
  }
  graph.origin = origin;
  return wanted.map(({ index }) => gradientOf[index]);
}

/** For each node up to y, whether one of `wanted` is among what it is computed from, or is itself. */
function markPaths(y: Tensor, wanted: readonly Tensor[]): readonly boolean[] {
  const leads: boolean[] = new Array<boolean>(y.index + 1).fill(false);
  for (const { index } of wanted) leads[index] = true;
  for (let index = 0; index <= y.index; index++) {
    const node = y.graph.nodes[index]!;
    if (node.kind === "op" && node.inputs.some((input) => leads[input.index])) leads[index] = true;
  }
  return leads;
}

function unbroadcast(gradient: Tensor, input: Tensor, formula: string): Tensor {
  if (sameShape(gradient.shape, input.shape)) return gradient;
  if (gradient.shape.length < input.shape.length) {
    throw new Error(
      `The backward formula ${formula} gives ${formatShape(gradient.shape)} for ${formatShape(input.shape)}.`,
    );
  }
  return sumTo(gradient, { shape: input.shape });
}
