import { describe, expect, test } from "vitest";
import { analyze } from "../../../extension/language/analyze";
import { hover } from "../../../extension/language/hover";
import { masha, residual } from "../../lecture";
import { errorsOf, failuresOf, holds, moduleOf, nothing, shapesOf, spiral } from "./programs";

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
