// An argument that is one of some words or a number: `padding: same`, `padding: 2`, or an attribute that is either.

import { expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";

const network = (padding: string, attribute = "pad: int = 2") =>
  analyze(`network N(x: [1, 8, 8], ${attribute}) { return x -> Conv2D(4, 3, padding: ${padding}) }`);

test.each([
  ["valid", [4, 6, 6]],
  ["same", [4, 8, 8]],
  ['"same"', [4, 8, 8]],
  ["0", [4, 6, 6]],
  ["2", [4, 10, 10]],
  ["pad", [4, 10, 10]],
  ["pad - 1", [4, 8, 8]],
])("padding: %s", (padding, shape) => {
  const { module, diagnostics } = network(padding);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(module.networks[0]!.values.at(-1)!.shape).toEqual(shape);
});

test("an attribute may be the word", () => {
  const { module } = network("pad", 'pad: string = "same"');
  expect(module.networks[0]!.values.at(-1)!.shape).toEqual([4, 8, 8]);
});

test.each([
  ["half", "padding must be one of valid, same or a whole number; half was given"],
  ["1.5", "padding must be a whole number; 1.5 was given"],
  ["-1", "padding must be at least 0; -1 was given"],
  ["true", "padding must be one of valid, same or a whole number; true was given"],
])("padding: %s is refused", (padding, message) => {
  expect(network(padding).diagnostics.map((diagnostic) => diagnostic.message)).toContain(message);
});
