// Texts and their trees.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../extension/language/parser";
import { children, nodeAt, pathTo, type SyntaxNode, walk } from "../../extension/language/syntax-tree";
import { anyText, exampleSources, validSource } from "./arbitraries";
import { expressionOf, problemsOf, showFile } from "./written-tree";

// --- Expressions --------------------------------------------------------------------------------------------------------

test.each([
  ["-2 ^ 2", "(-(2 ^ 2))"],
  ["2 ^ -1", "(2 ^ (-1))"],
  ["2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"],
  ["-x.T", "(-x.T)"],
  ["x.T ^ 2", "(x.T ^ 2)"],
  ["- -x", "(-(-x))"],
  ["-x * y", "((-x) * y)"],
  ["a - b - c", "((a - b) - c)"],
  ["a / b * c @ d", "(((a / b) * c) @ d)"],
  ["a + b * c", "(a + (b * c))"],
  ["a * b + c", "((a * b) + c)"],
  ["(a + b) * c", "((a + b) * c)"],
  ["a + b == c - d", "((a + b) == (c - d))"],
  ["a < b", "(a < b)"],
  ["a >= b -> F", "{(a >= b) -> F}"],
  ["x + 1 -> Dense(3) -> ReLU", "{(x + 1) -> Dense(3) -> ReLU}"],
  ["(x -> F) + 1", "({x -> F} + 1)"],
  ["(x -> F).T", "{x -> F}.T"],
  ["x -> F as a repeat 3", "{x -> F repeat 3 as a}"],
  ["x -> F repeat 3 as a", "{x -> F repeat 3 as a}"],
  ["x -> F(1) repeat n * 2 -> G", "{x -> F(1) repeat (n * 2) -> G}"],
  ["(a, b) -> Concat", "{tuple(a, b) -> Concat}"],
  ["(a,)", "tuple(a)"],
  ["((a))", "a"],
  ["F(1, b: 2, c: [x -> G])", "F(1, b: 2, c: [{x -> G}])"],
  ["F()", "F()"],
  ["F(1,)", "F(1)"],
  ["[[1, -2], [3e-1, 4],]", "[[1, (-2)], [0.3, 4]]"],
  ["[]", "[]"],
  ["x[0]", "x[0]"],
  ["x[1:, :, :-1, a:b]", "x[1:, :, :(-1), a:b]"],
  ["x[0][1].T.W", "x[0][1].T.W"],
  ["f(x)[0]", "f(x)[0]"],
  ["true", "<true>"],
  ["[false, accuracy]", "[<false>, accuracy]"],
  ["1_000", "1000"],
  [".5", "0.5"],
  ['"a \\"b\\" \\n \\u0041 \\u{1F642} \\\\"', JSON.stringify('a "b" \n A 🙂 \\')],
  ["max(0, x)", "max(0, x)"],
])("%s is read as %s", (text, tree) => {
  expect(expressionOf(text)).toBe(tree);
});

test("line ends and spaces carry no meaning", () => {
  fc.assert(
    fc.property(fc.constantFrom(...exampleSources), fc.constantFrom("\n", "\r\n", "\t", "  \n\n "), (source, space) => {
      const withoutComments = source.replace(/#.*$/gm, "");
      const spread = withoutComments.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : space));
      expect(parse(spread).problems).toEqual([]);
      expect(showFile(parse(spread))).toEqual(showFile(parse(withoutComments)));
    }),
    { numRuns: 20 },
  );
});

// --- Declarations -------------------------------------------------------------------------------------------------------

test("the examples of the specification have the tree they show", () => {
  const [first, second, third] = exampleSources;
  expect(showFile(parse(first!))).toEqual([
    "data Spirals = Spiral(classes: 3, samples: 900, noise: 0.2, seed: 1)",
    "network Classifier(point: [2], hidden: int = 64)",
    "  return {point -> Dense(hidden) as h1 -> ReLU -> Dense(hidden) as h2 -> ReLU -> Dropout(0.1) -> Dense(3) -> Softmax}",
    "train Classifier() on Spirals as Baseline",
    "  loss: CrossEntropy",
    "  optimizer: Adam(rate: 0.01)",
    "  batch: 32",
    "  epochs: 100",
    "  validation: 0.2",
    "  metrics: [accuracy]",
    "  seed: 42",
    'check "the spiral is learnt" after Baseline',
    "  expect (accuracy > 0.95)",
  ]);
  expect(showFile(parse(second!))).toEqual([
    "block Residual(x, channels: int, kernel: int = 3)",
    "  y = {x -> Conv2D(channels, kernel: kernel, padding: same) -> BatchNorm -> ReLU -> Conv2D(channels, kernel: kernel, padding: same) -> BatchNorm}",
    "  return ReLU((x + y))",
    "network Masha(X: [2])",
    "  param W1 = [[1, (-1)], [0.5, 0]]",
    "  param W2 = [[0.5], [1]]",
    "  H1 = (X @ W1)",
    "  O1 = max(0, H1)",
    "  y = (O1 @ W2)",
    "  return y",
  ]);
  expect(showFile(parse(third!))).toEqual([
    'check "one step by hand" on Masha(X: [[1, 2], [(-1), 2]])',
    "  target: [[2], [1]]",
    "  loss: HalfMSE",
    "  optimizer: SGD(rate: 1)",
    "  expect (H1 == [[2, (-1)], [0, 1]])",
    "  expect (loss == 0.25)",
    "  expect (grad(W2) == [[(-1)], [0]])",
    "  expect (grad(W1) == [[(-0.25), 0], [(-0.5), 0]])",
    "  step",
    "  expect (W2 == [[1.5], [1]])",
  ]);
});

