import { expect, test } from "vitest";
import type { Network, Value } from "../../engine/protocol/network";
import { type DiagramNode, diagramOf } from "../../webview/diagram/diagram-model";
import {
  classifier,
  declared,
  input,
  layer,
  literal,
  network,
  operation,
  output,
  parameter,
  weights,
} from "./networks";

test("every value is a node, in the order of the network, and every output one more", () =>
  expect(diagramOf(classifier()).nodes.map(({ id, kind }) => [id, kind])).toEqual([
    ["x", "input"],
    ["h", "layer"],
    ["Softmax#1", "layer"],
    ["output:output", "output"],
  ]));

test("edges follow the inputs and end at the output", () =>
  expect(edgesOf(classifier())).toEqual(["x→h", "h→Softmax#1", "Softmax#1→output:output"]));

test("a named layer is called by its name and says in detail what it is", () =>
  expect(nodeIn(classifier(), "h")).toMatchObject({ heading: "h", detail: "Dense(3)", shape: "[3]" }));

test("an unnamed layer is called by its title and says its arguments", () => {
  const dropout = layer({ id: "Dropout#1", title: "Dropout", inputs: ["x"], shape: [4], arguments: { rate: 0.1 } });
  expect(nodeIn(network([input("x", [4]), dropout]), "Dropout#1")).toMatchObject({
    heading: "Dropout",
    detail: "rate: 0.1",
  });
});

test("a layer lists its own parameters and their number", () =>
  expect(nodeIn(classifier(), "h")).toMatchObject({
    parameters: [
      { id: "h.W", name: "W", shape: "[4, 3]" },
      { id: "h.b", name: "b", shape: "[3]" },
    ],
    parameterCount: 15,
  }));

test("two uses of one instance both show the weights they share", () => {
  const shared = network(
    [
      input("x", [4]),
      layer({ id: "a", name: "a", title: "Dense", inputs: ["x"], shape: [4], instance: "encoder" }),
      layer({ id: "b", name: "b", title: "Dense", inputs: ["a"], shape: [4], instance: "encoder" }),
    ],
    { parameters: weights("encoder", { W: [4, 4] }) },
  );
  expect([nodeIn(shared, "a"), nodeIn(shared, "b")].map(({ parameterCount }) => parameterCount)).toEqual([16, 16]);
  expect(diagramOf(shared).home.get("encoder.W")).toBe("a");
});

test("a declared param is a node with its count, a const one that is told apart", () => {
  const drawn = network([declared("W", [2, 3]), declared("c", [3])], {
    parameters: [parameter("W", [2, 3], { trainable: true }), parameter("c", [3], { trainable: false })],
  });
  expect(nodeIn(drawn, "W")).toMatchObject({ kind: "parameter", detail: "param", parameterCount: 6, parameters: [] });
  expect(nodeIn(drawn, "c")).toMatchObject({ kind: "constant", detail: "const" });
});

test("a literal is no node, and not repeated where the title shows it", () => {
  const relu = network([
    input("H1", [2]),
    literal("constant#1", "0", [0]),
    operation({ id: "O1", name: "O1", title: "max(0, H1)", inputs: ["constant#1", "H1"], shape: [2] }),
  ]);
  expect(diagramOf(relu).nodes.map(({ id }) => id)).toEqual(["H1", "O1"]);
  expect(nodeIn(relu, "O1").detail).toBe("max(0, H1)");
  expect(diagramOf(relu).edges).toEqual([
    { id: "H1→O1:1", source: "H1", target: "O1", input: 1, from: "H1", end: inputOf("O1", 1), carriesParameter: false },
  ]);
});

test("a literal the title leaves out is added to it, also when its digits are part of a name", () => {
  const scaled = (title: string) =>
    nodeIn(
      network([
        input("h10", [2]),
        literal("constant#1", "0", [0]),
        operation({ id: "s", title, inputs: ["h10", "constant#1"], shape: [2] }),
      ]),
      "s",
    ).heading;
  expect(scaled("shift h10")).toBe("shift h10 with 0");
  expect(scaled("h10 + 0")).toBe("h10 + 0");
});

