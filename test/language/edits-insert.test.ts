// Something new in a network: what each gesture writes, in every form in which a network can be written.

import { describe, expect, test } from "vitest";
import type { EditPlace, Gesture } from "../../engine/protocol/edit-intent";
import { analyze } from "../../extension/language/analyze";
import { copyOf, editsFor } from "../../extension/language/edits";
import { behind, branch, type Case, edited, inFrontOf, insert, join, net, onEdge, onOutput } from "./edited";

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

describe("insert what takes several values", () => {
  const line = net("  return x -> Dense(4) as d -> ReLU # end");
  const twice = net("  h = x -> Dense(4) # wide\n  return Tanh(h) * h");
  const nested = net("  return exp(x -> Dense(4) as d -> ReLU) * 2");
  const block = "block Two(a, b, k: int = 2) {\n  return a + b -> Dense(k)\n}\n\n";
  test.each<Case>([
    [
      "a layer behind both",
      line,
      join("Concat", behind("d"), { behind: ["x"] }),
      net("  d = x -> Dense(4)\n  return (d, x) -> Concat -> ReLU # end"),
    ],
    [
      "in the order that is said",
      line,
      join("Concat", behind("d"), { before: ["x"] }),
      net("  d = x -> Dense(4)\n  return (x, d) -> Concat -> ReLU # end"),
    ],
    [
      "any number of them",
      line,
      join("Concat", onOutput, { before: ["x"], behind: ["d"] }),
      net("  relu = x -> Dense(4) as d -> ReLU # end\n  return (x, relu, d) -> Concat"),
    ],
    [
      "an operator between two",
      line,
      join("-", behind("d"), { behind: ["x"] }),
      net("  d = x -> Dense(4)\n  return (d - x) -> ReLU # end"),
    ],
    [
      "an operator on the first edge",
      net("  t = Tanh(x)\n  return x * 2 -> ReLU"),
      join("+", onEdge("ReLU#1"), { behind: ["t"] }),
      net("  t = Tanh(x)\n  return (x * 2 + t) -> ReLU"),
    ],
    [
      "an operator that binds tighter than what it is put on",
      net("  t = Tanh(x)\n  return x + 2 -> ReLU"),
      join("*", onEdge("ReLU#1"), { before: ["t"] }),
      net("  t = Tanh(x)\n  return (t * (x + 2)) -> ReLU"),
    ],
    [
      "a function",
      line,
      join("max", behind("d"), { behind: ["x"] }),
      net("  return x -> Dense(4) as d -> max(x) -> ReLU # end"),
    ],
    [
      "a block that nothing uses yet",
      block + line,
      join("Two", behind("d"), { behind: ["x"] }),
      block + net("  return x -> Dense(4) as d -> Two(x) -> ReLU # end"),
    ],
    [
      "behind a value with two uses",
      twice,
      join("Concat", behind("h"), { behind: ["x"] }),
      net("  h = x -> Dense(4) # wide\n  concat = (h, x) -> Concat\n  return Tanh(concat) * concat"),
    ],
    [
      "as a branch",
      twice,
      join("@", branch("h"), { before: ["x"] }),
      net("  h = x -> Dense(4) # wide\n  product = x @ h\n  return Tanh(h) * h"),
    ],
    [
      "inside of an expression",
      nested,
      join("Concat", behind("d"), { behind: ["x"] }),
      net("  return exp((x -> Dense(4) as d, x) -> Concat -> ReLU) * 2"),
    ],
    [
      "around an operand",
      net("  return (x + 1) * 2"),
      join("max", onEdge("multiply#1"), { behind: ["x"] }),
      net("  return max(x + 1, x) * 2"),
    ],
    [
      "a value without a name is given one",
      net("  return x -> Tanh -> Dense(4) -> ReLU"),
      join("+", behind("Dense#1"), { behind: ["Tanh#1"] }),
      net("  dense = x -> Tanh as tanh -> Dense(4)\n  return (dense + tanh) -> ReLU"),
    ],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));

  test("an operator needs a second value", () =>
    expect(edited(line, insert(behind("d"), "+"))).toContain("choose one"));

  test("nothing is computed from itself", () =>
    expect(edited(net("  return x -> Tanh as t -> ReLU as r"), join("+", behind("t"), { behind: ["r"] }))).toContain(
      "computed from itself",
    ));

  test("a value inside of a block does not go with one outside", () =>
    expect(
      edited(
        `block B(x) {\n  return x -> Tanh as t -> ReLU\n}\n${net("  return x -> B as b")}`,
        join("+", behind("b"), { behind: ["b/t"] }),
      ),
    ).toContain("Expand the block first"));

  test("sizes that do not go together are said, and written", () => {
    const text = net("  return x -> Dense(5) as d -> ReLU");
    const result = editsFor(analyze(text), { ...join("+", behind("d"), { behind: ["x"] }), network: "N" });
    expect(result).toMatchObject({ kind: "edits", problems: [expect.stringContaining("would not fit")] });
  });
});

describe("a shared layer", () => {
  const shared = "  layer look = Dense(4)\n  layer meet = Two(3)\n  h = x -> look\n";
  const two = "block Two(a, b, k: int = 2) {\n  return a + b -> Dense(k)\n}\n";
  const other = "block Other(x) {\n  layer alone = Dense(4)\n  return x -> alone -> alone\n}\n";
  test.each<Case>([
    [
      "on an edge",
      two + net(`${shared}  return h -> ReLU`),
      insert(onEdge("ReLU#1"), "look"),
      two + net(`${shared}  return h -> look -> ReLU`),
    ],
    [
      "around an expression",
      two + net(`${shared}  return ReLU(h) * 2`),
      insert(behind("ReLU#1"), "look"),
      two + net(`${shared}  return look(ReLU(h)) * 2`),
    ],
    [
      "as a branch, with a name of its own",
      two + net(`${shared}  return h`),
      insert(branch("x"), "look"),
      two + net(`${shared.replace("  h =", "  look2 = x -> look\n  h =")}  return h`),
    ],
    [
      "of a block with two inputs",
      two + net(`${shared}  return h -> ReLU`),
      join("meet", behind("h"), { behind: ["x"] }),
      two + net(`${shared}  return h -> meet(x) -> ReLU`),
    ],
    [
      "in the block that has it",
      other + net("  return x -> Other as o"),
      insert(behind("o/alone#1"), "alone"),
      other.replace("-> alone -> alone", "-> alone -> alone -> alone") + net("  return x -> Other as o"),
    ],
    [
      "not in another body",
      other + net("  return x -> Other as o"),
      insert(behind("x"), "alone"),
      "alone is shared by the values of Other: it cannot stand in N.",
    ],
  ])("%s", (_, text, gesture, expected) => expect(edited(text, gesture)).toBe(expected));
});
