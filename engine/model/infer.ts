// Shapes without numbers: what a layer, a function or a loss gives for inputs of known shape. Lowering calls it for
// every value; it traces the same compositions that build.ts uses, so the two cannot disagree.

import type { Shape } from "../protocol/array";
import type { Arguments, Call } from "../protocol/catalog";
import type { Quantity } from "../protocol/network";
import { applyFunction } from "./functions";
import { Graph } from "./graph";
import { applyLayer } from "./layers";
import { appendFormula, type FormulaLoss } from "./loss-formula";
import { appendLoss } from "./losses";
import type { Sample } from "./sample";
import { shapeOfSample } from "./sample";

/** A value of a network before the batch size is known. */
export interface SampleShape {
  /** For one sample. */
  readonly shape: Shape;
  /** Whether the batch dimension stands in front when it runs. */
  readonly batched: boolean;
}

export interface InferredLayer {
  readonly output: SampleShape;
  readonly weights: readonly InferredWeight[];
}

export interface InferredWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Call;
  readonly running?: true;
}

/** Throws ShapeError when the inputs do not fit the layer. `args` have their defaults filled in. */
export function inferLayer(layer: string, args: Arguments, inputs: readonly SampleShape[]): InferredLayer {
  const graph = new Graph();
  const weights: InferredWeight[] = [];
  const output = applyLayer(layer, args, tracedInputs(graph, inputs), { mode: "train", stream: 0 }, (name, weight) => {
    const { shape, initializer, running } = weight;
    weights.push({ name, shape, initializer, ...(running && { running }) });
    return graph.feed(name, weight.shape);
  });
  return { output: sampleShape(output), weights };
}

/** Throws ShapeError when the inputs do not fit the function. */
export function inferFunction(name: string, args: Arguments, inputs: readonly SampleShape[]): SampleShape {
  return sampleShape(applyFunction(name, args, tracedInputs(new Graph(), inputs)));
}

/** Throws ShapeError when the loss cannot compare this output with targets of this shape (both for one sample). */
export function checkLossShapes(loss: Call, output: Shape, target: Shape): void {
  const graph = new Graph();
  appendLoss(loss, graph.feed("output", [traceBatch, ...output]), graph.feed("target", [traceBatch, ...target]));
}

/**
 * Throws ShapeError when a loss written as an expression does not fit what it observes, or is not a single number for
 * each sample. Passes when the shape of a leaf is not known.
 */
export function checkFormulaShapes(formula: FormulaLoss, shapeOf: (leaf: Quantity) => SampleShape | undefined): void {
  const graph = new Graph();
  const leaves = formula.values.flatMap(({ source }) => (source.kind === "observed" ? [source.quantity] : []));
  const shapes = new Map(leaves.map((leaf) => [leaf, shapeOf(leaf)]));
  if ([...shapes.values()].includes(undefined)) return;
  appendFormula(graph, formula, "mean", (leaf) => tracedInputs(graph, [shapes.get(leaf)!])[0]!);
}

/** Any size that is not 1, so that a batch dimension which broadcasts by mistake is found here. */
const traceBatch = 2;

function tracedInputs(graph: Graph, inputs: readonly SampleShape[]): Sample[] {
  return inputs.map(({ shape, batched }, position) => ({
    tensor: graph.feed(`input ${position}`, batched ? [traceBatch, ...shape] : shape),
    batched,
  }));
}

function sampleShape(sample: Sample): SampleShape {
  return { shape: shapeOfSample(sample), batched: sample.batched };
}
