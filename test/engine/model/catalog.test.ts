// The catalog as plain data, and whether it knows every name of the language.

import { describe, expect, test } from "vitest";
import { callableKinds, documentation, inputCount, isPlanned, namesOf } from "../../../engine/model/catalog";
import type { CallableKind } from "../../../engine/protocol/catalog";

/** The names that LANGUAGE.md lists. */
const language: Partial<Record<CallableKind, string>> = {
  layer:
    "Dense Conv2D ConvTranspose2D DepthwiseConv2D MaxPool2D AvgPool2D GlobalAvgPool Flatten Reshape Transpose Concat Slice Dropout BatchNorm LayerNorm Embedding LSTM GRU SelfAttention ReLU LeakyReLU ELU GELU SiLU Sigmoid Tanh Softplus Softmax LogSoftmax",
  function: "max exp log sqrt abs sum mean min norm",
  loss: "MSE HalfMSE MAE Huber BinaryCrossEntropy CrossEntropy",
  optimizer: "SGD RMSProp Adagrad Adam AdamW",
  schedule: "Constant Step Exponential Cosine",
  regularizer: "L1 L2",
  clip: "Norm",
  stopping: "EarlyStopping",
  initializer: "Glorot He LeCun Normal Uniform Zeros Ones Constant",
  metric: "accuracy mse f1",
  dataset: "Csv Idx Npy Npz Json Table Spiral Moons Circles Blobs Xor Plane Sine",
};

for (const [kind, names] of Object.entries(language) as [CallableKind, string][]) {
  test(`every ${kind} of the language can run or is planned, never both`, () => {
    for (const name of names.split(" ")) {
      expect(isPlanned(kind, name) !== (documentation(kind, name) !== undefined), name).toBe(true);
    }
  });
}

describe("entries", () => {
  for (const kind of callableKinds) {
    for (const name of namesOf(kind)) {
      const doc = documentation(kind, name)!;

      test(`${kind} ${name} is plain data that survives a copy`, () => {
        expect(structuredClone(doc)).toEqual(doc);
        expect(JSON.parse(JSON.stringify(doc))).toEqual(doc);
      });

      test(`${kind} ${name} says what it is in sentences`, () => {
        expect(doc).toMatchObject({ kind, name });
        for (const text of [doc.summary, ...doc.arguments.map(({ summary }) => summary)]) {
          expect(text).toMatch(/^[^a-z].*[.…]$/);
        }
      });

      test(`${kind} ${name} has formulas with balanced braces`, () => {
        for (const formula of [doc.equation, ...doc.gradient.split("\n")]) {
          expect(formula.split("{").length, formula).toBe(formula.split("}").length);
          expect(formula).not.toMatch(/undefined|\t|\$/);
        }
      });

      test(`${kind} ${name} has arguments with defaults of their types`, () => {
        for (const { name, type, default: value } of doc.arguments) {
          if (value === undefined) continue;
          const expected = { integer: "number", number: "number", boolean: "boolean", initializer: "object" };
          if (type.kind in expected) expect(typeof value, name).toBe(expected[type.kind as keyof typeof expected]);
          if ((type.kind === "integer" || type.kind === "number") && typeof value === "number") {
            expect(value, name).toBeGreaterThanOrEqual(type.min ?? -Infinity);
            expect(value, name).toBeLessThanOrEqual(type.max ?? Infinity);
          }
        }
      });
    }
  }
});

test("names of every object are no entries", () => {
  for (const kind of callableKinds) {
    expect(documentation(kind, "constructor")).toBeUndefined();
    expect(isPlanned(kind, "constructor")).toBe(false);
  }
});

test("the catalog knows how many values a layer or function takes", () => {
  expect(inputCount("layer", "Dense")).toEqual({ min: 1, max: 1 });
  expect(inputCount("layer", "Concat")?.min).toBe(2);
  expect(inputCount("function", "max")).toEqual({ min: 1, max: 2 });
  expect(inputCount("function", "nothing")).toBeUndefined();
});
