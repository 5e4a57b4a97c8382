import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "../../extension/language/lexer";
import { anyText } from "./arbitraries";

/** Kind and text of every token but spaces. */
function tokensOf(text: string): string[] {
  return tokenize(text)
    .filter(({ kind }) => kind !== "space")
    .map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}

const single: [text: string, kind: string][] = [
  ["x", "identifier"],
  ["_x1", "identifier"],
  ["żółw", "identifier"],
  ["слой", "identifier"],
  ["层", "identifier"],
  ["𝒳1", "identifier"],
  ["e\u0301té", "identifier"],
  ["network", "identifier"],
  ["1", "number"],
  ["0.5", "number"],
  [".5", "number"],
  ["1.", "number"],
  ["1e-3", "number"],
  ["2.5E+4", "number"],
  ["1_000", "number"],
  ['"text"', "string"],
  ['"a \\" b"', "string"],
  ['"never closed', "string"],
  ['"ends in a backslash\\', "string"],
  ["'single'", "string"],
  ["# a comment -> with anything", "comment"],
  ["->", "->"],
  ["→", "->"],
  ["≤", "<="],
  ["（", "("],
  ["**", "**"],
  ["!=", "!="],
  ["🙂🙂$$", "unknown"],
  ["\ud800", "unknown"],
  ["!", "unknown"],
];

test.each(single)("%j is one token of kind %s", (text, kind) => {
  expect(tokensOf(text)).toEqual([`${kind} ${text}`]);
});

test("operators that touch are told apart by the longest match", () => {
  expect(tokensOf("a->-b<=-1==c")).toEqual([
    "identifier a",
    "-> ->",
    "- -",
    "identifier b",
    "<= <=",
    "- -",
    "number 1",
    "== ==",
    "identifier c",
  ]);
});

test("a member of a number is no fraction", () => {
  expect(tokensOf("1.T")).toEqual(["number 1", ". .", "identifier T"]);
});

test("an exponent without digits is a name behind the number", () => {
  expect(tokensOf("1e")).toEqual(["number 1", "identifier e"]);
});

test("a string and a comment end with their line, whatever ends it", () => {
  expect(tokensOf('"a\r\nb # c\rd')).toEqual(['string "a', "identifier b", "comment # c", "identifier d"]);
});

test("a byte-order mark and all sorts of spaces are space", () => {
  expect(tokenize("\uFEFF \t\u00a0\r\n").map(({ kind }) => kind)).toEqual(["space"]);
});

test("the tokens of any text tile it", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const tokens = tokenize(text);
      expect(tokens.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
      for (const { start, end } of tokens) expect(end).toBeGreaterThan(start);
    }),
    { numRuns: 500 },
  );
});

test.each(["a", "层", "𝒳", '"', "#", " ", "1", "\u0001"])("a token of a million %j is read", (part) => {
  expect(tokenize(part.repeat(1_000_000)).length).toBeLessThanOrEqual(500_000);
});
