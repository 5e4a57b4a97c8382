import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../extension/language/parser";
import { semanticTokens, tokenModifiers, tokenTypes } from "../../extension/language/semantic-tokens";
import { anyText } from "./arbitraries";

function tokens(text: string): string[] {
  return semanticTokens(parse(text)).map(({ range, type, modifiers }) =>
    [text.slice(range.start, range.end), type, ...modifiers].join(" "),
  );
}

test("the names of a network: inputs, attributes, trained and constant parameters, values, layers", () => {
  expect(
    tokens(
      "network A(x: [n], n: int = 4) { param W: [n] = He const c = 1 y = max(0, x * W) -> Dense(units: n) as h return { out: y + c } }",
    ),
  ).toEqual([
    "A class declaration",
    "x parameter declaration",
    "n parameter readonly",
    "n parameter readonly declaration",
    "int type defaultLibrary",
    "W variable trained declaration",
    "n parameter readonly",
    "He class",
    "c variable readonly declaration",
    "y variable declaration",
    "max function",
    "x parameter",
    "W variable trained",
    "Dense class",
    "units property argument",
    "n parameter readonly",
    "h variable declaration",
    "out property declaration",
    "y variable",
    "c variable readonly",
  ]);
});

test("data, trainings and checks", () => {
  expect(
    tokens(
      'data D = Table(inputs: [1])\nnetwork A(x) { param w = [1] return x }\ntrain A on D as T { loss: mean((w - target)^2) validation: D metrics: [accuracy] }\ncheck "a" after T { expect accuracy > 1 }\ncheck "b" on A(x: 1) { expect grad(w).T == loss }',
    ).slice(2),
  ).toEqual([
    "inputs property argument",
    "A class declaration",
    "x parameter declaration",
    "w variable trained declaration",
    "x parameter",
    "A class",
    "D struct",
    "T event declaration",
    "loss property",
    "mean function",
    "w variable trained",
    "target variable defaultLibrary",
    "validation property",
    "D struct",
    "metrics property",
    "accuracy variable defaultLibrary",
    "T event",
    "accuracy variable defaultLibrary",
    "A class",
    "x property argument",
    "grad function",
    "w variable trained",
    "T property",
    "loss variable defaultLibrary",
  ]);
});

test("words of the language that are names here, and a shared layer, are told from what they look like", () => {
  expect(tokens("network A(step) { layer data = Dense(2) return = step -> data as train }")).toEqual([
    "A class declaration",
    "step parameter declaration",
    "data function declaration",
    "Dense class",
  ]);
  expect(tokens("network A(step) { layer data = Dense(2) return step -> data as train }").slice(-3)).toEqual([
    "step parameter",
    "data function",
    "train variable declaration",
  ]);
});

test("a name that nobody knows keeps the color of the grammar", () => {
  expect(tokens("network A(x) { y = unknown + x }")).not.toContain("unknown variable");
});

test("tokens of any text are in order and do not overlap", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      let end = 0;
      for (const { range } of semanticTokens(parse(text))) {
        expect(range.start).toBeGreaterThanOrEqual(end);
        expect(range.end).toBeGreaterThan(range.start);
        end = range.end;
      }
    }),
  );
});

test("the manifest knows every modifier that VS Code does not, and every type has a scope", () => {
  interface Manifest {
    readonly contributes: {
      readonly semanticTokenModifiers: readonly { readonly id: string }[];
      readonly semanticTokenScopes: readonly { readonly scopes: Readonly<Record<string, readonly string[]>> }[];
    };
  }
  const { contributes } = JSON.parse(readFileSync(`${import.meta.dirname}/../../package.json`, "utf8")) as Manifest;
  const own = contributes.semanticTokenModifiers.map(({ id }) => id);
  expect(
    tokenModifiers.filter((modifier) => !["declaration", "readonly", "defaultLibrary"].includes(modifier)),
  ).toEqual(own);
  const scopes = Object.keys(contributes.semanticTokenScopes[0]!.scopes).map((key) => key.split(".")[0]);
  expect(tokenTypes.filter((type) => !scopes.includes(type))).toEqual([]);
});
