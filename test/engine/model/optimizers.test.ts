// Optimizers against 20 steps recorded from PyTorch by test/fixtures/pytorch.py.

import { expect, test } from "vitest";
import { optimizer, optimizers } from "../../../engine/model/optimizers";
import { array, expectClose } from "./numeric";
import { recorded } from "./recorded";

for (const known of recorded("optimizers")) {
  test(`${known.optimizer}(${JSON.stringify(known.arguments)}) goes PyTorch's way for 20 steps`, () => {
    const rule = optimizer({ name: known.optimizer, arguments: known.arguments });
    const weights = Float64Array.from(known.start);
    const slots = Array.from({ length: rule.slots }, () => new Float64Array(weights.length));
    for (const [index, gradient] of known.gradients.entries()) {
      rule.update(weights, Float64Array.from(gradient), slots, { step: index + 1, rate: rule.rate });
      // Rounding of 20 float64 steps.
      expectClose({ shape: [weights.length], data: weights }, array(known.weights[index]!), 1e-12);
    }
  });
}

test("every optimizer is recorded", () => {
  expect([...new Set(recorded("optimizers").map((known) => known.optimizer))]).toEqual(Object.keys(optimizers));
});

test("a name without an optimizer is refused", () => {
  expect(() => optimizer({ name: "constructor", arguments: {} })).toThrow("There is no optimizer constructor.");
});
