// What a screen reader says of an edit.

import { describe, expect, test } from "vitest";
import type { Value } from "../../engine/protocol/network";
import { changesInWords } from "../../webview/diagram/announcement";
import { diagramOf } from "../../webview/diagram/diagram-model";
import { lifeInWords } from "../../webview/diagram/spoken-life";
import { input, layer, network } from "./networks";

const x = input("x", [4]);
const hidden = layer({ id: "h", name: "h", title: "Dense(8)", inputs: ["x"], shape: [8] });
const off = layer({ id: "r", title: "ReLU", inputs: ["h"], shape: [8] });

function said(before: readonly Value[], after: readonly Value[]): string {
  return changesInWords(diagramOf(network(before)), diagramOf(network(after)));
}

describe("an edit is said in a sentence", () => {
  test("what is added", () => expect(said([x, hidden], [x, hidden, off])).toBe("ReLU added."));

  test("what is removed", () => expect(said([x, hidden, off], [x, hidden])).toBe("ReLU removed."));

  test("what has another name", () => {
    const renamed = layer({ id: "first", name: "first", title: "Dense(8)", inputs: ["x"], shape: [8] });
    expect(said([x, hidden], [x, renamed])).toBe("h is now first.");
  });

  test("what has become something else, and how much follows from it", () => {
    const wider = layer({ id: "h", name: "h", title: "Dense(16)", inputs: ["x"], shape: [16] });
    const after = layer({ id: "r", title: "ReLU", inputs: ["h"], shape: [16] });
    expect(said([x, hidden, off], [x, wider, after])).toBe(
      "layer h, Dense(16), shape 16, from x. 1 other node changed.",
    );
  });

  test("many at once by their number", () => {
    const four = ["a", "b", "c", "d"].map((id) => layer({ id, name: id, title: "ReLU", inputs: ["x"], shape: [4] }));
    expect(said([x], [x, ...four])).toBe("4 nodes added.");
  });

  test("nothing when the diagram looks the same", () => expect(said([x, hidden], [x, hidden])).toBe(""));
});

test("a node's numbers begin with what is wrong with them", () => {
  const summary = {
    shape: [8],
    mean: 0.25,
    standardDeviation: 0.5,
    min: 0,
    max: 2,
    norm: 3,
    zeroFraction: 0.5,
    notFinite: 0,
    histogram: { low: 0, high: 2, counts: [1, 1] },
  };
  const health = { units: 8, dead: 2 };
  expect(lifeInWords({ value: summary, gradient: { ...summary, norm: 1e-3 }, health })).toBe(
    "2 of 8 units gave 0 for every sample of the batch: no gradient gets through them. " +
      "Mean 0.25, standard deviation 0.5, 50% zero. Gradient norm 1e-3.",
  );
});
