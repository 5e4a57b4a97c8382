// The language as it is specified, sentence by sentence and in that order: the names of the tests are the sentences.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../engine/data/dataset";
import { filesOf } from "../../engine/data/files";
import { describe as describeDataset, readDataset } from "../../engine/data/readers";
import { documentation, isPlanned } from "../../engine/model/catalog";
import type { CallableKind } from "../../engine/protocol/catalog";
import type { DataDescription } from "../../engine/protocol/data";
import type { DataDeclaration, Module, Training } from "../../engine/protocol/network";
import { type CheckEnvironment, runCheck } from "../../engine/runtime/check";
import { Trainer } from "../../engine/runtime/trainer";
import { cli } from "../../extension/cli/cli";
import { type Analysis, analyze, type FileText } from "../../extension/language/analyze";
import { hints } from "../../extension/language/hints";
import { hover } from "../../extension/language/hover";
import { withoutFiles } from "../engine/runtime/support";
import { exampleSources, mutatedExample } from "./arbitraries";
import { buildable } from "./runnable";

const nothing = { stale: false, summaryOf: () => undefined };

const errorsOf = ({ diagnostics }: Pick<Analysis, "diagnostics">): string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

/** Without errors. */
function moduleOf(text: string, readFile?: (path: string) => FileText): Module {
  const analysis = analyze(text, { describeData: () => undefined, ...(readFile ? { readFile } : {}) });
  expect(errorsOf(analysis)).toEqual([]);
  expect(buildable(analysis.module)).toEqual([]);
  return analysis.module;
}

/** The shape of each value of the first network. */
function shapesOf(statements: string, head = "x: [4]"): Readonly<Record<string, readonly number[] | undefined>> {
  const [network] = moduleOf(`network Net(${head}) {\n${statements}\n}`).networks;
  return Object.fromEntries(network!.values.map(({ id, shape }) => [id, shape]));
}

/** Runs every check; what does not hold is the answer. */
async function failuresOf(text: string): Promise<string[]> {
  const datasets = new Map<string, Dataset>();
  const descriptions = new Map<string, DataDescription>();
  for (const { name, source } of analyze(text).module.data) {
    const dataset = await readDataset(source, filesOf("/nowhere"));
    datasets.set(name, dataset);
    descriptions.set(name, { kind: "ready", summary: dataset.summary });
  }
  const { module, diagnostics } = analyze(text, { describeData: ({ name }) => descriptions.get(name) });
  expect(errorsOf({ diagnostics })).toEqual([]);
  expect(module.checks.length).toBeGreaterThan(0);
  const environment: CheckEnvironment = {
    files: withoutFiles,
    now: () => 0,
    pause: () => Promise.resolve(),
    train: (training, look) => look(trained(training, datasets)),
  };
  const reports = await Promise.all(module.checks.map((check) => runCheck(check, environment)));
  return reports.flatMap(({ problem, expectations }) => [
    ...(problem === undefined ? [] : [problem]),
    ...expectations.filter(({ ok }) => !ok).map(({ text: expected, difference }) => `${expected}: ${difference}`),
  ]);
}

function trained(training: Training, datasets: ReadonlyMap<string, Dataset>): Trainer {
  const { validation, data } = training;
  const trainer = new Trainer({
    training,
    data: datasets.get(data.name)!,
    ...(validation.kind === "data" ? { validation: datasets.get(validation.data.name)! } : {}),
    now: () => 0,
  });
  for (;;) {
    const { kind } = trainer.advance();
    if (kind === "finished" || kind === "failed") return trainer;
  }
}

/** Expectations about a network with one scalar input that is 0. */
const holds = (...expectations: readonly string[]): Promise<string[]> =>
  failuresOf(
    `network One(x) {\n  return x\n}\ncheck "c" on One(x: 0) {\n  expect ${expectations.join("\n  expect ")}\n}`,
  );

const spiral = exampleSources[0]!;

const masha = `network Masha(X: [2]) {
  param W1 = [[1, -1], [0.5, 0]]
  param W2 = [[0.5], [1]]
  H1 = X @ W1
  O1 = max(0, H1)
  y  = O1 @ W2
  return y
}
`;

const mashaCheck = (statements: string, inputs = "X: [[1, 2], [-1, 2]]"): Promise<string[]> =>
  failuresOf(`${masha}check "c" on Masha(${inputs}) {\n${statements}\n}`);

const residual = `block Residual(x, channels: int, kernel: int = 3) {
  y = x
    -> Conv2D(channels, kernel: kernel, padding: same) -> BatchNorm -> ReLU
    -> Conv2D(channels, kernel: kernel, padding: same) -> BatchNorm
  return ReLU(x + y)
}
`;
const has = (kind: CallableKind, name: string): boolean => documentation(kind, name) !== undefined;

