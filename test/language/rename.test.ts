// Renaming: which names, to which names, and that nothing but the name changes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentation } from "../../engine/model/catalog";
import { type Analysis, analyze } from "../../extension/language/analyze";
import { type ProjectFile, projectOf } from "../../extension/language/navigation";
import { occurrencesIn } from "../../extension/language/navigation/occurrences";
import { parse } from "../../extension/language/parser";
import { prepareRename, rename, withEdits } from "../../extension/language/rename";
import { exampleSources, mutatedExample, validSource } from "./arbitraries";
import { cursor } from "./marked";

const file = (path: string, text: string): ProjectFile => ({ path, text, tree: parse(text) });
const alone = (text: string) => projectOf([file("/a.nnet", text)]);

/** The text after renaming what stands at <|>, or the reason against it. */
function renamed(source: string, name: string): string {
  const { text, offset } = cursor(source);
  const result = rename(alone(text), "/a.nnet", offset, name);
  return result.kind === "refused" ? result.reason : withEdits(text, result.edits);
}

const net = (body: string): string => `network N(x: [4], size: int = 3) {\n${body}\n}\n`;
const check = (body: string): string => `check "c" on N(x: [1, 2, 3, 4]) {\n${body}\n}\n`;

describe("rename", () => {
  test.each([
    [
      "a stage",
      net("  return x -> Dense(3) as <|>h -> ReLU") + check("  expect h == h.b"),
      "hidden",
      net("  return x -> Dense(3) as hidden -> ReLU") + check("  expect hidden == hidden.b"),
    ],
    [
      "an input",
      net("  return <|>x + x").replace("x:", "x:") + check("  expect grad(x) == 1"),
      "X",
      net("  return X + X").replace("x:", "X:") + check("  expect grad(X) == 1").replace("x:", "X:"),
    ],
    [
      "an attribute",
      `${net("  return x -> Dense(<|>size)")}train N(size: 4) on D {\n}`,
      "width",
      `${net("  return x -> Dense(width)").replace("size:", "width:")}train N(width: 4) on D {\n}`,
    ],
    [
      "a network and its training",
      'network <|>N(x) {\n  return x\n}\ntrain N on D {\n}\ncheck "c" after N {\n}',
      "Model",
      'network Model(x) {\n  return x\n}\ntrain Model on D {\n}\ncheck "c" after Model {\n}',
    ],
    [
      "a training",
      'train N on D as <|>T {\n}\ncheck "c" after T {\n}',
      "Baseline",
      'train N on D as Baseline {\n}\ncheck "c" after Baseline {\n}',
    ],
    [
      "data",
      "data <|>D = Xor\ntrain N on D {\n  validation: D\n}",
      "Truth",
      "data Truth = Xor\ntrain N on Truth {\n  validation: Truth\n}",
    ],
    [
      "a shared layer",
      net("  layer <|>e = Dense(3)\n  return e(x) + (x -> e) + e.b"),
      "encoder",
      net("  layer encoder = Dense(3)\n  return encoder(x) + (x -> encoder) + encoder.b"),
    ],
    ["in another alphabet", net("  <|>слой = x\n  return слой"), "层", net("  层 = x\n  return 层")],
    ["to the name it has", net("  return <|>x"), "x", net("  return x")],
    ["with spaces around the new name", net("  <|>a = x\n  return a"), " b ", net("  b = x\n  return b")],
    [
      "in a text with errors",
      "network N(x {\n  <|>a = x -> Dens(\n  return a",
      "b",
      "network N(x {\n  b = x -> Dens(\n  return b",
    ],
  ])("changes %s everywhere", (_, source, name, expected) => expect(renamed(source, name)).toBe(expected));

  test.each([
    ["", "A name has at least one letter."],
    ["2x", "2x is no name: names are made of letters, digits and _, and do not begin with a digit."],
    ["a b", "a b is no name: names are made of letters, digits and _, and do not begin with a digit."],
    ["return", "return is a word of the language."],
    ["x", "x is already the name of an input, in line 1."],
    ["size", "size is already the name of an attribute, in line 1."],
    ["g", "g is already the name of a value, in line 3."],
    ["W", "W is already the name of a parameter, in line 4."],
    ["z", "z would mean something else where h stands."],
    ["loss", "loss would mean something else where h stands."],
    ["accuracy", "accuracy would mean something else where h stands."],
  ])("refuses the new name %j", (name, reason) => {
    const body = "  <|>h = x + z\n  g = h\n  param W = 1\n  return g * W";
    expect(renamed(net(body) + check("  expect loss == accuracy"), name)).toBe(reason);
  });

  test("lets networks keep apart from layers, trainings and data from one another", () => {
    expect(renamed("network <|>N(x) {\n  return x\n}", "Dense")).toBe("Dense is the name of a layer of the language.");
    expect(renamed("train N on D as <|>A {\n}\ntrain N on D as B {\n}", "B")).toBe(
      "B is already the name of a training, in line 3.",
    );
    expect(renamed("data <|>A = Xor\ndata B = Xor", "B")).toBe("B is already the name of a data set, in line 2.");
    expect(renamed("data <|>A = Xor\nnetwork B(x) {\n  return x\n}", "B")).toContain("data B = Xor");
  });

  test.each([
    ["x -> <|>Dense(3)", "Dense is a layer of the language: only names of your own can be renamed."],
    ["<|>max(0, x)", "max is a function of the language: only names of your own can be renamed."],
    ["x -> Dense(<|>units: 3)", "units is the name of an argument, which belongs to what is called."],
    ["x -> Dense(4) as h -> ReLU + h.<|>W", "W belongs to the layer behind h: only h can be renamed."],
    ["x + <|>unknown", "It is not known what unknown stands for."],
    ["x + 1 # <|>x", "There is no name here."],
    ["x <|>+ 1", "There is no name here."],
  ])("%s cannot be renamed", (expression, reason) => {
    const { text, offset } = cursor(net(`  return ${expression}`));
    expect(prepareRename(alone(text), "/a.nnet", offset)).toEqual({ kind: "refused", reason });
  });

  test.each([
    ['check "a <|>title" on N(x: 1) {\n}', "A check's title is a text: change it where it stands."],
    ['import "a<|>.nnet"', "This is the path of a file."],
    ["<|>network N(x) {\n  return x\n}", "network is a word of the language: only names of your own can be renamed."],
    ["train N on D {\n  <|>loss: MSE\n}", "loss is the name of a setting."],
    ["train N on D {\n  loss: <|>MSE\n}", "MSE is a loss of the language: only names of your own can be renamed."],
    [
      "network N(x, a: <|>int) {\n  return x\n}",
      "int is a word of the language: only names of your own can be renamed.",
    ],
  ])("%s cannot be renamed", (source, reason) => {
    const { text, offset } = cursor(source);
    expect(prepareRename(alone(text), "/a.nnet", offset)).toEqual({ kind: "refused", reason });
  });

  test("prepares with the name as it is written", () => {
    const { text, offset } = cursor(net("  return x<|>"));
    const start = text.lastIndexOf("x");
    expect(prepareRename(alone(text), "/a.nnet", offset)).toEqual({
      kind: "ready",
      range: { start, end: start + 1 },
      placeholder: "x",
    });
  });
});

