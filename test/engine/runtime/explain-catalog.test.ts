// Every layer and loss of the catalog: what an explanation works out from its formula is the engine's gradient, and a
// central difference agrees.

import { describe, expect, test } from "vitest";
import { build } from "../../../engine/model/build";
import type { LayerExample } from "../../../engine/model/layer";
import { layers } from "../../../engine/model/layers";
import { type Loss, losses } from "../../../engine/model/losses";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { Call } from "../../../engine/protocol/catalog";
import type { Network, Value, ValueId } from "../../../engine/protocol/network";
import { centralDifference, explain, StudiedBatch } from "../../../engine/runtime/explain";
import type { BatchNumbers } from "../../../engine/runtime/explain/studied-batch";
import { indicesAt } from "../../../engine/runtime/explain/terms";
import { observedIds } from "../../../engine/runtime/observe";
import { Pass } from "../../../engine/runtime/pass";
import { randomArray, sameRandomNumbers } from "../model/numeric";

const batchSize = 3;
const nowhere = { start: 0, end: 0 };

describe("layers", () => {
  for (const [name, { example }] of Object.entries(layers)) {
    for (const mode of ["train", "eval"] as const) {
      test(`${name}, in ${mode} mode`, () => {
        const network = networkOf(name, example);
        const outputShape = build(network, { batchSize, mode }).tensors.get("y")!.shape.slice(1);
        const loss: Call = { name: "MSE", arguments: {} };
        expectExplained(network, loss, outputShape, randomArray("target", [batchSize, ...outputShape]), mode, example);
      });
    }
  }
});

describe("losses", () => {
  for (const [name, loss] of Object.entries(losses) as [string, Loss][]) {
    const { example } = loss;
    const range: readonly [number, number] = example.probabilities ? [0.1, 0.9] : [-1.5, 1.5];
    const call = { name, arguments: example.arguments ?? {} };
    test(name, () => {
      const network = withoutLayer(example.output);
      const target = randomArray("target", [batchSize, ...example.target], range);
      expectExplained(network, call, example.target, target, "train", { inputs: [example.output] }, range);
    });
  }
});

function expectExplained(
  network: Network,
  call: Call,
  targetShape: Shape,
  target: NdArray,
  mode: "train" | "eval",
  { indices }: Pick<LayerExample, "indices" | "inputs">,
  range?: readonly [number, number],
): void {
  const feeds = new Map<ValueId, NdArray>([["target", target]]);
  for (const { id, source, shape } of network.values) {
    if (source.kind === "input") feeds.set(id, inputOf(id, [batchSize, ...shape!], indices, range));
  }
  for (const { id, shape, running } of network.parameters) {
    feeds.set(id, randomArray(id, shape, running && [0.5, 1.5]));
  }
  const loss = { loss: { kind: "call", call }, targetShape, reduction: "mean" } as const;
  const values = observedIds(network);
  const pass = new Pass(network, { batchSize, mode, loss, values, gradients: [...values, "target"] });
  pass.run(feeds, { inputs: {}, target }, sameRandomNumbers);
  const numbers: BatchNumbers = {
    value: (id) => (id === "target" ? target : pass.value(id)),
    gradient: (id) => pass.gradient(id),
  };
  const batch = new StudiedBatch({ network, loss, batchSize, mode, numbers, context: sameRandomNumbers });
  let explained = 0;
  for (const id of [...feeds.keys(), "y"]) {
    const gradient = batch.gradient(id);
    if (!gradient) continue;
    const largest = Math.max(...gradient.data.map(Math.abs));
    for (let position = 0; position < sizeOf(gradient.shape); position++) {
      const element = indicesAt(gradient.shape, position);
      const explanation = explain(batch, { id, of: "gradient", element });
      const where = `∂L/∂${id}[${element}]: ${explanation.latex}`;
      // Sums in another order.
      expect(Math.abs(explanation.result - gradient.data[position]!), where).toBeLessThanOrEqual(1e-9 * largest);
      const { number, gradient: byRule } = toEnd(centralDifference(batch, id, position));
      expect(byRule).toBe(gradient.data[position]);
      // As in the gradient test: rounding of the losses is 1e-6 of a gradient of 1e-4.
      const scale = Math.max(Math.abs(number), Math.abs(gradient.data[position]!), 1e-4);
      expect(Math.abs(number - gradient.data[position]!) / scale, where).toBeLessThan(1e-6);
      explained++;
    }
    const value = explain(batch, { id, of: "value" });
    const engine = batch.value(id).data[positionIn(value.element, value.shape)]!;
    expect(Math.abs(value.result - engine)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(engine)));
  }
  expect(explained).toBeGreaterThan(0);
}

function toEnd<Result>(work: Generator<unknown, Result, undefined>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function inputOf(id: ValueId, shape: Shape, indices: number | undefined, range?: readonly [number, number]): NdArray {
  if (indices === undefined) return randomArray(id, shape, range);
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, (_, position) => position % indices) };
}

function positionIn(element: readonly number[], shape: Shape): number {
  return element.reduce((position, index, axis) => position * shape[axis]! + index, 0);
}

function networkOf(name: string, { inputs, arguments: args = {} }: LayerExample): Network {
  const ids = inputs.map((_, index) => `x${index}`);
  const weights = Object.entries(layers[name]!.weights(args, inputs[0]!));
  return {
    ...withoutLayer(inputs[0]!),
    values: [
      ...ids.map((id, index) => inputValue(id, inputs[index]!)),
      {
        ...inputValue("y", []),
        title: name,
        source: { kind: "layer", layer: name, instance: "y", arguments: args, chosen: [], inputs: ids },
      },
    ],
    parameters: weights.flatMap(([weight, spec]) =>
      spec
        ? [
            {
              id: `y.${weight}`,
              name: weight,
              instance: "y",
              shape: spec.shape,
              initializer: { kind: "call", call: spec.initializer } as const,
              trainable: !spec.running,
              ...(spec.running && { running: true as const }),
              range: nowhere,
            },
          ]
        : [],
    ),
  };
}

/** The output is the input. */
function withoutLayer(shape: Shape): Network {
  return {
    name: "Example",
    documentation: "",
    range: nowhere,
    nameRange: nowhere,
    attributes: [],
    values: [inputValue("y", shape)],
    parameters: [],
    outputs: [{ name: "output", value: "y" }],
    complete: true,
  };
}

function inputValue(id: ValueId, shape: Shape): Value {
  return { id, name: id, title: id, source: { kind: "input" }, shape, batched: true, range: nowhere };
}