test("every name in it can be hovered", () => {
  const analysis = analyze(spiral);
  const words = [...spiral.matchAll(/(?<![#"].*)\b[A-Za-z]\w*\b/g)];
  const silent = words.filter(({ index }) => hover(analysis, index + 1, nothing) === undefined).map(([word]) => word);
  const keywords = ["data", "network", "int", "return", "as", "train", "on", "after", "check", "expect"];
  const settings = ["loss", "optimizer", "batch", "epochs", "validation", "metrics", "seed"];
  expect(silent.filter((word) => ![...keywords, ...settings].includes(word))).toEqual([]);
});

describe("A file", () => {
  test("is a list of declarations, in any order: data, network, block, train, check", () => {
    const declarations = spiral.split("\n\n");
    const backwards = `${[...declarations].reverse().join("\n\n")}\nblock B(x) {\n  return x\n}`;
    const { trainings, checks, blocks } = moduleOf(backwards);
    expect([trainings.length, blocks.length]).toEqual([1, 1]);
    expect(checks[0]?.after?.name).toBe("Baseline");
  });

  test("# starts a comment; comment lines right above a declaration are its documentation and show in its hover", () => {
    const text = "# not this\n\n# First line.\n# Second line.\nnetwork N(x: [2]) { # a comment\n  return x\n}";
    const markdown = hover(analyze(text), text.indexOf("N(x"), nothing)!.markdown;
    expect(markdown).toContain("First line");
    expect(markdown).toContain("Second line");
    expect(markdown).not.toContain("not this");
  });

  test("identifiers are Unicode letters, digits and _", () =>
    expect(shapesOf("  wartość_1 = вход -> Dense(2) as 层2\n  return wartość_1 + 层2", "вход: [3]")).toMatchObject({
      вход: [3],
      层2: [2],
    }));

  test("white space and newlines carry no meaning", () => {
    const meaning = (text: string) => moduleOf(text).networks[0]!.values.map(({ id, shape }) => [id, shape]);
    const plain = spiral.slice(0, spiral.indexOf("check")).replace(/#.*/g, "");
    expect(meaning(plain.replace(/\s+/g, " "))).toEqual(meaning(spiral));
    expect(meaning(plain.replace(/\s/g, "\r\n\t"))).toEqual(meaning(spiral));
  });

  test('a file may import "other.nnet" to use its blocks, networks and data', () => {
    const other = `block Twice(x) {\n  return x * 2\n}\n${spiral}`;
    const text =
      'import "other.nnet"\nnetwork N(x: [2]) {\n  return x -> Twice\n}\ntrain Classifier on Spirals {\n  loss: CrossEntropy\n  optimizer: Adam\n}';
    expect(moduleOf(text, () => ({ text: other })).trainings).toHaveLength(1);
  });

  test("the example learns the spiral", { timeout: 120_000 }, async () => expect(await failuresOf(spiral)).toEqual([]));
});

describe("Values and shapes", () => {
  test("a network is written for one sample: `point: [2]` is `[N, 2]` when it runs, and hovers show both", () => {
    const markdown = hover(analyze(spiral), spiral.indexOf("point:"), nothing)!.markdown;
    expect(markdown).toContain("`[2]` for one sample");
    expect(markdown).toContain("`[N, 2]` for a batch");
  });

  test("[] is a scalar; an input with no shape is a scalar", () =>
    expect(shapesOf("  return a + b", "a, b: []")).toMatchObject({ a: [], b: [] }));

  test("param and const have no batch dimension", () => {
    const { values } = moduleOf("network N(x: [2]) {\n  param W = [1, 2]\n  const c = 3\n  return x * W * c\n}")
      .networks[0]!;
    expect(values.filter(({ batched }) => !batched).map(({ id }) => id)).toEqual(["W", "c"]);
  });

  test("images are channels first: [C, H, W]", () =>
    expect(shapesOf("  return image -> Conv2D(4, kernel: 3) as c", "image: [1, 8, 8]").c).toEqual([4, 6, 6]));

  test("element-wise operators broadcast as NumPy's do, over the sample's own dimensions", async () => {
    const text =
      'network N(x: [3]) {\n  y = x + [[1], [2]]\n  return y\n}\ncheck "c" on N(x: [[1, 2, 3], [4, 5, 6]]) {\n  expect y == [[[2, 3, 4], [3, 4, 5]], [[5, 6, 7], [6, 7, 8]]]\n}';
    expect(await failuresOf(text)).toEqual([]);
  });

  test("shapes are inferred everywhere and never written twice", () => {
    const { values } = moduleOf(spiral).networks[0]!;
    expect(values.map(({ shape }) => shape)).toEqual([[2], [64], [64], [64], [64], [64], [3], [3]]);
  });

  test("dimensions may be integers, attribute names or expressions of them", () =>
    expect(shapesOf("  return image", "image: [1, size, size * 2], size: int = 8").image).toEqual([1, 8, 16]));
});

describe("Expressions", () => {
  const values = (expression: string, head?: string) => Object.values(shapesOf(`  return ${expression}`, head));

  test("a -> F(args) is F(a, args): pipe-first", () => expect(values("x -> Dense(3)")).toEqual(values("Dense(x, 3)")));

  test("F without arguments needs no parentheses in a pipeline", () =>
    expect(values("x -> ReLU")).toEqual(values("x -> ReLU()")));

  test("(a, b) -> Concat pipes two values", () => expect(values("(x, x) -> Concat").at(-1)).toEqual([8]));

  test("-> Dense(64) as h1 names that stage's output", () =>
    expect(shapesOf("  y = x -> Dense(64) as h1 -> sum\n  return h1 + y").h1).toEqual([64]));

  test("h1.W, h1.b are the layer's parameters and h1.augmented is the bias row stacked on the weights", () =>
    expect(
      shapesOf("  h1 = x -> Dense(3)\n  w = h1.W\n  a = h1.augmented\n  return h1 + sum(w) + sum(a)"),
    ).toMatchObject({
      h1: [3],
      "augmented#1": [5, 3],
    }));

  test("h1.augmented has the bias in its first row: [b; W]", async () =>
    expect(
      await failuresOf(
        'network N(x: [2]) {\n  return x -> Dense(2) as h1\n}\ncheck "c" on N(x: [1, 2]) {\n  given h1.W = [[1, 2], [3, 4]]\n  given h1.b = [5, 6]\n  expect h1.augmented == [[5, 6], [1, 2], [3, 4]]\n}',
      ),
    ).toEqual([]));

  test("-> Residual(16) repeat 3 applies three fresh instances one after another", () => {
    const text = `${residual}network N(x: [16, 8, 8]) {\n  return x -> Residual(16) repeat 3 as last\n}`;
    const { blocks, parameters } = moduleOf(text).networks[0]!;
    expect(blocks!.map(({ instance }) => instance)).toEqual(["Residual#1", "Residual#2", "last"]);
    expect(new Set(parameters.map(({ id }) => id.split("/")[0]))).toEqual(
      new Set(["Residual#1", "Residual#2", "last"]),
    );
  });

  test("operators by falling precedence: postfix, ^, unary -, * / @, + -, comparisons, ->", async () =>
    expect(
      await holds(
        "2 + 3 * 2 ^ 2 == 14",
        "-2 ^ 2 == -4",
        "2 ^ 3 ^ 2 == 512",
        "[[1, 2], [3, 4]].T[0] * 2 == [2, 6]",
        "8 / 2 / 2 == 2",
        "[1, 2] @ [3, 4] + 1 == 12",
        "(1 + 1 -> exp) == exp(2)",
      ),
    ).toEqual([]));

  test("comparisons == != < <= > >=", async () => {
    expect(await holds("1 + 1 == 2", "1 != 2", "1 < 2", "2 <= 2", "1 + 2 > 2", "2 >= 2")).toEqual([]);
    const wrong = ["1 == 2", "2 != 2", "2 < 2", "3 <= 2", "2 > 2", "1 >= 2"];
    expect(await holds(...wrong)).toHaveLength(wrong.length);
  });

  test('numbers 1, -0.5, 1e-3; tensors [[1, 2], [3, 4]]; strings "…"; true, false', () =>
    expect(
      shapesOf(
        "  y = x * 1 - -0.5 + 1e-3 + sum([[1, 2], [3, 4]]) -> Dense(2, bias: false) as d -> Dense(2, bias: true)\n  return y + d",
      ).y,
    ).toEqual([2]));

  test("postfix [index]: positions and slices, negative ones from the end", async () =>
    expect(
      await holds(
        "[1, 2, 3][0] == 1",
        "[1, 2, 3][-1] == 3",
        "[1, 2, 3][1:] == [2, 3]",
        "[[1, 2], [3, 4]][:, 1] == [2, 4]",
        "[[1, 2], [3, 4]][1, 0] == 3",
      ),
    ).toEqual([]));

  test("functions in lower case are math; names in CamelCase are layers and activations", async () => {
    expect(
      await holds("max(0, -1) == 0", "exp(0) == 1", "log(1) == 0", "sqrt(4) == 2", "abs(-3) == 3", "sum([1, 2]) == 3"),
    ).toEqual([]);
    expect(await holds("mean([1, 3]) == 2", "min([4, 2]) == 2")).toEqual([]);
  });
});

describe("Inside network and block", () => {
  test("the block of the page", () => {
    const text = `${residual}network N(x: [4, 8, 8]) {\n  return x -> Residual(4) as r\n}`;
    const { values, complete } = moduleOf(text).networks[0]!;
    expect(complete).toBe(true);
    expect(values.find(({ id }) => id === "r/y")).toMatchObject({ shape: [4, 8, 8], path: [{ instance: "r" }] });
  });

  test("the network of the page", () => expect(moduleOf(masha).networks[0]!.complete).toBe(true));

  test("a parameter with no annotation or a shape is a tensor input; one annotated int, float, bool or string is an attribute, with an optional default", () => {
    const { networks } = moduleOf(
      'network N(a, b: [2], c: int = 1, d: float = 0.5, e: bool = true, f: string = "s") {\n  return a + b * c * d\n}',
    );
    expect(networks[0]!.values.filter(({ source }) => source.kind === "input").map(({ id }) => id)).toEqual(["a", "b"]);
    expect(networks[0]!.attributes.map(({ name, type, value }) => [name, type, value])).toEqual([
      ["c", "int", 1],
      ["d", "float", 0.5],
      ["e", "bool", true],
      ["f", "string", "s"],
    ]);
  });

  test("name = expression binds once", () =>
    expect(errorsOf(analyze("network N(x: [2]) {\n  y = x\n  y = x + 1\n  return y\n}"))).toEqual([
      "y is already the name of something else here: names are bound once",
    ]));

  test("param W: [2, 3] = He(seed: 1) is trained; const is not", () => {
    const { parameters } = moduleOf(
      "network N(x: [2]) {\n  param W: [2, 3] = He(seed: 1)\n  const c = 2\n  return x @ W * c\n}",
    ).networks[0]!;
    expect(parameters.map(({ id, trainable }) => [id, trainable])).toEqual([
      ["W", true],
      ["c", false],
    ]);
  });

  test.each([
    "Glorot",
    "He",
    "LeCun",
    "Normal(0.1)",
    "Uniform(-1, 1)",
    "Zeros",
    "Ones",
    "Constant(3)",
    "[[1, 2], [3, 4]]",
  ])("initializer %s", (initializer) =>
    expect(shapesOf(`  param W: [2, 2] = ${initializer}\n  return x @ W`, "x: [2]").W).toEqual([2, 2]),
  );

  test("initializer a file", () => {
    const [network] = moduleOf('network N(x: [2]) {\n  param W: [2, 2] = "w.npy"\n  return x @ W\n}').networks;
    expect(network!.parameters[0]).toMatchObject({ shape: [2, 2], initializer: { kind: "file", path: "w.npy" } });
    expect(errorsOf(analyze('network N(x: [2]) {\n  param W = "w.npy"\n  return x @ W\n}'))).toEqual([
      "W needs a shape, `W: [2, 3] = …`, or numbers to begin with",
    ]);
  });

  test("layer encoder = Dense(64) makes one instance that several pipelines may share: shared weights", () => {
    const { parameters } = moduleOf(
      "network N(a: [2], b: [2]) {\n  layer encoder = Dense(64)\n  return (a -> encoder) + (b -> encoder)\n}",
    ).networks[0]!;
    expect(parameters.map(({ id }) => id)).toEqual(["encoder.W", "encoder.b"]);
  });

  test("a block can be shared as well", () => {
    const { parameters, blocks } = moduleOf(
      "block Two(x) {\n  param s = 1\n  return x -> Dense(2) as h -> multiply(s)\n}\nnetwork N(a: [2], b: [2]) {\n  layer encoder = Two\n  return (a -> encoder as first) + (b -> encoder)\n}",
    ).networks[0]!;
    expect(parameters.map(({ id }) => id)).toEqual(["encoder/s", "encoder/h.W", "encoder/h.b"]);
    expect(blocks!.map(({ instance }) => instance)).toEqual(["first", "encoder#1"]);
  });

  test("return gives the output; return { probs: p, code: z } gives several named ones", () => {
    const outputs = (statement: string) =>
      moduleOf(`network N(x: [2]) {\n  z = x * 2\n  p = Softmax(z)\n  ${statement}\n}`).networks[0]!.outputs;
    expect(outputs("return p")).toEqual([{ name: "output", value: "p" }]);
    expect(outputs("return { probs: p, code: z }")).toEqual([
      { name: "probs", value: "p" },
      { name: "code", value: "z" },
    ]);
  });

  test("every block use is a fresh instance with its own parameters", () => {
    const { parameters } = moduleOf(
      "block D(x) {\n  return x -> Dense(2) as h\n}\nnetwork N(x: [2]) {\n  return D(x) + D(x)\n}",
    ).networks[0]!;
    expect(parameters.map(({ id }) => id)).toEqual(["D#1/h.W", "D#1/h.b", "D#2/h.W", "D#2/h.b"]);
  });
});

describe("Layers, activations, losses, optimizers", () => {
  const names: readonly (readonly [CallableKind, string])[] = [
    [
      "layer",
      "Dense Conv2D ConvTranspose2D DepthwiseConv2D MaxPool2D AvgPool2D GlobalAvgPool Flatten Reshape Transpose",
    ],
    ["layer", "Concat Slice Dropout BatchNorm LayerNorm Embedding LSTM GRU SelfAttention"],
    ["layer", "ReLU LeakyReLU ELU GELU SiLU Sigmoid Tanh Softplus Softmax LogSoftmax"],
    ["loss", "MSE HalfMSE MAE Huber BinaryCrossEntropy CrossEntropy"],
    ["optimizer", "SGD RMSProp Adagrad Adam AdamW"],
    ["schedule", "Constant Step Exponential Cosine"],
    ["dataset", "Csv Idx Npy Npz Json Table Spiral Moons Circles Blobs Xor Plane Sine"],
    ["regularizer", "L1 L2"],
    ["clip", "Norm"],
    ["stopping", "EarlyStopping"],
    ["metric", "accuracy mse f1"],
  ];

  test.each(names)("%s: %s", (kind, list) =>
    expect(list.split(" ").filter((name) => !has(kind, name) && !isPlanned(kind, name))).toEqual([]),
  );

  test("Dense(units, bias: true, init:, l1:, l2:)", () =>
    expect(documentation("layer", "Dense")!.arguments.map(({ name }) => name)).toEqual([
      "units",
      "bias",
      "init",
      "l1",
      "l2",
    ]));

  test.each<readonly [CallableKind, string, string]>([
    ["layer", "Conv2D", "filters kernel stride padding"],
    ["layer", "Dropout", "rate"],
    ["layer", "Embedding", "count size"],
    ["layer", "SelfAttention", "heads causal"],
    ["optimizer", "SGD", "rate momentum nesterov"],
    ["schedule", "Cosine", "warmup"],
    ["dataset", "Idx", "images labels"],
    ["dataset", "Table", "inputs targets"],
  ])("%s %s takes %s", (kind, name, list) => {
    const names = list.split(" ");
    const documented = documentation(kind, name)!.arguments.map((argument) => argument.name);
    expect(documented.slice(0, names.length)).toEqual(names);
  });

  test.each([
    ["valid", [4, 6, 6]],
    ["same", [4, 8, 8]],
    ["2", [4, 10, 10]],
  ])("padding: valid|same|int: with %s an 8 × 8 image is %j under a 3 × 3 kernel", (padding, shape) =>
    expect(shapesOf(`  return x -> Conv2D(4, kernel: 3, padding: ${padding}) as c`, "x: [1, 8, 8]").c).toEqual(shape),
  );

  // As torch 2's documentation gives them; Keras has momentum 0.99 with the other meaning, ε = 1e-3, slope 0.3,
  // ρ = 0.9 and ε = 1e-7.
  test.each<readonly [CallableKind, string, object]>([
    ["layer", "BatchNorm", { momentum: 0.1, epsilon: 1e-5 }],
    ["layer", "LayerNorm", { epsilon: 1e-5 }],
    ["layer", "LeakyReLU", { slope: 0.01 }],
    ["layer", "ELU", { alpha: 1 }],
    ["layer", "Dropout", { rate: 0.5 }],
    ["loss", "Huber", { delta: 1 }],
    ["optimizer", "RMSProp", { rate: 0.01, rho: 0.99, epsilon: 1e-8 }],
    ["optimizer", "Adagrad", { rate: 0.01, epsilon: 1e-10 }],
    ["optimizer", "Adam", { rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
    ["optimizer", "AdamW", { decay: 0.01 }],
  ])("defaults are PyTorch's where Keras differs: %s %s %j", (kind, name, defaults) => {
    const documented = documentation(kind, name)!.arguments.map((argument) => [argument.name, argument.default]);
    expect(Object.fromEntries(documented)).toMatchObject(defaults);
  });

  /** Of a network that gives what it gets. */
  const lossCheck = (loss: string, inputs: string, target: string, expected: string) =>
    `network Same(y: [3]) {\n  return y\n}\ncheck "c" on Same(y: ${inputs}) {\n  target: ${target}\n  loss: ${loss}\n  tolerance: 1e-12\n  expect loss == ${expected}\n}`;

  const lossOf = (...parts: Parameters<typeof lossCheck>) => failuresOf(lossCheck(...parts));

  test.each([
    ["MSE is the mean over all elements", "MSE", "[[1, 2, 0], [3, 5, 0]]", "[[0, 0, 0], [0, 0, 0]]", "39 / 6"],
    ["HalfMSE is 1/(2N)·Σ‖ŷ−t‖²", "HalfMSE", "[[1, 2, 0], [3, 5, 0]]", "[[0, 0, 0], [0, 0, 0]]", "39 / 4"],
    ["MAE", "MAE", "[1, -2, 0]", "[0, 0, 0]", "1"],
    ["Huber is a parabola near 0 and a line far away", "Huber", "[0.5, -3, 0]", "[0, 0, 0]", "(0.125 + 2.5) / 3"],
    [
      "BinaryCrossEntropy is clipped to [1e-7, 1 - 1e-7]",
      "BinaryCrossEntropy",
      "[0, 1, 1]",
      "[1, 0, 1]",
      "-(log(1e-7) + log(1 - (1 - 1e-7)) + log(1 - 1e-7)) / 3",
    ],
    ["CrossEntropy is on probabilities and takes class indices", "CrossEntropy", "[0.2, 0.7, 0.1]", "1", "-log(0.7)"],
    ["CrossEntropy takes one-hot targets", "CrossEntropy", "[0.2, 0.7, 0.1]", "[0, 1, 0]", "-log(0.7)"],
  ])("%s", async (_, loss, inputs, target, expected) =>
    expect(await lossOf(loss, inputs, target, expected)).toEqual([]),
  );

  test("CrossEntropy is fused with a Softmax in front of it for stability, and each layer has its own gradient", async () => {
    const checked = (x: string, expectations: string) =>
      failuresOf(
        `network N(x: [2]) {\n  return x -> Softmax as p\n}\ncheck "c" on N(x: ${x}) {\n  target: 1\n  loss: CrossEntropy\n  ${expectations}\n}`,
      );
    // Without it the probability would be 0 and the loss infinite.
    expect(await checked("[1000, 0]", "expect loss == 1000")).toEqual([]);
    expect(await checked("[0, 0]", "expect grad(p) == [0, -2]\n  expect grad(x) == [0.5, -0.5]")).toEqual([]);
  });

  test("BinaryCrossEntropy is fused with a Sigmoid in the same way", async () =>
    expect(
      await failuresOf(
        'network N(x: [1]) {\n  return x -> Sigmoid as p\n}\ncheck "c" on N(x: [-1000]) {\n  target: [1]\n  loss: BinaryCrossEntropy\n  expect loss == 1000\n  expect grad(x) == [-1]\n}',
      ),
    ).toEqual([]));

  test("a class index that the output does not have is refused", () =>
    expect(errorsOf(analyze(lossCheck("CrossEntropy", "[0.2, 0.7, 0.1]", "3", "0")))).toEqual([
      "there is no class 3: the output's 3 are numbered 0 to 2",
    ]));

  test("a loss may be any expression over the network's values and target", async () => {
    expect(
      await mashaCheck(
        "target: [[2], [1]]\nloss: mean((y - target)^2) + 0.01 * sum(W1^2)\nexpect loss == 0.5 + 0.0225\nexpect grad(W1)[1, 1] == 0\nexpect grad(W2) == [[-2], [0]]",
      ),
    ).toEqual([]);
    const { trainings } = moduleOf(
      `data P = Plane\n${masha}train Masha on P {\n  loss: mean((y - target)^2) + 0.01 * sum(W1^2)\n  optimizer: Adam\n}`,
    );
    expect(trainings[0]!.loss).toMatchObject({ kind: "formula", text: "mean((y - target)^2) + 0.01 * sum(W1^2)" });
  });
});

describe("data", () => {
  test("Csv(file, target:, shape:, scale:, header:)", () =>
    expect(documentation("dataset", "Csv")!.arguments.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["file", "target", "shape", "scale", "header"]),
    ));

  test("paths are relative to the file", () => {
    const other = 'data D = Csv("points.csv")';
    const text =
      'import "lib/data.nnet"\nnetwork N(x: [2]) {\n  return x\n}\ntrain N on D {\n  loss: MSE\n  optimizer: SGD(1)\n}';
    expect(moduleOf(text, () => ({ text: other })).trainings[0]!.data.folder).toBe("lib");
  });

  /** The diagnostic of a declaration beside files of these contents: what it marks and what it says. */
  async function problemOf(source: string, files: Readonly<Record<string, string | Uint8Array>> = {}) {
    const folder = mkdtempSync(join(tmpdir(), "nnet-data-"));
    try {
      for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
      const text = `data D = ${source}`;
      const [declared] = analyze(text).module.data;
      const description = await describeDataset(() => readDataset(declared!.source, filesOf(folder)));
      const { diagnostics } = analyze(text, { describeData: (_: DataDeclaration) => description });
      return diagnostics.map(({ code, message, range }) => {
        expect(code).toBe("data-problem");
        return `${text.slice(range.start, range.end)}: ${message.replace(` in ${folder}`, "")}`;
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const csv = (...rows: readonly string[]) => ({ "a.csv": ["length,width,kind", ...rows].join("\n") });

  test("a missing file is a diagnostic that names it", async () =>
    expect(await problemOf('Csv("missing.csv")')).toEqual([expect.stringMatching(/^"missing.csv": .*missing\.csv/)]));

  test.each([
    [
      "a wrong column",
      'Csv("a.csv", target: "knd")',
      csv("1,2,a"),
      '"knd": a.csv has no column "knd": did you mean "kind"?',
    ],
    [
      "the number of a column that there is not",
      'Csv("a.csv", target: 3)',
      csv("1,2,a"),
      "3: a.csv has no column 3: its 3 columns are 0 to 2, or -1 for the last",
    ],
    ["a ragged row", 'Csv("a.csv")', csv("1,2,a", "3,b"), '"a.csv": a.csv: row 3 has 2 columns, the header has 3'],
    ["a NaN cell", 'Csv("a.csv")', csv("1,2,a", "3,NaN,b"), '"a.csv": a.csv: row 3, column "width" is NaN'],
    ["an empty cell", 'Csv("a.csv")', csv("1,,a"), '"a.csv": a.csv: row 2, column "width" is empty'],
    ["a word", 'Csv("a.csv")', csv("1,wide,a"), '"a.csv": a.csv: row 2, column "width": "wide" is not a number'],
    [
      "a shape of another size",
      'Csv("a.csv", shape: [3, 3])',
      csv("1,2,a"),
      "[3, 3]: a.csv has 2 input columns, but shape [3, 3] needs 9",
    ],
    [
      "a sample without a key",
      'Json("a.json", targets: "y")',
      { "a.json": '[{"x": 1, "y": 0}, {"y": 1}]' },
      '"a.json": a.json: [1] has no x',
    ],
    [
      "targets of another number",
      "Table(inputs: [[1, 2], [3, 4]], targets: [1])",
      {},
      "[1]: inputs has 2 samples, but targets has 1: each sample needs one",
    ],
  ])("%s is a diagnostic that names file, row and column", async (_, source, files, expected) =>
    expect(await problemOf(source, files)).toEqual([expected]),
  );

  test("Idx reads .gz directly", async () => {
    const images = gzipSync(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4));
    const labels = gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 0));
    const source = 'Idx(images: "x.gz", labels: "y.gz")';
    expect(await problemOf(source, { "x.gz": images, "y.gz": labels })).toEqual([]);
    const three = gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1));
    expect(await problemOf(source, { "x.gz": images, "y.gz": three })).toEqual([
      '"y.gz": x.gz has 2 samples, but y.gz has 3: each sample needs a target',
    ]);
  });

  test("classes that the network cannot tell apart are an error of the training", () => {
    const text =
      "data D = Blobs(classes: 5)\nnetwork N(x: [2]) {\n  return x -> Dense(3) -> Softmax\n}\ntrain N on D {\n  loss: CrossEntropy\n  optimizer: SGD\n}";
    const summary = { samples: 10, inputShape: [2], targetShape: [], classes: [..."abcde"] };
    const described: DataDescription = { kind: "ready", summary };
    expect(errorsOf(analyze(text, { describeData: () => described }))).toEqual([
      "D has 5 classes, but the network tells only 3 apart",
    ]);
  });
});

describe("train", () => {
  const entries = `  loss: CrossEntropy
  optimizer: SGD(0.1, momentum: 0.9)
  schedule: Cosine(warmup: 2)
  batch: 16
  steps: 50
  validation: Other
  metrics: [accuracy, f1]
  regularize: [L1(0.001), L2(0.01)]
  clip: Norm(1.0)
  stop: EarlyStopping(patience: 5)
  seed: 7
  shuffle: false`;

  test("train Network(attribute: value) on Data as Name { … } with all its entries", () => {
    const text = `${spiral}data Other = Spiral(seed: 2)\ntrain Classifier(hidden: 8) on Spirals as Small {\n${entries}\n}`;
    expect(moduleOf(text).trainings[1]).toMatchObject({
      name: "Small",
      network: { attributes: [{ name: "hidden", value: 8 }] },
      optimizer: { name: "SGD", arguments: { rate: 0.1, momentum: 0.9 } },
      schedule: { name: "Cosine", arguments: { warmup: 2 } },
      batchSize: 16,
      steps: 50,
      validation: { kind: "data", data: { name: "Other" } },
      metrics: ["accuracy", "f1"],
      regularize: [{ name: "L1" }, { name: "L2" }],
      clip: { name: "Norm", arguments: { limit: 1 } },
      stop: { name: "EarlyStopping", arguments: { patience: 5 } },
      seed: 7,
      shuffle: false,
    });
  });

  test("validation is a fraction or a data set; a training lasts for epochs or for steps", () => {
    const training = (entries: string) =>
      moduleOf(
        `data P = Plane\ndata Q = Plane(seed: 1)\nnetwork N(x: [2]) {\n  return x -> Dense(1)\n}\ntrain N on P {\n  loss: MSE\n  optimizer: SGD\n  ${entries}\n}`,
      ).trainings[0]!;
    expect(training("validation: 0.25\n  epochs: 7")).toMatchObject({
      validation: { kind: "fraction", fraction: 0.25 },
      epochs: 7,
    });
    expect(training("validation: Q\n  steps: 9")).toMatchObject({
      validation: { kind: "data", data: { name: "Q" } },
      steps: 9,
    });
  });

  test("and runs with them", { timeout: 60_000 }, async () =>
    expect(
      await failuresOf(
        `${spiral.slice(0, spiral.indexOf("check"))}data Other = Spiral(classes: 3, seed: 2)\ntrain Classifier(hidden: 8) on Spirals as Small {\n${entries}\n}\ncheck "c" after Small {\n  expect loss > 0\n  expect f1 <= 1\n  expect norm(h1.W) > 0\n}`,
      ),
    ).toEqual([]),
  );

  test.each([
    ["5", { epochs: 5 }],
    ['"spirals.safetensors"', { epochs: 1, path: "spirals.safetensors" }],
  ])("checkpoint: %s writes the training down", (written, checkpoint) => {
    const text = spiral.replace("  seed: 42", `  seed: 42\n  checkpoint: ${written}`);
    expect(moduleOf(text).trainings[0]!.checkpoint).toEqual(checkpoint);
    expect(moduleOf(spiral).trainings[0]!.checkpoint).toBeUndefined();
  });

  test.each([
    [
      '"spirals.npz"',
      'checkpoint must be a number of epochs, or a file whose name ends in .safetensors; "spirals.npz" was given',
    ],
    ["0", "checkpoint must be at least 1; 0 was given"],
  ])("checkpoint: %s is wrong, and it says why", (written, message) =>
    expect(errorsOf(analyze(spiral.replace("  seed: 42", `  seed: 42\n  checkpoint: ${written}`)))).toEqual([message]),
  );

  test("backend: wasm is what computes", () =>
    expect(errorsOf(analyze(spiral.replace("  seed: 42", "  seed: 42\n  backend: wasm")))).toEqual([]));

  test.each([
    ["pytorch", "`backend: pytorch` is part of the language, but this version cannot run it yet"],
    ["cuda", "backend must be one of wasm, pytorch; cuda was given"],
  ])("backend: %s does not run, and says so", (written, message) =>
    expect(errorsOf(analyze(spiral.replace("  seed: 42", `  seed: 42\n  backend: ${written}`)))).toEqual([message]),
  );
});

describe("check", () => {
  test("the worked example of the page", async () =>
    expect(
      await mashaCheck(`  target: [[2], [1]]
  loss: HalfMSE
  optimizer: SGD(rate: 1)

  expect H1 == [[2, -1], [0, 1]]
  expect loss == 0.25
  expect grad(W2) == [[-1], [0]]
  expect grad(W1) == [[-0.25, 0], [-0.5, 0]]
  step
  expect W2 == [[1.5], [1]]`),
    ).toEqual([]));

  test("an input of the declared rank is one sample; one rank more is a batch", async () => {
    expect(await mashaCheck("expect H1 == [2, -1]", "X: [1, 2]")).toEqual([]);
    expect(await mashaCheck("expect H1 == [[2, -1]]", "X: [[1, 2]]")).toEqual([]);
  });

  test("check … after TrainName runs the training first and checks its results", async () => {
    const text = `data P = Plane(samples: 40)\nnetwork Line(x: [2]) {\n  return x -> Dense(1) as h\n}\ntrain Line on P {\n  loss: MSE\n  optimizer: SGD(rate: 0.1)\n  epochs: 30\n}\ncheck "c" after Line {\n  expect loss < 0.2\n  expect h.W != 0\n}`;
    expect(await failuresOf(text)).toEqual([]);
  });

  test("assertions run in order; step applies the optimizer", async () =>
    expect(
      await mashaCheck(
        "target: [[2], [1]]\nloss: HalfMSE\noptimizer: SGD(rate: 1)\nexpect W2 == [[0.5], [1]]\nstep\nexpect W2 == [[1.5], [1]]",
      ),
    ).toEqual([]));

  test("a loss is averaged over the batch; reduction: sum adds instead", async () => {
    const loss = "target: [[2], [1]]\nloss: HalfMSE\n";
    expect(await mashaCheck(`${loss}expect loss == 0.25`)).toEqual([]);
    expect(await mashaCheck(`${loss}reduction: sum\nexpect loss == 0.5\nexpect grad(W2) == [[-2], [0]]`)).toEqual([]);
  });

  test("given h1.W = [[…]] sets a parameter before the run", async () =>
    expect(
      await failuresOf(
        'network N(x: [2]) {\n  return x -> Dense(1) as h1\n}\ncheck "c" on N(x: [1, 2]) {\n  given h1.W = [[3], [4]]\n  given h1.b = [5]\n  expect h1 == [16]\n}',
      ),
    ).toEqual([]));

  test("a check computes in float64, forward and backward", async () =>
    expect(
      await failuresOf(
        'network N(x) {\n  y = (x + 0.2) ^ 2\n  return y\n}\ncheck "c" on N(x: 0.1) {\n  tolerance: 1e-15\n  expect y == 0.09\n  expect grad(x) == 0.6\n}',
      ),
    ).toEqual([]));

  test.each([
    ["Dense.W is [in, out], b is [out]", "Dense(3)", "[2]", { W: [2, 3], b: [3] }],
    [
      "Conv2D.W is [filters, channels, height, width]",
      "Conv2D(4, kernel: 3)",
      "[2, 8, 8]",
      { W: [4, 2, 3, 3], b: [4] },
    ],
    // PyTorch: weight_ih_l0 [4·hidden, in], weight_hh_l0 [4·hidden, hidden], and both biases.
    ["LSTM's", "LSTM(3)", "[5, 2]", { Wx: [2, 12], Wh: [3, 12], bx: [12], bh: [12] }],
    ["GRU's", "GRU(3)", "[5, 2]", { Wx: [2, 9], Wh: [3, 9], bx: [9], bh: [9] }],
    // PyTorch: in_proj_weight [3·size, size], out_proj.weight [size, size].
    ["SelfAttention's", "SelfAttention(2)", "[5, 4]", { W: [4, 12], b: [12], Wo: [4, 4], bo: [4] }],
  ])("weights as PyTorch lays them out, transposed to [in, out]: %s", (_, layer, shape, expected) => {
    const { parameters } = moduleOf(`network N(x: ${shape}) {\n  return x -> ${layer} as h\n}`).networks[0]!;
    expect(Object.fromEntries(parameters.map(({ name, shape: size }) => [name, size]))).toEqual(expected);
  });

  test("a check is a test in `nnet test`, with the message of the Test Explorer: what was expected, what came, where they differ", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nnet-check-"));
    try {
      // test/ui/test-explorer.test.ts reads the same words in the editor.
      const expectation = "expect y == [[1], [3]]";
      writeFileSync(
        join(folder, "masha.nnet"),
        `${masha}check "c" on Masha([[1, 2], [-1, 2]]) {\n  ${expectation}\n}\n`,
      );
      let out = "";
      const code = await cli(["test", "masha.nnet"], "1.0.0", {
        folder,
        out: (text) => {
          out += text;
        },
        error: (text) => {
          throw new Error(text);
        },
        interactive: false,
        now: () => 0,
        pause: () => Promise.resolve(),
        onInterrupt: () => () => {},
      });
      expect(code).toBe(1);
      expect(out).toContain(
        `${expectation}\n      y[1][0] is 1, expected 3\n      expected [[1], [3]]\n      actual   [[1], [1]]`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("inside: every value, loss, target, the metrics, grad(v), jacobian(y, x), norm(v)", async () => {
    expect(
      await mashaCheck(
        "target: [2]\nloss: MSE\nexpect O1 == [2, 0]\nexpect loss == 1\nexpect target == [2]\nexpect mse == 1\nexpect grad(y) == [-2]\nexpect jacobian(H1, X) == [[1, 0.5], [-1, 0]]\nexpect norm(W1) == 1.5",
        "X: [1, 2]",
      ),
    ).toEqual([]);
  });

  test("what is inside a named use of a block is there, too", async () =>
    expect(
      await failuresOf(
        'block Line(x) {\n  h = x -> Dense(1)\n  return h * 2\n}\nnetwork N(x: [2]) {\n  return x -> Line as first\n}\ncheck "c" on N(x: [1, 2]) {\n  given first.h.W = [[3], [4]]\n  expect first.h == [11]\n  expect first == [22]\n  expect grad(first.h.W) == [[2], [4]]\n}',
      ),
    ).toEqual([]));

  test("with no loss grad is of the summed output, or of upstream: […] as the vector of a vector-Jacobian product", async () => {
    expect(await mashaCheck("expect grad(W2) == [[2], [0]]", "X: [1, 2]")).toEqual([]);
    expect(await mashaCheck("upstream: [3]\nexpect grad(W2) == [[6], [0]]", "X: [1, 2]")).toEqual([]);
  });

  test("grad(X) and grad(target) are there too", async () =>
    expect(
      await mashaCheck("target: [2]\nloss: MSE\nexpect grad(X) == [-1, -0.5]\nexpect grad(target) == [2]", "X: [1, 2]"),
    ).toEqual([]));

  test("== compares within tolerance: 1e-4", async () => {
    expect(await mashaCheck("expect H1 == [2.00005, -1]", "X: [1, 2]")).toEqual([]);
    expect(await mashaCheck("expect H1 == [2.001, -1]", "X: [1, 2]")).toHaveLength(1);
    expect(await mashaCheck("tolerance: 0.01\nexpect H1 == [2.001, -1]", "X: [1, 2]")).toEqual([]);
  });
});

describe("Errors", () => {
  test("`Dense(64) gives [64], but W: [32, 10] needs [32] here` with both places marked", () => {
    const text = "network N(x: [10]) {\n  param W: [32, 10] = He\n  return Dense(x, 64) @ W\n}";
    const [found] = analyze(text).diagnostics;
    expect(found!.message).toBe("Dense(x, 64) gives [64], but W: [32, 10] needs [32] here");
    expect(found!.related.map(({ range }) => text.slice(range.start, range.end))).toEqual(["Dense(x, 64)", "W"]);
  });

  test("`unknown layer Dens: did you mean Dense?` with a quick fix", () => {
    const [found] = analyze("network N(x: [2]) {\n  return x -> Dens(3)\n}").diagnostics;
    expect(found!.message).toBe("unknown layer Dens: did you mean Dense?");
    expect(found!.fixes[0]).toMatchObject({ edits: [{ newText: "Dense" }] });
  });

  test("a shape error in a block is told in its body, once, with its use", () => {
    const text =
      "block R(x, n: int) {\n  return x + Dense(x, n)\n}\nnetwork N(x: [4]) {\n  return x -> R(3) as a -> R(3) as b\n}";
    const found = analyze(text).diagnostics.filter(({ severity }) => severity === "error");
    expect(found.map(({ range }) => text.slice(range.start, range.end))).toEqual(["x + Dense(x, n)"]);
    expect(found[0]!.related.at(-1)).toMatchObject({ message: "R is used here" });
  });

  test("never a parser's token names", () => {
    for (const text of ["network N(x: [2] {", "train on {", "data D = ", "network N(x) { y = -> }", "check after"]) {
      for (const message of errorsOf(analyze(text))) expect(message).not.toMatch(/token|EOF|undefined|Identifier/);
    }
  });

  test("never a stack trace, and no word that only programs have", () =>
    fc.assert(
      fc.property(mutatedExample, (text) => {
        for (const { message } of analyze(text).diagnostics) {
          expect(message.replaceAll(/"[^"]*"/g, "")).not.toMatch(
            /\n\s+at |[a-z]Error\b|undefined|\[object|\bnull\b|\.ts:/,
          );
        }
      }),
      { numRuns: 300 },
    ));

  test("a file with one error still gets hovers, shapes and the diagram for all the rest", () => {
    const text = "network N(x: [2]) {\n  bad = x -> Dens(3)\n  good = x -> Dense(3)\n  return good + bad\n}";
    const analysis = analyze(text);
    expect(errorsOf(analysis)).toHaveLength(1);
    expect(hover(analysis, text.indexOf("good"), nothing)!.markdown).toContain("`[3]` for one sample");
    expect(hints(analysis).map(({ text: shape }) => shape)).toEqual(["[3]"]);
    expect(analysis.module.networks[0]!.values).toHaveLength(4);
  });
});
