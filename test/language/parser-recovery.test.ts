// Texts that are unfinished, wrong or huge: what is told, and what is read nevertheless.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../extension/language/parser";
import { children, type SyntaxNode } from "../../extension/language/syntax-tree";
import { anyText } from "./arbitraries";
import { bodyOf, networkOf, problemsOf, showFile, showHead } from "./written-tree";

const unfinished: [line: string, tree: string, message: string, marked: string][] = [
  ["h = x -> Dense(", "h = {x -> Dense(?)}", 'This "(" is never closed.', "("],
  ["h = x -> Dense(64,", "h = {x -> Dense(64)}", 'This "(" is never closed.', "("],
  ["h = x -> Dense(units:", "h = {x -> Dense(units: ?)}", 'Expected a value after ":".', ":"],
  ["h = x -> Dense(64 -> ReLU as r", "h = {x -> Dense(64) -> ReLU as r}", 'This "(" is never closed.', "("],
  ["h = x -> Dense(units: 64 -> ReLU", "h = {x -> Dense(units: 64) -> ReLU}", 'This "(" is never closed.', "("],
  ["h = x -> Dense(64", "h = {x -> Dense(64)}", 'This "(" is never closed.', "("],
  ["h = f(g(x, [1, 2", "h = f(g(x, [1, 2]))", 'This "[" is never closed.', "["],
  ["h = x -> ", "h = {x -> ?}", 'Expected a layer after "->", such as Dense(64).', "->"],
  ["h = x -> 64 -> ReLU", "h = {x -> ? -> ReLU}", 'Expected a layer after "->", such as Dense(64).', "64"],
  ["h = x -> as h1 -> ReLU", "h = {x -> ? as h1 -> ReLU}", 'Expected a layer after "->", such as Dense(64).', "->"],
  ["h = x -> ReLU as", "h = {x -> ReLU as ?}", 'Expected a name after "as".', "as"],
  ["h = x -> ReLU repeat", "h = {x -> ReLU repeat ?}", 'Expected a value after "repeat".', "repeat"],
  ["h =", "h = ?", 'Expected a value after "=".', "="],
  ["h", "h = ?", 'Expected "=" and a value, such as x -> Dense(3), after "h".', "h"],
  ["h = x +", "h = (x + ?)", 'Expected a value after "+".', "+"],
  ["h = * x", "h = (? * x)", 'Expected a value before "*".', "*"],
  ["h = x.", "h = x.?", 'Expected a name after ".".', "."],
  ["h = x[", "h = x[]", 'This "[" is never closed.', "["],
  ["h = x[]", "h = x[]", 'Expected an index between "[" and "]".', "]"],
  ["h = ()", "h = ?", 'Expected a value between "(" and ")".', "()"],
  ["h = (x + 1", "h = (x + 1)", 'This "(" is never closed.', "("],
  ["h = x + 1)", "h = (x + 1)", 'This ")" closes nothing.', ")"],
  ["h = f(x] + 1", "h = (f(x) + 1)", 'This closes a "(": write ")".', "]"],
  ["h = f([1, 2)", "h = f([1, 2])", 'This "[" is never closed.', "["],
  ["h = [1, , 2]", "h = [1, ?, 2]", 'Expected a value after ",".', ","],
  ["h = [1 2]", "h = [1, 2]", 'Expected "," before "2".', "2"],
  ["h = x -> Dense(64 bias: true)", "h = {x -> Dense(64, bias: <true>)}", 'Expected "," before "bias".', "bias"],
  [
    "h = x -> Dense(units = 64)",
    "h = {x -> Dense(units: 64)}",
    'Write ":" between an argument and its value: "units: …".',
    "=",
  ],
  [
    "h = x -> F.T -> G",
    "h = {x -> F -> G}",
    'Put the pipeline in parentheses before ".", as in (x -> Dense(3)).T.',
    ".",
  ],
  [
    "h = x -> F + y",
    "h = ({x -> F} + y)",
    'Put the pipeline in parentheses before "+": "->" binds weaker than any other operator.',
    "+",
  ],
  ["h = a < b < c", "h = ((a < b) < c)", "Only two values can be compared at a time.", "<"],
  ["h = 2x", "h = 2", '"2x" is neither a number nor a name. To multiply, write "2 * x".', "2x"],
  ["h = 1e999", "h = Infinity", '"1e999" is too large a number.', "1e999"],
  ["h = x ** 2", "h = (x ^ 2)", 'Write "^" for a power.', "**"],
  ["h = x − y", "h = (x - y)", 'Write "-" for "−".', "−"],
  ["h = x→ReLU", "h = {x -> ReLU}", 'Write "->" for "→".', "→"],
  ["h = x § y", "h = x", 'Did not expect "§" here.', "§"],
  ["h = § + y", "h = ?", 'Expected a value instead of "§".', "§"],
  ["h = { a: 1 }", "h = ?", 'Expected a value instead of "{".', "{"],
  ['h = f("abc', 'h = f("abc")', 'This string is never closed: end it with ".', '"abc'],
  ["h = f('abc')", 'h = f("abc")', 'Strings stand in double quotes: "…".', "'abc'"],
  ['h = f("a\\iris")', 'h = f("a\\\\iris")', '"\\i" is no escape. Write "\\\\" for a backslash.', "\\i"],
  ["h = x[1:2:3]", "h = x[1:2]", "A slice has a start and an end, no step.", ":"],
  ["h = x.f(3)", "h = x.f", "Only a layer or function can be called, by its name.", "("],
  ["h: x", "h = x", 'Write "=" instead of ":".', ":"],
  ["let h = x", "h = x", 'Did not expect "let" here: write "let = …" or remove it.', "let"],
  [
    "x -> Dense(3)",
    "? = {x -> Dense(3)}",
    'This value is not kept: give it a name, as in "y = …", or return it.',
    "x -> Dense(3)",
  ],
  ["param\n  W =", "param W = ?", 'Expected a value after "=".', "="],
  ["param W =", "param W = ?", 'Expected a value after "=".', "="],
  ["param W", "param W", 'Expected a shape such as ": [2, 3]" or a value such as "= Zeros" after "W".', "W"],
  ["param W: int = 3", "param W = 3", "Write the shape of a parameter in brackets, such as [2, 3].", "int"],
  ["const = = 3", "const = ?", 'Expected a value after "=".', "="],
  ["parm W: [2] = He", "param W: [2] = He", 'Did not expect "parm" here: did you mean "param"?', "parm"],
  ["layer e = ", "layer e = ?", 'Expected a value after "=".', "="],
  ["retrun x", "return x", 'Did not expect "retrun" here: did you mean "return"?', "retrun"],
  ["return", "return ?", 'Expected a value after "return".', "return"],
  ["return x, y", "return x, y", "Name the outputs when there are several: return { first: a, second: b }.", ","],
  ["return { x }", "return x", "Give this output a name, as in { probs: p }.", "x"],
  ["return { a = x }", "return a: x", 'Write ":" between the name of an output and its value.', "="],
  ["return {}", "return ", "Name an output, as in { probs: p }.", "}"],
];

