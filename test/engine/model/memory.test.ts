// What a training needs, against counting by hand and against what is allocated.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { workload } from "../../../bench/workloads";
import { memoryFor, memoryOfParameters, memoryOfTraining, shortage, surelyFits } from "../../../engine/model/memory";
import type { Training } from "../../../engine/protocol/network";
import { CompiledComputation } from "../../../engine/runtime/compiled-computation";
import { Float64Computation } from "../../../engine/runtime/float64-computation";
import { datasetsOf, noisy, trainingOf, xor } from "../runtime/support";

const of = (stages: string, more = "optimizer: SGD", shape = "[2]"): Promise<Training> =>
  trainingOf(`data D = Table(inputs: [[0, 0], [1, 1]], targets: [0, 1])
    network Net(x: ${shape}) { return ${stages} }
    train Net on D { loss: MSE ${more} batch: 10 }`);

const numbers = (training: Training, batchSize = 10): number =>
  memoryOfTraining(training, { batchSize, targetShape: [], precision: "float32" }).bytes / 4;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Of all typed arrays that something still refers to. */
function bytesInUse(): number {
  // The second collection begins when what the first one found has been given back.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

describe("the memory of a training", () => {
  test("holds a parameter, its gradient and what the optimizer remembers of it", async () => {
    const weights = 2 * 1000;
    const rest = numbers(await of("x -> Dense(1000, bias: false) -> sum")) - 2 * weights;
    for (const [optimizer, copies] of [
      ["SGD(momentum: 0.9)", 3],
      ["Adam", 4],
      ["RMSProp", 3],
    ] as const) {
      const training = await of("x -> Dense(1000, bias: false) -> sum", `optimizer: ${optimizer}`);
      expect(numbers(training)).toBe(copies * weights + rest);
    }
  });

  test("grows with the batch by what lives at once", async () => {
    // Of each sample: the product, its activation, and the gradient of that.
    const training = await of("x -> Dense(1000) -> ReLU -> Dense(1)");
    const perSample = (numbers(training, 1010) - numbers(training, 10)) / 1000;
    expect(perSample).toBeGreaterThanOrEqual(3 * 1000);
    expect(perSample).toBeLessThan(3 * 1000 + 10);
  });

  test("is not needed for numbers that only move", async () => {
    const flat = await of("x -> Dense(1000) -> ReLU -> Dense(1)");
    const moved = await of("x -> Dense(1000) -> Reshape([10, 100]) -> ReLU -> Flatten -> Dense(1)");
    expect(numbers(moved)).toBe(numbers(flat));
  });

  test("tells the layer that most of it is for, by the user's name for it", async () => {
    const training = await of("x -> Dense(500) as a -> ReLU -> Dense(500) as b -> ReLU -> Dense(1)");
    const need = memoryOfTraining(training, { batchSize: 10, targetShape: [], precision: "float32" });
    expect(need.largest).toMatchObject({ value: "b", name: "b (Dense)" });
    // 500 · 500 + 500 parameters and their gradients at least.
    expect(need.largest!.bytes).toBeGreaterThanOrEqual(4 * 2 * 250_500);
    expect(memoryOfParameters(training.network, "float64").largest).toEqual({
      value: "b",
      name: "b (Dense)",
      bytes: 8 * 250_500,
    });
  });

  test.each([
    ["a wide layer", "x -> Dense(3000) -> ReLU -> Dense(1000) -> Tanh -> Dense(1) -> sum"],
    ["attention", "x -> Dense(4000) -> Reshape([400, 10]) -> SelfAttention(2) -> mean"],
  ])("in float64 is what is allocated for %s", async (_, stages) => {
    const text = `data D = Blobs(samples: 50)
      network Net(x: [2]) { return ${stages} }
      train Net on D { loss: MSE optimizer: Adam batch: 50 }`;
    const training = await trainingOf(text);
    const data = (await datasetsOf(text)).get("D")!;
    const need = memoryOfTraining(training, { batchSize: 50, targetShape: [], precision: "float64" });
    const before = bytesInUse();
    const computation = new Float64Computation({ training, input: "x", data, batchSizes: [50] });
    const allocated = bytesInUse() - before;
    computation.close();
    expect(need.bytes).toBeGreaterThan(50e6);
    // Numbers of some elements stand elsewhere.
    expect(Math.abs(allocated - need.bytes) / need.bytes).toBeLessThan(1e-3);
  });

  test.each(["W1", "W3", "W4", "W5"] as const)(
    "in float32 is within two fifths of what is planned for %s",
    async (name) => {
      const { training, data } = await workload(name);
      const { batchSize, network } = training;
      const { targetShape } = data.summary;
      const need = memoryOfTraining(training, { batchSize, targetShape, precision: "float32" });
      const computation = new CompiledComputation({
        training,
        input: network.values[0]!.id,
        data,
        batchSizes: [batchSize],
      });
      const { planned } = computation.memoryAccount;
      computation.close();
      expect(Math.abs(need.bytes - planned) / planned).toBeLessThan(0.4);
    },
  );

  test.each([xor, noisy])("that surely fits does", async (text) => {
    const training = await trainingOf(text);
    const { bytes } = memoryOfTraining(training, { batchSize: 4, targetShape: [], precision: "float32" });
    expect(surelyFits(training, 4, bytes - 1)).toBe(false);
    expect(surelyFits(training, 4, 1e12)).toBe(true);
  });
});

describe("a shortage", () => {
  const need = { bytes: 20e9, largest: { value: "h", name: "h (Dense)", bytes: 15e9 } };

  test("is told with what there is and what needs the most", () => {
    expect(shortage(need, 16e9)).toBe("needs about 20 GB of memory, and can have 16 GB: 15 GB of it for h (Dense)");
    expect(shortage(need, 20e9)).toBeUndefined();
  });

  test("begins in float32 where 32 bits end, in float64 where the machine does", () => {
    expect(memoryFor("float32", 64e9)).toBe(2 ** 32);
    expect(memoryFor("float32", 1e9)).toBe(1e9);
    expect(memoryFor("float64", 64e9)).toBe(64e9);
  });
});
