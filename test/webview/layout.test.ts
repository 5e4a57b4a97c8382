// The layout with the real ELK: bands under one another, groups around what is in them, nothing moves that an edit leaves alone.

import ELK from "elkjs";
import type { ELK as Elk } from "elkjs/lib/elk-api";
import { describe, expect, test } from "vitest";
import type { FlowDirection } from "../../engine/protocol/editing";
import { analyze } from "../../extension/language/analyze";
import { type Diagram, diagramOf } from "../../webview/diagram/diagram-model";
import { type Box, layoutEngine, type Placement } from "../../webview/diagram/layout";
import { withOffsets } from "../../webview/diagram/offsets";

let asked = 0;
const elk = new ELK() as unknown as Elk;
const counting: Elk = {
  ...elk,
  layout: (...graph: Parameters<Elk["layout"]>) => {
    asked++;
    return elk.layout(...graph);
  },
} as Elk;
const engine = layoutEngine(async () => counting);

function diagram(body: string, blocks = ""): Diagram {
  const { module, diagnostics } = analyze(`${blocks}\nnetwork N(x: [4]) {\n${body}\n}\n`);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return diagramOf(module.networks[0]!);
}

async function placed(drawn: Diagram, direction: FlowDirection = "down"): Promise<Placement> {
  const sizes = new Map([...drawn.nodes, ...drawn.groups].map(({ id }) => [id, { width: 100, height: 30 }]));
  return await engine.place(drawn, sizes, { direction });
}

const residual = "block R(x) {\n  y = x -> Dense(4) -> ReLU\n  return x + y\n}";

function overlap(one: Box, other: Box): boolean {
  const apart = one.x + one.width <= other.x || other.x + other.width <= one.x;
  return !apart && one.y < other.y + other.height && other.y < one.y + one.height;
}

function inside(inner: Box, outer: Box): boolean {
  const across = inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width;
  return across && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
}

const examples: readonly (readonly [string, Diagram])[] = [
  ["a chain", diagram("  return x -> Dense(4) -> ReLU -> Dense(2)")],
  ["two branches", diagram("  a = x -> Dense(3)\n  b = x -> Dense(2)\n  return (a, b) -> Concat")],
  ["blocks in a row", diagram("  return x -> R as first -> R repeat 2 -> Dense(2)", residual)],
  ["two outputs", diagram("  h = x -> Dense(3)\n  p = h -> Dense(2)\n  return { hidden: h, p: p }")],
  ["declared weights", diagram("  param W: [4, 2] = Normal(0, 1)\n  param b: [2] = 0\n  return x @ W + b")],
  ["a value that nothing uses", diagram("  lost = x -> Dense(2)\n  return x -> Dense(3)")],
  [
    "long branches",
    diagram(
      `  a = x ${"-> Dense(4) -> ReLU ".repeat(20)}\n  b = x ${"-> Tanh ".repeat(30)}\n  return (a, b, x) -> Concat`,
    ),
  ],
  ["the same value twice", diagram("  return x * x")],
];

