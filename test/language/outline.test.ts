import fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { type OutlineSymbol, outline } from "../../extension/language/outline";
import { anyText, exampleSources } from "./arbitraries";

function tree(symbols: readonly OutlineSymbol[], indent = ""): string[] {
  return symbols.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name}${detail && ` · ${detail}`}`,
    ...tree(children, `${indent}  `),
  ]);
}

test("a network with its inputs, attributes and named values, each with its shape", () => {
  const text = `network A(x: [2], n: int = 4) {
    param W: [n, 3] = He
    h = x -> Dense(n) as d -> ReLU
    y = h @ W
    return { scores: y -> Softmax as p }
  }`;
  expect(tree(outline(analyze(text)))).toEqual([
    "network A · [2] → [3]",
    "  input x · [2]",
    "  attribute n · int = 4",
    "  parameter W · [4, 3]",
    "  value h · [4]",
    "    value d · [4]",
    "  value y · [3]",
    "  output scores",
    "    value p · [3]",
  ]);
});

test("data, trainings and checks with what they say", () => {
  const text = `import "a.nnet"
  data D = Spiral(classes: 3)
  train A on D as T { loss: CrossEntropy batch: 3 }
  check "by hand" on A(x: 1) {
    given W = [1]
    expect loss
      == 3
    step
  }
  check "later" after T {}`;
  expect(tree(outline(analyze(text)))).toEqual([
    "import a.nnet · import",
    "data D · Spiral(classes: 3)",
    "training T · A on D",
    "  setting loss · CrossEntropy",
    "  setting batch · 3",
    "check by hand · on A",
    "  given W · [1]",
    "  expectation loss == 3",
    "  step step",
    "check later · after T",
  ]);
});

test("what has no name yet is called by its kind", () => {
  expect(tree(outline(analyze("network (x) {}\ncheck")))).toEqual([
    "network (network)",
    "  input x",
    "check (check) · on ",
  ]);
});

test("every symbol of any text has a name, lies within its parent, and its selection within it", () => {
  const verify = (symbols: readonly OutlineSymbol[], around: { start: number; end: number }) => {
    for (const { name, range, selectionRange, children } of symbols) {
      expect(name.trim()).not.toBe("");
      expect(range.start).toBeGreaterThanOrEqual(around.start);
      expect(range.end).toBeLessThanOrEqual(around.end);
      expect(selectionRange.start).toBeGreaterThanOrEqual(range.start);
      expect(selectionRange.end).toBeLessThanOrEqual(range.end);
      verify(children, range);
    }
  };
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom(...exampleSources)), (text) =>
      verify(outline(analyze(text)), { start: 0, end: text.length }),
    ),
  );
});
