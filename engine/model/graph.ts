// The Graph: primitive ops on tensors of known shape, the batch dimension included. A different batch size is a
// different Graph. Nodes only ever refer to earlier ones, so their order is an order of evaluation.

import type { NdArray, Shape } from "../protocol/array";
import type { ValueId } from "../protocol/network";
import type { AnyOp, Attributes } from "./op";

/** A handle on one node of a Graph. */
export interface Tensor {
  readonly graph: Graph;
  readonly index: number;
  readonly shape: Shape;
}

export type GraphNode =
  /** Its numbers come from outside at each run: inputs, targets, parameters. */
  | { readonly kind: "feed"; readonly name: string; readonly shape: Shape }
  | { readonly kind: "constant"; readonly data: NdArray; readonly shape: Shape }
  | {
      readonly kind: "op";
      readonly op: AnyOp;
      readonly inputs: readonly Tensor[];
      readonly attributes: Attributes;
      readonly shape: Shape;
      /** The value of the Network this node was made for, when there is one. */
      readonly origin: ValueId | undefined;
    };

export class Graph {
  readonly nodes: GraphNode[] = [];
  /** Nodes made from now on belong to this value of the Network. */
  origin: ValueId | undefined;

  feed(name: string, shape: Shape): Tensor {
    return this.append({ kind: "feed", name, shape });
  }

  constant(data: NdArray): Tensor {
    return this.append({ kind: "constant", data, shape: data.shape });
  }

  scalar(value: number): Tensor {
    return this.constant({ shape: [], data: Float64Array.of(value) });
  }

  /** Throws ShapeError when the inputs do not fit the op. */
  apply(op: AnyOp, inputs: readonly Tensor[], attributes: Attributes): Tensor {
    const shape = op.shapeOf(
      inputs.map((input) => input.shape),
      attributes,
    );
    return this.append({ kind: "op", op, inputs, attributes, shape, origin: this.origin });
  }

  private append(node: GraphNode): Tensor {
    this.nodes.push(node);
    return { graph: this, index: this.nodes.length - 1, shape: node.shape };
  }
}
