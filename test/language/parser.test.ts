import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  Argument,
  CheckStatement,
  Declaration,
  Expression,
  IndexItem,
  SourceFile,
  Statement,
} from "../../extension/language/ast";
import { parse } from "../../extension/language/parser";
import { children, nodeAt, pathTo, type SyntaxNode, walk } from "../../extension/language/syntax-tree";
import { anyText, exampleSources, validSource } from "./arbitraries";

// --- Trees as text: every operation in parentheses ---------------------------------------------------------------------

function show(node: Expression): string {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "string":
      return JSON.stringify(node.value);
    case "boolean":
      return `<${node.value}>`;
    case "name":
      return node.name;
    case "missing":
      return "?";
    case "list":
      return `[${node.elements.map(show).join(", ")}]`;
    case "tuple":
      return `tuple(${node.elements.map(show).join(", ")})`;
    case "call":
      return `${node.callee.name}(${showArguments(node.arguments)})`;
    case "member":
      return `${show(node.object)}.${node.property.name || "?"}`;
    case "index":
      return `${show(node.object)}[${node.indices.map(showIndex).join(", ")}]`;
    case "unary":
      return `(-${show(node.operand)})`;
    case "binary":
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case "pipeline":
      return `{${show(node.source)}${node.stages
        .map(
          ({ call, repeat, alias }) =>
            ` -> ${show(call)}${repeat ? ` repeat ${show(repeat)}` : ""}${alias ? ` as ${alias.name || "?"}` : ""}`,
        )
        .join("")}}`;
    default:
      return node satisfies never;
  }
}

function showArguments(list: readonly Argument[]): string {
  return list.map(({ name, value }) => (name ? `${name.name}: ` : "") + show(value)).join(", ");
}

function showIndex(item: IndexItem): string {
  if (item.kind === "at") return show(item.index);
  return `${item.start ? show(item.start) : ""}:${item.end ? show(item.end) : ""}`;
}

function showStatement(node: Statement | CheckStatement): string {
  switch (node.kind) {
    case "binding":
      return `${node.name.name || "?"} = ${show(node.value)}`;
    case "parameter":
      return `${node.trainable ? "param" : "const"} ${node.name.name || "?"}${
        node.shape ? `: [${node.shape.dimensions.map(show).join(", ")}]` : ""
      }${node.initializer ? ` = ${show(node.initializer)}` : ""}`;
    case "layer":
      return `layer ${node.name.name || "?"} = ${show(node.layer)}`;
    case "return":
      return `return ${node.outputs.map(({ name, value }) => (name ? `${name.name}: ` : "") + show(value)).join(", ")}`;
    case "entry":
      return `${node.key.name}: ${show(node.value)}`;
    case "given":
      return `given ${show(node.target)} = ${show(node.value)}`;
    case "expect":
      return `expect ${show(node.condition)}`;
    case "step":
      return "step";
    default:
      return node satisfies never;
  }
}

function showHead(node: Declaration): string {
  switch (node.kind) {
    case "import":
      return `import ${JSON.stringify(node.path.value)}`;
    case "data":
      return `data ${node.name.name || "?"} = ${show(node.source)}`;
    case "network":
    case "block":
      return `${node.kind} ${node.name.name || "?"}(${node.inputs
        .map(({ name, annotation, default: value }) => {
          const annotated =
            annotation.kind === "none"
              ? ""
              : annotation.kind === "type"
                ? `: ${annotation.type.name || "?"}`
                : `: [${annotation.dimensions.map(show).join(", ")}]`;
          return `${name.name || "?"}${annotated}${value ? ` = ${show(value)}` : ""}`;
        })
        .join(", ")})`;
    case "train":
      return `train ${node.network.name || "?"}(${showArguments(node.arguments)}) on ${node.data.name || "?"}${
        node.alias ? ` as ${node.alias.name || "?"}` : ""
      }`;
    case "check":
      return `check ${JSON.stringify(node.title.value)} ${
        node.subject.kind === "after"
          ? `after ${node.subject.training.name || "?"}`
          : `on ${node.subject.network.name || "?"}(${showArguments(node.subject.arguments)})`
      }`;
    default:
      return node satisfies never;
  }
}

function bodyOf(node: Declaration): string[] {
  if (node.kind === "network" || node.kind === "block") return node.body.map(showStatement);
  if (node.kind === "train") return node.entries.map(showStatement);
  return node.kind === "check" ? node.statements.map(showStatement) : [];
}

function showFile(file: SourceFile): string[] {
  return file.declarations.flatMap((node) => [showHead(node), ...bodyOf(node).map((line) => `  ${line}`)]);
}

/** Message and marked text of every problem. */
function problemsOf(text: string): [message: string, marked: string][] {
  return parse(text).problems.map(({ message, range }) => [message, text.slice(range.start, range.end)]);
}

function expressionOf(text: string): string {
  const file = parse(`data D = ${text}`);
  expect(file.problems).toEqual([]);
  return showHead(file.declarations[0]!).slice("data D = ".length);
}

function networkOf(body: string): { statements: string[]; problems: [string, string][] } {
  const text = `network A(x) {\n${body}\n}\ndata After = Xor`;
  const { declarations } = parse(text);
  expect(declarations.map(({ kind }) => kind)).toEqual(["network", "data"]);
  return { statements: bodyOf(declarations[0]!), problems: problemsOf(text) };
}

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

// --- Recovery -----------------------------------------------------------------------------------------------------------

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

test("a network without its closing brace ends where the next declaration begins", () => {
  const text = 'network A(x) {\n  h = x\n\n# B\'s own\nnetwork B(x) {\n  return x\n}\ncheck "c" on B(x: 1) { step }';
  expect(showFile(parse(text))).toEqual([
    "network A(x)",
    "  h = x",
    "network B(x)",
    "  return x",
    'check "c" on B(x: 1)',
    "  step",
  ]);
  expect(problemsOf(text)).toEqual([['This "{" is never closed.', "{"]]);
  expect(parse(text).declarations[1]?.documentation).toBe("B's own");
});

test("the inputs' missing parenthesis does not swallow the body", () => {
  const text = "network A(x: [2] {\n  h = x\n  return h\n}\ndata After = Xor";
  expect(showFile(parse(text))).toEqual(["network A(x: [2])", "  h = x", "  return h", "data After = Xor"]);
  expect(problemsOf(text)).toEqual([['This "(" is never closed.', "("]]);
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

test("nesting too deep is told once, and the next declaration is read", () => {
  const text = `data D = ${"(".repeat(100_000)}x${")".repeat(100_000)}\ndata After = Xor`;
  expect(problemsOf(text)).toEqual([
    ["This is nested too deeply: more than 256 levels. Give a part of it a name of its own.", "("],
  ]);
  expect(parse(text).declarations).toHaveLength(2);
});

test("a chain too long is told once, and the next declaration is read", () => {
  const text = `data D = ${"x + ".repeat(100_000)}x\ndata After = Xor`;
  expect(problemsOf(text)).toEqual([["This expression is too long: more than 1000 links. Split it with a name.", "+"]]);
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

test("noise of 10 MB is read in one go", () => {
  let state = 1;
  const noise = Array.from({ length: 10_000_000 }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return String.fromCharCode(32 + ((state >> 8) % 95));
  }).join("");
  const started = performance.now();
  expect(parse(noise).problems.length).toBeLessThanOrEqual(101);
  // Half a second on an idle machine; anything that is not linear would take hours.
  expect(performance.now() - started).toBeLessThan(15_000);
});
