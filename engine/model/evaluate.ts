// Runs a Graph in float64 through the ops' own forwards: the engine of checks and the oracle for anything faster.

import type { NdArray } from "../protocol/array";
import type { GraphNode, Tensor } from "./graph";
import type { RunContext } from "./op";
import { named } from "./op";
import { formatShape, sameShape, sizeOf } from "./shape";

/**
 * A Graph made ready to run again and again: its order is fixed, its buffers are allocated once, and what depends on
 * constants alone is computed once. Only what `wanted` depends on is computed.
 */
export class Evaluation {
  /** What each node holds, by index; feeds get the caller's own numbers at every run. */
  private readonly arrays: (Buffer | undefined)[] = [];
  private readonly feeds: { readonly name: string; readonly array: Buffer }[] = [];
  private readonly steps: ((context: RunContext) => void)[] = [];

  constructor(readonly wanted: readonly Tensor[]) {
    const constant: boolean[] = [];
    for (const [index, node] of neededNodes(wanted)) {
      switch (node.kind) {
        case "feed": {
          const array = { shape: node.shape, data: new Float64Array(0) };
          this.arrays[index] = array;
          this.feeds.push({ name: node.name, array });
          break;
        }
        case "constant":
          this.arrays[index] = node.data;
          constant[index] = true;
          break;
        case "op": {
          const step = this.prepare(index, node);
          constant[index] = !node.op.definition.random && node.inputs.every((input) => constant[input.index]);
          if (constant[index]) step(noRandomNumbers);
          else this.steps.push(step);
          break;
        }
        default:
          node satisfies never;
      }
    }
  }

  /** Feeds by name; their numbers are read, not copied. Throws when one is missing or its shape is another. */
  run(feeds: ReadonlyMap<string, NdArray>, context: RunContext): void {
    this.take(feeds);
    for (const step of this.steps) step(context);
  }

  /** The same; yields after each op. */
  *runInParts(feeds: ReadonlyMap<string, NdArray>, context: RunContext): Generator<undefined, void, undefined> {
    this.take(feeds);
    for (const step of this.steps) {
      step(context);
      yield;
    }
  }

  /** The numbers of the last run, for anything that `wanted` depends on; the next run writes the same buffer again. */
  value(tensor: Tensor): NdArray {
    const array = this.arrays[tensor.index];
    if (!array) throw new Error(`Node ${tensor.index} is not part of this evaluation.`);
    return array;
  }

  private take(feeds: ReadonlyMap<string, NdArray>): void {
    for (const { name, array } of this.feeds) {
      const fed = feeds.get(name);
      if (!fed) throw new Error(`Nothing is given for ${name}, which needs ${formatShape(array.shape)}.`);
      if (!sameShape(fed.shape, array.shape)) {
        throw new Error(`${name} needs ${formatShape(array.shape)}, but ${formatShape(fed.shape)} is given.`);
      }
      array.data = fed.data;
    }
  }

  private prepare(index: number, node: GraphNode & { kind: "op" }): (context: RunContext) => void {
    const y = { shape: node.shape, data: new Float64Array(sizeOf(node.shape)) };
    this.arrays[index] = y;
    const { definition } = node.op;
    const inputs = named(
      definition.inputs,
      node.inputs.map((input) => this.arrays[input.index]!),
    );
    const attributes = node.attributes as never;
    return (context) => definition.forward(y, inputs, attributes, context);
  }
}

/** A run without randomness, for graphs that have none. Throws when a number is drawn. */
export const noRandomNumbers: RunContext = {
  random: () => {
    throw new Error("This run has no random numbers.");
  },
};

type Buffer = { readonly shape: NdArray["shape"]; data: Float64Array };

/** The nodes that `wanted` are computed from, themselves included, with their indices, in order. */
export function neededNodes(wanted: readonly Tensor[]): [number, GraphNode][] {
  const graph = wanted[0]?.graph;
  if (!graph) return [];
  const needed = new Array<boolean>(graph.nodes.length).fill(false);
  for (const { index } of wanted) needed[index] = true;
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const node = graph.nodes[index]!;
    if (needed[index] && node.kind === "op") for (const input of node.inputs) needed[input.index] = true;
  }
  return [...graph.nodes.entries()].filter(([index]) => needed[index]);
}
