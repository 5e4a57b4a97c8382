// Networks that a property test makes up: layers of the language in any order that fits, on made-up data.

import fc from "fast-check";

export interface RandomNetwork {
  /** A whole file: data, network and training. */
  readonly text: string;
  readonly samples: number;
  readonly batch: number;
}

/** Sizes that are no multiple of any vector or tile, and such that are. */
const size = fc.oneof(fc.integer({ min: 1, max: 67 }), fc.constantFrom(1, 4, 8, 16, 32, 64));
const small = fc.integer({ min: 1, max: 9 });

const vectorStage = fc.oneof(
  { weight: 4, arbitrary: size.map((units) => `Dense(${units})`) },
  { weight: 1, arbitrary: size.map((units) => `Dense(${units}, bias: false)`) },
  {
    weight: 3,
    // Smooth ones, whose slope has no step that a rounding could cross.
    arbitrary: fc.constantFrom("Tanh", "Sigmoid", "GELU", "SiLU", "Softplus", "ELU", "Softmax"),
  },
  { weight: 2, arbitrary: fc.constantFrom("ReLU", "LeakyReLU") },
  { weight: 1, arbitrary: fc.constantFrom("LayerNorm", "BatchNorm", "Dropout(0.3)") },
);

const imageStage = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(small, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }), fc.boolean())
      .map(
        ([filters, kernel, stride, bias]) =>
          `Conv2D(${filters}, ${kernel}, stride: ${stride}, padding: same, bias: ${bias})`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "Tanh",
      "ReLU",
      "BatchNorm",
      "AvgPool2D(2, stride: 1, padding: same)",
      "MaxPool2D(2, stride: 1, padding: same)",
    ),
  },
);

const loss = fc.constantFrom("softmax", "sigmoid", "numbers");

const optimizer = fc.constantFrom(
  "SGD(rate: 0.01)",
  "SGD(rate: 0.01, momentum: 0.9)",
  "SGD(rate: 0.01, momentum: 0.9, nesterov: true)",
  "RMSProp(rate: 0.001)",
  "Adagrad(rate: 0.01)",
  "Adam(rate: 0.001)",
  "AdamW(rate: 0.001)",
);

const clip = fc.constantFrom("", "clip: Norm(1)", "clip: Value(0.1)");

/** Fully connected ones. */
export const vectorNetworks: fc.Arbitrary<RandomNetwork> = fc
  .record({
    features: size,
    stages: fc.array(vectorStage, { minLength: 1, maxLength: 5 }),
    outputs: fc.integer({ min: 2, max: 11 }),
    batch: size,
    rest: fc.integer({ min: 0, max: 9 }),
    loss,
    optimizer,
    clip,
  })
  .map(({ features, ...rest }) => file({ shape: `[${features}]`, flatten: "", ...rest }));

/** Convolutional ones. */
export const imageNetworks: fc.Arbitrary<RandomNetwork> = fc
  .record({
    image: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 3, max: 11 }), fc.integer({ min: 3, max: 11 })),
    stages: fc.array(imageStage, { minLength: 1, maxLength: 3 }),
    outputs: fc.integer({ min: 2, max: 6 }),
    batch: small,
    rest: fc.integer({ min: 0, max: 3 }),
    loss,
    optimizer,
    clip,
  })
  .map(({ image, ...rest }) => file({ shape: `[${image.join(", ")}]`, flatten: "-> Flatten", ...rest }));

const sequenceStage = fc.oneof(
  { weight: 2, arbitrary: small.map((units) => `Dense(${4 * units})`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("SelfAttention(2)", "SelfAttention(4, causal: true)", "SelfAttention(1, bias: false)"),
  },
  {
    weight: 1,
    arbitrary: small.map((units) => `LSTM(${4 * units}, sequences: true)`),
  },
  { weight: 1, arbitrary: small.map((units) => `GRU(${4 * units}, sequences: true)`) },
  { weight: 1, arbitrary: fc.constantFrom("LayerNorm", "Tanh", "GELU", "Dropout(0.2)") },
);

/** Recurrent ones and such with attention; features are multiples of 4, so that heads fit. */
export const sequenceNetworks: fc.Arbitrary<RandomNetwork> = fc
  .record({
    steps: small,
    features: small,
    stages: fc.array(sequenceStage, { minLength: 1, maxLength: 3 }),
    outputs: fc.integer({ min: 2, max: 6 }),
    batch: small,
    rest: fc.integer({ min: 0, max: 3 }),
    loss,
    optimizer,
    clip,
  })
  .map(({ steps, features, ...rest }) =>
    file({ shape: `[${steps}, ${4 * features}]`, flatten: "-> Flatten", ...rest }),
  );

interface Parts {
  readonly shape: string;
  readonly stages: readonly string[];
  readonly flatten: string;
  readonly outputs: number;
  readonly batch: number;
  readonly rest: number;
  readonly loss: string;
  readonly optimizer: string;
  readonly clip: string;
}

function file({ shape, stages, flatten, outputs, loss, optimizer, clip, ...sizes }: Parts): RandomNetwork {
  // BatchNorm has no variance of a single vector, and makes ±1 of any two: what is left of a gradient then is rounding.
  const least = stages.includes("BatchNorm") ? 4 : 1;
  const batch = Math.max(sizes.batch, least);
  // One full batch, and often a smaller one behind it.
  const samples = batch + (sizes.rest < least ? 0 : Math.min(sizes.rest, batch));
  const ends = {
    softmax: { layers: `Dense(${outputs}) -> Softmax`, loss: "CrossEntropy" },
    sigmoid: { layers: `Dense(${outputs}) -> Sigmoid`, loss: "BinaryCrossEntropy" },
    numbers: { layers: `Dense(${outputs})`, loss: "MSE" },
  }[loss]!;
  return {
    samples,
    batch,
    text: `
      network Random(x: ${shape}) { return x ${stages.map((stage) => `-> ${stage}`).join(" ")} ${flatten} -> ${ends.layers} }
      train Random on Made { loss: ${ends.loss} optimizer: ${optimizer} ${clip} batch: ${batch} epochs: 1000 seed: 7 }`,
  };
}
