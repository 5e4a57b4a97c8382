// Gestures in the diagram: what each writes, in every form in which a network can be written.

import { describe, expect, test } from "vitest";
import type { EditPlace, Gesture } from "../../engine/protocol/edit-intent";
import { analyze } from "../../extension/language/analyze";
import { copyOf, editsFor, previewOf } from "../../extension/language/edits";
import { withEdits } from "../../extension/language/rename";

/** The text after a gesture in the network N, or why it is refused. */
function edited(text: string, gesture: Gesture, network = "N"): string {
  const result = editsFor(analyze(text), { ...gesture, network });
  return result.kind === "refused" ? result.message : withEdits(text, result.edits);
}

const net = (body: string): string => `network N(x: [4], size: int = 3) {\n${body}\n}\n`;

const call = (name: string, given: Readonly<Record<string, string>> = {}) => ({
  name,
  arguments: Object.entries(given).map(([argument, written]) => ({ name: argument, written })),
});
const insert = (at: EditPlace, name = "ReLU", given: Readonly<Record<string, string>> = {}): Gesture => ({
  kind: "insert",
  call: call(name, given),
  at,
});
const onEdge = (value: string, input = 0): EditPlace => ({ kind: "edge", edge: { kind: "input", value, input } });
const onOutput: EditPlace = { kind: "edge", edge: { kind: "output", name: "output" } };
const behind = (value: string): EditPlace => ({ kind: "after", value });
const inFrontOf = (value: string): EditPlace => ({ kind: "before", value });
const branch = (value: string): EditPlace => ({ kind: "branch", value });
const rewire = (value: string, input: number, from: string): Gesture => ({
  kind: "rewire",
  edge: { kind: "input", value, input },
  from,
});
const connect = (from: string, to: string): Gesture => ({ kind: "connect", from, to });
const remove = (...values: string[]): Gesture => ({ kind: "delete", values });
const argument = (value: string, name: string, written?: string): Gesture =>
  written === undefined ? { kind: "argument", value, name } : { kind: "argument", value, name, written };

type Case = readonly [what: string, text: string, gesture: Gesture, expected: string];

