// Every op, function, layer and loss of the catalog against central differences in float64.

import { describe, expect, test } from "vitest";
import { gradients } from "../../../engine/model/differentiate";
import { Evaluation, noRandomNumbers } from "../../../engine/model/evaluate";
import { applyFunction, functions } from "../../../engine/model/functions";
import type { Tensor } from "../../../engine/model/graph";
import { Graph } from "../../../engine/model/graph";
import type { WeightSpec } from "../../../engine/model/layer";
import { applyLayer, layers } from "../../../engine/model/layers";
import type { Loss } from "../../../engine/model/losses";
import { appendLoss, losses, reduceBatch } from "../../../engine/model/losses";
import type { AnyOp, Attributes, Op } from "../../../engine/model/op";
import { ops } from "../../../engine/model/ops";
import { reshape } from "../../../engine/model/ops/movement";
import { softmax } from "../../../engine/model/ops/reduction";
import { streamOf } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import { expectClose, expectGradientsToAgree, randomArray, weightedSum } from "./numeric";

const batch = 3;

describe("ops", () => {
  for (const [name, op] of Object.entries(ops) as unknown as [string, Op<readonly string[], Attributes>][]) {
    const { definition } = op;
    const { example } = definition;

    test(`${name}: the backward formulas agree with differences`, () => {
      const { graph, feeds, values } = feedsOf(definition.inputs, (input) => example.shapes[input]!, example.range);
      const y = graph.apply(op as unknown as AnyOp, Object.values(feeds), example.attributes ?? {});
      const differentiable = Object.fromEntries(
        Object.entries(feeds).filter(([input]) => definition.backward[input] !== null),
      );
      expectGradientsToAgree(weightedSum(y), differentiable, values);
    });

    test(`${name}: no gradient reaches an input without a formula`, () => {
      const { graph, feeds } = feedsOf(definition.inputs, (input) => example.shapes[input]!);
      const y = graph.apply(op as unknown as AnyOp, Object.values(feeds), example.attributes ?? {});
      const reached = gradients(y, Object.values(feeds)).map((gradient) => gradient !== undefined);
      expect(reached).toEqual(definition.inputs.map((input) => definition.backward[input] !== null));
    });

    test(`${name}: carries its own name`, () => expect(definition.name).toBe(name));
  }
});

describe("functions", () => {
  for (const [name, { example }] of Object.entries(functions)) {
    // Which inputs have a batch dimension: all, or all but one.
    for (const unbatched of [undefined, ...(example.inputs.length > 1 ? example.inputs.keys() : [])]) {
      if (name === "augmented" && unbatched !== 0) continue;
      const isBatched = (position: number) => position !== unbatched && name !== "augmented";
      const which = unbatched === undefined ? "" : `, input ${unbatched} without batch dimension`;
      test(`${name}: gradients agree with differences${which}`, () => {
        const names = example.inputs.map((_, position) => `input${position}`);
        const shapeOf = (_: string, position: number) =>
          isBatched(position) ? [batch, ...example.inputs[position]!] : example.inputs[position]!;
        const { feeds, values } = feedsOf(names, shapeOf, example.range);
        const samples = Object.values(feeds).map((tensor, position) => ({ tensor, batched: isBatched(position) }));
        expectGradientsToAgree(
          weightedSum(applyFunction(name, example.arguments ?? {}, samples).tensor),
          feeds,
          values,
        );
      });
    }
  }
});