describe.each(examples)("%s", (_, drawn) => {
  test.each(["down", "right"] as const)(
    "flows %s: nodes do not overlap, edges begin and end at theirs",
    async (direction) => {
      const { boxes, routes, bounds } = await placed(drawn, direction);
      const nodes = drawn.nodes.map(({ id }) => boxes.get(id)!);
      for (const [index, box] of nodes.entries()) {
        expect(
          inside(box, { x: bounds.x - 1, y: bounds.y - 1, width: bounds.width + 2, height: bounds.height + 2 }),
        ).toBe(true);
        for (const other of nodes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
      }
      for (const { id, source, target } of drawn.edges) {
        const route = routes.get(id)!;
        const [from, to] = [boxes.get(source)!, boxes.get(target)!];
        const [start, end] = [route[0]!, route.at(-1)!];
        if (direction === "down") {
          expect([start.y, end.y]).toEqual([expect.closeTo(from.y + from.height), expect.closeTo(to.y)]);
          expect(start.x).toBeCloseTo(from.x + from.width / 2);
        } else {
          expect([start.x, end.x]).toEqual([expect.closeTo(from.x + from.width), expect.closeTo(to.x)]);
          expect(start.y).toBeCloseTo(from.y + from.height / 2);
        }
        for (const [index, point] of route.entries()) {
          const before = route[index - 1];
          if (before) expect(Math.min(Math.abs(point.x - before.x), Math.abs(point.y - before.y))).toBeLessThan(0.01);
        }
      }
    },
  );

  test("groups hold what is in them", async () => {
    const { boxes } = await placed(drawn);
    for (const { id, group } of [...drawn.nodes, ...drawn.groups.map((each) => ({ ...each, group: each.parent }))])
      if (group !== undefined) expect(inside(boxes.get(id)!, boxes.get(group)!)).toBe(true);
  });
});

test("an edit at the end moves nothing above it", async () => {
  const before = await placed(diagram("  return x -> Dense(4) -> R -> Dense(2)", residual));
  const after = await placed(diagram("  return x -> Dense(4) -> R -> Tanh -> Dense(2)", residual));
  for (const id of ["x", "Dense#1", "R#1", "R#1/y", "R#1/Dense#1"])
    expect(after.boxes.get(id)).toEqual(before.boxes.get(id));
});

test("a layer more in one branch moves no other branch", async () => {
  const branches = (extra: string) =>
    diagram(
      `  a = x ${"-> ReLU ".repeat(40)}${extra}\n  b = x ${"-> Tanh ".repeat(20)}\n  c = x ${"-> Sigmoid ".repeat(30)}\n  return (a, b, c) -> Concat`,
    );
  const before = await placed(branches(""));
  const after = await placed(branches("-> ReLU "));
  for (const [id, box] of before.boxes) {
    if (/^(x|b|c|Tanh|Sigmoid)/.test(id)) expect(after.boxes.get(id), id).toEqual(box);
  }
});

test("equal parts of a network are laid out once", async () => {
  const block = "block Twice(x) {\n  a = x -> Tanh\n  b = x -> Sigmoid\n  return a * b + x\n}";
  asked = 0;
  await placed(diagram("  return x -> Twice -> Twice -> Twice -> Twice", block));
  expect(asked).toBe(1);
});

test("chains of a large band are laid out as one item each", async () => {
  const branch = (name: string, count: number) => `  ${name} = x ${"-> Tanh ".repeat(count)}\n`;
  const { boxes } = await placed(diagram(`${branch("a", 40)}${branch("b", 40)}  return a + b`));
  const left = [...boxes].filter(([id]) => /^(a|Tanh#([1-9]|[12][0-9]|3[0-9]))$/.test(id)).map(([, { x }]) => x);
  expect(left.length).toBe(40);
  expect(new Set(left).size).toBe(1);
});

test("a node that was dragged takes its edges and its group along", async () => {
  const drawn = diagram("  return x -> R as r -> Dense(2)", residual);
  const layout = await placed(drawn);
  const moved = withOffsets(drawn, layout, { "r/y": { x: 300, y: 10 } });
  const [before, after] = [layout.boxes.get("r/y")!, moved.boxes.get("r/y")!];
  expect(after).toEqual({ ...before, x: before.x + 300, y: before.y + 10 });
  expect(inside(after, moved.boxes.get("r")!)).toBe(true);
  for (const { id, source, target } of drawn.edges) {
    if (target === "r/y") expect(moved.routes.get(id)!.at(-1)!.y).toBeCloseTo(after.y);
    else if (source === "r/y") expect(moved.routes.get(id)![0]!.y).toBeCloseTo(after.y + after.height);
    else expect(moved.routes.get(id)).toBe(layout.routes.get(id));
  }
});

test("places of nodes that are not there change nothing", async () => {
  const drawn = diagram("  return x -> Dense(2)");
  const layout = await placed(drawn);
  expect(withOffsets(drawn, layout, { gone: { x: 1, y: 1 } })).toBe(layout);
});
