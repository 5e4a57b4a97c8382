// The TextMate grammar in the engine that VS Code itself uses.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { parse } from "../../extension/language/parser";
import { children, type SyntaxNode } from "../../extension/language/syntax-tree";
import { exampleSources } from "./arbitraries";

const grammarFile = new URL("../../extension/syntaxes/nnet.tmLanguage.json", import.meta.url);
const configurationFile = new URL("../../extension/language-configuration.json", import.meta.url);

let grammar: textmate.IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(new Uint8Array(readFileSync(wasm)).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(grammarFile, "utf8"), "nnet.json"),
  });
  grammar = (await registry.loadGrammar("source.nnet"))!;
});

interface Colored {
  readonly text: string;
  readonly scopes: readonly string[];
  readonly offset: number;
}

function colored(source: string): Colored[] {
  const tokens: Colored[] = [];
  let state = textmate.INITIAL;
  let offset = 0;
  for (const line of source.split("\n")) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const text = line.slice(startIndex, Math.min(endIndex, line.length));
      if (text.trim() !== "") tokens.push({ text, scopes, offset: offset + startIndex });
    }
    offset += line.length + 1;
  }
  return tokens;
}

/** The innermost scope of each token with a text, the language's own ending left out. */
function scopesOf(source: string): [text: string, scope: string][] {
  return colored(source).map(({ text, scopes }) => [text.trim(), scopes[scopes.length - 1]!.replace(/\.nnet$/, "")]);
}

function scopeOf(source: string, text: string): string | undefined {
  return scopesOf(source).find(([found]) => found === text)?.[1];
}

test.each<[line: string, word: string, scope: string]>([
  ["# a comment -> x", "#", "punctuation.definition.comment"],
  ["y = x # behind", "behind", "comment.line.number-sign"],
  ['import "blocks.nnet"', "import", "keyword.control.import"],
  ["data Spirals = Spiral(classes: 3)", "data", "storage.type.data"],
  ["data Spirals = Spiral(classes: 3)", "Spirals", "entity.name.type.data"],
  ["data Spirals = Spiral(classes: 3)", "Spiral", "entity.name.type.layer"],
  ["data Spirals = Spiral(classes: 3)", "classes", "variable.parameter"],
  ["data Spirals = Spiral(classes: 3)", "3", "constant.numeric"],
  ["network Żółw(point: [2], hidden: int = 64) {", "network", "storage.type.network"],
  ["network Żółw(point: [2], hidden: int = 64) {", "Żółw", "entity.name.type.network"],
  ["network Żółw(point: [2], hidden: int = 64) {", "point", "variable.parameter"],
  ["network Żółw(point: [2], hidden: int = 64) {", "int", "support.type.primitive"],
  ["block Residual(x, channels: int) {", "block", "storage.type.block"],
  ["block Residual(x, channels: int) {", "Residual", "entity.name.type.block"],
  ["train Classifier(size: 8) on Spirals as Baseline {", "train", "keyword.control.train"],
  ["train Classifier(size: 8) on Spirals as Baseline {", "Classifier", "entity.name.type.network"],
  ["train Classifier(size: 8) on Spirals as Baseline {", "size", "variable.parameter"],
  ["train Classifier(size: 8) on Spirals as Baseline {", "on", "keyword.control.on"],
  ["train Classifier(size: 8) on Spirals as Baseline {", "Spirals", "entity.name.type"],
  ["train Classifier(size: 8) on Spirals as Baseline {", "as", "keyword.control.as"],
  ["train Classifier(size: 8) on Spirals as Baseline {", "Baseline", "entity.name.type.training"],
  ['check "learnt" after Baseline {', "check", "keyword.control.check"],
  ['check "learnt" after Baseline {', "learnt", "string.quoted.double"],
  ['check "learnt" after Baseline {', "after", "keyword.control.after"],
  ["  given h1.W = [[1]]", "given", "keyword.control.given"],
  ["  given h1.W = [[1]]", "W", "variable.other.property"],
  ["  expect grad(W2) == 1", "expect", "keyword.control.expect"],
  ["  expect grad(W2) == 1", "grad", "entity.name.function"],
  ["  expect grad(W2) == 1", "==", "keyword.operator.comparison"],
  ["  step", "step", "keyword.control.step"],
  ["  step: 3", "step", "variable.other.property"],
  ["  loss: CrossEntropy", "loss", "variable.other.property"],
  ["  loss: CrossEntropy", "CrossEntropy", "entity.name.type.layer"],
  ["  loss: MSE", "MSE", "entity.name.type.layer"],
  ["  param W: [2, 3] = He(seed: 1)", "param", "storage.modifier.param"],
  ["  param W: [2, 3] = He(seed: 1)", "W", "variable.other.constant.parameter"],
  ["  const c = 1e-3", "const", "storage.modifier.const"],
  ["  const c = 1e-3", "1e-3", "constant.numeric"],
  ["  layer encoder = Dense(64)", "layer", "storage.modifier.layer"],
  ["  layer = Dense(64)", "layer", "variable.other.readwrite.definition"],
  ["  data = x", "data", "variable.other.readwrite.definition"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "y", "variable.other.readwrite.definition"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "x", "variable.other.readwrite"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "->", "keyword.operator.arrow"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "Dense", "entity.name.type.layer"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "as", "keyword.control.as"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "h1", "variable.other.readwrite.definition"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "encoder", "entity.name.function"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "ReLU", "entity.name.type.layer"],
  ["  y = x -> Dense(64) as h1 -> encoder -> ReLU repeat 3", "repeat", "keyword.control.repeat"],
  ["  H1 = X @ W1", "X", "variable.other.readwrite"],
  ["  H1 = X @ W1", "@", "keyword.operator.arithmetic"],
  ["  return { probs: p }", "return", "keyword.control.return"],
  ["  return { probs: p }", "probs", "variable.other.property"],
  ["  z = Dense(bias: true)", "true", "constant.language.boolean"],
  ["  z = trueness", "trueness", "variable.other.readwrite"],
  ["  z = x1e3", "x1e3", "variable.other.readwrite"],
  ['  z = f("a\\n")', "\\n", "constant.character.escape"],
  ["  слой = вход -> Блок(ширина: 3)", "Блок", "entity.name.type.layer"],
  ["  слой = вход -> Блок(ширина: 3)", "ширина", "variable.parameter"],
  ["  层 = 输入", "层", "variable.other.readwrite.definition"],
])("in %j, %s is colored as %s", (line, word, scope) => {
  expect(scopeOf(line, word)).toBe(scope);
});

