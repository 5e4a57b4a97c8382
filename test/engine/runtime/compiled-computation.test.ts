// Whatever network: on a machine in float32 it gives the numbers of the float64 oracle, forward, backward and after fifty
// updates, up to the rounding of float32.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../../engine/data/dataset";
import { randomStream } from "../../../engine/model/random";
import { sizeOf } from "../../../engine/model/shape";
import type { NdArray, Shape } from "../../../engine/protocol/array";
import type { DataSummary } from "../../../engine/protocol/data";
import type { Training } from "../../../engine/protocol/network";
import { CompiledComputation } from "../../../engine/runtime/compiled-computation";
import type { Computation, ComputationOptions } from "../../../engine/runtime/computation";
import { Float64Computation } from "../../../engine/runtime/float64-computation";
import { observedIds } from "../../../engine/runtime/observe";
import { analyze } from "../../../extension/language/analyze";
import { imageNetworks, type RandomNetwork, sequenceNetworks, vectorNetworks } from "./random-networks";

// The same networks each time: where a rounding moves an input of ReLU over 0, float32 and float64 rightly differ, and
// a network where that happens is no fault of the engine. `RUNS` and `SEED` look at others.
const runs = { numRuns: Number(process.env.RUNS ?? 40) };

// Sums of up to some thousand float32 terms (6e-8 each), through up to six layers.
const passTolerance = 2e-4;
// Fifty updates carry the differences of each on.
const trainedTolerance = 2e-3;
// All others divide a gradient by its own size: where it is nothing but rounding, the way a weight goes is chance.
const adaptiveTolerance = 2e-2;

const networks = { fullyConnected: vectorNetworks, convolutional: imageNetworks, sequential: sequenceNetworks };

describe("a network on a machine", () => {
  for (const [kind, arbitrary] of Object.entries(networks)) {
    test(`gives the loss, values and gradients of the oracle: ${kind}`, () => {
      fc.assert(
        fc.property(arbitrary, (network) => withBoth(network, compareInspections)),
        runs,
      );
    });

    test(`is trained as the oracle trains it, the last small batch included: ${kind}`, () => {
      fc.assert(
        fc.property(arbitrary, (network) => withBoth(network, compareTrainings)),
        runs,
      );
    });
  }
});

describe("two threads", () => {
  for (const [kind, arbitrary] of Object.entries(networks)) {
    test(`give the bits of one: ${kind}`, () => {
      fc.assert(fc.property(arbitrary, compareThreads), { ...runs, numRuns: Math.ceil(runs.numRuns / 4) });
    });
  }
});

function compareThreads(network: RandomNetwork): void {
  const options = optionsOf(network);
  const [alone, shared] = [new CompiledComputation(options, 1), new CompiledComputation(options, 2)];
  try {
    const samples = positions(0, network.batch);
    for (let step = 1; step <= 5; step++) {
      for (const computation of [alone, shared]) computation.step(samples, { step, rate: 0.01 });
    }
    expect(shared.weights()).toEqual(alone.weights());
    expect(shared.state()).toEqual(alone.state());
    expect(shared.evaluate("data", samples).loss).toBe(alone.evaluate("data", samples).loss);
  } finally {
    for (const computation of [alone, shared]) computation.close();
  }
}

interface Both {
  readonly oracle: Computation;
  readonly compiled: Computation;
  readonly options: ComputationOptions;
  readonly network: RandomNetwork;
}

function withBoth(network: RandomNetwork, compare: (both: Both) => void): void {
  const options = optionsOf(network);
  const [oracle, compiled] = [new Float64Computation(options), new CompiledComputation(options)];
  try {
    // Both begin with what float32 can hold.
    oracle.restore(compiled.weights());
    compare({ oracle, compiled, options, network });
  } finally {
    compiled.close();
  }
}

