import { expect, test } from "vitest";
import { counted, formatCount, formatNumber, formatShape, formatShare } from "../../webview/numbers";

test.each([
  [0, "0"],
  [0.3123, "0.312"],
  [-0.25, "−0.250"],
  [1.5, "1.50"],
  [12.34, "12.3"],
  [640, "640"],
  [9999, "9999"],
  [9999.6, "1.0e4"],
  [12345, "1.2e4"],
  [0.01, "0.010"],
  [0.0032, "3.2e-3"],
  [-1e-12, "−1.0e-12"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "−∞"],
])("%d is written %s", (value, text) => expect(formatNumber(value)).toBe(text));

test.each([
  [0, "0 %"],
  [0.412, "41 %"],
  [1, "100 %"],
  [0.0001, "<1 %"],
  [0.9999, ">99 %"],
])("the share %d is written %s", (share, text) => expect(formatShare(share)).toBe(text));

test("thousands are set apart", () =>
  expect([12, 999, 4160, 1234567].map(formatCount)).toEqual(["12", "999", "4,160", "1,234,567"]));

test("one thing is singular, any other number plural", () =>
  expect([counted(1, "parameter"), counted(0, "parameter"), counted(4160, "parameter")]).toEqual([
    "1 parameter",
    "0 parameters",
    "4,160 parameters",
  ]));

test("a shape is written in brackets, a scalar's are empty", () =>
  expect([formatShape(["N", 64]), formatShape([])]).toEqual(["[N, 64]", "[]"]));