describe("rename across imports", () => {
  const lib = "block B(x) {\n  return x\n}\nnetwork N(x) {\n  h = x\n  return h\n}\n";
  const main = 'import "lib.nnet"\nblock C(x) {\n  return x -> B\n}\ncheck "c" on N(x: 1) {\n  expect h == 1\n}\n';
  const project = projectOf([
    file("/lib.nnet", lib),
    file("/main.nnet", main),
    file("/other.nnet", "network B(x) {\n}"),
  ]);

  test.each([
    ["/lib.nnet", lib.indexOf("B"), "Block"],
    ["/main.nnet", main.indexOf("B\n"), "Block"],
  ])("changes a block in all files that see it, from %s", (path, offset, name) => {
    const result = rename(project, path, offset, name);
    const edits = result.kind === "edits" ? result.edits : [];
    expect(edits.map((edit) => `${edit.path} ${edit.range.start}`)).toEqual([
      `/lib.nnet ${lib.indexOf("B")}`,
      `/main.nnet ${main.indexOf("B\n")}`,
    ]);
  });

  test("changes a value in the checks of another file", () => {
    const result = rename(project, "/main.nnet", main.indexOf("h =="), "hidden");
    expect(result.kind === "edits" && result.edits.map(({ path }) => path)).toEqual([
      "/lib.nnet",
      "/lib.nnet",
      "/main.nnet",
    ]);
  });

  test("refuses what the other file calls something else", () =>
    expect(rename(project, "/lib.nnet", lib.indexOf("B"), "C")).toEqual({
      kind: "refused",
      reason: "C is already the name of a block, in line 2 of main.nnet.",
    }));
});

