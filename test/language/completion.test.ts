// What is proposed at <|>, in texts that are being written.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPlanned } from "../../engine/model/catalog";
import type { CallableKind } from "../../engine/protocol/catalog";
import { analyze } from "../../extension/language/analyze";
import { type CompletionEnvironment, type CompletionItem, completionsAt } from "../../extension/language/completion";
import { projectOf } from "../../extension/language/navigation";
import { parse } from "../../extension/language/parser";
import { anyText, exampleSources } from "./arbitraries";
import { cursor } from "./marked";

const folders: Readonly<Record<string, readonly string[]>> = {
  "": ["data/", "notes.txt", "flowers.csv", "blocks.nnet", ".git/"],
  "data/": ["readme.md", "iris.csv", "digits.csv.gz"],
  "weights/": ["about.md", "w.npy"],
};

const environment: CompletionEnvironment = {
  columnsOf: ({ source }) => (source.arguments.file === "iris.csv" ? ["sepal", "petal width", "species"] : undefined),
  listFiles: (folder) =>
    (folders[folder] ?? []).map((name) => ({ name: name.replace("/", ""), isFolder: name.endsWith("/") })),
};

function at(source: string, trigger?: string): readonly CompletionItem[] {
  const { text, offset } = cursor(source);
  return completionsAt(analyze(text), offset, environment, trigger);
}

const labels = (source: string): string[] => at(source).map(({ label }) => label);
const item = (source: string, label: string): CompletionItem => {
  const found = at(source).find((candidate) => candidate.label === label);
  if (!found) throw new Error(`${label} is not among ${labels(source).join(", ")}`);
  return found;
};

const net = (body: string): string =>
  `network N(x: [2], size: int = 3, rate: float, tied: bool = true) {\n${body}\n}\n`;
const model =
  "data D = Spiral\ndata E = Moons\nnetwork N(x: [2], size: int = 3) {\n  return x -> Dense(size) as h\n}\n";
const train = (body: string): string => `${model}train N on D as T {\n${body}\n}\n`;
const check = (body: string): string => `${model}check "c" on N(x: [1, 2]) {\n${body}\n}\n`;

/** Inserts the item as VS Code does: placeholders show their texts, choices their first. */
function accepted(source: string, label: string): string {
  const { text } = cursor(source);
  const { insertText, range } = item(source, label);
  const plain = insertText
    .replace(/\$\{\d:((?:[^\\}]|\\.)*)\}/g, "$1")
    .replace(/\$\{\d\|([^,|]*)[^}]*\|\}/g, "$1")
    .replace(/\$\d/g, "")
    .replace(/\\([\\$}])/g, "$1");
  return text.slice(0, range.start) + plain + text.slice(range.end);
}

describe("layers", () => {
  test.each([
    ["behind an arrow", net("  return x -> <|>")],
    ["behind an arrow without a space", net("  return x -><|>")],
    ["where a layer has begun", net("  return x -> De<|>")],
    ["before the next stage", net("  return x -> <|>\n    -> ReLU")],
    ["in a text that ends there", "network N(x: [2]) {\n  y = x -> <|>"],
    ["in a pipeline in parentheses", net("  return (x -> <|>) + 1")],
    ["below a broken statement", net("  y = x @ \n  return x -> <|>")],
    ["for a shared layer", net("  layer e = <|>")],
  ])("are proposed %s", (_, source) => expect(labels(source)).toContain("Dense"));

  test("come first behind an arrow, with their documentation and what they need", () => {
    const dense = item(net("  return x -> <|>"), "Dense");
    expect(dense).toMatchObject({
      kind: "layer",
      detail: "core layer",
      insertText: `Dense(\${1:units})`,
      follow: "signature",
    });
    expect(dense.documentation).toMatch(/^\| `units` \|.*required \|.*Number of outputs/m);
    expect(dense.documentation).toMatch(/y = xW \+ b/);
  });

  test("take their input as an argument where no pipe gives it", () =>
    expect(item(net("  return <|>"), "Dense").insertText).toBe(`Dense(\${1:x}, \${2:units})`));

  test("without required arguments are written as a name", () =>
    expect(item(net("  return x -> <|>"), "ReLU").insertText).toBe("ReLU"));

  test("keep the parentheses that are there", () =>
    expect(accepted(net("  return x -> De<|>(16)"), "Dense")).toBe(net("  return x -> Dense(16)")));

  test("replace the word before the cursor, and the rest of it if asked to", () => {
    const { range, replacing } = item(net("  return x -> De<|>nse"), "Dense");
    const start = net("  return x -> ").length - 3;
    expect([range, replacing]).toEqual([
      { start, end: start + 2 },
      { start, end: start + 5 },
    ]);
  });

  test("stand below a network's own shared layers", () => {
    const source = net("  layer encoder = Dense(2)\n  return x -> <|>");
    expect(labels(source).indexOf("encoder")).toBeLessThan(labels(source).indexOf("Dense"));
  });

  test("are not proposed for the formulas of a check, which have functions", () => {
    expect(labels(check("  expect h -> <|>"))).toContain("sum");
    expect(labels(check("  expect h -> <|>"))).not.toContain("Dense");
  });
});

