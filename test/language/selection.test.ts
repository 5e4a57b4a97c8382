import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../extension/language/parser";
import { selector } from "../../extension/language/selection";
import { anyText } from "./arbitraries";
import { cursor } from "./marked";

/** The texts that "expand selection" selects one after another. */
function selections(source: string): string[] {
  const { text, offset } = cursor(source);
  return selector(parse(text), text)(offset).map(({ start, end }) => text.slice(start, end));
}

test("from a word to its argument, its call, its stage and on to the file", () => {
  const body = "return x -> Dense(units: hid, bias: false) as h";
  expect(selections(`network A(x) { ${body.replace("hid", "hi<|>d")} }`)).toEqual([
    "hid",
    "units: hid",
    "units: hid, bias: false",
    "(units: hid, bias: false)",
    "Dense(units: hid, bias: false)",
    "-> Dense(units: hid, bias: false) as h",
    "x -> Dense(units: hid, bias: false) as h",
    body,
    `{ ${body} }`,
    `network A(x) { ${body} }`,
  ]);
});

test("the text of a string comes before its quotes", () => {
  expect(selections('import "blo<|>cks.nnet"').slice(0, 2)).toEqual(["blocks.nnet", '"blocks.nnet"']);
});

test("a row, its numbers, and the matrix", () => {
  expect(selections("data D = Table(inputs: [[1, <|>20], [3, 4]])").slice(0, 4)).toEqual([
    "20",
    "1, 20",
    "[1, 20]",
    "[1, 20], [3, 4]",
  ]);
});

test("the words of a comment, the comment, its block", () => {
  expect(selections("# one\n# tw<|>o\n\ndata D = F").slice(0, 3)).toEqual(["two", "# two", "# one\n# two"]);
});

test("a declaration comes before the comment that documents it", () => {
  const chain = selections("data B = G\n# About D.\ndata <|>D = F");
  expect(chain.slice(-3)).toEqual(["data D = F", "# About D.\ndata D = F", "data B = G\n# About D.\ndata D = F"]);
});

test("at any offset of any text each range lies within the next one and around the offset", () => {
  fc.assert(
    fc.property(anyText, fc.double({ min: 0, max: 1, noNaN: true }), (text, place) => {
      const offset = Math.round(place * text.length);
      let inner = { start: offset, end: offset };
      for (const range of selector(parse(text), text)(offset)) {
        expect(range.start).toBeLessThanOrEqual(inner.start);
        expect(range.end).toBeGreaterThanOrEqual(inner.end);
        expect(range.end - range.start).toBeGreaterThan(inner.end - inner.start);
        inner = range;
      }
    }),
  );
});