test("an argument list may go over several lines", () => {
  expect(scopeOf("y = x -> Dense(\n  units: 3,\n  bias: true\n)\nloss: MSE", "units")).toBe("variable.parameter");
  expect(scopeOf("y = x -> Dense(\n  units: 3\n)\nloss: MSE", "loss")).toBe("variable.other.property");
});

test("a string that is never closed ends with its line", () => {
  expect(scopeOf('y = f("abc\nz = 3', "3")).toBe("constant.numeric");
});

/** The colors' idea of a token against the parser's, for all examples. */
describe("the colors agree with the syntax tree", () => {
  const expected: Partial<Record<SyntaxNode["kind"], RegExp>> = {
    number: /^constant\.numeric/,
    boolean: /^constant\.language/,
    call: /^entity\.name/,
  };

  test.each(exampleSources)("%#", (source) => {
    const tokens = colored(source);
    const check = (node: SyntaxNode): void => {
      const wanted = expected[node.kind];
      const token = tokens.find(({ offset, text }) => offset + text.search(/\S/) === node.range.start);
      if (wanted) expect(token?.scopes.at(-1), source.slice(node.range.start, node.range.end)).toMatch(wanted);
      if (node.kind === "argument" && node.name) expect(token?.scopes.at(-1)).toMatch(/^variable\.parameter/);
      if (node.kind === "entry") expect(token?.scopes.at(-1)).toMatch(/^variable\.other\.property/);
      if (node.kind === "binding") expect(token?.scopes.at(-1)).toMatch(/^variable\.other\.readwrite\.definition/);
      children(node).forEach(check);
    };
    check(parse(source));
  });
});

describe("the language configuration", () => {
  const configuration = JSON.parse(readFileSync(configurationFile, "utf8"));
  const rules: { beforeText: string; afterText?: string; action: { indent: string; appendText?: string } }[] =
    configuration.onEnterRules;

  test.each([
    ["żółw", "żółw"],
    ["слой1", "слой1"],
    ["e\u0301té", "e\u0301té"],
    ["h1.W", "h1"],
    ["-0.5e-3)", "0.5e-3"],
  ])("the first word of %j is %j", (text, word) => {
    const { pattern, flags } = configuration.wordPattern;
    expect(new RegExp(pattern, flags).exec(text)?.[0]).toBe(word);
  });

  test.each<[line: string, action: { indent: string; appendText?: string } | undefined]>([
    ["  # a comment", { indent: "none", appendText: "# " }],
    ["  # ", undefined],
    ["    -> Dense(64) as h1", { indent: "none" }],
    ["  y =", { indent: "indent" }],
    ["  y = x ->", { indent: "indent" }],
    ["  expect a ==", undefined],
    ["  y = x", undefined],
  ])("Enter behind %j does %j", (line, action) => {
    const rule = rules.find(
      ({ beforeText, afterText }) =>
        new RegExp(beforeText).test(line) && (!afterText || new RegExp(afterText).test("")),
    );
    expect(rule?.action).toEqual(action);
  });

  test.each([
    ["network A(x: [2]) {", true],
    ["  h = x -> Dense(  # why", true],
    ['  f("{")', false],
    ["  # {", false],
    ["  y = x", false],
  ])("the line behind %j is indented: %j", (line, indented) => {
    expect(new RegExp(configuration.indentationRules.increaseIndentPattern).test(line)).toBe(indented);
  });
});