test("every other construct has its tree", () => {
  const file = parse(exampleSources[3]!);
  expect(file.problems).toEqual([]);
  expect(showFile(file)).toEqual([
    'import "blocks.nnet"',
    'network Autoencoder(image: [1, size, size], size: int = 28, name: string = "a\\"b", scale: float, tied: bool = <true>)',
    "  layer encoder = Dense(64)",
    "  const half: [2, 3] = Zeros",
    "  param W: [2, 3] = He(seed: 1)",
    "  param free: [(size * 2)]",
    "  a = {image -> encoder as code -> Residual(16) repeat 3 as deep -> ReLU}",
    "  b = {tuple(a, code.T) -> Concat repeat (size + 1) as both}",
    "  c = ((((((-(a ^ (2 ^ (-1)))) * b) @ W.T) / 0.001) - x[0]) + x[1:, :, :(-1)][a:b])",
    "  return probs: both, code: c",
    "train Autoencoder(size: 8, tied: <false>) on Digits",
    "  loss: (mean(((y - target) ^ 2)) + (0.01 * sum((W1 ^ 2))))",
    "  regularize: [L1(0.0001), L2(0.5)]",
    "  clip: Norm(1)",
    "  stop: EarlyStopping(patience: 5)",
    "  backend: wasm",
    'check "a vector-Jacobian product" on Autoencoder(image: [[1]])',
    "  given both.W = [[1, 2], [3, 4]]",
    "  upstream: [1, 2]",
    "  tolerance: 0.0001",
    "  expect (jacobian(y, x) != h1.augmented)",
    "  expect (norm(v) <= 3)",
  ]);
});

test("words of the language are names where a name is meant", () => {
  const text = `data data = Moons
network network(data: [2], step: int, layer: int = 3) {
  layer = data -> Dense(step, data: 3, train: layer) as as -> ReLU repeat 3 as repeat
  param = layer + data
  repeat = data
  step = on + after -> given
  const const = step
  return repeat
}
train network on data as as { step: 3 train: 4 data: x }
check "c" after as { step: 2 step expect step > step step given expect = 3 expect: 1 step }`;
  expect(problemsOf(text)).toEqual([]);
  expect(showFile(parse(text))).toEqual([
    "data data = Moons",
    "network network(data: [2], step: int, layer: int = 3)",
    "  layer = {data -> Dense(step, data: 3, train: layer) as as -> ReLU repeat 3 as repeat}",
    "  param = (layer + data)",
    "  repeat = data",
    "  step = {(on + after) -> given}",
    "  const const = step",
    "  return repeat",
    "train network() on data as as",
    "  step: 3",
    "  train: 4",
    "  data: x",
    'check "c" after as',
    "  step: 2",
    "  step",
    "  expect (step > step)",
    "  step",
    "  given expect = 3",
    "  expect: 1",
    "  step",
  ]);
});

test("names in any script are names, composed or not", () => {
  const text = "network Żółw(слой: [2]) { 层 = слой -> Блок as 𝒳1 e\u0301 = 层 return é }";
  expect(showFile(parse(text))).toEqual([
    "network Żółw(слой: [2])",
    "  层 = {слой -> Блок as 𝒳1}",
    "  é = 层",
    "  return é",
  ]);
  expect(problemsOf(text)).toEqual([]);
});

test.each(["", "\uFEFF", "\r\n", "# only a comment", "\uFEFF# żółw\r\n\t\r\n"])(
  "%j is a file without declarations",
  (text) => {
    expect(parse(text)).toMatchObject({ declarations: [], problems: [], range: { start: 0, end: text.length } });
  },
);

// --- Comments -----------------------------------------------------------------------------------------------------------

test("comment lines right above a declaration or statement are its documentation", () => {
  const file = parse(`# The licence.

# Two lines
#   of words.
network A(x) { # not above anything
  # The first layer.
  h = x -> Dense(3) # behind it
  y = h
  # apart

  return y
}`);
  const [network] = file.declarations;
  expect(network?.documentation).toBe("Two lines\n  of words.");
  expect(network?.kind === "network" && network.body.map(({ documentation }) => documentation)).toEqual([
    "The first layer.",
    "",
    "",
  ]);
  expect(file.comments.map(({ text }) => text)).toEqual([
    "The licence.",
    "Two lines",
    "  of words.",
    "not above anything",
    "The first layer.",
    "behind it",
    "apart",
  ]);
});

