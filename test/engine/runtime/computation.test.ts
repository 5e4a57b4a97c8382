// What every Computation promises the Trainer: copies go out, nothing moves when a step cannot be made, and what was
// taken out can be put back.

import { describe, expect, test } from "vitest";
import { CompiledComputation } from "../../../engine/runtime/compiled-computation";
import type { Computation, ComputationOptions, CreateComputation } from "../../../engine/runtime/computation";
import { Float64Computation } from "../../../engine/runtime/float64-computation";
import { samplesOf } from "../../../engine/runtime/training-samples";
import { datasetsOf, noisy, trainingOf } from "./support";

const samples = Int32Array.of(0, 3, 5, 1);
const first = { step: 1, rate: 0.01 };
const second = { step: 2, rate: 0.01 };

const computations: Readonly<Record<string, { readonly create: CreateComputation; readonly digits: number }>> = {
  float64: { create: (options) => new Float64Computation(options), digits: 12 },
  // A float32 has 7 digits.
  "float32 on a machine": { create: (options) => new CompiledComputation(options), digits: 6 },
};

async function optionsOf(text: string): Promise<ComputationOptions> {
  const training = await trainingOf(text);
  const data = (await datasetsOf(text)).get(training.data.name)!;
  const { input } = samplesOf(training, data, undefined);
  return { training, input, data, batchSizes: [4] };
}

describe.each(Object.entries(computations))("a computation in %s", (_, { create, digits }) => {
  const computationOf = async (text: string): Promise<Computation> => create(await optionsOf(text));

  test("gives copies: what is done to them does not touch its own numbers", async () => {
    const computation = await computationOf(noisy);
    computation.step(samples, first);
    const [weights, state] = [computation.weights(), computation.state()];
    for (const { data } of weights.values()) data.fill(7);
    for (const slots of state.values()) for (const slot of slots) slot.fill(7);
    expect(computation.weights().get("h.W")!.data).not.toContain(7);
    expect(computation.state().get("h.W")![0]).not.toContain(7);
  });

  test("goes on from weights and state that were put back as if nothing had been between", async () => {
    const computation = await computationOf(noisy);
    computation.step(samples, first);
    const [weights, state] = [computation.weights(), computation.state()];
    computation.step(samples, second);
    const straight = computation.weights();
    computation.step(samples, { step: 3, rate: 0.5 });
    computation.restore(weights, state);
    computation.step(samples, second);
    expect(computation.weights()).toEqual(straight);
  });

  test("keeps the optimizer's state when only weights are put back", async () => {
    const computation = await computationOf(noisy);
    computation.step(samples, first);
    const state = computation.state();
    computation.restore(computation.weights());
    expect(computation.state()).toEqual(state);
    expect([...state.get("h.W")!].some((slot) => slot.some((value) => value !== 0))).toBe(true);
  });

  test("leaves everything as it is when a step's numbers are not finite", async () => {
    const computation = await computationOf(noisy);
    computation.step(samples, first);
    const weights = computation.weights();
    weights.get("h.W")!.data[0] = Number.POSITIVE_INFINITY;
    computation.restore(weights);
    const state = computation.state();
    expect(computation.step(samples, second).kind).toBe("notFinite");
    expect(computation.weights()).toEqual(weights);
    expect(computation.state()).toEqual(state);
  });

  test("says the loss, output and targets of a batch, and drops nothing when it evaluates", async () => {
    const computation = await computationOf(noisy);
    const { loss, output, target } = computation.evaluate("data", samples);
    expect(output.shape).toEqual([4, 2]);
    expect(target.shape).toEqual([4]);
    // Cross entropy of the probabilities it gives.
    const sum = [...target.data].reduce((total, label, row) => total - Math.log(output.data[2 * row + label]!), 0);
    expect(loss).toBeCloseTo(sum / 4, digits);
    expect(computation.evaluate("data", samples).loss).toBe(loss);
    expect(computation.inspect(samples, 0).loss).not.toBe(loss);
  });

  test("inspects with the random numbers of the step that is to be", async () => {
    const computation = await computationOf(noisy);
    const seen = computation.inspect(samples, 0).loss;
    expect(computation.inspect(samples, 1).loss).not.toBe(seen);
    const done = computation.step(samples, first);
    if (done.kind !== "done") throw new Error("The step was not made.");
    expect(done.loss).toBeCloseTo(seen, digits);
  });

  test("looks at a batch with weights of before, and goes on as if it had not", async () => {
    const computation = await computationOf(noisy);
    const numbers = () => {
      const inspection = computation.inspect(samples, 1);
      return structuredClone(["h.W", "h", "p"].map((id) => [inspection.value(id), inspection.gradient(id)]));
    };
    computation.step(samples, first);
    const [weights, before] = [computation.pack(), numbers()];
    computation.step(samples, second);
    const [after, state] = [computation.weights(), computation.state()];
    expect(computation.during(weights, numbers)).toEqual(before);
    expect(numbers()).not.toEqual(before);
    expect(computation.weights()).toEqual(after);
    expect(computation.state()).toEqual(state);
  });

  test("has its own weights again when a look fails", async () => {
    const computation = await computationOf(noisy);
    const weights = computation.pack();
    computation.step(samples, first);
    const after = computation.weights();
    const failing = () => {
      throw new Error("nothing to see");
    };
    expect(() => computation.during(weights, failing)).toThrow("nothing to see");
    expect(computation.weights()).toEqual(after);
  });
});
