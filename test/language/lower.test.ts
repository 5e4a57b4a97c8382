import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { type BuildProblem, buildable } from "./runnable";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const exampleFiles = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".nnet"),
);

const network = (statements: string, head = "x: [4], n: int = 2") => {
  const analysis = analyze(`network Net(${head}) {\n${statements}\n}`);
  expect(analysis.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return analysis.module.networks[0]!;
};

const shapes = (statements: string, head?: string) =>
  Object.fromEntries(network(statements, head).values.map(({ id, shape }) => [id, shape]));

describe("the examples", () => {
  test.each(exampleFiles)("%s lowers without a diagnostic", (file) => {
    const { diagnostics, module } = analyze(readFileSync(examples + file, "utf8"));
    expect(diagnostics).toEqual([]);
    expect(module.networks.every(({ complete }) => complete)).toBe(true);
    expect(module.trainings.length + module.checks.length).toBeGreaterThan(0);
  });

  test.each(exampleFiles)("%s gives a Module that survives structuredClone", (file) => {
    const { module } = analyze(readFileSync(examples + file, "utf8"));
    expect(structuredClone(module)).toEqual(module);
    expect(JSON.stringify(structuredClone(module))).toBe(JSON.stringify(module));
  });

  test.each(exampleFiles)("every network, training and check of %s can be built by the engine", (file) => {
    const { module } = analyze(readFileSync(examples + file, "utf8"));
    expect(buildable(module)).toEqual<BuildProblem[]>([]);
  });
});

describe("values", () => {
  test("a pipeline gives one value a stage, named by `as`", () => {
    const { values, parameters, outputs } = network("  return x -> Dense(3) as h -> ReLU");
    expect(values.map(({ id, title }) => [id, title])).toEqual([
      ["x", "x"],
      ["h", "Dense"],
      ["ReLU#1", "ReLU"],
    ]);
    expect(parameters.map(({ id, shape, trainable }) => [id, shape, trainable])).toEqual([
      ["h.W", [4, 3], true],
      ["h.b", [3], true],
    ]);
    expect(outputs).toEqual([{ name: "output", value: "ReLU#1" }]);
  });

  test("every subexpression is a value with its own range and title", () => {
    const text = "network Net(x: [4]) {\n  return (x + 1) * 2\n}";
    const { values } = analyze(text).module.networks[0]!;
    expect(values.map(({ id, title, range }) => [id, title, text.slice(range.start, range.end)])).toEqual([
      ["x", "x", "x"],
      ["constant#1", "1", "1"],
      ["add#1", expect.stringContaining("x + 1"), expect.stringContaining("x + 1")],
      ["constant#2", "2", "2"],
      ["multiply#1", "(x + 1) * 2", "(x + 1) * 2"],
    ]);
  });

  test("a binding's name is its value's id, and a second name for a value is no second value", () => {
    const { values } = network("  h = x -> Dense(3) as g\n  k = h\n  return k");
    expect(values.map(({ id }) => id)).toEqual(["x", "g"]);
  });

  test("names may be used before they are bound", () => {
    const { values } = network("  b = a * 2\n  a = x + 1\n  return b");
    expect(values.map(({ id }) => id)).toEqual(["x", "constant#1", "a", "constant#2", "b"]);
  });

  test("a name bound inside a pipeline may be used by what that pipeline needs later", () => {
    expect(shapes("  a = x -> Dense(3) as h -> add(b)\n  b = h + 1\n  return a")).toMatchObject({
      h: [3],
      b: [3],
      a: [3],
    });
  });

  test.each([
    ["x @ W", [2]],
    ["x - 1", [4]],
    ["-x", [4]],
    ["x ^ 2 / 3", [4]],
    ["x == 1", [4]],
    ["x[0]", []],
    ["W[1]", [2]],
    ["W[1, 0]", []],
    ["x[1:]", [3]],
    ["x[:-1]", [3]],
    ["x[1:3]", [2]],
    ["x[2:99]", [2]],
    ["W[:, 1]", [4]],
    ["W[:, -1:]", [4, 1]],
    ["W[1:3, 0]", [2]],
    ["W[:]", [4, 2]],
    ["W.T", [2, 4]],
    ["W.T @ x", [2]],
    ["max(0, x)", [4]],
    ["max(x)", []],
    ["sum(W, axis: 0)", [2]],
    ["(x, x) -> Concat", [8]],
    ["Concat(x, x)", [8]],
    ["ReLU(x + x)", [4]],
    ["Dense(x, 3)", [3]],
    ["x * n", [4]],
    ["x + [1, 2, 3, n * 2]", [4]],
    ["[1, 2] * 2", [2]],
    ["x -> Dense(n * 3) -> Dense(5) repeat 3", [5]],
    ["x -> relu -> softmax", [4]],
  ])("%s has the shape %j for one sample", (expression, shape) => {
    const { values, outputs } = network(`  param W: [4, 2] = He\n  y = x @ W\n  return ${expression}`);
    expect(values.find(({ id }) => id === outputs[0]!.value)?.shape).toEqual(shape);
  });

  test("`repeat` makes fresh instances", () => {
    const { parameters } = network("  return x -> Dense(4) repeat 2 as h");
    expect(parameters.map(({ id }) => id)).toEqual(["Dense#1.W", "Dense#1.b", "h.W", "h.b"]);
  });

  test("`layer` shares one instance's weights", () => {
    const { values, parameters } = network("  layer e = Dense(4)\n  a = x -> e\n  b = e(a)\n  return a + b + e.b");
    expect(parameters.map(({ id }) => id)).toEqual(["e.W", "e.b"]);
    const instances = values.flatMap(({ source }) => (source.kind === "layer" ? [source.instance] : []));
    expect(instances).toEqual(["e", "e"]);
  });

  test("a layer's parameters are values of their own", () => {
    const { values } = network("  h = x -> Dense(4)\n  return x @ h.W + h.b");
    const inputs = values.flatMap(({ source }) => (source.kind === "operation" ? [source.inputs] : []));
    expect(inputs).toEqual([
      ["x", "h.W"],
      ["matmul#1", "h.b"],
    ]);
  });

  test("`.augmented` stacks the bias on the weights", () => {
    expect(shapes("  h = x -> Dense(3)\n  a = h.augmented\n  return h + sum(a)")).toMatchObject({
      "augmented#1": [5, 3],
    });
  });

  test("several outputs keep their names", () => {
    const { outputs, values } = network("  h = x -> Dense(3)\n  return { probs: Softmax(h), code: h }");
    expect(outputs).toEqual([
      { name: "probs", value: "probs" },
      { name: "code", value: "h" },
    ]);
    expect(values.map(({ id }) => id)).toContain("probs");
  });

  test("Unicode names are names", () => {
    expect(shapes("  wartość = вход -> Dense(2)\n  return wartość", "вход: [3]")).toEqual({ вход: [3], wartość: [2] });
  });
});

describe("parameters", () => {
  test.each([
    ["param W = [[1, 2], [3, 4]]", [2, 2], [1, 2, 3, 4]],
    ["param W: [2, 2] = [[1, 2], [3, 4]]", [2, 2], [1, 2, 3, 4]],
    ["param W: [2] = 7", [2], [7, 7]],
    ["const W = -0.5", [], [-0.5]],
    ["param W: [n] = n", [2], [2, 2]],
  ])("%s", (statement, shape, numbers) => {
    const { parameters } = network(`  ${statement}\n  return x + sum(W)`);
    const [parameter] = parameters;
    expect(parameter!.shape).toEqual(shape);
    expect(parameter!.initializer.kind === "literal" && [...parameter!.initializer.data.data]).toEqual(numbers);
    expect(parameter!.trainable).toBe(statement.startsWith("param"));
  });

  test("an initializer has its defaults filled in", () => {
    const { parameters } = network("  param W: [4, 2] = Uniform(-1, 1)\n  return x @ W");
    expect(parameters[0]!.initializer).toMatchObject({
      kind: "call",
      call: { name: "Uniform", arguments: { low: -1, high: 1 } },
    });
  });
});

describe("attributes", () => {
  const text = (uses: string): string =>
    `data P = Spiral\nnetwork Net(x: [2], n: int) {\n  return x -> Dense(n) as h -> Softmax\n}\n${uses}`;
  const train = (args: string, name: string): string =>
    `train Net(${args}) on P as ${name} {\n  loss: CrossEntropy\n  optimizer: Adam\n}\n`;

  test("each training has its own network; the shown one is the first use's", () => {
    const { module, diagnostics } = analyze(text(train("n: 3", "A") + train("4", "B")));
    expect(diagnostics).toEqual([]);
    const sizeOf = (values: readonly { id: string; shape?: readonly number[] }[]) =>
      values.find(({ id }) => id === "h")?.shape;
    expect(module.trainings.map(({ network }) => sizeOf(network.values))).toEqual([[3], [4]]);
    expect(sizeOf(module.networks[0]!.values)).toEqual([3]);
    expect(module.trainings[1]!.network.attributes).toEqual([{ name: "n", type: "int", value: 4 }]);
  });

  test("float, bool and string attributes reach the layers", () => {
    const { values } = network(
      "  return x -> Dense(3, bias: withBias) as h -> Dropout(rate)",
      "x: [4], rate: float = 0.25, withBias: bool = false",
    );
    expect(values.map(({ source }) => (source.kind === "layer" ? source.arguments : undefined))).toEqual([
      undefined,
      expect.objectContaining({ units: 3, bias: false }),
      { rate: 0.25 },
    ]);
  });

  test("dimensions are expressions of attributes, wherever those stand", () => {
    expect(shapes("  return x", "x: [1, size, size * 2], size: int = 8")).toEqual({ x: [1, 8, 16] });
  });
});

describe("trainings", () => {
  const lowered = (entries: string) => {
    const text = `data P = Spiral\ndata Q = Moons\nnetwork Net(x: [2]) {\n  return x -> Dense(3)\n}\n# Doc.\ntrain Net on P {\n${entries}\n}`;
    const { module, diagnostics } = analyze(text);
    expect(diagnostics).toEqual([]);
    return module.trainings[0]!;
  };

  test("entries that are left out have their defaults", () => {
    expect(lowered("loss: MSE\noptimizer: SGD(0.1)")).toMatchObject({
      name: "Net",
      documentation: "Doc.",
      batchSize: 32,
      epochs: 10,
      validation: { kind: "none" },
      metrics: [],
      seed: 0,
      shuffle: true,
      loss: { kind: "call", call: { name: "MSE", arguments: {} } },
      optimizer: { name: "SGD", arguments: { rate: 0.1 } },
    });
  });

  test("validation is a fraction or another data set", () => {
    expect(lowered("loss: MSE\noptimizer: Adam\nvalidation: 0.2").validation).toEqual({
      kind: "fraction",
      fraction: 0.2,
    });
    expect(lowered("loss: MSE\noptimizer: Adam\nvalidation: Q").validation).toMatchObject({
      kind: "data",
      data: { name: "Q" },
    });
  });

  test("every written argument of the data keeps its place", () => {
    const text = 'data P = Csv("a.csv", target: "kind")';
    const [data] = analyze(text).module.data;
    expect(text.slice(data!.argumentRanges.file!.start, data!.argumentRanges.file!.end)).toBe('"a.csv"');
    expect(data!.source.arguments).toMatchObject({ file: "a.csv", target: "kind", scale: 1 });
  });
});

describe("checks", () => {
  const check = (head: string, statements: string) => {
    const text = `network Net(x: [2], k: int = 3) {\n  h = x -> Dense(k)\n  return h -> Softmax\n}\ncheck "c" on Net(${head}) {\n${statements}\n}`;
    const { module, diagnostics } = analyze(text);
    expect(diagnostics).toEqual([]);
    return module.checks[0]!;
  };

  test("a literal of the declared rank is one sample", () => {
    const { inputs, batchSize, singleSample, formulas, target } = check(
      "x: [1, 2]",
      "target: 1\nloss: CrossEntropy\nexpect h == [1, 2, 3]\nexpect grad(h.W) == [[1, 2, 3], [4, 5, 6]]\nexpect accuracy == 1",
    );
    expect([inputs.x!.shape, batchSize, singleSample, target?.shape]).toEqual([[1, 2], 1, true, [1]]);
    expect(formulas.map(({ shape }) => shape)).toEqual([[3], [3], [2, 3], [2, 3], [], []]);
  });

  test("one rank more is a batch", () => {
    const { inputs, batchSize, singleSample, formulas, target } = check(
      "[[1, 2], [3, 4], [5, 6]]",
      "target: [0, 1, 2]\nloss: CrossEntropy\nexpect h > 0\nexpect grad(target) == 0\nexpect max(abs(grad(h))) < 1",
    );
    expect([inputs.x!.shape, batchSize, singleSample, target?.shape]).toEqual([[3, 2], 3, false, [3]]);
    expect(formulas[0]!.shape).toEqual([3, 3]);
    expect(formulas[0]!.source).toEqual({ kind: "observed", quantity: { kind: "value", id: "h" } });
  });

  test("statements keep their order and their text", () => {
    const { statements, given, tolerance, optimizer, reduction } = check(
      "x: [1, 2], k: 2",
      "optimizer: SGD(1)\ntolerance: 0.01\nreduction: sum\ngiven h.W = [[1, 2],\n  [3, 4]]\ngiven h.b = 0\nexpect h ==   [7, 10]\nstep\nexpect norm(h) != 0",
    );
    expect(statements.map((statement) => (statement.kind === "expect" ? statement.text : "step"))).toEqual([
      "h == [7, 10]",
      "step",
      "norm(h) != 0",
    ]);
    expect(given.map(({ parameter, data }) => [parameter, [...data.data]])).toEqual([
      ["h.W", [1, 2, 3, 4]],
      ["h.b", [0, 0]],
    ]);
    expect([tolerance, optimizer?.name, reduction]).toEqual([0.01, "SGD", "sum"]);
  });

  test("a number on one side stands for each element of the other", () => {
    const { statements, formulas } = check("x: [1, 2]", "expect h == 0\nexpect 0 < h.W\nexpect h < sum(h)");
    const shapeOf = (id: string) => formulas.find((formula) => formula.id === id)!.shape;
    const sides = statements.map((statement) => statement.kind === "expect" && [statement.left, statement.right]);
    expect(sides.map((ids) => (ids === false ? [] : ids.map(shapeOf)))).toEqual([
      [[3], [3]],
      [
        [2, 3],
        [2, 3],
      ],
      [[3], []],
    ]);
  });

  test("upstream takes the place of a loss", () => {
    expect(check("x: [1, 2]", "upstream: [1, 0, 0]\nexpect grad(x) != 0").upstream?.shape).toEqual([1, 3]);
  });

  test("a network without inputs can be checked", () => {
    const { module, diagnostics } = analyze(
      'network Constants() {\n  param W = [1, 2]\n  y = W * 2\n  return y\n}\ncheck "c" on Constants() {\n  expect y == [2, 4]\n}',
    );
    expect(diagnostics).toEqual([]);
    expect(module.checks[0]).toMatchObject({ batchSize: 1, singleSample: true, inputs: {} });
  });
});

describe("mentions", () => {
  test("every name says what it stands for", () => {
    const text = [
      "data P = Spiral(classes: 3)",
      "network Net(x: [2], n: int = 3) {",
      "  h = x -> Dense(units: n)",
      "  return h + h.b",
      "}",
      "train Net(n: 3) on P as T {",
      "  loss: MSE",
      "  optimizer: Adam(rate: 0.1)",
      "  metrics: [accuracy]",
      "}",
    ].join("\n");
    const { module, diagnostics } = analyze(text);
    expect(diagnostics).toEqual([]);
    const said = module.mentions.map(({ range, subject }) => {
      const { kind, ...rest } = subject;
      return `${text.slice(range.start, range.end)}: ${kind} ${Object.values(rest).join(" ")}`;
    });
    expect([...new Set(said)]).toEqual([
      "P: data P",
      "Spiral: callable dataset Spiral",
      "classes: callable dataset Spiral classes",
      "Net: network Net",
      "x: value Net x",
      "n: attribute Net n",
      "h: value Net h",
      "Dense: callable layer Dense",
      "units: callable layer Dense units",
      "b: value Net h.b",
      "T: training T",
      "MSE: callable loss MSE",
      "Adam: callable optimizer Adam",
      "rate: callable optimizer Adam rate",
      "accuracy: callable metric accuracy",
    ]);
  });
});