test("documentation is found with Windows line ends and indentation too", () => {
  expect(parse("\uFEFF# one\r\n\t# two\r\n\tdata D = Xor").declarations[0]?.documentation).toBe("one\ntwo");
});

// --- Ranges -------------------------------------------------------------------------------------------------------------

test("every node's range is exactly its text", () => {
  const text = `# doc
network A(x: [2, n], k: int = 3) {
  param W: [2] = He(seed: 1) # c
  h = (x + 1) * 2 -> Dense(3, bias: true) as h1 repeat 2 -> ReLU
  return { a: h[1:, 0].T, b: (h, x) }
}
train A(k: 1) on D as T { loss: MSE }
check "t" on A(x: 1) { given W = 1 expect h == 1 step }`;
  const texts: Record<string, string[]> = {};
  walk(parse(text), (node) => {
    texts[node.kind] = [...(texts[node.kind] ?? []), text.slice(node.range.start, node.range.end)];
  });
  expect(texts).toMatchObject({
    input: ["x: [2, n]", "k: int = 3"],
    shape: ["[2, n]", "[2]"],
    parameter: ["param W: [2] = He(seed: 1)"],
    binding: ["h = (x + 1) * 2 -> Dense(3, bias: true) as h1 repeat 2 -> ReLU"],
    pipeline: ["(x + 1) * 2 -> Dense(3, bias: true) as h1 repeat 2 -> ReLU"],
    stage: ["-> Dense(3, bias: true) as h1 repeat 2", "-> ReLU"],
    binary: ["(x + 1) * 2", "x + 1", "h == 1"],
    call: ["He(seed: 1)", "Dense(3, bias: true)"],
    argument: ["seed: 1", "3", "bias: true", "k: 1", "x: 1"],
    output: ["a: h[1:, 0].T", "b: (h, x)"],
    member: ["h[1:, 0].T"],
    index: ["h[1:, 0]"],
    slice: ["1:"],
    tuple: ["(h, x)"],
    train: ["train A(k: 1) on D as T { loss: MSE }"],
    entry: ["loss: MSE"],
    check: ['check "t" on A(x: 1) { given W = 1 expect h == 1 step }'],
    string: ['"t"'],
    given: ["given W = 1"],
    expect: ["expect h == 1"],
    step: ["step"],
  });
});

test.each([
  ["network A(x) { y = <|>x -> Dense(3) }", "name x"],
  ["network A(x) { y = x<|>-> Dense(3) }", "name x"],
  ["network A(x) { y = x -<|>> Dense(3) }", "stage -> Dense(3)"],
  ["network A(x) { y = x -> Den<|>se(3) }", "identifier Dense"],
  ["network A(x) { y = x -> Dense<|>(3) }", "identifier Dense"],
  ["network A(x) { y = x -> Dense(uni<|>ts: 3) }", "identifier units"],
  ["network A(x) { y = a.<|>b }", "identifier b"],
  ["network A(x) { y = a +<|>b }", "name b"],
])("the node at the mark in %s is %s", (marked, expected) => {
  const offset = marked.indexOf("<|>");
  const text = marked.replace("<|>", "");
  const file = parse(text);
  const node = nodeAt(file, offset);
  expect(`${node.kind} ${text.slice(node.range.start, node.range.end)}`).toBe(expected);
  expect(pathTo(file, offset)[0]).toBe(file);
});

// --- Any text -----------------------------------------------------------------------------------------------------------

function expectOrderedInside(node: SyntaxNode): void {
  let previousEnd = node.range.start;
  for (const child of children(node)) {
    expect(child.range.start).toBeGreaterThanOrEqual(previousEnd);
    expect(child.range.end).toBeGreaterThanOrEqual(child.range.start);
    expect(child.range.end).toBeLessThanOrEqual(node.range.end);
    previousEnd = child.range.end;
    expectOrderedInside(child);
  }
}

test("any text has a tree whose nodes lie in their parents, one behind the other", () => {
  fc.assert(
    fc.property(anyText, (text) => expectOrderedInside(parse(text))),
    { numRuns: 2000 },
  );
});

test("valid texts have no problems, and their nodes lie in their parents too", () => {
  fc.assert(
    fc.property(validSource, (text) => {
      const file = parse(text);
      expect(file.problems).toEqual([]);
      expectOrderedInside(file);
    }),
    { numRuns: 500 },
  );
});

test("the tree is plain data", () => {
  const file = parse(exampleSources.join("\n"));
  expect(JSON.parse(JSON.stringify(file))).toEqual(file);
});
