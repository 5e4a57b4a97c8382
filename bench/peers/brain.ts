// brain.js: an update after every sample; a step is one round over the batch.

import { createRequire } from "node:module";
import { type LoadedPeerWorkload, type PeerLayer, readPeerWorkload } from "../peer-workload";
import type { Stepper } from "../run";
import { serve } from "../serve";

/** The part of brain.js that is used here. */
interface NeuralNetwork {
  sizes: readonly number[];
  /** [layer][unit][input], from layer 1 on. */
  readonly weights: readonly (readonly Float32Array[])[];
  readonly biases: readonly Float32Array[];
  readonly trainOpts: { momentum: number };
  initialize(): void;
  /** Gives the squared error before the update. */
  trainPattern(sample: Sample, givesError: true): number;
}

interface Sample {
  readonly input: Float32Array;
  readonly output: Float32Array;
}

const require = createRequire(import.meta.url);
const brain = require("brain.js") as {
  readonly NeuralNetwork: new (options: Readonly<Record<string, unknown>>) => NeuralNetwork;
};
const { version } = require("brain.js/package.json") as { readonly version: string };

type Dense = Extract<PeerLayer, { kind: "dense" }>;

class BrainStepper implements Stepper {
  private readonly net: NeuralNetwork;
  private readonly samples: readonly Sample[];
  private last = Number.NaN;

  constructor(given: LoadedPeerWorkload) {
    const { inputs, layers, optimizer } = given.workload;
    const unknown = layers.find(({ kind }) => !["dense", "relu", "tanh"].includes(kind));
    if (unknown) throw new Error(`brain.js has no layer for ${unknown.kind}`);
    const dense = layers.filter((layer): layer is Dense => layer.kind === "dense");
    const { rate, beta1, beta2, epsilon } = optimizer.arguments;
    this.net = new brain.NeuralNetwork({
      activation: layers.some(({ kind }) => kind === "tanh") ? "tanh" : "relu",
      learningRate: rate,
      ...(optimizer.name === "Adam" && { praxis: "adam", beta1, beta2, epsilon }),
    });
    this.net.trainOpts.momentum = 0; // Its options refuse 0.
    this.net.sizes = [inputs.shape[1]!, ...dense.map(({ units }) => units)];
    this.net.initialize();
    for (const [index, layer] of dense.entries()) this.fill(index + 1, layer, given);
    this.samples = samplesOf(given, dense.at(-1)!.units);
  }

  step(): void {
    let sum = 0;
    for (const sample of this.samples) sum += this.net.trainPattern(sample, true);
    this.last = sum / this.samples.length;
  }

  loss(): number {
    return this.last;
  }

  close(): void {}

  private fill(position: number, layer: Dense, { numbers }: LoadedPeerWorkload): void {
    const W = numbers(layer.W);
    const b = numbers(layer.b);
    for (const [unit, weights] of this.net.weights[position]!.entries()) {
      for (let row = 0; row < weights.length; row++) weights[row] = W[row * layer.units + unit]!;
      this.net.biases[position]![unit] = b[unit]!;
    }
  }
}

/** A class as its unit vector, a probability as it is. */
function samplesOf({ workload, numbers }: LoadedPeerWorkload, units: number): Sample[] {
  const { inputs, targets, batch } = workload;
  const x = numbers(inputs);
  const y = numbers(targets);
  const size = x.length / batch;
  return Array.from({ length: batch }, (_, index) => ({
    input: x.slice(index * size, (index + 1) * size),
    output: Float32Array.from({ length: units }, (_, unit) => (units === 1 ? y[index]! : unit === y[index] ? 1 : 0)),
  }));
}

const given = await readPeerWorkload(process.argv[2]!);
await serve({
  version: `brain.js ${version}`,
  differences: ["updates after every sample", "squared error, and the hidden layers' activation after the last"],
  create: () => new BrainStepper(given),
});
