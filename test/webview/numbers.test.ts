// Numbers in the webview: the same as in the editor, which it may not import.

import fc from "fast-check";
import { expect, test } from "vitest";
import * as editor from "../../extension/language/format-number";
import { counted, formatCount, formatNumber, formatShape, formatShare } from "../../webview/numbers";

test("numbers read as in the editor", () =>
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.double({ min: -2e5, max: 2e5 })), (value) => {
      expect(formatNumber(value)).toBe(editor.formatBrief(value));
    }),
  ));

test("shares read as in the editor", () =>
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      expect(formatShare(share)).toBe(editor.formatShare(share));
    }),
  ));

test("counts read as in the editor", () =>
  fc.assert(
    fc.property(fc.nat(), (count) => {
      expect(formatCount(count)).toBe(editor.formatCount(count));
    }),
  ));

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
