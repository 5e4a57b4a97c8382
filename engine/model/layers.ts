// All layers by name, family after family, and how one is applied to samples.

import type { Arguments } from "../protocol/catalog";
import { lookUp } from "./arguments";
import type { Tensor } from "./graph";
import type { Layer, LayerRun, WeightSpec } from "./layer";
import * as activation from "./layers/activation";
import * as attention from "./layers/attention";
import * as convolution from "./layers/convolution";
import * as dense from "./layers/dense";
import * as embedding from "./layers/embedding";
import * as normalization from "./layers/normalization";
import * as pooling from "./layers/pooling";
import * as recurrent from "./layers/recurrent";
import * as structure from "./layers/structure";
import type { Sample } from "./sample";
import { reshaped, shapeOfSample, withBatch } from "./sample";
import { ShapeError } from "./shape";

export const layers: Readonly<Record<string, Layer>> = Object.fromEntries(
  // Sorted, because bundlers list the exports of a module in different orders.
  [dense, convolution, pooling, recurrent, attention, embedding, activation, normalization, structure].flatMap(
    (family) => Object.entries<Layer>(family).sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
);

/**
 * Appends a layer to the graph. `weight` gives the tensor for each weight the layer asks for.
 *
 * A layer on values without a batch dimension sees them as a batch of one.
 * Throws ShapeError when the inputs do not fit.
 */
export function applyLayer(
  name: string,
  args: Arguments,
  inputs: readonly Sample[],
  run: LayerRun,
  weight: (name: string, spec: WeightSpec) => Tensor,
): Sample {
  const layer = lookUp(layers, name);
  if (!layer) throw new Error(`There is no layer ${name}.`);
  const { min, max } = layer.inputs;
  if (inputs.length < min || inputs.length > max) {
    const wanted = max === 1 ? "one value" : `at least ${min} values`;
    throw new ShapeError(`${name} takes ${wanted}, but gets ${inputs.length}.`, [...inputs.keys()]);
  }
  const batched = inputs.some((input) => input.batched);
  const batchSize = inputs.find((input) => input.batched)?.tensor.shape[0] ?? 1;
  const specs = layer.weights(args, shapeOfSample(inputs[0]!));
  const weights = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, spec && weight(name, spec)] as const),
  );
  const tensors = inputs.map((input) => withBatch(input, batchSize));
  const output = layer.forward(tensors, weights, args, run);
  return { tensor: batched ? output : reshaped(output, output.shape.slice(1)), batched };
}