describe("insert", () => {
  const inline = net("  return x -> Dense(4) -> Dense(2)");
  const lines = net("  # From x.\n  return x\n    -> Dense(4) as h # wide\n    # Narrow.\n    -> Dense(2) # last");
  test.each<Case>([
    ["on an edge of a pipeline", inline, insert(onEdge("Dense#2")), net("  return x -> Dense(4) -> ReLU -> Dense(2)")],
    ["on the first edge", inline, insert(onEdge("Dense#1")), net("  return x -> ReLU -> Dense(4) -> Dense(2)")],
    ["on the edge to the output", inline, insert(onOutput), net("  return x -> Dense(4) -> Dense(2) -> ReLU")],
    [
      "with arguments",
      inline,
      insert(onEdge("Dense#2"), "Dropout", { rate: "0.1" }),
      net("  return x -> Dense(4) -> Dropout(rate: 0.1) -> Dense(2)"),
    ],
    [
      "on a line of its own, comments where they were",
      lines,
      insert(onEdge("Dense#1")),
      net("  # From x.\n  return x\n    -> Dense(4) as h # wide\n    -> ReLU\n    # Narrow.\n    -> Dense(2) # last"),
    ],
    [
      "behind the last line",
      lines,
      insert(onOutput),
      net("  # From x.\n  return x\n    -> Dense(4) as h # wide\n    # Narrow.\n    -> Dense(2) # last\n    -> ReLU"),
    ],
    [
      "with the line ends of the file",
      lines.replaceAll("\n", "\r\n"),
      insert(inFrontOf("h")),
      lines.replaceAll("\n", "\r\n").replace("return x\r\n", "return x\r\n    -> ReLU\r\n"),
    ],
    [
      "after a value in a pipeline",
      inline,
      insert(behind("Dense#1")),
      net("  return x -> Dense(4) -> ReLU -> Dense(2)"),
    ],
    [
      "after a stage that is used by its name too",
      net("  return { a: x -> Dense(4) as h -> Tanh, b: h }"),
      insert(behind("h")),
      net("  return { a: x -> Dense(4) as h -> ReLU as relu -> Tanh, b: relu }"),
    ],
    [
      "after a value with one use",
      net("  h = x -> Dense(4)\n  return h -> Tanh"),
      insert(behind("h")),
      net("  h = x -> Dense(4)\n  return h -> ReLU -> Tanh"),
    ],
    [
      "after a value with several uses",
      net("  h = x -> Dense(4) # wide\n  return h + exp(h)"),
      insert(behind("h")),
      net("  h = x -> Dense(4) # wide\n  relu = h -> ReLU\n  return relu + exp(relu)"),
    ],
    [
      "after an input with several uses",
      net("  # Twice.\n  h = x -> Dense(4)\n  return h + x"),
      insert(behind("x")),
      net("  relu = x -> ReLU\n  # Twice.\n  h = relu -> Dense(4)\n  return h + relu"),
    ],
    [
      "after a value in a formula",
      net("  return exp(x) * 2"),
      insert(behind("exp#1")),
      net("  return ReLU(exp(x)) * 2"),
    ],
    ["after a formula", net("  return x * 2 + 1"), insert(onOutput), net("  return (x * 2 + 1) -> ReLU")],
    [
      "on an operand in parentheses",
      net("  return (x + 1) * 2"),
      insert(onEdge("multiply#1"), "Dense", { units: "4" }),
      net("  return Dense(x + 1, units: 4) * 2"),
    ],
    ["on an argument", net("  return max(0, x)"), insert(onEdge("max#1", 1)), net("  return max(0, x -> ReLU)")],
    [
      "on one of several values in a pipeline",
      net("  return (x, exp(x)) -> Concat"),
      insert(onEdge("Concat#1", 1)),
      net("  return (x, exp(x) -> ReLU) -> Concat"),
    ],
    [
      "before a layer that is called",
      net("  y = ReLU(x)\n  return y"),
      insert(inFrontOf("y"), "Tanh"),
      net("  y = ReLU(x -> Tanh)\n  return y"),
    ],
    [
      "as a branch",
      net("  h = x -> Dense(4)\n  return h"),
      insert(branch("h")),
      net("  h = x -> Dense(4)\n  relu = h -> ReLU\n  return h"),
    ],
    [
      "as a branch of a value without a name",
      net("  return x -> Dense(4) -> Tanh"),
      insert(branch("Dense#1")),
      net("  relu = dense -> ReLU\n  return x -> Dense(4) as dense -> Tanh"),
    ],
    [
      "behind all turns of a repeated stage",
      net("  return x -> Dense(4) repeat 2 -> Tanh"),
      insert(behind("Dense#2")),
      net("  return x -> Dense(4) repeat 2 -> ReLU -> Tanh"),
    ],
    [
      "in front of a repeated stage",
      net("  return x -> Dense(4) repeat 2 -> Tanh"),
      insert(inFrontOf("Dense#1")),
      net("  return x -> ReLU -> Dense(4) repeat 2 -> Tanh"),
    ],
    [
      "on one of several outputs",
      net("  return { a: x, b: exp(x) }"),
      insert({ kind: "edge", edge: { kind: "output", name: "b" } }),
      net("  return { a: x, b: exp(x) -> ReLU }"),
    ],
    [
      "a shared layer",
      net("  layer e = Dense(4)\n  a = x -> e\n  return a -> Tanh"),
      insert(onEdge("Tanh#1"), "e"),
      net("  layer e = Dense(4)\n  a = x -> e\n  return a -> e -> Tanh"),
    ],
    [
      "in a body on one line",
      "network N(x: [4]) { return x + exp(x) }",
      insert(behind("x")),
      "network N(x: [4]) { relu = x -> ReLU\n  return relu + exp(relu) }",
    ],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));

  const blocks = "block B(x) {\n  h = x -> Dense(4) as d\n  return x + h\n}\n\n";

  test("changes a block for all of its uses", () =>
    expect(edited(blocks + net("  return x -> B as a -> B as b"), insert(behind("b/d")))).toBe(
      blocks.replace("x + h", "x + ReLU(h)") + net("  return x -> B as a -> B as b"),
    ));

  test("a block is one more layer", () =>
    expect(edited(blocks + net("  return x -> B as a -> Tanh"), insert(onEdge("Tanh#1"), "B"))).toBe(
      blocks + net("  return x -> B as a -> B -> Tanh"),
    ));

  test("after a use of a block", () =>
    expect(edited(blocks + net("  return x -> B as a -> Tanh"), insert(behind("a")))).toBe(
      blocks + net("  return x -> B as a -> ReLU -> Tanh"),
    ));

  test("before a use of a block", () =>
    expect(edited(blocks + net("  return x -> B as a -> Tanh"), insert(inFrontOf("a")))).toBe(
      blocks + net("  return x -> ReLU -> B as a -> Tanh"),
    ));
});

