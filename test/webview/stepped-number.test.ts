// Numbers in a form, changed by the arrow keys.

import { expect, test } from "vitest";
import { steppedNumber } from "../../webview/diagram/stepped-number";

const integer = { kind: "integer", min: 1 } as const;
const rate = { kind: "number", min: 0, below: 1 } as const;

test("the last digit is the one that changes", () => {
  expect(steppedNumber("8", 1, integer)).toBe("9");
  expect(steppedNumber("0.01", 1, { kind: "number", above: 0 })).toBe("0.02");
  expect(steppedNumber("0.10", -1, rate)).toBe("0.09");
  expect(steppedNumber("-1", -1, { kind: "number" })).toBe("-2");
});

test("no step leads beyond what may be written", () => {
  expect(steppedNumber("1", -1, integer)).toBeUndefined();
  expect(steppedNumber("0.9", 1, rate)).toBeUndefined();
  expect(steppedNumber("0.01", -1, { kind: "number", above: 0 })).toBeUndefined();
  expect(steppedNumber("0.0", -1, rate)).toBeUndefined();
});

test("an expression and a word stay as they are", () => {
  expect(steppedNumber("2 * size", 1, integer)).toBeUndefined();
  expect(steppedNumber("1e-3", 1, rate)).toBeUndefined();
  expect(steppedNumber("3", 1, { kind: "string" })).toBeUndefined();
});