test("a small tensor literal is written out, a large one by its shape", () => {
  const added = (data: readonly number[], shape: readonly number[]) =>
    nodeIn(network([literal("c", "", data, shape), operation({ id: "y", title: "add", inputs: ["c"], shape })]), "y")
      .heading;
  expect(added([1, 2, 3, 4], [2, 2])).toBe("add with [[1, 2], [3, 4]]");
  expect(added([1, 2, 3, 4, 5, 6, 7, 8], [8])).toBe("add with [8] numbers");
});

test("a value without a shape is broken and says so", () => {
  const broken = network([input("x", [4]), operation({ id: "y", name: "y", title: "x @ W", inputs: ["x", "W"] })]);
  const y = nodeIn(broken, "y");
  expect(y).toMatchObject({ broken: true });
  expect(y).not.toHaveProperty("shape");
  expect(y.label).toContain("unknown shape");
  expect(edgesOf(broken)).toEqual(["x→y"]);
});

test("in a block that no network uses only what its inputs do not tell is without a shape and yet not broken", () => {
  const unshaped = (value: Value): Value => {
    const { shape: _, ...rest } = value;
    return rest;
  };
  const block = network([
    unshaped(input("x", [])),
    input("c", [4]),
    operation({ id: "sum", title: "x + c", inputs: ["x", "c"] }),
    operation({ id: "wrong", title: "c @ c", inputs: ["c", "c"] }),
  ]);
  const { nodes } = diagramOf(block, { isBlock: true });
  expect(nodes.map(({ id, broken }) => [id, broken])).toEqual([
    ["x", false],
    ["c", false],
    ["sum", false],
    ["wrong", true],
  ]);
  expect(nodes[2]!.tooltip).toContain("depends on what the block is used for");
});

test("the tooltip shows the shape of the batch, all arguments and the count", () => {
  expect(nodeIn(classifier(), "h").tooltip).toBe(
    "h: Dense(units: 3, bias: true)\none sample [3], a batch [N, 3]\n15 parameters",
  );
  expect(nodeIn(classifier(), "Softmax#1").tooltip).toBe("Softmax\none sample [3], a batch [N, 3]");
  expect(nodeIn(classifier(), "x").tooltip).toBe("x: input\none sample [4], a batch [N, 4]");
});

test("a screen reader hears kind, name, what it is, shape, count and where it comes from", () => {
  expect(nodeIn(classifier(), "h").label).toBe("layer h, Dense(3), shape 3, 15 parameters, from x");
  expect(nodeIn(classifier(), "x").label).toBe("input x, shape 4");
  expect(nodeIn(classifier(), "output:output").label).toBe("output, returns Softmax");
});

test("several outputs are marked by their names", () => {
  const two = network([input("x", [2])], { outputs: [output("x", "probs"), output("x", "code")] });
  expect(edgesOf(two)).toEqual(["x→output:probs", "x→output:code"]);
  expect(nodeIn(two, "output:code")).toMatchObject({ value: "x", heading: "code" });
});

test("a parameter, a literal and a value each have a node that shows them", () => {
  const { home } = diagramOf(
    network(
      [
        input("x", [2]),
        literal("c", "2", [2]),
        operation({ id: "y", title: "2 * x", inputs: ["c", "x"], shape: [2] }),
        layer({ id: "h", title: "Dense", inputs: ["y"], shape: [3] }),
      ],
      { parameters: weights("h", { W: [2, 3] }) },
    ),
  );
  expect([home.get("x"), home.get("c"), home.get("h.W"), home.get("nothing")]).toEqual(["x", "y", "h", undefined]);
});

test("a value used twice by the same operation has two edges", () =>
  expect(
    diagramOf(
      network([input("x", [2]), operation({ id: "y", title: "x * x", inputs: ["x", "x"], shape: [2] })]),
    ).edges.map(({ id }) => id),
  ).toEqual(["x→y:0", "x→y:1"]));

function nodeIn(drawn: Network, id: string): DiagramNode {
  const node = diagramOf(drawn).nodes.find((each) => each.id === id);
  if (!node) throw new Error(`There is no node ${id}.`);
  return node;
}

function edgesOf(drawn: Network): readonly string[] {
  return diagramOf(drawn).edges.map(({ source, target }) => `${source}→${target}`);
}

function inputOf(value: string, input: number) {
  return { kind: "input", value, input } as const;
}
