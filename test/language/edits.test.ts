// Gestures in the diagram: numbers and names, what is refused and why, what is told before, what stays around.

import { describe, expect, test } from "vitest";
import type { Gesture } from "../../engine/protocol/edit-intent";
import type { ArgumentSubject } from "../../engine/protocol/editing";
import { analyze } from "../../extension/language/analyze";
import { argumentsOf, editsFor, previewOf } from "../../extension/language/edits";
import { withEdits } from "../../extension/language/rename";
import { argument, behind, type Case, edited, inFrontOf, insert, net, remove, rewire } from "./edited";

describe("arguments", () => {
  test.each<Case>([
    [
      "a number by its place",
      net("  return x -> Dense(4)"),
      argument("Dense#1", "units", "8"),
      net("  return x -> Dense(8)"),
    ],
    [
      "a number by its name",
      net("  return x -> Dense(units: 4)"),
      argument("Dense#1", "units", "size"),
      net("  return x -> Dense(units: size)"),
    ],
    [
      "one more",
      net("  return x -> Dense(4)"),
      argument("Dense#1", "bias", "false"),
      net("  return x -> Dense(4, bias: false)"),
    ],
    [
      "the first",
      net("  return x -> Dropout"),
      argument("Dropout#1", "rate", "0.2"),
      net("  return x -> Dropout(rate: 0.2)"),
    ],
    ["none", net("  return x -> Dense(4, bias: false)"), argument("Dense#1", "bias"), net("  return x -> Dense(4)")],
    [
      "not the only one",
      net("  return x -> Dropout(0.2)"),
      argument("Dropout#1", "rate"),
      net("  return x -> Dropout"),
    ],
    ["of a call", net("  return Dense(x, 4)"), argument("Dense#1", "units", "8"), net("  return Dense(x, 8)")],
    [
      "of a shared layer",
      net("  layer e = Dense(4)\n  return e(x) + e(x)"),
      argument("e#1", "units", "8"),
      net("  layer e = Dense(8)\n  return e(x) + e(x)"),
    ],
    [
      "of a shared block, for all its uses",
      `block B(x, units: int) {\n  return x -> Dense(units)\n}\n${net("  layer e = B(4)\n  return e(x) + e(x)")}`,
      argument("e#2", "units", "8"),
      `block B(x, units: int) {\n  return x -> Dense(units)\n}\n${net("  layer e = B(8)\n  return e(x) + e(x)")}`,
    ],
    [
      "of a use of a block",
      `block B(x, units: int, rate: float = 0.5) {\n  return x -> Dense(units) -> Dropout(rate)\n}\n${net("  return x -> B(4) as b")}`,
      argument("b", "rate", "0.1"),
      `block B(x, units: int, rate: float = 0.5) {\n  return x -> Dense(units) -> Dropout(rate)\n}\n${net("  return x -> B(4, rate: 0.1) as b")}`,
    ],
    [
      "an attribute",
      net("  return x -> Dense(size)"),
      { kind: "attribute", name: "size", written: "5" },
      net("  return x -> Dense(size)").replace("= 3", "= 5"),
    ],
    [
      "a shape",
      net("  return x -> Dense(size)"),
      { kind: "shape", input: "x", dimensions: ["size", "2"] },
      net("  return x -> Dense(size)").replace("[4]", "[size, 2]"),
    ],
  ])("change %s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));
});

describe("entries of a training", () => {
  const data = "data D = Table(inputs: [[1, 2, 3, 4]], targets: [[1, 0, 0]])\n\n";
  const trained = (entries: string): string =>
    `${data}${net("  return x -> Dense(size)")}\ntrain N on D as Run {\n${entries}\n}\n`;
  const usual = trained("  loss: MSE # small\n  optimizer: Adam(rate: 0.01) # quick\n  batch: 32");
  const entry = (name: string, written?: string): Gesture =>
    written === undefined
      ? { kind: "entry", training: "Run", name }
      : { kind: "entry", training: "Run", name, written };

  test.each<Case>([
    ["a number that is written", usual, entry("batch", "64"), usual.replace("32", "64")],
    ["one more, behind the others", usual, entry("epochs", "5"), usual.replace("batch: 32", "batch: 32\n  epochs: 5")],
    ["none", usual, entry("batch"), usual.replace("\n  batch: 32", "")],
    [
      "in one line",
      trained("  loss: MSE optimizer: Adam"),
      entry("batch", "64"),
      trained("  loss: MSE optimizer: Adam batch: 64"),
    ],
    ["the learning rate", usual, entry("optimizer.rate", "0.1"), usual.replace("0.01", "0.1")],
    [
      "another argument of the optimizer",
      usual,
      entry("optimizer.beta1", "0.8"),
      usual.replace("rate: 0.01", "rate: 0.01, beta1: 0.8"),
    ],
    ["another optimizer", usual, entry("optimizer", "AdamW"), usual.replace("Adam(", "AdamW(")],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));

  test.each([
    ["a rate below 0", entry("optimizer.rate", "-1"), /rate.*\(line 9\)/],
    ["a batch of no samples", entry("batch", "0"), /batch/],
    ["what no optimizer is", entry("optimizer", "Dense"), /An optimizer is one of/],
    ["what is no number", entry("batch", "1 2"), /is no value for batch/],
    ["a loss, which is written", entry("loss", "MAE"), /changed in the text/],
    ["what is not there", entry("epochs"), /has its default already/],
  ])("refuse %s", (_, gesture, message) => expect(edited(usual, gesture)).toMatch(message));
});

describe("what can be changed", () => {
  const text = `${net("  return x -> Dense(2 * size) as h -> Dropout(0.1)")}`;
  const of = (subject: ArgumentSubject, source = text) => {
    const known = argumentsOf(analyze(source), "N", subject);
    if (known.kind === "refused") throw new Error(known.message);
    return known;
  };

  test("is told as it is written, and what that is worth", () =>
    expect(of({ kind: "value", value: "h" }).arguments[0]).toMatchObject({
      name: "units",
      written: "2 * size",
      value: "6",
    }));

  test("is told of the use of a block as well", () => {
    const block = "block B(x, units: int, rate: float = 0.5) {\n  return x -> Dense(units) -> Dropout(rate)\n}\n";
    const source = block + net("  return x -> B(2 * size) as b");
    expect(of({ kind: "value", value: "b" }, source)).toMatchObject({
      callee: "B",
      arguments: [
        { name: "units", written: "2 * size", value: "6" },
        { name: "rate", default: 0.5 },
      ],
    });
  });

  test("of a shared layer is said to be shared, with what it is worth", () => {
    const source = net("  layer e = Dense(2 * size)\n  return e(x) + e(x)");
    expect(of({ kind: "value", value: "e#1" }, source)).toMatchObject({ callee: "Dense", shared: "e" });
    expect(of({ kind: "value", value: "e#1" }, source).arguments[0]).toMatchObject({ written: "2 * size", value: "6" });
    expect(of({ kind: "value", value: "h" })).not.toHaveProperty("shared");
  });

  test("needs no second telling where it is a number", () =>
    expect(of({ kind: "value", value: "Dropout#1" }).arguments[0]).not.toHaveProperty("value"));

  test("of an input is its shape", () =>
    expect(of({ kind: "value", value: "x" }, text.replace("[4]", "[size, 4]"))).toMatchObject({
      callee: "x",
      arguments: [{ name: "shape", type: { kind: "shape" }, written: "[size, 4]", value: "[3, 4]" }],
    }));

  test("of a network are its attributes, as that training has them", () =>
    expect(of({ kind: "network" })).toMatchObject({
      callee: "N",
      arguments: [{ name: "size", type: { kind: "integer" }, written: "3" }],
    }));

  test("of a training are its optimizer and its numbers", () => {
    const data = "data D = Table(inputs: [[1, 2, 3, 4]], targets: [[1, 0, 0, 0, 0, 0]])\n";
    const source = `${data}${text}train N on D { loss: MSE optimizer: Adam(rate: 0.01) steps: 7 }\n`;
    const { callee, arguments: known } = of({ kind: "training", name: "N" }, source);
    expect(callee).toBe("N");
    expect(known.map(({ name, written }) => `${name} ${written ?? "-"}`)).toEqual(
      expect.arrayContaining(["optimizer Adam", "optimizer.rate 0.01", "batch -", "steps 7", "validation -"]),
    );
    expect(known.every(({ summary }) => summary !== "")).toBe(true);
  });
});

describe("rename", () => {
  test.each<Case>([
    [
      "a value with a name",
      net("  return { a: x -> Tanh as h, b: h }"),
      { kind: "rename", value: "h", name: "t" },
      net("  return { a: x -> Tanh as t, b: t }"),
    ],
    [
      "a stage without one",
      net("  return x -> Tanh"),
      { kind: "rename", value: "Tanh#1", name: "t" },
      net("  return x -> Tanh as t"),
    ],
    [
      "a formula without one",
      net("  return exp(x + 1)"),
      { kind: "rename", value: "add#1", name: "s" },
      net("  s = x + 1\n  return exp(s)"),
    ],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));
});

describe("several gestures", () => {
  test("are one list of edits, with the ids of before", () =>
    expect(
      edited(net("  return x -> Dense(4) -> Dense(5) -> Tanh # end"), {
        kind: "several",
        gestures: [
          insert(behind("Dense#1"), "Dense", { units: "6" }),
          argument("Dense#2", "units", "7"),
          remove("Tanh#1"),
        ],
      }),
    ).toBe(net("  return x -> Dense(4) -> Dense(units: 6) -> Dense(7) # end")));
});

describe("refusals say what is in the way", () => {
  test.each<Case>([
    [
      "a value of several",
      net("  h = x -> Dense(4)\n  return x + h"),
      remove("add#1"),
      "x + h is computed from 2 values",
    ],
    [
      "a name in a check",
      `${net("  return x -> Tanh as h -> ReLU")}check "c" on N(x: [1, 2, 3, 4]) {\n  expect h == 1\n}`,
      remove("h"),
      "line 5",
    ],
    ["an input", net("  return x"), remove("x"), "take it out of its parentheses"],
    [
      "a circle",
      net("  h = x -> Dense(4)\n  y = h -> ReLU\n  return y"),
      rewire("h", 0, "y"),
      "would be computed from itself",
    ],
    [
      "between turns",
      net("  return x -> Dense(4) repeat 2"),
      insert(inFrontOf("Dense#2")),
      "written once for several values",
    ],
    ["what is not known", net("  return x"), insert(behind("x"), "Rellu"), "Rellu"],
    ["a wrong argument", net("  return x -> Dense(4)"), argument("Dense#1", "units", "0"), "units"],
    [
      "an argument that is more than one",
      net("  return x -> Dense(4)"),
      argument("Dense#1", "units", "4) -> ReLU("),
      "is no value",
    ],
    ["an unknown argument", net("  return x -> Dense(4)"), argument("Dense#1", "unit", "4"), "it has units"],
    [
      "a block's border",
      `block B(x) {\n  return x -> Dense(4) as d -> ReLU\n}\n${net("  h = x -> Tanh\n  return h -> B as b")}`,
      rewire("b/ReLU#1", 0, "h"),
      "border",
    ],
    [
      "values that do not stand together",
      net("  return x -> Tanh -> ReLU -> Softmax"),
      { kind: "wrap", values: ["Tanh#1", "Softmax#1"], name: "B" },
      "do not stand together",
    ],
    [
      "two values for the outside",
      net("  a = x -> Tanh\n  b = a -> ReLU\n  return a + b"),
      { kind: "wrap", values: ["a", "b"], name: "B" },
      "a and b are used outside",
    ],
    [
      "a name that others use from a block",
      net("  return { a: x -> Tanh as t -> ReLU, b: t }"),
      { kind: "wrap", values: ["t", "a"], name: "B" },
      "t is used outside",
    ],
    [
      "a repeated block",
      `block B(x) {\n  return x -> Tanh\n}\n${net("  return x -> B repeat 2")}`,
      { kind: "expand", instance: "B#1" },
      "is repeated",
    ],
    [
      "a shared block",
      `block B(x) {\n  return x -> Dense(4)\n}\n${net("  layer e = B\n  return e(x) + e(x)")}`,
      { kind: "expand", instance: "e#1" },
      "shares its weights",
    ],
    [
      "an input of a block that is used twice inside",
      `block B(x) {\n  return Tanh(x) + x\n}\n${net("  h = x -> ReLU\n  return x -> B as b")}`,
      rewire("b/Tanh#1", 0, "h"),
      "used several times",
    ],
    ["what is there already", net("  return x -> Tanh"), rewire("Tanh#1", 0, "x"), "already"],
    ["an older text", net("  return x"), remove("Dense#1"), "older text"],
    [
      "a name that is taken",
      net("  h = x -> Tanh\n  return h"),
      { kind: "rename", value: "h", name: "x" },
      "already the name",
    ],
  ])("%s", (_, text, gesture, message) => {
    const result = editsFor(analyze(text), { ...gesture, network: "N" });
    expect(result).toEqual({ kind: "refused", message: expect.stringContaining(message) });
  });
});

describe("previews", () => {
  const text = net("  param W: [4, 2] = Zeros\n  h = x -> Tanh\n  return h @ W");
  test("give the shapes after the edit", () => {
    const gesture = { ...insert(behind("x"), "Dense", { units: "4" }), network: "N" };
    expect(previewOf(analyze(text), gesture)).toMatchObject({
      kind: "shapes",
      shapes: new Map([
        ["x", [4]],
        ["W", [4, 2]],
        ["h", [4]],
        ["matmul#1", [2]],
      ]),
      added: [{ title: "Dense", shape: [4] }],
      problems: [],
    });
  });

  test("say what would not fit, and the edit can still be made", () => {
    const gesture = { ...insert(behind("h"), "Dense", { units: "5" }), network: "N" };
    expect(previewOf(analyze(text), gesture)).toMatchObject({
      problems: [expect.stringContaining("Dense after h would not fit")],
    });
    expect(editsFor(analyze(text), gesture)).toMatchObject({
      kind: "edits",
      problems: [expect.stringContaining("[5]")],
    });
  });
});

describe("the text around", () => {
  test("keeps its line ends and tabs in new statements", () =>
    expect(edited("network N(x: [4]) {\r\n\th = x -> Tanh\r\n\treturn h + h\r\n}\r\n", insert(behind("h")))).toBe(
      "network N(x: [4]) {\r\n\th = x -> Tanh\r\n\trelu = h -> ReLU\r\n\treturn relu + relu\r\n}\r\n",
    ));

  test("may be wrong elsewhere", () => {
    const wrong = "network M(x: [4]) {\n  return x -> Dens(3)\n}\n\nnetwork (\n\n";
    expect(edited(wrong + net("  return x -> Tanh"), insert(inFrontOf("Tanh#1")))).toBe(
      wrong + net("  return x -> ReLU -> Tanh"),
    );
  });

  test("keeps names that are not Latin", () =>
    expect(edited("network N(вход: [4]) {\n  层 = вход -> Tanh\n  return 层 + вход\n}\n", insert(behind("层")))).toBe(
      "network N(вход: [4]) {\n  层 = вход -> Tanh\n  return ReLU(层) + вход\n}\n",
    ));

  test("keeps a comment inside of what would go", () =>
    expect(edited(net("  return exp(ReLU(\n    # Twice.\n    x\n  ))"), remove("ReLU#1"))).toContain("comment"));

  test("is told where the new text stands", () => {
    const text = net("  h = x -> Dense(4)\n  return h + h");
    const result = editsFor(analyze(text), { ...insert(behind("h")), network: "N" });
    if (result.kind === "refused" || result.select === undefined) throw new Error("Nothing is selected.");
    const { start, end } = result.select;
    expect(withEdits(text, result.edits).slice(start, end)).toBe("relu = h -> ReLU");
  });
});