describe("an unfinished or wrong line gives one problem, and the lines after it are in the tree", () => {
  test.each(unfinished)("%s", (line, tree, message, marked) => {
    expect(networkOf(`  a = x\n  ${line}\n  y = a -> Dense(3)\n  return y`)).toEqual({
      statements: ["a = x", tree, "y = {a -> Dense(3)}", "return y"],
      problems: [[message, marked]],
    });
  });
});

const wrongSettings: [body: string, statements: string[], problems: [string, string][]][] = [
  ["loss:\n optimizer: Adam", ["loss: ?", "optimizer: Adam"], [['Expected a value after ":".', ":"]]],
  ["los\n optimizer: Adam", ["los: ?", "optimizer: Adam"], [['Expected ":" and a value after "los".', "los"]]],
  ["batch 32 epochs: 1", ["batch: 32", "epochs: 1"], [['Expected ":" and a value after "batch".', "batch"]]],
  ["batch = 32", ["batch: 32"], [['Write ":" after "batch".', "="]]],
  ["batch: 32, epochs: 3", ["batch: 32", "epochs: 3"], [['No "," is needed between settings.', ","]]],
  ["optimizer: SGD(rate: 1\n seed: 1", ["optimizer: SGD(rate: 1)", "seed: 1"], [['This "(" is never closed.', "("]]],
  ["expect a = 1", ["expect (a == 1)"], [['Write "==" to compare.', "="]]],
  ["expect\n step", ["expect ?", "step"], [['Expected a value after "expect".', "expect"]]],
  [
    "expect a ==\n step\n expect b == 1",
    ["expect (a == ?)", "step", "expect (b == 1)"],
    [['Expected a value after "==".', "=="]],
  ],
  ["given W == 1", ["given W = 1"], [['Write a single "=" to set a value.', "=="]]],
  [
    "given W\n step",
    ["given W = ?", "step"],
    [['Expected "=" and a value, such as [[1, 2], [3, 4]], after "W".', "W"]],
  ],
  [
    "a + b\n step",
    ["step"],
    [['Expected "expect", "given", "step" or a setting such as "loss: MSE" instead of "a".', "a"]],
  ],
];

