// ConvNetJS: one sample after the other, an update after the last of the batch.

import { createRequire } from "node:module";
import { type LoadedPeerWorkload, type PeerLayer, readPeerWorkload } from "../peer-workload";
import type { Stepper } from "../run";
import { serve } from "../serve";
import { channelsLast, channelsLastFilters, channelsLastRows, imageSizes } from "./channels-last";

/** The part of ConvNetJS that is used here. */
interface Vol {
  readonly w: Float64Array;
}

interface Layer {
  readonly layer_type: string;
  readonly filters?: readonly Vol[];
  readonly biases?: Vol;
}

interface Net {
  readonly layers: readonly Layer[];
  makeLayers(definitions: readonly Readonly<Record<string, unknown>>[]): void;
}

interface ConvNetJs {
  readonly Vol: new (width: number, height: number, depth: number, fill: number) => Vol;
  readonly Net: new () => Net;
  readonly Trainer: new (
    net: Net,
    options: Readonly<Record<string, unknown>>,
  ) => { train(input: Vol, label: number): { readonly loss: number } };
}

const require = createRequire(import.meta.url);
const convnetjs = require("convnetjs") as ConvNetJs;
const { version } = require("convnetjs/package.json") as { readonly version: string };

class ConvNetStepper implements Stepper {
  private readonly trainer: InstanceType<ConvNetJs["Trainer"]>;
  private readonly samples: readonly Vol[];
  private readonly labels: Float32Array;
  private last = Number.NaN;

  constructor(given: LoadedPeerWorkload) {
    const { workload, numbers } = given;
    const net = new convnetjs.Net();
    net.makeLayers(definitions(given));
    fill(net, given);
    const { name, arguments: args } = workload.optimizer;
    this.trainer = new convnetjs.Trainer(net, {
      method: name === "Adam" ? "windowgrad" : "sgd",
      learning_rate: args.rate,
      ...(name === "Adam" && { ro: args.beta2 }),
      momentum: 0,
      batch_size: workload.batch,
    });
    this.samples = samplesOf(given);
    this.labels = numbers(workload.targets);
  }

  step(): void {
    let sum = 0;
    for (const [index, sample] of this.samples.entries()) sum += this.trainer.train(sample, this.labels[index]!).loss;
    this.last = sum / this.samples.length;
  }

  loss(): number {
    return this.last;
  }

  close(): void {}
}

function definitions({ workload }: LoadedPeerWorkload): Readonly<Record<string, unknown>>[] {
  const { inputs, layers } = workload;
  const [channels, height = 1, width = 1] = inputs.shape.slice(1);
  const input = { type: "input", out_sx: width, out_sy: height, out_depth: channels };
  const stages = layers.slice(0, -1).flatMap((layer) => definition(layer));
  const last = layers.at(-1)!;
  if (last.kind !== "dense") throw new Error("ConvNetJS wants a dense layer before its softmax");
  // It has no sigmoid with cross entropy: two classes, the first with a logit of 0, are the same.
  return [input, ...stages, { type: "softmax", num_classes: Math.max(2, last.units) }];
}

/** ConvNetJS takes images and vectors alike, so Flatten is nothing. */
function definition(layer: PeerLayer): Readonly<Record<string, unknown>>[] {
  switch (layer.kind) {
    case "dense":
      return [{ type: "fc", num_neurons: layer.units }];
    case "convolution":
      return [{ type: "conv", sx: layer.kernel, filters: layer.filters, stride: 1, pad: Math.floor(layer.kernel / 2) }];
    case "maxPool":
      return [{ type: "pool", sx: layer.size, stride: layer.size }];
    case "flatten":
      return [];
    case "relu":
    case "tanh":
      return [{ type: layer.kind }];
    default:
      throw new Error(layer satisfies never);
  }
}

/** The weights the workload begins with. */
function fill(net: Net, { workload, numbers }: LoadedPeerWorkload): void {
  const sizes = imageSizes(workload);
  const filled = net.layers.filter(({ filters }) => filters !== undefined);
  const weighted = workload.layers.flatMap((layer, index) =>
    layer.kind === "dense" || layer.kind === "convolution" ? [{ layer, image: sizes[index]! }] : [],
  );
  for (const [position, { layer, image }] of weighted.entries()) {
    const filters = filled[position]!.filters!;
    const W =
      layer.kind === "dense"
        ? channelsLastRows(numbers(layer.W), image, layer.units)
        : channelsLastFilters(numbers(layer.W), [layer.filters, layer.W.shape[1]!, layer.kernel]);
    const columns = layer.kind === "dense" ? layer.units : layer.filters;
    const b = numbers(layer.b);
    // Where two classes stand for one probability, the class 0 has the logit 0.
    const unused = filters.length - columns;
    for (const [index, filter] of filters.entries()) {
      const column = index - unused;
      for (let row = 0; row < filter.w.length; row++) filter.w[row] = column < 0 ? 0 : W[row * columns + column]!;
      filled[position]!.biases!.w[index] = column < 0 ? 0 : b[column]!;
    }
  }
}

function samplesOf({ workload, numbers }: LoadedPeerWorkload): Vol[] {
  const { inputs, batch } = workload;
  const [channels, height = 1, width = 1] = inputs.shape.slice(1) as [number, number?, number?];
  const data = channelsLast(numbers(inputs), [batch, channels, height, width]);
  const size = data.length / batch;
  return Array.from({ length: batch }, (_, index) => {
    const vol = new convnetjs.Vol(width, height, channels, 0);
    vol.w.set(data.subarray(index * size, (index + 1) * size));
    return vol;
  });
}

const given = await readPeerWorkload(process.argv[2]!);
await serve({
  version: `ConvNetJS ${version}`,
  differences: [
    ...(given.workload.optimizer.name === "Adam"
      ? ["has no Adam: windowgrad, which keeps one moment instead of two, stands for it"]
      : []),
    ...(given.workload.loss === "sigmoid and binary cross entropy"
      ? ["has no sigmoid with cross entropy: a softmax of two classes stands for it"]
      : []),
  ],
  create: () => new ConvNetStepper(given),
});
