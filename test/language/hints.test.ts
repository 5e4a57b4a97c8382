import { describe, expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { hints } from "../../extension/language/hints";
import { withInsertions } from "./marked";

/** The text is the expectation: hints stand in «…». */
const expectHints = (text: string): void => {
  const plain = text.replace(/«[^»]*»/g, "");
  expect(withInsertions(plain, hints(analyze(plain)))).toBe(text);
};

describe("hints", () => {
  test("stand at the end of every stage, after its name", () =>
    expectHints("network N(x: [4]) {\n  return x -> Dense(8) as h«[8]» -> ReLU«[8]»\n    -> Dense(3)«[3]»\n}"));

  test("stand at the end of a binding, not after its parts", () =>
    expectHints("network N(x: [4]) {\n  h = (x + 1) * 2«[4]»\n  return h\n}"));

  test("stand at a returned expression and at a function's stage", () =>
    expectHints("network N(x: [4]) {\n  h = x -> exp«[4]» -> sum«[]»\n  return h + x«[4]»\n}"));

  test("tell shapes of parameters and inputs that the text does not tell itself", () =>
    expectHints(
      "network N(x: [n, 2]«[3, 2]», y: [2], n: int = 3) {\n  param W = [[1, 2], [3, 4]]«[2, 2]»\n  param b: [2] = 0\n  param c: [n] = 0«[3]»\n  return x @ W + b + y + sum(c)«[3, 2]»\n}",
    ));

  test("are left out where an error hides the shape, and only there", () =>
    expectHints("network N(x: [4]) {\n  h = x -> Dens(8)\n  g = x -> Dense(3)«[3]»\n  return g + h\n}"));

  test("have at most 40 characters", () => {
    const { text } = hints(analyze(`network N(x: [${"1, ".repeat(40)}1]) {\n  return x -> ReLU\n}`))[0]!;
    expect(text).toHaveLength(40);
    expect(text.endsWith("…]")).toBe(true);
  });

  test("explain sample, batch and parameters in the tooltip", () =>
    expect(hints(analyze("network N(x: [4]) {\n  return x -> Dense(8)\n}"))[0]!.tooltip).toBe(
      "[8] for one sample, [N, 8] for a batch\n40 parameters: W [4, 8], b [8]",
    ));
});
