import fc from "fast-check";
import { expect, test } from "vitest";
import { folds } from "../../extension/language/folding";
import { parse } from "../../extension/language/parser";
import { anyText } from "./arbitraries";

/** Each fold as "first-last kind", lines from 1 as the editor numbers them. */
function foldsOf(...lines: string[]): string[] {
  const text = lines.join("\n");
  return folds(parse(text), text).map(({ startLine, endLine, kind }) =>
    [`${startLine + 1}-${endLine + 1}`, kind].filter(Boolean).join(" "),
  );
}

test("a body folds and leaves its closing brace visible", () => {
  expect(foldsOf("train A on B {", "  loss: MSE", "}")).toEqual(["1-2"]);
});

test("an empty or one-line body does not fold", () => {
  expect(foldsOf("train A on B {", "}", "check 'a' on B { step }")).toEqual([]);
});

test("pipelines and matrices over several lines fold", () => {
  expect(
    foldsOf("network A(x) {", "  W = [", "    [1],", "    [2]", "  ]", "  return x", "    -> F", "    -> G", "}"),
  ).toEqual(["1-8", "2-4", "6-8"]);
});

test("a binding whose value begins on the next line folds from its name", () => {
  expect(foldsOf("network A(x) {", "  y =", "    x", "      -> F", "}")).toEqual(["1-4", "2-4", "3-4"]);
});

test("comment blocks, runs of imports and regions say what they are", () => {
  expect(
    foldsOf("# a", "# b", "", "# c", 'import "a"', 'import "b"', "# region data", "data A = F", "# endregion"),
  ).toEqual(["1-2 comment", "5-6 imports", "7-9 region"]);
});

test("the line that closes one bracket may open another", () => {
  expect(foldsOf('check "a" on A(x: [', "  1", "]) {", "  step", "}")).toEqual(["1-2", "3-4"]);
});

test("of the folds that begin on one line the longest counts", () => {
  expect(foldsOf("network A(x) { W = [", "  1]", "  y = W", "}")).toEqual(["1-3"]);
});

test("an unfinished declaration still folds what is closed", () => {
  expect(foldsOf("network A(x) {", "  W = [", "    1", "  ]")).toEqual(["2-3"]);
});

test("folds of any text lie in it and begin on lines of their own", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const count = text.split(/\r\n|\r|\n/).length;
      let previous = -1;
      for (const { startLine, endLine } of folds(parse(text), text)) {
        expect(startLine).toBeGreaterThan(previous);
        expect(endLine).toBeGreaterThan(startLine);
        expect(endLine).toBeLessThan(count);
        previous = startLine;
      }
    }),
  );
});
