// How strong a gradient is beside what it changes.

import { expect, test } from "vitest";
import type { ObservedQuantity, TensorSummary } from "../../engine/protocol/snapshot";
import { bandOf, bands, relativeGradient } from "../../webview/diagram/edge-scale";
import { troubleOf } from "../../webview/diagram/health";
import { snapshot } from "./reports";

function summary(norm: number): TensorSummary {
  const histogram = { low: 0, high: 0, counts: [] };
  return { shape: [], mean: 0, standardDeviation: 0, min: 0, max: 0, norm, zeroFraction: 0, notFinite: 0, histogram };
}

const quantity = (value: number, gradient?: number): ObservedQuantity => ({
  value: summary(value),
  ...(gradient !== undefined && { gradient: summary(gradient) }),
});

test("at a layer it is the gradient of all its weights by all its weights", () => {
  const live = snapshot({ quantities: { x: quantity(1, 1), "h.W": quantity(3, 0.3), "h.b": quantity(4, 0.4) } });
  expect(relativeGradient(live, "x", ["h.W", "h.b"])).toBeCloseTo(0.1, 15);
});

test("without weights it is the gradient of the value by the value", () => {
  const live = snapshot({ quantities: { x: quantity(2, 0.5) } });
  expect(relativeGradient(live, "x", [])).toBe(0.25);
});

test("it is nothing where no gradient flows or where all is 0", () => {
  const live = snapshot({ quantities: { x: quantity(2), zero: quantity(0, 1) } });
  expect(["x", "zero", "unknown"].map((id) => relativeGradient(live, id, []))).toEqual(new Array(3).fill(undefined));
});

test("a gradient that is not finite has exploded, whatever it would change", () => {
  const broken = { value: summary(0), gradient: { ...summary(Number.NaN), notFinite: 1 } };
  const live = snapshot({ quantities: { x: quantity(1), "h.W": quantity(1, 0.1), "h.b": broken } });
  expect(bandOf(relativeGradient(live, "x", ["h.W", "h.b"])!).name).toBe("huge");
});

test("its bands are powers of ten, wider and wider", () => {
  expect([0, 1e-5, 1e-3, 0.1, 1, 1e9].map((ratio) => bandOf(ratio).name)).toEqual([
    "none",
    "faint",
    "small",
    "usual",
    "huge",
    "huge",
  ]);
  const widths = bands.map(({ width }) => width);
  expect(widths).toEqual(widths.toSorted((a, b) => a - b));
});

test("dead units are trouble; a few saturated numbers are not", () => {
  expect(troubleOf({ units: 64, dead: 3 })?.short).toBe("3 dead");
  expect(troubleOf({ units: 64, dead: 0 })).toBeUndefined();
  expect(troubleOf({ units: 64, saturated: 0.1 })).toBeUndefined();
  expect(troubleOf({ units: 64, saturated: 0.6 })?.short).toBe("60% saturated");
});
