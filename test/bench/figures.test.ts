// How the engine's own figures are taken, from an engine that is small enough to check by hand.

import { expect, test } from "vitest";
import { engineFigures, isReached } from "../../bench/figures";
import type { CompiledEngine, Timed } from "../../bench/ours";

/** Counts what is open. */
class SmallEngine implements CompiledEngine {
  open = 0;
  steps = 0;
  observations = 0;

  async matrixProduct(m: number, k: number, n: number): Promise<Timed> {
    const a = new Float32Array(m * k).fill(1);
    const c = new Float32Array(n);
    return this.opened({
      run: () => {
        for (let row = 0; row < k; row++) c[row % n]! += a[row]!;
      },
    });
  }

  async elementwise() {
    const x = new Float32Array(1024);
    return [{ name: "clear", bytes: x.byteLength, ...this.opened({ run: () => x.fill(0) }) }];
  }

  async watched() {
    const step = () => {
      this.steps++;
    };
    const observe = () => {
      this.observations++;
    };
    return this.opened({ step, observe });
  }

  async memory() {
    return { parameters: 100, liveActivations: 100, planned: 600, allocated: 640 };
  }

  private opened<Opened>(made: Opened): Opened & { close(): void } {
    this.open++;
    return {
      ...made,
      close: () => {
        this.open--;
      },
    };
  }
}

const options = { peak: { measure: () => 1e-9 }, seconds: 0.02, log: () => {} };

test("a product is measured against the peak, kernels by their bytes, and nothing stays open", async () => {
  const engine = new SmallEngine();
  const figures = await engineFigures(engine, options);
  const product = figures.find(({ what }) => what.startsWith("matrix product 256"))!;
  // The peak is one operation a second, which anything exceeds.
  expect(product.value).toMatchObject({ number: expect.any(Number) });
  expect(isReached(product.goal!, product.value.number)).toBe(true);
  expect(figures.find(({ what }) => what === "clear")!.value).toMatchObject({ unit: "GB/s" });
  expect(engine.open).toBe(0);
  expect(engine.steps).toBeGreaterThan(0);
});

test("a plan's memory is compared with four copies of the parameters, and with what is allocated", async () => {
  const figures = await engineFigures(new SmallEngine(), options);
  const [planned, account] = figures.filter(({ what }) => what.startsWith("W4"));
  expect([planned!.value, isReached(planned!.goal!, planned!.value.number)]).toEqual([
    { number: 600 / 500, unit: "" },
    true,
  ]);
  expect([account!.value, isReached(account!.goal!, account!.value.number)]).toEqual([
    { number: 40 / 640, unit: "" },
    false,
  ]);
});

test("Snapshots are taken in the stretches that are watched", async () => {
  const engine = new SmallEngine();
  await engineFigures(engine, { ...options, seconds: 0.15 });
  // Six watched stretches of at least 0.15 s, one to warm up, five to measure; the first Snapshot is due after 0.1 s.
  expect(engine.observations).toBeGreaterThanOrEqual(6);
});
