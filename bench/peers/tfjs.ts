// TensorFlow.js on WebAssembly with SIMD. Images are channels last, as its backend wants them.

import { createRequire } from "node:module";
import path from "node:path";
import { type LoadedPeerWorkload, type PeerLayer, readPeerWorkload, type TensorPlace } from "../peer-workload";
import type { Stepper } from "../run";
import { serve } from "../serve";
import { channelsLast, channelsLastFilters, channelsLastRows, imageSizes } from "./channels-last";

/** The part of TensorFlow.js that is used here. */
interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

interface Optimizer {
  minimize(loss: () => Tensor, returnCost: true): Tensor;
  dispose(): void;
}

interface TensorFlow {
  readonly version_core: string;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  env(): { getAsync(flag: string): Promise<boolean> };
  tensor(data: Float32Array, shape: readonly number[]): Tensor;
  tensor(data: Int32Array, shape: readonly number[], type: "int32"): Tensor;
  variable(initial: Tensor): Tensor;
  oneHot(indices: Tensor, depth: number): Tensor;
  cast(x: Tensor, type: "float32"): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  tanh(x: Tensor): Tensor;
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  conv2d(x: Tensor, filters: Tensor, stride: number, padding: "same"): Tensor;
  maxPool(x: Tensor, size: number, stride: number, padding: "valid"): Tensor;
  readonly losses: {
    softmaxCrossEntropy(targets: Tensor, logits: Tensor): Tensor;
    sigmoidCrossEntropy(targets: Tensor, logits: Tensor): Tensor;
  };
  readonly train: {
    sgd(rate: number): Optimizer;
    adam(rate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
  };
}

interface WasmBackend {
  setWasmPaths(folder: string): void;
  setThreadsCount(threads: number): void;
}

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs") as TensorFlow;
const backend = require("@tensorflow/tfjs-backend-wasm") as WasmBackend;

class TensorFlowStepper implements Stepper {
  private readonly optimizer: Optimizer;
  private readonly variables: Tensor[] = [];
  private readonly cost: () => Tensor;
  private last = Number.NaN;

  constructor(private readonly given: LoadedPeerWorkload) {
    const { inputs, layers, optimizer, loss } = given.workload;
    const sizes = imageSizes(given.workload);
    const stages = layers.map((layer, index) => this.stage(layer, sizes[index]!));
    const x = this.input(inputs);
    const last = layers.at(-1)!;
    const targets = this.targets(last.kind === "dense" ? last.units : 0);
    const criterion =
      loss === "softmax and cross entropy" ? tf.losses.softmaxCrossEntropy : tf.losses.sigmoidCrossEntropy;
    this.cost = () =>
      criterion(
        targets,
        stages.reduce((value, stage) => stage(value), x),
      );
    const { rate, beta1, beta2, epsilon } = optimizer.arguments;
    this.optimizer = optimizer.name === "SGD" ? tf.train.sgd(rate!) : tf.train.adam(rate!, beta1!, beta2!, epsilon!);
  }

  step(): void {
    const cost = this.optimizer.minimize(this.cost, true);
    // Asking for the number makes sure that the step is done.
    this.last = cost.dataSync()[0]!;
    cost.dispose();
  }

  loss(): number {
    return this.last;
  }

  close(): void {
    this.optimizer.dispose();
    for (const variable of this.variables) variable.dispose();
  }

  private input({ shape, ...rest }: TensorPlace): Tensor {
    const data = this.given.numbers({ shape, ...rest });
    if (shape.length < 4) return this.kept(tf.tensor(data, shape));
    const [batch, channels, height, width] = shape as [number, number, number, number];
    return this.kept(tf.tensor(channelsLast(data, [batch, channels, height, width]), [batch, height, width, channels]));
  }

  private targets(classes: number): Tensor {
    const { targets, loss, batch } = this.given.workload;
    const data = this.given.numbers(targets);
    if (loss === "sigmoid and binary cross entropy") return this.kept(tf.tensor(data, [batch, 1]));
    return this.kept(tf.cast(tf.oneHot(tf.tensor(Int32Array.from(data), [batch], "int32"), classes), "float32"));
  }

  private stage(layer: PeerLayer, image: readonly number[]): (x: Tensor) => Tensor {
    switch (layer.kind) {
      case "dense": {
        const W = this.variable(channelsLastRows(this.given.numbers(layer.W), image, layer.units), layer.W.shape);
        const b = this.variable(this.given.numbers(layer.b), layer.b.shape);
        return (x) => tf.add(tf.matMul(x, W), b);
      }
      case "convolution": {
        const [filters, channels, kernel] = layer.W.shape as [number, number, number, number];
        const data = channelsLastFilters(this.given.numbers(layer.W), [filters, channels, kernel]);
        const W = this.variable(data, [kernel, kernel, channels, filters]);
        const b = this.variable(this.given.numbers(layer.b), layer.b.shape);
        return (x) => tf.add(tf.conv2d(x, W, 1, "same"), b);
      }
      case "maxPool":
        return (x) => tf.maxPool(x, layer.size, layer.size, "valid");
      case "flatten":
        return (x) => tf.reshape(x, [this.given.workload.batch, -1]);
      case "relu":
        return tf.relu;
      case "tanh":
        return tf.tanh;
      default:
        throw new Error(layer satisfies never);
    }
  }

  private variable(data: Float32Array, shape: readonly number[]): Tensor {
    return this.kept(tf.variable(tf.tensor(data, shape)));
  }

  private kept(tensor: Tensor): Tensor {
    this.variables.push(tensor);
    return tensor;
  }
}

const given = await readPeerWorkload(process.argv[2]!);
const packageFile = require.resolve("@tensorflow/tfjs-backend-wasm/package.json");
backend.setWasmPaths(`${path.join(path.dirname(packageFile), "wasm-out")}/`);
backend.setThreadsCount(1); // It has no more in Node.
await tf.setBackend("wasm");
await tf.ready();
const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) ? "with" : "without";
await serve({
  version: `TensorFlow.js ${tf.version_core} on WebAssembly ${simd} SIMD`,
  differences: [],
  create: () => new TensorFlowStepper(given),
});