function compareInspections({ oracle, compiled, options, network }: Both): void {
  const samples = positions(0, network.batch);
  const [expected, found] = [oracle.inspect(samples, 0), compiled.inspect(samples, 0)];
  expect(found.loss).toBeCloseTo(expected.loss, 4);
  const ids = observedIds(options.training.network);
  // A gradient's size says little by itself: what is nothing beside the others is compared with them.
  const largest = Math.max(...ids.map((id) => sizeOfLargest(expected.gradient(id))));
  for (const id of ids) {
    expectClose(found.value(id), expected.value(id), sizeOfLargest(expected.value(id)), passTolerance, id);
    const gradient = expected.gradient(id);
    if (!gradient) expect(found.gradient(id)).toBeUndefined();
    else expectClose(found.gradient(id)!, gradient, largest, passTolerance, `gradient of ${id}`);
  }
}

function compareTrainings({ oracle, compiled, options, network }: Both): void {
  const { batch, samples } = network;
  const { optimizer } = options.training;
  for (let step = 1; step <= 50; step++) {
    const chosen = step % 2 === 0 && samples > batch ? positions(batch, samples) : positions(0, batch);
    const update = { step, rate: Number(optimizer.arguments.rate) };
    const [expected, found] = [oracle.step(chosen, update), compiled.step(chosen, update)];
    if (expected.kind === "notFinite" || found.kind === "notFinite") {
      expect(found.kind).toBe(expected.kind);
      return;
    }
    const gap = Math.abs(found.loss - expected.loss) / Math.max(1, expected.loss);
    expect(gap).toBeLessThan(optimizer.name === "SGD" ? trainedTolerance : adaptiveTolerance);
  }
  if (optimizer.name !== "SGD") return;
  const [found, expected] = [compiled.weights(), oracle.weights()];
  const scale = Math.max(...[...expected.values()].map(sizeOfLargest));
  for (const [id, weights] of expected) {
    expectClose(found.get(id)!, weights, scale, trainedTolerance, id);
  }
}

function expectClose(found: NdArray, { data }: NdArray, scale: number, tolerance: number, what: string): void {
  const gap = data.reduce((most, value, i) => Math.max(most, Math.abs(value - found.data[i]!)), 0);
  expect(gap / Math.max(scale, 1e-6), what).toBeLessThan(tolerance);
}

function sizeOfLargest(array: NdArray | undefined): number {
  return array ? array.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0;
}

function positions(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, index) => from + index);
}

/** Made-up samples of the shapes the network takes and gives. */
function optionsOf({ text, samples, batch }: RandomNetwork): ComputationOptions {
  const [, shapeText] = /x: \[([^\]]*)\]/.exec(text)!;
  const inputShape = shapeText!.split(",").map(Number);
  const outputs = Number(/Dense\((\d+)\)(?: -> \w+)? \}/.exec(text)![1]);
  const isClass = text.includes("CrossEntropy opt") && !text.includes("Binary");
  const targetShape: Shape = isClass ? [] : [outputs];
  const random = randomStream(11, 3);
  const numbers = (shape: Shape, next: () => number): NdArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(next())),
  });
  const target = () => {
    if (isClass) return Math.floor(outputs * random());
    return text.includes("Binary") ? Math.round(random()) : 2 * random() - 1;
  };
  const summary: DataSummary = {
    samples,
    inputShape,
    targetShape,
    ...(isClass && { classes: Array.from({ length: outputs }, (_, index) => `${index}`) }),
  };
  const data: Dataset = {
    inputs: numbers([samples, ...inputShape], () => 2 * random() - 1),
    targets: numbers([samples, ...targetShape], target),
    summary,
  };
  return { training: trainingOf(text, summary), input: "x", data, batchSizes: [batch] };
}

function trainingOf(text: string, summary: DataSummary): Training {
  const { module, diagnostics } = analyze(`data Made = Csv("made.csv")\n${text}`, {
    describeData: () => ({ kind: "ready", summary }),
  });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`${errors.map(({ message }) => message).join("\n")}\n${text}`);
  return module.trainings[0]!;
}
