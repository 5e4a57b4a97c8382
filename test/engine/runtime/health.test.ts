// Dead units and saturation, on numbers one can count.

import { expect, test } from "vitest";
import type { ActivationHealth } from "../../../engine/protocol/snapshot";
import { healthOf } from "../../../engine/runtime/health";
import { moduleOf } from "./support";

/** Of the value `y` of a network that is one layer. */
async function health(
  layer: string,
  shape: number[],
  batch: number[],
  data: number[],
): Promise<ActivationHealth | undefined> {
  const { networks } = await moduleOf(`network Net(x: [${shape.join(", ")}]) { return x -> ${layer} as y }`);
  const y = networks[0]!.values.find(({ id }) => id === "y")!;
  return healthOf(y, () => ({ shape: [...batch, ...y.shape!], data: Float64Array.from(data) }));
}

test("a unit of a ReLU is dead when it is 0 for every sample", async () => {
  expect(await health("ReLU", [3], [2], [0, 1, 0, 0, 0, 2])).toEqual({ units: 3, dead: 1 });
});

test("a channel of an image is dead when all of it is 0 in every sample", async () => {
  expect(await health("ReLU", [2, 1, 2], [2], [0, 0, 0, 1, 0, 0, 0, 0])).toEqual({ units: 2, dead: 1 });
});

test("a unit of a sequence is a feature, at whatever time", async () => {
  expect(await health("ReLU", [2, 3], [1], [0, 0, 1, 0, 2, 0])).toEqual({ units: 3, dead: 1 });
});

test("numbers within a hundredth of the range from a bound are saturated", async () => {
  expect(await health("Sigmoid", [4], [1], [0.01, 0.011, 0.5, 0.995])).toEqual({ units: 4, saturated: 0.5 });
  expect(await health("Tanh", [4], [1], [-1, -0.97, 0, 0.99])).toEqual({ units: 4, saturated: 0.5 });
});

test("what can neither die nor saturate is not looked at", async () => {
  expect(await health("Dense(2)", [2], [1], [0, 0])).toBeUndefined();
  expect(await health("Softmax", [2], [1], [0, 1])).toBeUndefined();
});