describe("names", () => {
  test("in scope have their shapes, the last one first", () => {
    const source = net("  a = x -> Dense(4) as h\n  b = [1, 2]\n  return <|>");
    expect(
      at(source)
        .slice(0, 6)
        .map(({ label, detail }) => `${label}: ${detail}`),
    ).toEqual([
      "b: [2] · value",
      "h: [4] · value",
      "a: [4] · value",
      "x: [2] · input",
      "size: int = 3 · attribute",
      "rate: float · attribute",
    ]);
  });

  test("have the comment above them", () =>
    expect(item(net("  # Twice.\n  a = x * 2\n  return <|>"), "a").documentation).toBe("Twice."));

  test("leave out what is being bound", () => {
    expect(labels(net("  a = <|>\n  return x"))).not.toContain("a");
    expect(labels(net("  a = x + <|>\n  return x"))).not.toContain("a");
    expect(labels(net("  return x -> Dense(<|>) as h"))).not.toContain("h");
  });

  test("of values that stand below are proposed too", () => expect(labels(net("  a = <|>\n  b = x"))).toContain("b"));

  test("of other networks are not", () =>
    expect(labels(`${net("  secret = x\n  return secret")}network M(y) {\n  return <|>\n}`)).not.toContain("secret"));

  test.each(["-", "+ ", "@ ", "(", "(x, ", "-> Dense(3) + ", "max(0, "])("are proposed behind %j", (text) =>
    expect(labels(net(`  return x ${text}<|>`))).toContain("x"),
  );

  test("are Unicode", () => expect(labels(net("  слой = x\n  return сл<|>"))).toContain("слой"));
});

describe("members", () => {
  test.each([
    ["of a layer's output", net("  y = x -> Dense(4) as h\n  return h.<|>"), ["W", "b", "augmented", "T"]],
    ["of a layer without bias", net("  y = x -> Dense(4, bias: false) as h\n  return h.<|>"), ["W", "T"]],
    ["of an input", net("  return x.<|>"), ["T"]],
    ["of a word that has begun", net("  y = x -> Dense(4) as h\n  return h.aug<|>"), ["W", "b", "augmented", "T"]],
    ["of a shared layer", net("  layer e = Dense(2)\n  y = x -> e\n  return e.<|>"), ["W", "b", "augmented"]],
    ["of a gradient", check("  expect grad(h.<|>"), ["W", "b", "augmented"]],
    ["of what is given", check("  given h.<|>"), ["W", "b"]],
    ["of a number", net("  return 1.<|>"), []],
  ])("%s", (_, source, expected) => expect(labels(source)).toEqual(expected));

  test("have their shapes", () => {
    const source = net("  y = x -> Dense(4) as h\n  return h.<|>");
    expect(at(source).map(({ detail }) => detail)).toEqual([
      "[2, 4] · parameter h.W",
      "[4] · parameter h.b",
      "[3, 4] · the bias row on the weights, [b; W]",
      "transposed",
    ]);
  });
});

