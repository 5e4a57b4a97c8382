// Blocks: made of a selection, written out again, and edited in all their uses.

import { describe, expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { editsFor } from "../../extension/language/edits";
import { withEdits } from "../../extension/language/rename";
import {
  argument,
  behind,
  branch,
  type Case,
  connect,
  edited,
  insert,
  net,
  onEdge,
  remove,
  removeFor,
  rewire,
} from "./edited";

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

  const two = "block Two(a, b, k: int = 2) {\n  s = a + b\n  return s -> Dense(k) as d\n}\n\n";
  test.each<Case>([
    [
      "the second input of a use",
      two + net("  t = x -> Tanh\n  r = x -> ReLU\n  return Two(t, x) -> Softmax"),
      rewire("Two#1", 1, "r"),
      two + net("  t = x -> Tanh\n  r = x -> ReLU\n  return Two(t, r) -> Softmax"),
    ],
    [
      "the one that is piped in",
      two + net("  t = x -> Tanh\n  r = x -> ReLU\n  return t -> Two(r, 4) as u -> Softmax"),
      rewire("u", 0, "x"),
      two + net("  t = x -> Tanh\n  r = x -> ReLU\n  return x -> Two(r, 4) as u -> Softmax"),
    ],
    [
      "by an edge that ends inside of it",
      two + net("  t = x -> Tanh\n  r = x -> ReLU\n  return (t, x) -> Two as u -> Softmax"),
      rewire("u/s", 1, "r"),
      two + net("  t = x -> Tanh\n  r = x -> ReLU\n  return (t, r) -> Two as u -> Softmax"),
    ],
    [
      "with something on the edge",
      two + net("  t = x -> Tanh\n  return (t, x) -> Two as u -> Softmax"),
      insert(onEdge("u", 1)),
      two + net("  t = x -> Tanh\n  return (t, x -> ReLU) -> Two as u -> Softmax"),
    ],
    [
      "the use is deleted for the one that is piped in",
      two + net("  t = x -> Tanh\n  return t -> Two(x -> ReLU, 2 * size) as u -> Softmax"),
      removeFor("u", 0),
      two + net("  t = x -> Tanh\n  relu = x -> ReLU\n  return t -> Softmax"),
    ],
    [
      "the use is deleted for the one in its parentheses",
      two + net("  t = x -> Tanh\n  return x -> ReLU # squashed\n    -> Two(t, 4) as u\n    -> Softmax"),
      removeFor("u", 1),
      two + net("  t = x -> Tanh\n  relu = x -> ReLU # squashed\n  return t\n    -> Softmax"),
    ],
    [
      "the use is deleted for one with its name, what is bound being something else then",
      two + net("  t = x -> Tanh\n  y = x -> ReLU -> Two(b: t)\n  return y * y"),
      removeFor("y", 1),
      two + net("  t = x -> Tanh\n  relu = x -> ReLU\n  return t * t"),
    ],
    [
      "the use is deleted for what is computed in its parentheses",
      two + net("  y = x -> Two(x -> Tanh)\n  return y -> Softmax"),
      removeFor("y", 1),
      two + net("  tanh = x -> Tanh\n  return tanh -> Softmax"),
    ],
    [
      "the use is deleted for one of a tuple",
      two + net("  t = x -> Tanh\n  return (t, x -> ReLU) -> Two -> Softmax"),
      removeFor("Two#1", 0),
      two + net("  t = x -> Tanh\n  relu = x -> ReLU\n  return t -> Softmax"),
    ],
    [
      "the use is deleted where it is called",
      two + net("  t = x -> Tanh\n  return 1 + Two(t + 1, x)"),
      removeFor("Two#1", 0),
      two + net("  t = x -> Tanh\n  return 1 + (t + 1)"),
    ],
    [
      "the use is deleted in all uses of the block around it",
      `${two}block Out(p, q) {\n  return p -> Two(q) -> Tanh\n}\n${net("  t = x -> Tanh\n  return t -> Out(x) -> Out(t) as o")}`,
      removeFor("o/Two#1", 1),
      `${two}block Out(p, q) {\n  return q -> Tanh\n}\n${net("  t = x -> Tanh\n  return t -> Out(x) -> Out(t) as o")}`,
    ],
    [
      "the last turn of a repeated use is deleted",
      two + net("  return x -> Two(x, 4) repeat 2 as u -> Softmax"),
      remove("u"),
      two + net("  return x -> Two(x, 4) as u -> Softmax"),
    ],
    [
      "a use that is given the same twice is deleted",
      two + net("  t = x -> Tanh\n  return (t, t) -> Two as u -> Softmax"),
      remove("u"),
      two + net("  t = x -> Tanh\n  return t -> Softmax"),
    ],
    [
      "a use that does not fit is deleted",
      `block Flat(a: [9], b) {\n  return a + b\n}\n${net("  return x -> Flat(x) as u -> Softmax")}`,
      removeFor("u", 0),
      `block Flat(a: [9], b) {\n  return a + b\n}\n${net("  return x -> Softmax")}`,
    ],
  ])("of several inputs, %s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));

  test("of several inputs that are given the same none can be told apart", () =>
    expect(edited(two + net("  t = x -> Tanh\n  return (x, x) -> Two as u"), rewire("u", 1, "t"))).toContain(
      "cannot be told which input",
    ));

  test("of several inputs none takes the place of a use by itself", () =>
    expect(edited(two + net("  t = x -> Tanh\n  return (x, t) -> Two as u"), remove("u"))).toContain(
      "u is computed from 2 values",
    ));

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