describe("delete", () => {
  const lines = net("  return x\n    -> Dense(4) as h # wide\n    # Squash.\n    -> ReLU # squashed\n    -> Tanh as t");
  test.each<Case>([
    ["a stage", net("  return x -> Dense(4) -> ReLU -> Tanh"), remove("ReLU#1"), net("  return x -> Dense(4) -> Tanh")],
    ["the last stage", net("  return x -> Dense(4) -> ReLU"), remove("ReLU#1"), net("  return x -> Dense(4)")],
    ["the only stage", net("  return x -> ReLU"), remove("ReLU#1"), net("  return x")],
    ["a stage, not its comments", lines, remove("ReLU#1"), lines.replace("-> ReLU # sq", "# sq")],
    ["a stage with its line", lines, remove("t"), lines.replace("\n    -> Tanh as t", "")],
    [
      "a stage that is used by its name",
      net("  return { a: x -> Dense(4) as h -> ReLU as r, b: r }"),
      remove("r"),
      net("  return { a: x -> Dense(4) as h, b: h }"),
    ],
    [
      "a stage whose name goes to the one before",
      net("  return { a: x -> Dense(4) -> ReLU as r, b: r }"),
      remove("r"),
      net("  return { a: x -> Dense(4) as r, b: r }"),
    ],
    ["a statement", net("  y = x -> ReLU\n  return y + 1"), remove("y"), net("  return x + 1")],
    ["a call", net("  return exp(ReLU(x))"), remove("ReLU#1"), net("  return exp(x)")],
    ["a call around a formula", net("  return ReLU(x + 1) * 2"), remove("ReLU#1"), net("  return (x + 1) * 2")],
    ["a formula with one value", net("  return (x * 2) + x"), remove("multiply#1"), net("  return (x) + x")],
    [
      "a product with weights",
      net("  param W: [4, 4] = Zeros\n  return x @ W + 1"),
      remove("matmul#1"),
      net("  param W: [4, 4] = Zeros\n  return x + 1"),
    ],
    ["a parameter that nothing uses", net("  param W: [4, 4] = Zeros\n  return x"), remove("W"), net("  return x")],
    [
      "one turn of a repeated stage",
      net("  return x -> Dense(4) repeat 3 as h"),
      remove("h"),
      net("  return x -> Dense(4) repeat 2 as h"),
    ],
    [
      "the second of two turns",
      net("  return x -> Dense(4) repeat 2 as h"),
      remove("h"),
      net("  return x -> Dense(4) as h"),
    ],
    [
      "several values",
      net("  return x -> Dense(4) -> ReLU -> Dense(4) -> Tanh"),
      remove("Dense#1", "Dense#2", "Tanh#1"),
      net("  return x -> ReLU"),
    ],
    [
      "a use of a block",
      `block B(x) {\n  return x -> Dense(4) -> ReLU\n}\n${net("  return x -> B -> Tanh")}`,
      remove("B#1"),
      `block B(x) {\n  return x -> Dense(4) -> ReLU\n}\n${net("  return x -> Tanh")}`,
    ],
    [
      "a value with two names",
      net("  s = x -> Dense(4) -> ReLU as r\n  return s + r"),
      remove("r"),
      net("  s = x -> Dense(4)\n  return s + s"),
    ],
    ["an unused branch", net("  r = x -> ReLU\n  return x"), remove("r"), net("  return x")],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));
});