describe("blocks", () => {
  const block = "block Part(x, width: int = 3) {\n  y = x -> Dense(width) as h -> ReLU\n  return y\n}\n";
  const used = `${block}${net("  z = x -> Part(5) as r\n  return z")}`;

  test("are proposed before the layers", () => {
    const source = `${block}${net("  return x -> <|>")}`;
    expect(labels(source).indexOf("Part")).toBeLessThan(labels(source).indexOf("Dense"));
    expect(labels(source)).toContain("Part");
  });

  test("know the shapes of their names from the first use", () =>
    expect(item(used.replace("return y", "return y + <|>"), "h").detail).toBe("[5] · value"));

  test("know what they can when nothing uses them", () =>
    expect(item(block.replace("return y", "return y + <|>"), "width").detail).toBe("int = 3 · attribute"));

  test.each([
    ["r.<|>", ["y", "h", "T"]],
    ["r.h.<|>", ["W", "b", "augmented", "T"]],
    ["r.unknown.<|>", ["T"]],
  ])("have members behind %j", (text, expected) => {
    const labelsThere = labels(`${used}check "c" on N(x: [1, 2]) {\n  expect ${text}\n}`);
    expect(labelsThere.sort()).toEqual([...expected].sort());
  });

  test("have parameters that can be given", () =>
    expect(labels(`${used}check "c" on N(x: [1, 2]) {\n  given <|>\n}`)).toEqual(["r.h.W", "r.h.b"]));
});

describe("arguments", () => {
  test("are proposed with type and default, behind the attributes that fit", () =>
    expect(
      at(net("  return x -> Dense(<|>)"))
        .slice(0, 3)
        .map(({ label, detail }) => `${label}: ${detail}`),
    ).toEqual([
      "size: int = 3 · attribute",
      "units: a whole number, at least 1 · required",
      "bias: true or false · default true",
    ]));

  test.each([
    ["by position", "Dense(3, <|>)"],
    ["by name", "Dense(units: 3, <|>)"],
    ["by name behind the cursor", "Dense(<|>, units: 3)"],
    ["in an open call", "Dense(3, <|>"],
  ])("are left out when they are given %s", (_, call) => {
    expect(labels(net(`  return x -> ${call}`))).not.toContain("units");
    expect(labels(net(`  return x -> ${call}`))).toContain("bias");
  });

  test("are written with a place for their value", () => {
    expect(item(net("  return x -> Dense(3, <|>)"), "bias").insertText).toBe(`bias: \${1|false,true|}`);
    expect(item(net("  return x -> Dense(3, <|>)"), "l2").insertText).toBe(`l2: \${1:0}`);
    expect(item(net("  return x -> Dense(3, <|>)"), "bias").documentation).toContain("argument of `Dense`");
  });

  test.each([
    ["a truth value", net("  return x -> Dense(3, bias: <|>)"), ["tied", "true", "false"]],
    ["an initializer", net("  return x -> Dense(3, init: <|>)"), ["Glorot", "He", "LeCun"]],
    ["a number", net("  return x -> Dense(<|>)"), ["size"]],
    ["a fraction", net("  return x -> Dropout(<|>)"), ["rate"]],
    ["a shape", net("  return x -> Reshape([<|>])"), ["size", "rate"]],
    ["an argument of an initializer", net("  param W: [2] = Normal(<|>)"), ["std"]],
    ["an input", net("  return ReLU(<|>)"), ["x"]],
    ["an argument of an optimizer", train("  optimizer: Adam(<|>)"), ["rate", "beta1"]],
    ["an attribute of a trained network", `${model}train N(<|>) on D {\n}`, ["size"]],
    ["an input of a checked network", `${model}check "c" on N(<|>) {\n}`, ["x", "size"]],
    ["an argument of a data set", "data D = Spiral(<|>)", ["classes", "samples", "noise", "seed"]],
  ])("%s", (_, source, expected) => expect(labels(source)).toEqual(expect.arrayContaining(expected)));

  test("an input of a checked network is filled with zeros of its shape", () =>
    expect(item(`${model}check "c" on N(<|>) {\n}`, "x").insertText).toBe(`x: \${1:[0, 0]}`));

  test("a network trains on its attributes alone", () =>
    expect(labels(`${model}train N(<|>) on D {\n}`)).toEqual(["size"]));
});

