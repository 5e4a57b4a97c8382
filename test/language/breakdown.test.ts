// Where a training broke down, in its text.

import { expect, test } from "vitest";
import type { ValueId } from "../../engine/protocol/network";
import type { Range } from "../../engine/protocol/text";
import { analyze } from "../../extension/language/analyze";
import { breakdownOf } from "../../extension/language/breakdown";
import { marked } from "./marked";

const message = "Net: the loss is NaN at step 1 (epoch 1).";
const logarithm = "network Net(x) {\n  param w = 1\n  «l» = log(x)\n  return w * l\n}\n";
const train =
  "data Line = Table(inputs: [-1, 2], targets: [1, 3])\ntrain Net on Line { loss: MSE optimizer: SGD(rate: 0.1) }\n";

function placeOf(value: ValueId, text: string, library = ""): Range | undefined {
  const environment = { describeData: () => undefined, readFile: () => ({ text: library }) };
  const [training] = analyze(text, environment).module.trainings;
  const found = breakdownOf(training!, { message, value });
  if (found) expect(found).toMatchObject({ code: "not-finite", severity: "error", message });
  return found?.range;
}

test("a breakdown is marked at the value's name", () => {
  const { text, ranges } = marked(logarithm + train);
  expect(placeOf("l", text)).toEqual(ranges[0]);
});

test("in a layer's weights it is marked at the layer", () => {
  const { text, ranges } = marked(`network Net(x: [1]) {\n  return x -> «Dense(1)» as h\n}\n${train}`);
  expect(placeOf("h.W", text)).toEqual(ranges[0]);
});

test("in a network of another file it is marked at the import", () => {
  const { text, ranges } = marked(`import «"lib.nnet"»\n${train}`);
  expect(placeOf("l", text, marked(logarithm).text)).toEqual(ranges[0]);
});

test("of a value that the network has no more it is marked nowhere", () =>
  expect(placeOf("gone", marked(logarithm + train).text)).toBeUndefined());
