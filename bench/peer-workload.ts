// A workload as the peers get it: a JSON file that says what to build, and beside it a file with all numbers, so that
// every peer begins with the same weights and sees the same batch.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Shape } from "../engine/protocol/array";
import type { Network, Value } from "../engine/protocol/network";
import { freshWeights } from "../engine/runtime/weights";
import type { Workload } from "./workloads";

/** Where a tensor's float32 numbers, little endian, stand in the file of numbers; `offset` counts numbers. */
export interface TensorPlace {
  readonly shape: Shape;
  readonly offset: number;
}

export type PeerLayer =
  /** W [inputs, units] */
  | { readonly kind: "dense"; readonly units: number; readonly W: TensorPlace; readonly b: TensorPlace }
  /** Stride 1, padding so that the size stays. W [filters, channels, kernel, kernel] */
  | {
      readonly kind: "convolution";
      readonly filters: number;
      readonly kernel: number;
      readonly W: TensorPlace;
      readonly b: TensorPlace;
    }
  | { readonly kind: "maxPool"; readonly size: number }
  /** Channels first. */
  | { readonly kind: "flatten" }
  | { readonly kind: "relu" }
  | { readonly kind: "tanh" };

export interface PeerWorkload {
  readonly name: string;
  readonly batch: number;
  readonly layers: readonly PeerLayer[];
  /** What follows the last layer; the loss is the mean over the batch. */
  readonly loss: "softmax and cross entropy" | "sigmoid and binary cross entropy";
  readonly optimizer: {
    readonly name: "Adam" | "SGD";
    /** `rate`, and of Adam `beta1`, `beta2`, `epsilon`. */
    readonly arguments: Readonly<Record<string, number>>;
  };
  /** `[batch, …]`, images channels first. */
  readonly inputs: TensorPlace;
  /** `[batch]`: indices of classes, or 0 and 1. */
  readonly targets: TensorPlace;
}

/** A peer's workload with its numbers at hand. */
export interface LoadedPeerWorkload {
  readonly workload: PeerWorkload;
  numbers(place: TensorPlace): Float32Array;
}

/** Writes both files into the folder and gives the path of the JSON. Throws for what no peer is told how to do. */
export async function writePeerWorkload(workload: Workload, folder: string): Promise<string> {
  const numbers = new Numbers();
  const file = path.join(folder, `${workload.name}.json`);
  await writeFile(file, JSON.stringify(describe(workload, numbers), null, 2));
  await writeFile(numbersFile(file), numbers.all());
  return file;
}

export async function readPeerWorkload(file: string): Promise<LoadedPeerWorkload> {
  const workload = JSON.parse(await readFile(file, "utf8")) as PeerWorkload;
  const bytes = await readFile(numbersFile(file));
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { workload, numbers: ({ shape, offset }) => all.subarray(offset, offset + product(shape)) };
}

function numbersFile(file: string): string {
  return file.replace(/json$/, "f32");
}

function describe({ name, training, data }: Workload, numbers: Numbers): PeerWorkload {
  const { network, optimizer, batchSize } = training;
  const [input, ...values] = network.values;
  // A reshape of the input only says how the peers get it.
  const stages = layerName(values[0]) === "Reshape" ? values.slice(1) : values;
  const inputShape = (stages === values ? input : values[0])?.shape ?? [];
  const weights = freshWeights(network, training.seed);
  const place = (instance: string, parameter: string): TensorPlace => {
    const id = `${instance}.${parameter}`;
    const array = weights.get(id);
    if (!array) throw new Error(`${network.name} has no parameter ${id}`);
    return numbers.add(array.shape, array.data);
  };
  return {
    name,
    batch: batchSize,
    layers: stages.slice(0, -1).map((value) => peerLayer(value, place)),
    loss: lossAfter(network),
    optimizer: { name: optimizerName(optimizer.name), arguments: numbersOf(optimizer.arguments) },
    inputs: numbers.add([batchSize, ...inputShape], data.inputs.data),
    targets: numbers.add([batchSize], data.targets.data),
  };
}

type Place = (instance: string, parameter: string) => TensorPlace;

function peerLayer({ id, source }: Value, place: Place): PeerLayer {
  if (source.kind !== "layer") throw new Error(`${id} is no layer, and the peers know only layers`);
  const { layer, instance, arguments: args } = source;
  const weights = () => ({ W: place(instance, "W"), b: place(instance, "b") });
  switch (layer) {
    case "Dense":
      return { kind: "dense", units: args.units as number, ...weights() };
    case "Conv2D":
      if (args.stride !== 1 || args.padding !== "same") throw new Error(`${id}: the peers know stride 1, padding same`);
      return { kind: "convolution", filters: args.filters as number, kernel: args.kernel as number, ...weights() };
    case "MaxPool2D":
      return { kind: "maxPool", size: args.size as number };
    case "Flatten":
      return { kind: "flatten" };
    case "ReLU":
      return { kind: "relu" };
    case "Tanh":
      return { kind: "tanh" };
    default:
      throw new Error(`${id}: the peers are not told how to do ${layer}`);
  }
}

function lossAfter({ name, values }: Network): PeerWorkload["loss"] {
  const last = layerName(values.at(-1));
  if (last === "Softmax") return "softmax and cross entropy";
  if (last === "Sigmoid") return "sigmoid and binary cross entropy";
  throw new Error(`${name} ends in ${last}; the peers know Softmax and Sigmoid`);
}

function layerName(value: Value | undefined): string | undefined {
  return value?.source.kind === "layer" ? value.source.layer : undefined;
}

function optimizerName(name: string): PeerWorkload["optimizer"]["name"] {
  if (name === "Adam" || name === "SGD") return name;
  throw new Error(`the peers are not told how to do ${name}`);
}

function numbersOf(args: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([key, value]) => (typeof value === "number" ? [[key, value]] : [])),
  );
}

const product = (shape: Shape): number => shape.reduce((size, dimension) => size * dimension, 1);

/** Tensors one behind the other. */
class Numbers {
  private readonly parts: Float32Array[] = [];
  private length = 0;

  add(shape: Shape, data: Float64Array): TensorPlace {
    const place = { shape, offset: this.length };
    this.parts.push(Float32Array.from(data));
    this.length += data.length;
    return place;
  }

  all(): Uint8Array {
    const all = new Float32Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return new Uint8Array(all.buffer);
  }
}