describe("declarations", () => {
  test.each(["<|>", "net<|>", `${model}<|>`, `${model}ch<|>`, "# a comment\n<|>", "data D = Xor\n\n<|>"])(
    "begin with a word in %j",
    (source) => expect(labels(source)).toEqual(expect.arrayContaining(["data", "network", "train", "check"])),
  );

  test.each(["data", "network", "train", "check"])("%s becomes a text without syntax errors", (word) => {
    const text = accepted(`${model}<|>`, word).replace("optimizer: SGD", "optimizer: SGD(rate: 1)");
    const needed = word === "data" ? "Data = Xor" : "";
    const completed = text
      .replace("data Name = ", `data ${needed}`)
      .replace("-> \n", "-> ReLU\n")
      .replace("expect \n", "expect x == 1\n");
    expect(parse(completed).problems).toEqual([]);
  });

  test("name the networks and data of the file", () =>
    expect(item(`${model}<|>`, "train").insertText).toMatch(/^train \$\{1:N\} on \$\{2\|D,E\|\} \{\n/));

  test.each([
    ["data sources", "data D = <|>", ["Csv", "Table", "Spiral"]],
    ["networks to train", `${model}train <|>`, ["N"]],
    ["networks to check", `${model}check "c" on <|>`, ["N"]],
    ["data to train on", `${model}train N on <|>`, ["D", "E"]],
    ["the next word of a train", `${model}train N <|>`, ["on"]],
    ["the last word of a train", `${model}train N on D <|>`, ["as"]],
    ["types of attributes", "network N(a: <|>", ["int", "float", "bool", "string"]],
    ["attributes in a shape", "network N(x: [<|>], n: int = 2) {\n}", ["n"]],
    ["statements", net("  <|>\n  return x"), ["param", "const", "layer"]],
    ["statements of a network without output", net("  <|>"), ["return", "param", "const", "layer"]],
    ["initializers", net("  param W: [2, 3] = <|>"), ["Glorot", "He"]],
    ["what a stage can have", net("  return x -> Dense(3) <|>"), ["as", "repeat"]],
  ])("%s", (_, source, expected) => expect(labels(source)).toEqual(expect.arrayContaining(expected)));

  test.each([
    ["the name of a declaration", "network <|>"],
    ["a name behind `as`", net("  return x -> ReLU as <|>")],
    ["a name behind `param`", net("  param <|>")],
    ["a comment", net("  return x # -> <|>")],
    ["a title", 'check "-> <|>'],
    ["a number", net("  return x -> Dense(3<|>)")],
    ["a complete value", net("  return x <|>")],
    ["an input's name", "network N(<|>"],
  ])("nothing is proposed for %s", (_, source) => expect(labels(source)).toEqual([]));
});

describe("settings of a train", () => {
  test("are those that are missing", () => {
    expect(labels(train("  <|>"))).toEqual(
      expect.arrayContaining(["loss", "optimizer", "batch", "epochs", "validation", "metrics", "seed", "shuffle"]),
    );
    expect(labels(train("  loss: MSE\n  <|>\n  seed: 1"))).not.toContain("loss");
    expect(labels(train("  loss: MSE\n  <|>\n  seed: 1"))).not.toContain("seed");
  });

  test("keep the name that is being written", () => expect(labels(train("  lo<|>"))).toContain("loss"));

  test("are written with a value", () => {
    expect(item(train("  <|>"), "batch").insertText).toBe(`batch: \${1:32}`);
    expect(item(train("  <|>"), "loss")).toMatchObject({ insertText: "loss: ", follow: "completions" });
  });

  test("keep the colon that is there", () => expect(accepted(train("  ba<|>: 3"), "batch")).toBe(train("  batch: 3")));

  test.each([
    ["losses", "loss: <|>", ["MSE", "CrossEntropy"]],
    ["optimizers", "optimizer: <|>", ["SGD", "Adam"]],
    ["metrics", "metrics: [<|>]", ["accuracy", "mse"]],
    ["metrics without a list", "metrics: <|>", ["accuracy"]],
    ["data for validation", "validation: <|>", ["D", "E"]],
    ["truth values", "shuffle: <|>", ["true", "false"]],
  ])("%s", (_, text, expected) => expect(labels(train(`  ${text}`))).toEqual(expect.arrayContaining(expected)));

  test("an optimizer asks for its rate", () =>
    expect(item(train("  optimizer: <|>"), "Adam").insertText).toBe(`Adam(rate: \${1:1e-3})`));

  test("metrics stand in a list, each once", () => {
    expect(item(train("  metrics: <|>"), "accuracy").insertText).toBe("[accuracy]");
    expect(labels(train("  metrics: [accuracy, <|>]"))).not.toContain("accuracy");
  });
});

describe("checks", () => {
  test.each([
    ["statements", "<|>", ["expect", "given", "target", "loss", "optimizer"]],
    ["a step when there is an optimizer", "optimizer: SGD\n  <|>", ["step"]],
    ["values and functions in what is expected", "expect <|>", ["h", "x", "grad", "norm", "sum"]],
    ["values behind a comparison", "expect h == <|>", ["h", "x"]],
    ["loss, target and metrics", "target: [1, 2, 3]\n  loss: MSE\n  expect <|>", ["loss", "target", "accuracy"]],
    ["what a gradient can be of", "target: [1]\n  expect grad(<|>", ["h", "x", "target", "h.W", "h.b"]],
    ["parameters that can be given", "given <|>", ["h.W", "h.b"]],
    ["losses", "loss: <|>", ["MSE"]],
    ["how losses become one", "reduction: <|>", ["mean", "sum"]],
  ])("%s", (_, text, expected) => expect(labels(check(`  ${text}`))).toEqual(expect.arrayContaining(expected)));

  test("what needs a loss or target is not proposed without one", () => {
    expect(labels(check("  expect <|>"))).not.toContain("loss");
    expect(labels(check("  expect <|>"))).not.toContain("target");
    expect(labels(check("  expect <|>"))).not.toContain("accuracy");
    expect(labels(check("  <|>"))).not.toContain("step");
  });
});

describe("checks after a training", () => {
  const learnt = (body: string): string => `${train("  loss: MSE\n  optimizer: SGD")}check "c" after T {\n  ${body}\n}`;

  test("have no inputs, so nothing that needs some", () =>
    expect(labels(learnt("<|>"))).toEqual(["expect", "tolerance"]));

  test("look at parameters, loss and metrics", () => {
    const proposed = labels(learnt("expect <|>"));
    expect(proposed).toEqual(expect.arrayContaining(["h.W", "h.b", "loss", "accuracy", "norm"]));
    for (const name of ["h", "x", "target"]) expect(proposed).not.toContain(name);
  });

  test("name the trainings of the file", () => expect(labels(`${train("")}check "c" after <|>`)).toEqual(["T"]));
});

describe("texts in quotes", () => {
  test("are paths from the document's folder, those of the right kind first", () => {
    expect(labels('data D = Csv("<|>")')).toEqual(["flowers.csv", "data/", "notes.txt"]);
    expect(labels('data D = Csv("data/<|>")')).toEqual(["data/digits.csv.gz", "data/iris.csv", "data/readme.md"]);
    expect(labels('data D = Csv("<|>')).toContain("flowers.csv");
    expect(labels('data D = Csv(file: "<|>")')).toContain("flowers.csv");
  });

  test("of an import are files of the language", () =>
    expect(labels('import "<|>"')).toEqual(["blocks.nnet", "data/"]));

  test("of a parameter are NumPy's files first", () => {
    const at = (value: string) => `network N(x: [2]) {\n  param W: [2] = ${value}\n  return x * W\n}\n`;
    expect(labels(at('"<|>"'))).toEqual(["data/", "flowers.csv", "notes.txt"]);
    expect(labels(at('"weights/<|>"'))).toEqual(["weights/w.npy", "weights/about.md"]);
    expect(labels(at("<|>"))).toContain('"…"');
  });

  test("replace what is inside the quotes", () =>
    expect(accepted('data D = Csv("data/i<|>")', "data/iris.csv")).toBe('data D = Csv("data/iris.csv")'));

  test("go on with what a folder holds", () => expect(item('data D = Csv("<|>")', "data/").follow).toBe("completions"));

  test("are columns for a target", () => {
    expect(labels('data D = Csv("iris.csv", target: "<|>")')).toEqual(["sepal", "petal width", "species"]);
    expect(labels('data D = Csv("iris.csv", target: <|>)')).toEqual(['"sepal"', '"petal width"', '"species"']);
    expect(labels('data D = Csv("iris.csv", target: "<|>')).toContain("species");
    expect(labels('data D = Csv("other.csv", target: "<|>")')).toEqual([]);
  });
});

describe("imports", () => {
  const text = 'import "lib.nnet"\nblock Mine(x) {\n  return x -> <|>\n}\ntrain Theirs on  {\n}\n';
  const lib = "block Part(x) {\n  return x\n}\nnetwork Theirs(x) {\n  return x\n}\ndata Shared = Xor\n";
  const project = projectOf([{ path: "/lib.nnet", text: lib, tree: parse(lib) }]);
  const imported = (source: string) => {
    const { text: plain, offset } = cursor(source);
    return completionsAt(analyze(plain), offset, { ...environment, project, path: "/main.nnet" }).map(
      ({ label }) => label,
    );
  };

  test("give blocks, networks and data", () => {
    expect(imported(text)).toContain("Part");
    expect(imported(text.replace("<|>", "").replace("on  {", "on <|> {"))).toContain("Shared");
    expect(imported(text.replace("<|>", "").replace("train Theirs", "train <|>"))).toContain("Theirs");
  });

  test("do not give a block to itself", () => expect(imported(text)).not.toContain("Mine"));
});

describe("a list opens by itself", () => {
  test.each([
    ["behind an arrow", net("  return x -> <|>"), " ", true],
    ["behind a comma in a call", net("  return x -> Dense(3, <|>)"), " ", true],
    ["behind the colon of a setting", train("  loss: <|>"), " ", true],
    ["behind `on`", `${model}train N on <|>`, " ", true],
    ["behind a dot", net("  return x.<|>"), ".", true],
    ["behind a quote", 'data D = Csv("<|>")', '"', true],
    ["behind a slash in a path", 'data D = Csv("data/<|>")', "/", true],
    ["not behind an equal sign", net("  y = <|>"), " ", false],
    ["not behind a complete stage", net("  return x -> ReLU <|>"), " ", false],
    ["not where lines begin", net("  <|>"), " ", false],
    ["not behind a division", net("  return x /<|>"), "/", false],
    ["not behind the quote that ends a text", 'data D = Csv("a"<|>)', '"', false],
  ])("%s", (_, source, trigger, opens) => expect(at(source, trigger).length > 0).toBe(opens));
});

describe("what cannot run", () => {
  const everything = [
    ...exampleSources.flatMap((text) =>
      [...text.matchAll(/[\s(.:",]/g)].map(({ index }) => [text, index + 1] as const),
    ),
  ];

  test("is not proposed anywhere", () => {
    const kinds: readonly CallableKind[] = [
      "layer",
      "function",
      "loss",
      "optimizer",
      "initializer",
      "metric",
      "dataset",
    ];
    for (const [text, offset] of everything.filter((_, index) => index % 3 === 0)) {
      for (const { label } of completionsAt(analyze(text), offset, environment)) {
        expect(kinds.some((kind) => isPlanned(kind, label))).toBe(false);
      }
    }
  });

  test("a setting is proposed only when lowering takes it", () => {
    for (const label of labels(train("  <|>"))) {
      const codes = analyze(train(`  ${label}: 1`)).diagnostics.map(({ code }) => code);
      expect(codes, label).not.toContain("not-supported");
      expect(codes, label).not.toContain("unknown-entry");
    }
  });
});

describe("any text", () => {
  test("gives a list at every place, each label once, around the cursor", () =>
    fc.assert(
      fc.property(anyText, fc.nat(), (text, choice) => {
        const offset = choice % (text.length + 1);
        const items = completionsAt(analyze(text), offset, environment);
        expect(new Set(items.map(({ label }) => label)).size).toBe(items.length);
        for (const { range, replacing } of items) {
          expect(range.start).toBeLessThanOrEqual(offset);
          expect(range.end).toBe(offset);
          expect(replacing.end).toBeGreaterThanOrEqual(offset);
          expect(text.slice(range.start, range.end)).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 300 },
    ));

  test("of a thousand layers proposes all of them", () => {
    const layers = Array.from({ length: 1000 }, (_, index) => `    -> Dense(8) as h${index}`).join("\n");
    const text = `network N(x: [8]) {\n  y = x\n${layers}\n  return y + \n}\n`;
    const offset = text.lastIndexOf("+ ") + 2;
    expect(completionsAt(analyze(text), offset, environment).length).toBeGreaterThan(1000);
  });
});
