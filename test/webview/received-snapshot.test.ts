// What a Snapshot is after VS Code has sent it to the webview as JSON, and how the inspector tells it.

import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import type { ObservedQuantity, Snapshot } from "../../engine/protocol/snapshot";
import { summarize } from "../../engine/runtime/observe";
import { Statistics } from "../../webview/inspector/statistics";
import { receivedSnapshot } from "../../webview/received-snapshot";
import { snapshot } from "./reports";

const tensor = (...numbers: number[]) => summarize({ shape: [numbers.length], data: Float64Array.from(numbers) });

/** As VS Code does. */
const sent = (quantity: ObservedQuantity, loss: number): Snapshot =>
  receivedSnapshot(JSON.parse(JSON.stringify(snapshot({ loss, quantities: { h: quantity } }))) as Snapshot);

const told = (quantity: ObservedQuantity): string =>
  renderToStaticMarkup(createElement(Statistics, { summary: sent(quantity, 1).quantities.h!.value }));

describe("a received Snapshot", () => {
  test("is the one that was sent when all its numbers are finite", () => {
    const quantity: ObservedQuantity = {
      value: tensor(1, -2, 0),
      gradient: tensor(0.5, 0, 0.25),
      update: { step: 3, change: tensor(1e-3, 0, 0), ratio: 0.01 },
      health: { units: 3, dead: 1 },
    };
    expect(sent(quantity, 0.5)).toEqual(snapshot({ loss: 0.5, quantities: { h: quantity } }));
  });

  test("has NaN where a number was not finite", () => {
    const { loss, quantities } = sent(
      {
        value: tensor(Number.NaN, 2),
        gradient: tensor(Number.NaN, Number.NaN),
        update: { step: 3, change: tensor(Number.POSITIVE_INFINITY, 0), ratio: Number.NaN },
      },
      Number.POSITIVE_INFINITY,
    );
    const { value, gradient, update } = quantities.h!;
    expect(loss).toBeNaN();
    expect([value.elements, value.mean]).toEqual([[Number.NaN, 2], 2]);
    expect(gradient).toMatchObject({ mean: Number.NaN, norm: Number.NaN, notFinite: 2 });
    expect(update).toMatchObject({ ratio: Number.NaN, change: { elements: [Number.NaN, 0] } });
  });
});

describe("the inspector's statistics", () => {
  test("count what is not finite beside those of the rest", () => {
    const text = told({ value: tensor(Number.NaN, 2, 4) });
    expect(text).toContain("<dt>mean</dt><dd>3</dd>");
    expect(text).toContain("<dt>NaN or ∞</dt><dd>1</dd>");
  });

  test("of numbers none of which is finite are none, and say so", () =>
    expect(told({ value: tensor(Number.NaN, Number.NEGATIVE_INFINITY) })).toBe(
      '<p class="inspector-trouble">All of its numbers are NaN or ∞.</p>',
    ));
});