test.each(wrongSettings)("a check with %j keeps what is right", (body, statements, problems) => {
  const text = `check "c" on A(x: 1) {\n ${body}\n}\ndata After = Xor`;
  expect(bodyOf(parse(text).declarations[0]!)).toEqual(statements);
  expect(parse(text).declarations).toHaveLength(2);
  expect(problemsOf(text)).toEqual(problems);
});

const wrongDeclarations: [text: string, heads: string[], problems: [string, string][]][] = [
  ["network", ["network ?()"], [['Expected a name after "network".', "network"]]],
  ["network A", ["network A()"], [['Expected the inputs of the network, such as (x: [2]), after "A".', "A"]]],
  ["network A(x", ["network A(x)"], [['This "(" is never closed.', "("]]],
  ["network A(x)", ["network A(x)"], [['Expected a body in "{ … }" after ")".', ")"]]],
  [
    "network A(x: )\n{ }",
    ["network A(x: ?)"],
    [['Expected a shape such as [2] or a type such as int after ":".', ":"]],
  ],
  ["network A(: int) { }", ["network A(?: int)"], [['Expected the name of an input after "(".', "("]]],
  ["netwrok A(x) { }", ["network A(x)"], [['There is no "netwrok" declaration: did you mean "network"?', "netwrok"]]],
  ["data D", ["data D = ?"], [['Expected "=" and a value, such as Csv("file.csv", target: label), after "D".', "D"]]],
  ["data = Xor", ["data ? = Xor"], [['Expected a name after "data".', "data"]]],
  ["import", ['import ""'], [['Expected a file in quotes, such as "blocks.nnet", after "import".', "import"]]],
  ["train on D { }", ["train ?() on D"], [['Expected a network after "train".', "train"]]],
  ["train A { }", ["train A() on ?"], [['Expected a data set, such as "on Digits", after "A".', "A"]]],
  ["train A on { }", ["train A() on ?"], [['Expected a name after "on".', "on"]]],
  ["check { }", ['check "" on ?()'], [['Expected a title in quotes after "check".', "check"]]],
  [
    'check "c" { }',
    ['check "c" on ?()'],
    [['Expected "on" with a network or "after" with a training after "c".', '"c"']],
  ],
  ["y = 3", [], [['Expected a declaration instead of "y": import, data, network, block, train or check.', "y"]]],
  ["}", [], [['This "}" closes nothing.', "}"]]],
  ["data D = Xor ; extra", ["data D = Xor"], [['Did not expect ";" here.', ";"]]],
];

test.each(wrongDeclarations)("after %j the next declarations are read", (text, heads, problems) => {
  const whole = `${text}\nnetwork After(x) { return x }`;
  expect(parse(whole).declarations.map(showHead)).toEqual([...heads, "network After(x)"]);
  expect(problemsOf(whole)).toEqual(problems);
});

test.each([
  ["param", "param ?"],
  ["const", "const ?"],
  ["layer", "layer ? = ?"],
])("%s alone before a return lacks its name only", (word, tree) => {
  expect(networkOf(`  ${word}\n  return x`)).toEqual({
    statements: [tree, "return x"],
    problems: [[`Expected a name after "${word}".`, word]],
  });
});

test.each([
  [
    "a network without its closing brace ends where the next declaration begins",
    'network A(x) {\n  h = x\n\nnetwork B(x) {\n  return x\n}\ncheck "c" on B(x: 1) { step }',
    ["network A(x)", "  h = x", "network B(x)", "  return x", 'check "c" on B(x: 1)', "  step"],
    ['This "{" is never closed.', "{"],
  ],
  [
    "the inputs' missing parenthesis does not swallow the body",
    "network A(x: [2] {\n  h = x\n  return h\n}\ndata After = Xor",
    ["network A(x: [2])", "  h = x", "  return h", "data After = Xor"],
    ['This "(" is never closed.', "("],
  ],
] as const)("%s", (_, text, tree, problem) => {
  expect(showFile(parse(text))).toEqual(tree);
  expect(problemsOf(text)).toEqual([problem]);
});

