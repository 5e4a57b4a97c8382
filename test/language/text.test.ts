// Numbers, formulas, names and positions as text.

import { describe, expect, test } from "vitest";
import { documentation, namesOf } from "../../engine/model/catalog";
import { editDistance, nearest } from "../../engine/model/nearest";
import {
  formatBrief,
  formatCount,
  formatMetric,
  formatNumber,
  formatRoughly,
  formatShare,
  formatShort,
} from "../../extension/language/format-number";
import { formulaText } from "../../extension/language/formula-text";
import { code, escapeMarkdown } from "../../extension/language/markdown";
import { Positions } from "../../extension/language/positions";

describe("numbers", () => {
  test.each([
    [0, "0"],
    [-0, "0"],
    [1, "1"],
    [-0.5, "-0.5"],
    [Math.PI, "3.142"],
    [1234.56, "1235"],
    [99999, "1e5"],
    [0.0032, "3.2e-3"],
    [-1.23456e-7, "-1.235e-7"],
    [6.02e23, "6.02e23"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-∞"],
  ])("%d reads %s", (value, text) => expect(formatNumber(value)).toBe(text));

  test("brief ones have three digits", () =>
    expect([0.00974123, 0.31234, 640.25, 123456].map(formatBrief)).toEqual(["9.74e-3", "0.312", "640", "1.23e5"]));

  test("metrics that are shares read as percents that tell something from nothing, others as numbers", () => {
    const accuracies = [0, 0.0001, 0.98333, 0.99999, 1, Number.NaN].map((share) => formatMetric("accuracy", share));
    expect(accuracies).toEqual(["0%", "<0.1%", "98.3%", ">99.9%", "100%", "NaN"]);
    expect(formatMetric("mse", 0.98333)).toBe("0.9833");
  });

  test("rough ones are in thousands and millions", () =>
    expect([312.4, 1234, 98765, 2.34e6].map(formatRoughly)).toEqual(["312", "1.2k", "99k", "2.3M"]));

  test("short ones have two digits and no leading zero", () =>
    expect([0.314, -0.0514, 3.24e-3, 12.6, 0].map(formatShort)).toEqual([".31", "-.051", "3.2e-3", "13", "0"]));

  test("shares are whole percents that tell something from nothing", () =>
    expect([0, 0.001, 0.414, 0.9999, 1].map(formatShare)).toEqual(["0%", "<1%", "41%", ">99%", "100%"]));

  test("counts have thousands separators", () =>
    expect([7, 1797, 1234567].map(formatCount)).toEqual(["7", "1,797", "1,234,567"]));
});

describe("formulas as text", () => {
  test.each([
    ["y = xW + b", "y = xW + b"],
    [String.raw`\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}\,W^{\top}`, "∂L/∂x = ∂L/∂y Wᵀ"],
    [String.raw`y = \frac{1}{1 + e^{-x}}`, "y = 1/(1 + e⁻ˣ)"],
    [String.raw`L = \tfrac{1}{2N} \sum_n (\hat y_n - t_n)^2`, "L = 1/(2N) Σₙ (ŷₙ - tₙ)²"],
    [String.raw`y = \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}`, "y = { x if x > 0; 0 if x ≤ 0 }"],
  ])("%s", (latex, text) => expect(formulaText(latex)).toBe(text));

  test("of the whole catalog show no LaTeX", () => {
    for (const kind of ["layer", "function", "loss", "optimizer", "initializer", "metric", "dataset"] as const) {
      for (const name of namesOf(kind)) {
        const { equation, gradient } = documentation(kind, name)!;
        expect(`${name}: ${formulaText(equation)} ${formulaText(gradient)}`).not.toMatch(/\\|\$/);
      }
    }
  });

  test.each(["", "{", "\\frac", "^", "\\begin{cases}", "\\hat", "a_{"])("%j does no harm", (latex) =>
    expect(typeof formulaText(latex)).toBe("string"),
  );
});

describe("the nearest name", () => {
  test.each([
    ["Dens", "Dense"],
    ["relu", "ReLU"],
    ["Sofmtax", "Softmax"],
    ["Conv2D", undefined],
    ["x", undefined],
    ["Y", "y"],
    ["h1", undefined],
  ])("of %s is %s", (name, expected) =>
    expect(nearest(name, ["Dense", "ReLU", "Softmax", "Sigmoid", "y", "f1"])).toBe(expected),
  );

  test("a swap of neighbors is one slip", () => expect(editDistance("form", "from")).toBe(1));
});

describe("Markdown", () => {
  test("shows what a user wrote as it was written", () => {
    expect(escapeMarkdown("*a* _b_ `c` [d](e) <f> | 1. x")).toBe("\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\| 1. x");
    expect(escapeMarkdown("# head\n1. first\n- second")).toBe("\\# head  \n1\\. first  \n\\- second");
  });

  test("a code span may contain backticks", () => expect(code("a `b` c")).toBe("`` a `b` c ``"));
});

describe("positions", () => {
  test.each([
    ["a\nbc", 3, { line: 1, column: 1 }],
    ["a\r\nbc", 3, { line: 1, column: 0 }],
    ["a\r\nbc", 2, { line: 0, column: 1 }],
    ["a\rbc", 2, { line: 1, column: 0 }],
    ["𝒳\nb", 3, { line: 1, column: 0 }],
    ["\uFEFFab", 2, { line: 0, column: 1 }],
    ["", 0, { line: 0, column: 0 }],
    ["ab\n", 3, { line: 1, column: 0 }],
    ["ab", 99, { line: 0, column: 2 }],
  ])("%j at %d", (text, offset, position) => expect(new Positions(text).positionAt(offset)).toEqual(position));

  test("go there and back", () => {
    const text = "\uFEFFfirst\r\nsecond 𝒳\rthird\n\nlast";
    const positions = new Positions(text);
    for (const line of [0, 1, 2, 3, 4]) {
      for (let offset = positions.lineStart(line); offset <= positions.lineEnd(line); offset++) {
        expect(positions.offsetAt(positions.positionAt(offset))).toBe(offset);
      }
    }
    expect([0, 1, 2, 3, 4].map((line) => positions.lineText(line))).toEqual(["first", "second 𝒳", "third", "", "last"]);
  });
});
