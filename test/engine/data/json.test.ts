import { describe, expect, test } from "vitest";
import { readJson } from "../../../engine/data/json";

const read = (value: unknown, options: Partial<Parameters<typeof readJson>[2]> = {}) =>
  readJson("f.json", new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)), {
    inputs: undefined,
    targets: "y",
    shape: undefined,
    scale: 1,
    ...options,
  });

describe("Json", () => {
  test.each([
    [
      "a list of objects",
      [
        { x: [[1, 2]], y: 0.5 },
        { x: [[3, 4]], y: 1.5 },
      ],
    ],
    ["one object of lists", { x: [[[1, 2]], [[3, 4]]], y: [0.5, 1.5] }],
  ])("%s gives nested inputs and targets", (_, value) => {
    const { inputs, targets, summary } = read(value, { inputs: "x" });
    expect(inputs).toEqual({ shape: [2, 1, 2], data: Float64Array.of(1, 2, 3, 4) });
    expect(targets).toEqual({ shape: [2], data: Float64Array.of(0.5, 1.5) });
    expect(summary).toEqual({ samples: 2, inputShape: [1, 2], targetShape: [] });
  });

  test.each([
    [
      "a list of objects",
      [
        { a: 1, y: 3, b: 2 },
        { a: 4, b: 5, y: 6 },
      ],
    ],
    ["one object of lists", { a: [1, 4], y: [3, 6], b: [2, 5] }],
  ])("%s without `inputs` makes each other key a number", (_, value) => {
    const { inputs, summary } = read(value);
    expect(inputs).toEqual({ shape: [2, 2], data: Float64Array.of(1, 2, 4, 5) });
    expect(summary.features).toEqual(["a", "b"]);
  });

  test("a single other key may hold lists", () => {
    expect(read({ x: [[1, 2]], y: [3] }).summary).toEqual({ samples: 1, inputShape: [2], targetShape: [] });
  });

  test("texts are classes in alphabetical order, and so are true and false", () => {
    const texts = read({ x: [1, 2, 3], y: ["dog", "cat", "dog"] });
    expect([...texts.targets.data]).toEqual([1, 0, 1]);
    expect(texts.summary.classes).toEqual(["cat", "dog"]);
    const truths = read({ x: [1, 2], y: [true, false] });
    expect([...truths.targets.data]).toEqual([1, 0]);
    expect(truths.summary.classes).toEqual(["false", "true"]);
    expect(read({ x: [1, 2, 3], y: [0, 2, 1] }).summary.classes).toEqual(["0", "1", "2"]);
  });

  test("inputs get another shape and scale; truths are 0 and 1", () => {
    const { inputs } = read({ x: [[true, false]], y: [1] }, { shape: [2, 1], scale: 3 });
    expect(inputs).toEqual({ shape: [1, 2, 1], data: Float64Array.of(3, 0) });
  });

  test("a byte order mark is left out", () => {
    expect(read('\ufeff{"x": [1], "y": [2]}').summary.samples).toBe(1);
  });

  test.each([
    ["{", {}, "file", "f.json is not JSON: "],
    ["3", {}, "file", "f.json is 3, not a list of objects or an object of lists"],
    ["[]", {}, "file", "f.json is an empty list"],
    ["[[1, 2]]", {}, "file", "f.json: [0] is a list, not an object with keys"],
    ['[{"x": 1, "y": 2}, null]', {}, "file", "f.json: [1] is null, not an object"],
    ['[{"x": 1, "y": 2}, {"y": 3}]', {}, "file", "f.json: [1] has no x"],
    ['{"x": 1, "y": [2]}', {}, "file", "f.json: x is 1, not a list with an entry for each sample"],
    ['{"x": [1], "label": [2]}', {}, "targets", 'f.json has no key "y": its keys are x, label'],
    ['{"x": [1], "y": [2]}', { inputs: "Y" }, "inputs", 'f.json has no key "Y": did you mean "y"?'],
    ['{"y": [2]}', {}, "file", "f.json has no inputs: its only key is the target"],
    ['{"x": [], "y": []}', {}, "inputs", "f.json has no samples"],
    ['{"x": [1, "a"], "y": [2, 3]}', {}, "file", 'f.json: x[1] is "a", not a number'],
    ['[{"x": [1, null], "y": 2}]', {}, "file", "f.json: [0].x[1] is null, not a number"],
    ['{"x": [[1, 2], 3], "y": [2, 3]}', {}, "file", "f.json: x[1] is 3, but x[0] is [2]"],
    [
      '{"x": [[1, 2], [3]], "y": [2, 3]}',
      {},
      "file",
      "f.json: x[1] has 1 entries, but it takes 2 to be like x[0], [2]",
    ],
    ['{"x": [1, 2], "y": [3]}', {}, "file", "has 2 samples"],
    ['{"a": [1], "b": [[1, 2]], "y": [3]}', {}, "file", "f.json: b is [2] for each sample, not a single number"],
    ['{"a": [1], "b": [1, 2], "y": [3]}', {}, "file", "f.json: a has 1 samples, but b has 2"],
    ['{"x": [1e999], "y": [3]}', {}, "file", "f.json: sample 0 (from 0) is Infinity"],
    ['{"x": [[1, 2]], "y": [3]}', { shape: [3] }, "shape", "shape [3] needs 3"],
  ])("%s with %j is refused", (text, options, argument, message) => {
    const problem = (() => {
      try {
        read(text, options);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toMatchObject({ argument, message: expect.stringContaining(message) });
  });
});
