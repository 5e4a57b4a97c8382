// Blocks and repeats in the diagram: drawn around their values, or as one node.

import { expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { type Diagram, diagramOf } from "../../webview/diagram/diagram-model";

const text = `block R(x, u: int = 4) {
  h = x -> Dense(u)
  return x + h
}
network N(x: [4]) {
  return x -> R as first -> R repeat 2 -> Dense(4) repeat 3 -> Softmax
}
`;

function drawn(collapsed: readonly string[] = [], before?: Diagram, source = text): Diagram {
  return diagramOf(analyze(source).module.networks[0]!, { collapsed: new Set(collapsed), before });
}

test("each use of a block is a group, each repeat one around its turns", () =>
  expect(drawn().groups.map(({ kind, heading, detail, parent }) => [kind, heading, detail, parent])).toEqual([
    ["block", "first", "R", undefined],
    ["repeat", "R", "repeat 2", undefined],
    ["block", "R", "", "repeat:R#1"],
    ["block", "R", "", "repeat:R#1"],
    ["repeat", "Dense", "repeat 3", undefined],
  ]));

test("an edge into a block means the input of its use, one out of it what the use gives", () => {
  const edges = drawn().edges;
  const into = edges.filter(({ source }) => source === "x");
  expect(into.map(({ end }) => end)).toEqual(into.map(() => ({ kind: "input", value: "first", input: 0 })));
  expect(edges.filter(({ target }) => target.startsWith("R#1")).map(({ from }) => from)).toContain("first");
});

test("a collapsed block is one node with the parameters of all that is in it", () => {
  const { nodes, edges, groups, home } = drawn(["first"]);
  const node = nodes.find(({ id }) => id === "first");
  expect(node).toMatchObject({
    kind: "block",
    heading: "first",
    detail: "R, 2 values",
    parameterCount: 20,
    shape: "[4]",
  });
  expect(edges.filter(({ target }) => target === "first").map(({ source }) => source)).toEqual(["x"]);
  expect(groups.some(({ id }) => id === "first")).toBe(false);
  expect([home.get("first/h"), home.get("first/h.W")]).toEqual(["first", "first"]);
});

test("a collapsed repeat hides the blocks in it", () => {
  const { nodes, groups } = drawn(["repeat:R#1"]);
  expect(nodes.filter(({ kind }) => kind === "repeat").map(({ id, detail }) => [id, detail])).toEqual([
    ["repeat:R#1", "repeat 2, 4 values"],
  ]);
  expect(groups.map(({ id }) => id)).toEqual(["first", "repeat:Dense#1"]);
});

test("after an edit the nodes that are the same are the same objects", () => {
  const before = drawn();
  const after = drawn([], before, text.replace("Softmax", "Sigmoid"));
  const kept = after.nodes.filter((node) => before.nodes.includes(node)).map(({ id }) => id);
  expect(kept).toEqual(after.nodes.map(({ id }) => id).filter((id) => !["Sigmoid#1", "output:output"].includes(id)));
});

test("what shares its weights says so, and what it is", () => {
  const source = `block R(x) {\n  return x -> Dense(4)\n}
network N(x: [4]) {\n  layer look = Dense(4, bias: false)\n  layer again = R
  seen = look(x)\n  first = again(seen)\n  return look(again(first))\n}\n`;
  const { nodes, groups } = drawn([], undefined, source);
  expect(nodes.filter(({ kind }) => kind === "layer").map(({ heading, detail }) => [heading, detail])).toEqual([
    ["seen", "look: Dense(4), shared"],
    ["Dense", "units: 4"],
    ["Dense", "units: 4"],
    ["look", "Dense(4), shared"],
  ]);
  expect(groups.map(({ heading, detail }) => [heading, detail])).toEqual([
    ["first", "again: R, shared"],
    ["again", "R, shared"],
  ]);
  expect(nodes.find(({ id }) => id === "seen")?.tooltip).toContain("look = Dense(units: 4, bias: false");
});
