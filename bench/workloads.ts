// The five workloads of the benchmark: networks in the language itself, with the one batch each trains on. Everything a
// peer needs to know is read from these texts.

import type { Dataset } from "../engine/data/dataset";
import { readDataset } from "../engine/data/readers";
import type { Training } from "../engine/protocol/network";
import { analyze } from "../extension/language/analyze";

export type WorkloadName = "W1" | "W2" | "W3" | "W4" | "W5";

export interface Workload {
  readonly name: WorkloadName;
  readonly training: Training;
  /** Exactly one batch: every step trains on all of it, in its order. */
  readonly data: Dataset;
}

export interface WorkloadSource {
  readonly title: string;
  /** A `.nnet` file with one training. */
  readonly text: string;
}

// Adam's rate is small on purpose. A run makes thousands of steps with the same batch: at a usual rate the loss would
// reach 0 and the moments denormal numbers, with which every engine computes several times slower.
const adam = "optimizer: Adam(rate: 1e-7)";

const classifier = `  loss: CrossEntropy
  ${adam}
  epochs: 1
  shuffle: false`;

export const workloadSources: { readonly [Name in WorkloadName]: WorkloadSource } = {
  W1: {
    title: "spiral 2-64-64-3, batch 300",
    text: `data Batch = Spiral(classes: 3, samples: 300, noise: 0.2, seed: 1)

network W1(point: [2]) {
  return point -> Dense(64) -> ReLU -> Dense(64) -> ReLU -> Dense(3) -> Softmax
}

train W1 on Batch {
${classifier}
  batch: 300
}
`,
  },
  W2: {
    title: "exclusive or 2-8-1, batch 4",
    text: `data Batch = Xor(samples: 4)

network W2(bits: [2]) {
  return bits -> Dense(8) -> Tanh -> Dense(1) -> Sigmoid
}

train W2 on Batch {
  loss: BinaryCrossEntropy
  optimizer: SGD(rate: 0.1)
  batch: 4
  epochs: 1
  shuffle: false
}
`,
  },
  W3: {
    title: "784-128-64-10, batch 64",
    text: `data Batch = Blobs(classes: 10, samples: 64, features: 784, seed: 3)

network W3(pixels: [784]) {
  return pixels -> Dense(128) -> ReLU -> Dense(64) -> ReLU -> Dense(10) -> Softmax
}

train W3 on Batch {
${classifier}
  batch: 64
}
`,
  },
  W4: {
    title: "784-1024-1024-10, batch 256",
    text: `data Batch = Blobs(classes: 10, samples: 256, features: 784, seed: 4)

network W4(pixels: [784]) {
  return pixels -> Dense(1024) -> ReLU -> Dense(1024) -> ReLU -> Dense(10) -> Softmax
}

train W4 on Batch {
${classifier}
  batch: 256
}
`,
  },
  W5: {
    title: "two convolutions and 128-10 on 28 × 28, batch 64",
    text: `data Batch = Blobs(classes: 10, samples: 64, features: 784, seed: 5)

network W5(pixels: [784]) {
  return pixels
    -> Reshape([1, 28, 28])
    -> Conv2D(16, kernel: 3, padding: "same") -> ReLU -> MaxPool2D(2)
    -> Conv2D(32, kernel: 3, padding: "same") -> ReLU -> MaxPool2D(2)
    -> Flatten
    -> Dense(128) -> ReLU
    -> Dense(10) -> Softmax
}

train W5 on Batch {
${classifier}
  batch: 64
}
`,
  },
};

export const workloadNames = Object.keys(workloadSources) as readonly WorkloadName[];

/** Throws when the text has an error. */
export function trainingOf(text: string): Training {
  const { module, diagnostics } = analyze(text);
  const [training] = module.trainings;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (!training || errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return training;
}

export async function workload(name: WorkloadName): Promise<Workload> {
  const training = trainingOf(workloadSources[name].text);
  return { name, training, data: await readDataset(training.data.source, noFiles) };
}

/** The workloads draw their samples. */
const noFiles = {
  read: (path: string): never => {
    throw new Error(`a workload reads no files, but asks for ${path}`);
  },
  version: async () => undefined,
};