describe("rewire", () => {
  test.each<Case>([
    [
      "an operand",
      net("  h = x -> Dense(4)\n  return h + h"),
      rewire("add#1", 1, "x"),
      net("  h = x -> Dense(4)\n  return h + x"),
    ],
    [
      "the source of a pipeline",
      net("  h = x -> Dense(4)\n  return x -> Tanh"),
      rewire("Tanh#1", 0, "h"),
      net("  h = x -> Dense(4)\n  return h -> Tanh"),
    ],
    [
      "the middle of a pipeline, which becomes two",
      net("  return x\n    -> Dense(4) # wide\n    -> ReLU as r\n    -> Tanh"),
      rewire("r", 0, "x"),
      net("  dense = x\n    -> Dense(4) # wide\n  return x\n    -> ReLU as r\n    -> Tanh"),
    ],
    [
      "a named stage becomes a statement of that name",
      net("  y = x -> Dense(4) as h -> ReLU -> Tanh\n  return y"),
      rewire("ReLU#1", 0, "x"),
      net("  h = x -> Dense(4)\n  y = x -> ReLU -> Tanh\n  return y"),
    ],
    [
      "to a value without a name",
      net("  return { a: x -> Dense(4) -> ReLU, b: exp(x) }"),
      rewire("b", 0, "Dense#1"),
      net("  return { a: x -> Dense(4) as dense -> ReLU, b: exp(dense) }"),
    ],
    [
      "a formula, which is kept",
      net("  return exp(x + 1)"),
      rewire("exp#1", 0, "x"),
      net("  sum = x + 1\n  return exp(x)"),
    ],
    [
      "an output",
      net("  return { a: x, b: exp(x) }"),
      { kind: "rewire", edge: { kind: "output", name: "a" }, from: "b" },
      net("  value = exp(x)\n  return { a: value, b: value }"),
    ],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));
});

describe("connect", () => {
  test.each<Case>([
    [
      "onto a sum",
      net("  h = x -> Dense(4)\n  y = exp(x) + 1\n  return y"),
      connect("x", "y"),
      net("  h = x -> Dense(4)\n  y = exp(x) + 1 + x\n  return y"),
    ],
    [
      "onto a sum in parentheses",
      net("  h = x -> Dense(4)\n  return (h + x) * 2"),
      connect("x", "add#1"),
      net("  h = x -> Dense(4)\n  return (h + x + x) * 2"),
    ],
    [
      "around a stage of a pipeline",
      net("  return x\n    -> Dense(4) # wide\n    -> ReLU"),
      connect("x", "Dense#1"),
      net("  dense = x\n    -> Dense(4) # wide\n  return (x + dense)\n    -> ReLU"),
    ],
    [
      "around the end of a pipeline",
      net("  return x -> Dense(4) as h -> ReLU"),
      connect("h", "ReLU#1"),
      net("  relu = x -> Dense(4) as h -> ReLU\n  return h + relu"),
    ],
    [
      "onto a value with one use",
      net("  h = x -> Dense(4)\n  return ReLU(h)"),
      connect("x", "h"),
      net("  h = x -> Dense(4)\n  return ReLU(x + h)"),
    ],
    [
      "onto a value with several uses",
      net("  h = x -> Dense(4)\n  return exp(h) * h"),
      connect("x", "h"),
      net("  h = x -> Dense(4)\n  sum = x + h\n  return exp(sum) * sum"),
    ],
    [
      "inside of an expression",
      net("  return exp(x -> Dense(4) -> ReLU)"),
      connect("x", "Dense#1"),
      net("  return exp(x -> Dense(4) -> add(x) -> ReLU)"),
    ],
    [
      "from a value without a name",
      net("  return x -> Dense(4) -> ReLU -> Tanh"),
      connect("Dense#1", "ReLU#1"),
      net("  relu = x -> Dense(4) as dense -> ReLU\n  return (dense + relu) -> Tanh"),
    ],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));
});

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