describe("layers", () => {
  for (const [name, { example }] of Object.entries(layers)) {
    const { indices } = example;
    if (indices !== undefined) {
      test(`${name}: gradients of parameters agree with differences`, () => {
        const { graph, feeds, values } = feedsOf([], () => []);
        const shape = [batch, ...example.inputs[0]!];
        const data = Float64Array.from({ length: sizeOf(shape) }, (_, position) => position % indices);
        const x = { tensor: graph.constant({ shape, data }), batched: true };
        const run = { mode: "train", stream: 0 } as const;
        const output = applyLayer(name, example.arguments ?? {}, [x], run, weightFeeds(graph, feeds, values)(name));
        expectGradientsToAgree(weightedSum(output.tensor), feeds, values);
      });
      continue;
    }
    for (const mode of ["train", "eval"] as const) {
      test(`${name}: gradients of inputs and parameters agree with differences behind a Dense layer, in ${mode} mode`, () => {
        const names = example.inputs.map((_, position) => `x${position}`);
        const { graph, feeds, values } = feedsOf(names, () => [batch, 2]);
        const weight = weightFeeds(graph, feeds, values);
        const run = { mode, stream: streamOf(name) };
        const inputs = names.map((input, position) => {
          const shape = example.inputs[position]!;
          const args = { units: sizeOf(shape) };
          const dense = applyLayer(
            "Dense",
            args,
            [{ tensor: feeds[input]!, batched: true }],
            run,
            weight(`before ${input}`),
          );
          return { tensor: reshape(dense.tensor, { shape: [batch, ...shape] }), batched: true };
        });
        const output = applyLayer(name, example.arguments ?? {}, inputs, run, weight(name));
        expect(output.tensor.shape[0]).toBe(batch);
        expectGradientsToAgree(weightedSum(output.tensor), feeds, values);
      });
    }
  }
});

describe("losses", () => {
  for (const [name, { example, fused }] of Object.entries(losses) as [string, Loss][]) {
    const range: readonly [number, number] = example.probabilities ? [0.1, 0.9] : [-1.5, 1.5];
    const shapeOf = (which: string) => [batch, ...(which === "output" ? example.output : example.target)];
    const call = { name, arguments: example.arguments ?? {} };

    for (const reduction of ["mean", "sum"] as const) {
      test(`${name}: gradients of output and target agree with differences, ${reduction} over the batch`, () => {
        const { feeds, values } = feedsOf(["output", "target"], shapeOf, range);
        const { perSample } = appendLoss(call, feeds.output!, feeds.target!);
        expect(perSample.shape).toEqual([batch]);
        expectGradientsToAgree(reduceBatch(perSample, reduction), feeds, values);
      });
    }

    if (fused) {
      test(`${name}: fused with the activation before it, gradients agree with differences`, () => {
        const { graph, feeds, values } = feedsOf(["output", "target"], shapeOf, range);
        const probability = graph.apply(fused.after, [feeds.output!], {});
        const { perSample, unfused } = appendLoss(call, probability, feeds.target!);
        expectGradientsToAgree(reduceBatch(perSample, "mean"), feeds, values);
        const evaluation = new Evaluation([perSample, unfused!]);
        evaluation.run(values, noRandomNumbers);
        // Sums of four terms: rounding only.
        expectClose(evaluation.value(perSample), evaluation.value(unfused!), 1e-14);
      });
    }
  }
});

test("second derivatives agree with differences of the first", () => {
  const { feeds, values } = feedsOf(["x"], () => [2, 3]);
  const [dx] = gradients(weightedSum(softmax(feeds.x!)), [feeds.x!]);
  expectGradientsToAgree(weightedSum(dx!), feeds, values);
});

/** Gives a layer's weights feeds of their own, and random numbers to begin with. */
function weightFeeds(graph: Graph, feeds: Record<string, Tensor>, values: ReadonlyMap<string, NdArray>) {
  return (owner: string) =>
    (name: string, { shape, running }: WeightSpec): Tensor => {
      const id = `${owner}.${name}`;
      const feed = graph.feed(id, shape);
      feeds[id] = feed;
      (values as Map<string, NdArray>).set(
        id,
        // Running statistics may be a variance.
        randomArray(id, shape, running && [0.5, 1.5]),
      );
      return feed;
    };
}

interface Feeds {
  readonly graph: Graph;
  readonly feeds: Record<string, Tensor>;
  readonly values: ReadonlyMap<string, NdArray>;
}

function feedsOf(
  names: readonly string[],
  shapeOf: (name: string, position: number) => Shape,
  range?: readonly [number, number],
): Feeds {
  const graph = new Graph();
  const shapes = names.map((name, position) => [name, shapeOf(name, position)] as const);
  return {
    graph,
    feeds: Object.fromEntries(shapes.map(([name, shape]) => [name, graph.feed(name, shape)])),
    values: new Map(shapes.map(([name, shape]) => [name, randomArray(name, shape, range)])),
  };
}
