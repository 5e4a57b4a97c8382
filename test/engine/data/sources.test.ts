// Sources that need no file: tables and synthetic sets. Catalog-wide first, then what is special of each.

import { describe, expect, test } from "vitest";
import type { Dataset, FileReader } from "../../../engine/data/dataset";
import { readDataset } from "../../../engine/data/readers";
import { table } from "../../../engine/data/table";
import { datasets } from "../../../engine/model/datasets";
import { sizeOf } from "../../../engine/model/shape";
import type { Arguments } from "../../../engine/protocol/catalog";

const noFiles: FileReader = {
  read: () => Promise.reject(new Error("no file is needed")),
  version: () => Promise.resolve(undefined),
};

const generate = (name: string, args: Arguments = {}): Promise<Dataset> =>
  readDataset({ name, arguments: args }, noFiles);

const synthetic = Object.entries(datasets)
  .filter(([, { category }]) => category !== "file")
  .map(([name]) => name);

describe.each(synthetic)("%s", (name) => {
  test("has the shapes its summary says, all finite", async () => {
    const { inputs, targets, summary } = await generate(name);
    expect(inputs.shape).toEqual([summary.samples, ...summary.inputShape]);
    expect(targets.shape).toEqual([summary.samples, ...summary.targetShape]);
    expect(inputs.data).toHaveLength(sizeOf(inputs.shape));
    expect(targets.data).toHaveLength(sizeOf(targets.shape));
    expect([...inputs.data, ...targets.data].every(Number.isFinite)).toBe(true);
    expect(summary.features).toHaveLength(inputs.shape[1]!);
  });

  test("is the same for the same seed and another for another", async () => {
    const noisy = (seed: number) => generate(name, { seed, noise: 0.1 });
    expect(await noisy(5)).toEqual(await noisy(5));
    expect(await noisy(5)).not.toEqual(await noisy(6));
  });

  test("gives as many samples as asked for, one included", async () => {
    const classes = (await generate(name)).summary.classes?.length ?? 1;
    const fewest = name === "Xor" ? 1 : classes;
    for (const samples of [fewest, fewest + 5, 1000]) {
      const { summary, inputs } = await generate(name, { samples });
      expect(summary.samples).toBe(samples);
      expect(inputs.shape[0]).toBe(samples);
    }
  });
});

describe("classes", () => {
  test.each(["Spiral", "Moons", "Circles", "Blobs"])("%s gives every class its share", async (name) => {
    const { targets, summary } = await generate(name, { samples: 100 });
    const counts = summary.classes!.map((_, label) => targets.data.filter((target) => target === label).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  test("fewer samples than classes are refused", async () => {
    await expect(generate("Spiral", { samples: 2, classes: 3 })).rejects.toThrow("2 samples cannot show 3 classes");
  });
});

test.each(synthetic)("%s refuses to draw more numbers than fit", async (name) => {
  await expect(generate(name, { samples: 1e12 })).rejects.toThrow("1000000000000 samples are too many");
});

describe("points lie where their formula says", () => {
  test("Spiral without noise: arm k at radius r stands at the angle 4k + 4r", async () => {
    const { inputs, targets } = await generate("Spiral", { noise: 0, samples: 30 });
    targets.data.forEach((arm, index) => {
      const [x, y] = inputs.data.subarray(2 * index, 2 * index + 2) as unknown as [number, number];
      const radius = Math.hypot(x, y);
      expect(x).toBeCloseTo(radius * Math.sin(4 * arm + 4 * radius), 12);
      expect(y).toBeCloseTo(radius * Math.cos(4 * arm + 4 * radius), 12);
    });
  });

  test("Circles without noise: radius 1 outside, the factor inside", async () => {
    const { inputs, targets } = await generate("Circles", { noise: 0, factor: 0.3 });
    targets.data.forEach((label, index) => {
      expect(Math.hypot(inputs.data[2 * index]!, inputs.data[2 * index + 1]!)).toBeCloseTo(label === 0 ? 1 : 0.3, 12);
    });
  });

  test("Moons without noise are scikit-learn's", async () => {
    // make_moons(6, shuffle=False): cos and sin of linspace(0, π, 3), and 1 − cos, 1 − sin − 0.5.
    const { inputs } = await generate("Moons", { noise: 0, samples: 6 });
    const expected = [1, 0, 0, 1, -1, 0, 0, 0.5, 1, -0.5, 2, 0.5];
    expected.forEach((value, index) => {
      expect(inputs.data[index]).toBeCloseTo(value, 12);
    });
  });

  test("Xor without noise is the truth table", async () => {
    const { inputs, targets } = await generate("Xor");
    expect([...inputs.data]).toEqual([0, 0, 0, 1, 1, 0, 1, 1]);
    expect([...targets.data]).toEqual([0, 1, 1, 0]);
  });

  test("Plane and Sine without noise follow their functions", async () => {
    const plane = await generate("Plane", { noise: 0 });
    plane.targets.data.forEach((height, index) => {
      expect(height).toBe((plane.inputs.data[2 * index]! + plane.inputs.data[2 * index + 1]!) / 2);
    });
    const sine = await generate("Sine", { noise: 0 });
    sine.targets.data.forEach((height, index) => {
      expect(height).toBe(Math.sin(sine.inputs.data[index]!));
    });
  });

  test("the noise has the deviation it is given", async () => {
    const { inputs, targets } = await generate("Sine", { noise: 0.5, samples: 20_000 });
    const errors = targets.data.map((target, index) => target - Math.sin(inputs.data[index]!));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    // Standard error of both for 20,000 normal numbers: below 0.004; five of them.
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(deviation - 0.5)).toBeLessThan(0.02);
  });
});

describe("Table", () => {
  const array = (shape: number[], ...data: number[]) => ({ shape, data: Float64Array.from(data) });

  test("rows are samples; integers from 0 are classes", () => {
    const { summary } = table(array([4, 2], 0, 0, 0, 1, 1, 0, 1, 1), array([4], 0, 1, 1, 0));
    expect(summary).toEqual({ samples: 4, inputShape: [2], targetShape: [], classes: ["0", "1"] });
  });

  test("targets may have a shape of their own", () => {
    expect(table(array([2, 1], 1, 2), array([2, 1], 0, 1)).summary).toEqual({
      samples: 2,
      inputShape: [1],
      targetShape: [1],
    });
  });

  test("each sample needs a target", () => {
    expect(() => table(array([3], 1, 2, 3), array([2], 1, 2))).toThrow("inputs has 3 samples, but targets has 2");
    expect(() => table(array([3], 1, 2, 3), array([], 1))).toThrow("targets must be a list");
    expect(() => table(array([0]), array([0]))).toThrow("at least one sample");
  });
});
