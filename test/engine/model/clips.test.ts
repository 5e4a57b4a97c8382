// Clips against PyTorch's, recorded by test/fixtures/pytorch.py.

import { expect, test } from "vitest";
import { clipping, clips } from "../../../engine/model/clips";
import { array, expectClose } from "./numeric";
import { recorded } from "./recorded";

for (const known of recorded("clips")) {
  test(`${known.clip}(${JSON.stringify(known.arguments)}) gives PyTorch's gradients`, () => {
    const before = known.before.map((gradient) => Float64Array.from(gradient));
    const after = clipping({ name: known.clip, arguments: known.arguments })(before);
    for (const [index, expected] of known.after.entries()) {
      expectClose({ shape: [expected.length], data: after[index]! }, array(expected), 1e-15);
    }
    // A gradient may be a buffer that is computed once.
    expect(before.map((gradient) => [...gradient])).toEqual(known.before);
  });
}

test("every clip is recorded", () => {
  expect([...new Set(recorded("clips").map((known) => known.clip))]).toEqual(Object.keys(clips));
});

test("the length of huge gradients does not overflow, and 0 stays 0", () => {
  const norm = clipping({ name: "Norm", arguments: { limit: 5 } });
  expectClose({ shape: [2], data: norm([Float64Array.of(3e200, 4e200)])[0]! }, array([3, 4]), 1e-15);
  expect(norm([Float64Array.of(0, 0)])[0]).toEqual(Float64Array.of(0, 0));
});

test("a name without a clip is refused", () => {
  expect(() => clipping({ name: "constructor", arguments: {} })).toThrow("There is no clip constructor.");
});