describe("wrap and expand", () => {
  test("stages become a block that takes their attributes", () =>
    expect(
      edited(`# Doc.\n${net("  return x\n    -> Dense(size) as h # wide\n    -> ReLU\n    -> Dense(2)")}`, {
        kind: "wrap",
        values: ["h", "ReLU#1"],
        name: "Hidden",
      }),
    ).toBe(
      `block Hidden(x, size: int) {\n  return x\n    -> Dense(size) as h # wide\n    -> ReLU\n}\n\n# Doc.\n${net("  return x\n    -> Hidden(size)\n    -> Dense(2)")}`,
    ));

  test("statements become a block", () =>
    expect(
      edited(net("  h = x -> Dense(4)\n  s = h + x\n  return s -> ReLU"), {
        kind: "wrap",
        values: ["h", "s"],
        name: "Skip",
      }),
    ).toBe(
      `block Skip(x) {\n  h = x -> Dense(4)\n  s = h + x\n  return s\n}\n\n${net("  s = Skip(x)\n  return s -> ReLU")}`,
    ));

  const block = "block B(x, units: int) {\n  return x -> Dense(units) as h -> ReLU\n}\n";
  test("a block of stages becomes stages", () =>
    expect(edited(block + net("  return x -> B(2 * size) as b -> Tanh"), { kind: "expand", instance: "b" })).toBe(
      block + net("  return x -> Dense(2 * size) as h -> ReLU as b -> Tanh"),
    ));

  const residual = "block R(x) {\n  # Inside.\n  y = x -> Dense(4) # wide\n  return x + y\n}\n";
  test("a block of statements becomes statements", () =>
    expect(
      edited(residual + net("  y = x -> Tanh\n  return y -> ReLU -> R as r -> Tanh"), {
        kind: "expand",
        instance: "r",
      }),
    ).toBe(
      residual +
        net("  y = x -> Tanh\n  relu = y -> ReLU\n  y2 = relu -> Dense(4)\n  r = relu + y2\n  return r -> Tanh"),
    ));

  test("a block that is called", () =>
    expect(edited(residual + net("  return R(x)"), { kind: "expand", instance: "R#1" })).toBe(
      residual + net("  y = x -> Dense(4)\n  return x + y"),
    ));
});

describe("copy and paste", () => {
  const text = net("  return x -> Dense(4) as h -> ReLU -> Dense(2)");
  test("stages are copied with their names and pasted with new ones", () => {
    const copied = copyOf(analyze(text), "N", ["h", "ReLU#1"]);
    expect(copied).toEqual({ kind: "chain", chain: "-> Dense(4) as h -> ReLU" });
    expect(edited(text, { kind: "paste", chain: "-> Dense(4) as h -> ReLU", at: behind("ReLU#1") })).toBe(
      net("  return x -> Dense(4) as h -> ReLU -> Dense(4) as h2 -> ReLU -> Dense(2)"),
    );
  });

  test("what takes several values is not copied", () =>
    expect(copyOf(analyze(net("  return x -> Tanh -> add(x)")), "N", ["add#1"])).toEqual({
      kind: "refused",
      message: expect.stringContaining("takes several values"),
    }));

  test("values that do not follow one another are not copied", () =>
    expect(copyOf(analyze(text), "N", ["h", "Dense#1"])).toEqual({
      kind: "refused",
      message: expect.stringContaining("does not follow"),
    }));
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
    const problem = "Dense after h would not fit: Dense#1 gives [5]";
    expect(previewOf(analyze(text), gesture)).toMatchObject({ problems: [expect.stringContaining("would not fit")] });
    expect(editsFor(analyze(text), gesture)).toMatchObject({
      kind: "edits",
      problems: [expect.stringContaining("[5]")],
    });
    expect(problem).toContain("would not fit");
  });
});