/** Instances of blocks inside blocks, shared blocks, several outputs; nothing is wrong in it. */
const blocks = `block Part(x, width: int = 3) {
  y = x -> Dense(width) as h -> ReLU
  return y
}
block Whole(x, size: int) {
  a = x -> Part(width: size) as inner
  return { p: a, q: inner.h }
}
network N(x: [2], size: int = 4) {
  layer shared = Part(size)
  z = x -> Part(5) as r -> Dense(size)
  t = x -> Whole(size: size)
  e = x -> shared as u
  return z + t.p + t.q + e
}
train N(size: 3) on D as T {
  loss: mean((z - target)^2)
  validation: D
}
check "c" on N(x: [1, 2], size: 2) {
  given r.h.W = 0
  expect r.y == 0
  expect t.inner.h == 0
  expect u.h == 0
  expect grad(r.h.b) == 0
}
data D = Xor
`;

test("renaming inside a block changes what stands behind a dot", () => {
  const source = blocks.replace("y = x", "<|>y = x");
  const result = renamed(source, "wide");
  expect(result).toContain("expect r.wide == 0");
  expect(result.replaceAll("wide", "y")).toBe(blocks);
});

describe("any text", () => {
  const withPlace = fc.tuple(
    fc.oneof(fc.constantFrom(...exampleSources, blocks), mutatedExample, validSource),
    fc.nat(),
  );

  /** A name of the same length that stands nowhere else, so that every place stays where it is. */
  const freshFor = (old: string): string =>
    "龘龖龗龜龡龠龝龞龟龢龣龤龥鿀鿁鿂鿃鿄鿅鿆".slice(0, old.length).padEnd(old.length, "鿇");

  /** Without titles, which are cut in the middle of a name. */
  const plain = ({ module }: Analysis): string =>
    JSON.stringify(module, (key, value) => (key === "title" ? undefined : value));

  test("means the same under a fresh name, and renaming back gives the very bytes", () =>
    fc.assert(
      fc.property(withPlace, ([text, choice]) => {
        const project = alone(text);
        const occurrences = occurrencesIn(project, project.files[0]!).filter(({ symbol }) => symbol.kind !== "weight");
        const chosen = occurrences[choice % Math.max(1, occurrences.length)];
        if (chosen === undefined) return;
        const written = text.slice(chosen.range.start, chosen.range.end);
        const spellings = occurrences
          .filter(({ symbol }) => symbol.id === chosen.symbol.id)
          .map(({ range }) => text.slice(range.start, range.end));
        fc.pre(spellings.every((spelling) => spelling === written));
        // A network may not get a layer's name, even if it has one.
        const isCalled = ["network", "block", "layer"].includes(chosen.symbol.kind);
        fc.pre(!(isCalled && documentation("layer", written)));
        const fresh = freshFor(written);
        const there = rename(project, "/a.nnet", chosen.range.start, fresh);
        if (there.kind === "refused") throw new Error(there.reason);
        const changed = withEdits(text, there.edits);

        const before = analyze(text);
        const after = analyze(changed);
        const codes = ({ diagnostics }: Analysis) =>
          diagnostics
            // Which of the two is meant is guessed from the names around.
            .map(({ code, range }) => `${code.replace(/^unknown-(layer|function)$/, "unknown-call")} ${range.start}`);
        expect(codes(after)).toEqual(codes(before));
        const name = written.normalize("NFC");
        expect(plain(after).replaceAll(fresh, name)).toBe(plain(before));

        const back = rename(alone(changed), "/a.nnet", chosen.range.start, written);
        if (back.kind === "refused") throw new Error(back.reason);
        expect(withEdits(changed, back.edits)).toBe(text);
      }),
      { numRuns: 500 },
    ));
});
