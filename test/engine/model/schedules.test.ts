// Schedules against the learning rates of every step, recorded from PyTorch by test/fixtures/pytorch.py.

import { expect, test } from "vitest";
import { schedule, schedules } from "../../../engine/model/schedules";
import { array, expectClose } from "./numeric";
import { recorded } from "./recorded";

for (const known of recorded("schedules")) {
  test(`${known.schedule}(${JSON.stringify(known.arguments)}) goes PyTorch's way for ${known.epochs} epochs`, () => {
    const factorAt = schedule({ name: known.schedule, arguments: known.arguments });
    const { stepsPerEpoch, epochs } = known;
    const rates = known.rates.map((_, step) =>
      factorAt({ step, epoch: Math.floor(step / stepsPerEpoch), stepsPerEpoch, totalSteps: epochs * stepsPerEpoch }),
    );
    // PyTorch multiplies the last rate on, and rounds at each step.
    expectClose(array(rates), array(known.rates), 1e-13);
  });
}

test("every schedule is recorded", () => {
  expect([...new Set(recorded("schedules").map((known) => known.schedule))]).toEqual(Object.keys(schedules));
});

test("a warm-up as long as the training only rises", () => {
  const factorAt = schedule({ name: "Cosine", arguments: { warmup: 2 } });
  const position = { epoch: 0, stepsPerEpoch: 2, totalSteps: 4 };
  expect([0, 1, 2, 3].map((step) => factorAt({ ...position, step }))).toEqual([0.2, 0.4, 0.6, 0.8]);
});

test("a name without a schedule is refused", () => {
  expect(() => schedule({ name: "constructor", arguments: {} })).toThrow("There is no schedule constructor.");
});