test("a comment behind a network without its closing brace documents the next one", () => {
  const { declarations } = parse("network A(x) {\n  h = x\n\n# B's own\nnetwork B(x) {\n  return x\n}");
  expect(declarations[1]?.documentation).toBe("B's own");
});

test("an argument list over several lines is no sequence of statements", () => {
  const { statements } = networkOf("  h = x -> Dense(\n    units = 3,\n    bias = true\n  )\n  return h");
  expect(statements).toEqual(["h = {x -> Dense(units: 3, bias: <true>)}", "return h"]);
});

test("no message speaks of tokens, kinds or code", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const { message, range } of parse(text).problems) {
        expect(message.replace(/".*"/gs, "")).not.toMatch(/token|identifier|undefined|null|NaN|Error|\[object/i);
        expect(message).toMatch(/[.?:]$|\.$/);
        expect(range.start).toBeLessThanOrEqual(range.end);
        if (text.trim() !== "") expect(range.end).toBeGreaterThan(range.start);
      }
    }),
    { numRuns: 300 },
  );
});

// --- Size ---------------------------------------------------------------------------------------------------------------

const many = 200_000;
const huge: [what: string, text: string][] = [
  ["open parentheses", `data D = ${"(".repeat(many)}`],
  ["nested parentheses", `data D = ${"(".repeat(many)}x${")".repeat(many)}`],
  ["open brackets", `data D = ${"[".repeat(many)}`],
  ["nested calls", `data D = ${"f(".repeat(many)}`],
  ["open braces", "{".repeat(many)],
  ["minus signs", `data D = ${"- ".repeat(many)}1`],
  ["powers", `data D = ${"a^".repeat(many)}1`],
  ["a long sum", `data D = ${"a+".repeat(many)}1`],
  ["a long chain of members", `data D = a${".b".repeat(many)}`],
  ["indices", `data D = a${"[0]".repeat(many)}`],
  ["indices in indices", `data D = ${"a[".repeat(many)}`],
  ["unfinished networks", "network A(x) {\n".repeat(many / 20)],
  ["unfinished lines", `network A(x) {${"y = x ->\n".repeat(many / 10)}`],
  ["stray brackets", ")]}".repeat(many / 3)],
  ["a long pipeline", `data D = a${" -> F".repeat(many / 5)}`],
];

/** Longest way from a node down to a leaf. The stack of this very function would not survive a degenerate tree. */
function heightOf(node: SyntaxNode): number {
  return 1 + Math.max(0, ...children(node).map(heightOf));
}

test.each(huge)("%s, 200,000 of them, give a few problems and a tree that can be walked", (_, text) => {
  const file = parse(text);
  expect(file.problems.length).toBeLessThanOrEqual(101);
  for (const declaration of file.declarations.slice(0, 3)) {
    let height = 0;
    if (declaration.kind === "data" && declaration.source.kind !== "pipeline") height = heightOf(declaration);
    expect(height).toBeLessThan(2000);
  }
});

test.each([
  [
    "nesting too deep",
    `${"(".repeat(100_000)}x${")".repeat(100_000)}`,
    "This is nested too deeply: more than 256 levels. Give a part of it a name of its own.",
    "(",
  ],
  [
    "a chain too long",
    `${"x + ".repeat(100_000)}x`,
    "This expression is too long: more than 1000 links. Split it with a name.",
    "+",
  ],
])("%s is told once, and the next declaration is read", (_, value, message, marked) => {
  const text = `data D = ${value}\ndata After = Xor`;
  expect(problemsOf(text)).toEqual([[message, marked]]);
  expect(parse(text).declarations).toHaveLength(2);
});

test("of ten thousand problems a hundred are told, in the order of the text, and the rest counted", () => {
  const { problems } = parse(`network A(x) {\n${"  y = x ->\n".repeat(10_000)}}`);
  expect(problems).toHaveLength(101);
  expect(problems[100]?.message).toBe("And 9900 more problems like these.");
  expect(problems.map(({ range }) => range.start)).toEqual(
    problems.map(({ range }) => range.start).sort((a, b) => a - b),
  );
});

// Anything that is not linear would take hours.
test("noise of 10 MB is read in one go", () => {
  let state = 1;
  const noise = Array.from({ length: 10_000_000 }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return String.fromCharCode(32 + ((state >> 8) % 95));
  }).join("");
  expect(parse(noise).problems.length).toBeLessThanOrEqual(101);
});
