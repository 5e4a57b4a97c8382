// What is computed from what: deleting, rewiring and adding values, in every form in which a network can be written.

import { describe, expect, test } from "vitest";
import { type Case, connect, edited, net, remove, removeFor, rewire } from "./edited";

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
    ["a formula with one value", net("  return (x * 2) + x"), remove("multiply#1"), net("  return x + x")],
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
    [
      "a sum, for one of its terms",
      net("  h = x -> Dense(4)\n  s = x + h\n  return s -> ReLU"),
      removeFor("s", 1),
      net("  h = x -> Dense(4)\n  return h -> ReLU"),
    ],
    [
      "a sum in an expression, the other term being kept",
      net("  return exp(x + Tanh(x))"),
      removeFor("add#1", 0),
      net("  tanh = Tanh(x)\n  return exp(x)"),
    ],
    [
      "what joins values, for one of them",
      net("  h = x -> Dense(4)\n  return (x, h) -> Concat -> ReLU"),
      removeFor("Concat#1", 1),
      net("  h = x -> Dense(4)\n  return h -> ReLU"),
    ],
    [
      "what joins values, for one that is computed there",
      net("  return (x, x -> Dense(4)) -> Concat -> ReLU"),
      removeFor("Concat#1", 0),
      net("  dense = x -> Dense(4)\n  return x -> ReLU"),
    ],
    [
      "a stage with a second value, for what flows into it",
      net("  h = x -> Dense(4)\n  return x -> max(h) -> ReLU"),
      removeFor("max#1", 0),
      net("  h = x -> Dense(4)\n  return x -> ReLU"),
    ],
    [
      "a stage with a second value, for that one",
      net("  h = x -> Dense(4)\n  return x -> Tanh -> max(h) -> ReLU"),
      removeFor("max#1", 1),
      net("  h = x -> Dense(4)\n  tanh = x -> Tanh\n  return h -> ReLU"),
    ],
    ["a sum of one value", net("  return x + x -> ReLU"), remove("add#1"), net("  return x -> ReLU")],
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