describe("blocks", () => {
  const block = "block B(x) {\n  h = x -> Dense(4) as d\n  return x + h\n}\n\n";
  const twice = block + net("  return x -> B as a -> B repeat 2 as b -> Tanh");
  test.each<Case>([
    [
      "a layer changes in all uses",
      twice,
      argument("b/d", "bias", "false"),
      twice.replace("Dense(4)", "Dense(4, bias: false)"),
    ],
    ["a term goes to all uses", twice, connect("a/d", "a/add#1"), twice.replace("x + h", "x + h + d")],
    [
      "a value is deleted in all uses",
      twice,
      remove("a/d"),
      twice.replace("  h = x -> Dense(4) as d\n  return x + h", "  return x + x"),
    ],
    ["one of two turns is deleted", twice, remove("b"), twice.replace(" repeat 2", "")],
    [
      "a residual goes around a use",
      block + net("  return x -> B as a -> Tanh"),
      connect("x", "a"),
      block + net("  a = x -> B\n  return (x + a) -> Tanh"),
    ],
    [
      "a branch leaves a use",
      block + net("  return x -> B as a"),
      insert(branch("a")),
      block + net("  relu = a -> ReLU\n  return x -> B as a"),
    ],
    [
      "the edge to a use is given something new",
      block + net("  return x -> B as a"),
      insert(onEdge("a")),
      block + net("  return x -> ReLU -> B as a"),
    ],
    [
      "the edge to a use comes from elsewhere",
      block + net("  t = x -> Tanh\n  return t -> ReLU -> B as a"),
      rewire("a", 0, "t"),
      block + net("  t = x -> Tanh\n  relu = t -> ReLU\n  return t -> B as a"),
    ],
    [
      "what passes a block's border is rewired at its use",
      `block C(x) {\n  return x -> Dense(4) as d\n}\n${net("  t = x -> Tanh\n  return x -> C as a")}`,
      rewire("a/d", 0, "t"),
      `block C(x) {\n  return x -> Dense(4) as d\n}\n${net("  t = x -> Tanh\n  return t -> C as a")}`,
    ],
    [
      "a use that is called",
      block + net("  y = B(x)\n  return y -> Tanh"),
      remove("y"),
      block + net("  return x -> Tanh"),
    ],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));

  test("a block that nothing uses is edited by itself", () =>
    expect(edited(block, insert(behind("d")), "B")).toBe(block.replace("x + h", "x + ReLU(h)")));

  test("an attribute without a value is no input", () =>
    expect(edited("block B(x, rate: float) {\n  y = rate * x\n  return y -> Tanh\n}\n", remove("y"), "B")).toBe(
      "block B(x, rate: float) {\n  return x -> Tanh\n}\n",
    ));

  test("what an imported block gives can be used, and its inside not be changed", () => {
    const text = `import "blocks.nnet"\n\n${net("  return x -> B as a -> Tanh")}`;
    const world = { describeData: () => undefined, readFile: () => ({ text: block }) };
    const source = analyze(text, world);
    const result = editsFor(source, { ...insert(behind("a")), network: "N" }, world);
    expect(result.kind === "edits" && withEdits(text, result.edits)).toBe(text.replace("as a", "as a -> ReLU"));
    expect(editsFor(source, { ...insert(behind("a/d")), network: "N" }, world)).toEqual({
      kind: "refused",
      message: 'd stands in "blocks.nnet": open that file to change it.',
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

describe("what is pasted", () => {
  const text = net("  h = x -> Dense(4)\n  return h + h");
  const paste = (chain: string, at: EditPlace): Gesture => ({ kind: "paste", chain, at });
  test("brings the name of its last stage", () =>
    expect(edited(text, paste("-> Tanh as t -> ReLU as h", behind("h")))).toBe(
      net("  h = x -> Dense(4)\n  h2 = h -> Tanh as t -> ReLU\n  return h2 + h2"),
    ));
  test("goes around an operand", () =>
    expect(edited(text, paste("-> Tanh -> ReLU", onEdge("add#1")))).toBe(
      net("  h = x -> Dense(4)\n  return (h -> Tanh -> ReLU) + h"),
    ));
  test("must be a chain", () => expect(edited(text, paste("} network M(", behind("h")))).toContain("is no chain"));
});
