// What gestures in the diagram ask of the text, where a drop lands, and what keys mean. No browser.

import { describe, expect, test } from "vitest";
import type { PaletteEntry } from "../../engine/protocol/editing";
import { analyze } from "../../extension/language/analyze";
import { argumentsOf, editsFor } from "../../extension/language/edits";
import { paletteOf } from "../../extension/language/palette";
import { withEdits } from "../../extension/language/rename";
import { actionOfKey, actions, keyName } from "../../webview/diagram/actions";
import { diagramOf } from "../../webview/diagram/diagram-model";
import { distanceToRoute, dropTargetAt } from "../../webview/diagram/drop-target";
import { followCursor, initialEditing, reduceEditing } from "../../webview/diagram/editing-state";
import {
  connectionOf,
  deletionOf,
  hasSeveralInputs,
  inputEnd,
  insertionAtSelection,
  placeAtSelection,
  placeOnEdge,
} from "../../webview/diagram/gestures";
import { picked, pickingText } from "../../webview/diagram/picking";
import { callText, foundEntries } from "../../webview/palette/found-entries";

const text = `block R(x, u: int) {
  return x + (x -> Dense(u))
}
network N(x: [4], size: int = 3) {
  return x -> Dense(size) as h -> R(3) as r -> Tanh repeat 2
}
`;
const analysis = analyze(text);
const diagram = diagramOf(analysis.module.networks[0]!);
const palette = paletteOf(analysis, "N");

describe("gestures", () => {
  test("something new goes behind what was selected last, else to the end", () => {
    expect(placeAtSelection(diagram, ["x", "h"], "after")).toEqual({ kind: "after", value: "h" });
    const end = { kind: "edge", edge: { kind: "output", name: "output" } };
    expect(placeAtSelection(diagram, [], "after")).toEqual(end);
    expect(placeAtSelection(diagram, ["output:output"], "before")).toEqual(end);
  });

  test("outputs and repeats are no values: a sentence says so", () => {
    expect(deletionOf(diagram, ["output:output"])).toMatchObject({ kind: "impossible" });
    expect(deletionOf(diagram, ["h", "repeat:Tanh#1"])).toMatchObject({ message: expect.stringMatching(/repeated/) });
    expect(deletionOf(diagram, [])).toEqual({ kind: "impossible", message: "Nothing is selected." });
    expect(inputEnd(diagram, "x", 0)).toEqual({ kind: "impossible", message: "x has no input." });
  });

  test("with a block that is selected its values are not asked for again", () =>
    expect(deletionOf(diagram, ["r", "r/Dense#1", "h"])).toEqual({
      kind: "gesture",
      gesture: { kind: "delete", values: ["r", "h"] },
    }));

  test("a use of a block is named as one", () =>
    expect(connectionOf(diagram, "h", "r")).toEqual({
      kind: "gesture",
      gesture: { kind: "connect", from: "h", to: "r" },
    }));

  test("on an edge into a block the text changes at the block's use, not inside of it", () => {
    const edge = diagram.edges.find(({ source }) => source === "h")!;
    const at = placeOnEdge(edge);
    const result = editsFor(analysis, { network: "N", kind: "insert", call: { name: "ReLU", arguments: [] }, at });
    if (result.kind === "refused") throw new Error(result.message);
    expect(withEdits(text, result.edits)).toBe(text.replace("-> R(3)", "-> ReLU -> R(3)"));
  });
});

describe("what takes several values", () => {
  const branched = diagramOf(
    analyze("network N(x: [4]) {\n  a = x -> Dense(4)\n  b = a -> Tanh\n  c = x -> ReLU\n  return b -> Softmax\n}\n")
      .module.networks[0]!,
  );
  const entry = (name: string): PaletteEntry => palette.find(({ call }) => call.name === name)!;

  test("takes all that is selected in that order, behind what the others lead to", () =>
    expect(insertionAtSelection(branched, ["b", "x"], entry("Concat"), "after")).toMatchObject({
      gesture: { at: { kind: "after", value: "b" }, others: { before: [], behind: ["x"] } },
    }));

  test("of values that do not lead to one another it stands behind one that is used", () =>
    expect(insertionAtSelection(branched, ["b", "c"], entry("+"), "after")).toMatchObject({
      gesture: { at: { kind: "after", value: "b" }, others: { before: [], behind: ["c"] } },
    }));

  test("an operator takes two of them", () =>
    expect(insertionAtSelection(branched, ["x", "a", "b"], entry("-"), "branch")).toMatchObject({
      gesture: { at: { kind: "branch", value: "a" }, others: { before: ["x"], behind: [] } },
    }));

  test("what takes one value stands behind the last one", () =>
    expect(insertionAtSelection(branched, ["x", "a"], entry("ReLU"), "after")).toEqual({
      kind: "gesture",
      gesture: { kind: "insert", call: { name: "ReLU", arguments: [] }, at: { kind: "after", value: "a" } },
    }));

  test("beside one value another one is picked, and then it is a gesture", () => {
    const begun = insertionAtSelection(branched, ["a"], entry("Concat"), "after");
    if (begun.kind !== "picking") throw new Error("Nothing is picked.");
    expect(pickingText(branched, begun.tool)).toMatch(/^Choose another value for Concat, besides a:/);
    expect(picked(branched, begun.tool, "x")).toMatchObject({
      gesture: { call: { name: "Concat" }, at: { kind: "after", value: "a" }, others: { before: [], behind: ["x"] } },
    });
    expect(picked(branched, begun.tool, "output:output")).toMatchObject({ kind: "impossible" });
  });

  test("a block that takes three has two picked, one after the other", () => {
    const three: PaletteEntry = { ...entry("Concat"), call: { name: "B", arguments: [] }, inputs: { min: 3, max: 3 } };
    const begun = insertionAtSelection(branched, [], three, "after");
    if (begun.kind !== "picking") throw new Error("Nothing is picked.");
    const next = picked(branched, begun.tool, "x");
    if (next.kind !== "picking") throw new Error("Nothing more is picked.");
    expect(pickingText(branched, next.tool)).toMatch(/value 3 of 3 for B/);
    expect(picked(branched, next.tool, "a")).toMatchObject({ gesture: { others: { behind: ["x", "a"] } } });
  });

  test("of several inputs one is picked to take the place of what is deleted", () => {
    const joined = diagramOf(
      analyze("network N(x: [4]) {\n  h = x -> Dense(4)\n  s = x + h\n  return s -> ReLU\n}\n").module.networks[0]!,
    );
    expect(hasSeveralInputs(joined, "s")).toBe(true);
    expect(hasSeveralInputs(joined, "h")).toBe(false);
    const tool = { kind: "pick", node: "s", gesture: { kind: "delete" } } as const;
    expect(picked(joined, tool, "h")).toEqual({
      kind: "gesture",
      gesture: { kind: "delete", values: ["s"], instead: 1 },
    });
    expect(picked(joined, tool, "ReLU#1")).toEqual({ kind: "impossible", message: "ReLU is no input of s." });
  });

  test.each([
    ["with its frame", []],
    ["as one node", ["t"]],
  ])("of a use of a block that takes several, drawn %s, too", (_, collapsed) => {
    const source = `block Two(a, b) {\n  return a + b -> Tanh\n}
network N(x: [4]) {\n  h = x -> Dense(4)\n  return x -> Two(h) as t -> Two(1) as u\n}\n`;
    const used = diagramOf(analyze(source).module.networks[0]!, { collapsed: new Set(collapsed) });
    expect(hasSeveralInputs(used, "t")).toBe(true);
    expect(hasSeveralInputs(used, "u")).toBe(false);
    const tool = { kind: "pick", node: "t", gesture: { kind: "delete" } } as const;
    expect(pickingText(used, tool)).toMatch(/^Choose which of its inputs takes the place of t/);
    expect(picked(used, tool, "h")).toEqual({
      kind: "gesture",
      gesture: { kind: "delete", values: ["t"], instead: 1 },
    });
    expect(picked(used, tool, "u")).toEqual({ kind: "impossible", message: "u is no input of t." });
  });

  test("all of a selection cannot stand behind something new", () =>
    expect(insertionAtSelection(branched, ["x", "a"], entry("+"), "before")).toMatchObject({ kind: "impossible" }));
});

describe("the palette", () => {
  test("has the layers that values of the network share, and of the blocks it uses, behind the file's blocks", () => {
    const source = `# Pairs.
block Pair(a, b) {
  layer inner = Dense(2) # unseen
  return inner(a) + inner(b)
}
network N(x: [4]) {
  # Sees.
  layer look = Dense(2)
  layer pair = Pair
  layer none = Dens(2)
  return pair(look(x), look(-x))
}
network M(x: [4]) {
  layer look = Tanh
  return x -> look -> look
}
`;
    const sharedIn = (network: string) =>
      paletteOf(analyze(source), network)
        .filter(({ category }) => category.startsWith("shared"))
        .map(({ call, category, summary, inputs }) => [call.name, category, summary, inputs.min]);
    expect(sharedIn("N")).toEqual([
      ["look", "shared in N", "Dense(2): Sees.", 1],
      ["pair", "shared in N", "Pair", 2],
      ["inner", "shared in Pair", "Dense(2)", 1],
    ]);
    expect(sharedIn("M")).toEqual([["look", "shared in M", "Tanh", 1]]);
    expect(paletteOf(analyze(source), "N").slice(0, 2)).toMatchObject([
      { call: { name: "Pair" } },
      { call: { name: "look" } },
    ]);
  });

  test("has the file's blocks first, then layers and functions, as they can be inserted", () => {
    expect(palette[0]).toMatchObject({
      call: { name: "R", arguments: [{ name: "u", written: "1" }] },
      category: "this file",
      inputs: { min: 1, max: 1 },
    });
    const names = palette.map(({ call }) => call.name);
    expect(names).toEqual(expect.arrayContaining(["Dense", "Concat", "exp", "max", "+", "@"]));
    // What a layer does as well is there once; a comparison lets no gradient through.
    for (const name of ["relu", "softmax", "<", "sign"]) expect(names).not.toContain(name);
    expect(palette.find(({ call }) => call.name === "Concat")?.inputs).toEqual({ min: 2 });
  });

  test.each(palette.map((entry) => [callText(entry), entry] as const))("%s can be written", (_, { call, inputs }) => {
    const others = { before: [], behind: inputs.min > 1 ? ["x"] : [] };
    const at = { kind: "after", value: "h" } as const;
    const result = editsFor(analysis, { network: "N", kind: "insert", call, at, others });
    // It may not fit there; but what it writes is read as what it means.
    expect(result.kind).toBe("edits");
  });

  test("finds by name before it finds by what a layer does", () => {
    const entry = (name: string, summary: string, category: string): PaletteEntry => ({
      call: { name, arguments: [] },
      summary,
      category,
      inputs: { min: 1, max: 1 },
    });
    const entries = [entry("Flatten", "Before Dense", "structure"), entry("Dense", "Every output", "core")];
    const found = foundEntries(entries, "dens");
    expect(found.map(({ entries: within }) => within.map(({ call }) => call.name))).toEqual([["Dense"], ["Flatten"]]);
    expect(foundEntries(entries, "nothing")).toEqual([]);
  });
});

describe("arguments", () => {
  test("come with their text, their types and their defaults", () => {
    const known = argumentsOf(analysis, "N", { kind: "value", value: "h" });
    expect(known).toMatchObject({ kind: "arguments", callee: "Dense" });
    if (known.kind === "refused") throw new Error(known.message);
    const [units, bias] = known.arguments;
    expect(units).toMatchObject({ name: "units", written: "size", type: { kind: "integer", min: 1 } });
    expect(bias).toMatchObject({ name: "bias", default: true });
    expect(bias).not.toHaveProperty("written");
  });

  test("of a block are its attributes", () =>
    expect(argumentsOf(analysis, "N", { kind: "value", value: "r" })).toMatchObject({
      callee: "R",
      arguments: [{ name: "u", written: "3" }],
    }));

  test("of an operator there are none", () => {
    const sum = analyze("network N(x: [4]) {\n  return x + x\n}\n");
    expect(argumentsOf(sum, "N", { kind: "value", value: "add#1" }).kind).toBe("refused");
  });
});

describe("a drop", () => {
  const box = (x: number, y: number) => ({ x, y, width: 100, height: 30 });
  const route = [
    { x: 50, y: 30 },
    { x: 50, y: 80 },
    { x: 200, y: 80 },
    { x: 200, y: 130 },
  ];
  const placement = {
    boxes: new Map([
      ["a", box(0, 0)],
      ["b", box(150, 130)],
      ["group", { x: -10, y: -10, width: 400, height: 400 }],
    ]),
    routes: new Map([["a→b:0", route]]),
    bounds: { x: 0, y: 0, width: 250, height: 160 },
    direction: "down",
  } as const;
  const nodes = [{ id: "a" }, { id: "b" }];

  test("hits the node under it, else the edge near it, else nothing", () => {
    expect(dropTargetAt(placement, nodes, { x: 50, y: 15 }, 20)).toEqual({ kind: "node", id: "a" });
    expect(dropTargetAt(placement, nodes, { x: 120, y: 95 }, 20)).toEqual({ kind: "edge", id: "a→b:0" });
    expect(dropTargetAt(placement, nodes, { x: 120, y: 105 }, 20)).toBeUndefined();
  });

  test("is as far from an edge as from its nearest piece", () => {
    expect(distanceToRoute(route, { x: 120, y: 95 })).toBe(15);
    expect(distanceToRoute(route, { x: 203, y: 134 })).toBe(5);
  });
});

describe("keys", () => {
  const key = (pressed: string, held = {}) =>
    actionOfKey({ key: pressed, ctrlKey: false, metaKey: false, altKey: false, ...held })?.title;

  test("no two gestures have the same one", () => {
    const keys = Object.values(actions).flatMap((action) => action.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("mean what the menu says", () => {
    expect([key("Delete"), key("F2"), key("Enter"), key("q")]).toEqual([
      "Delete",
      "Rename…",
      "Change Arguments…",
      undefined,
    ]);
    expect([key("z", { ctrlKey: true }), key("z", { metaKey: true }), key("Z", { ctrlKey: true })]).toEqual([
      "Undo",
      "Undo",
      "Redo",
    ]);
    expect(["Ctrl+z", "Ctrl+Z", " ", "i", "F2"].map(keyName)).toEqual(["Ctrl+Z", "Ctrl+Shift+Z", "Space", "I", "F2"]);
  });
});

describe("what is in hand", () => {
  test("the cursor in the text selects its value, and leaves a larger selection that has it alone", () => {
    const two = reduceEditing(initialEditing, { kind: "selectNodes", ids: ["a", "b"] });
    expect(followCursor(two, "b").selection).toEqual(["a", "b"]);
    expect(followCursor(two, "c").selection).toEqual(["c"]);
    expect(followCursor(two, undefined)).toBe(two);
  });

  test("a new selection takes the last message away", () => {
    const told = reduceEditing(initialEditing, { kind: "say", message: { severity: "error", text: "No." } });
    expect(reduceEditing(told, { kind: "selectNodes", ids: [] })).not.toHaveProperty("message");
  });

  test("nodes that are dragged stay where they are in one direction only", () => {
    const moved = reduceEditing(initialEditing, { kind: "moveNodes", network: "N", offsets: { h: { x: 1, y: 2 } } });
    expect(moved.byHand).toEqual({ network: "N", layout: { down: { h: { x: 1, y: 2 } } } });
    const collapsed = reduceEditing(moved, { kind: "collapse", network: "N", collapsed: ["r"] });
    expect(collapsed.byHand.layout).toEqual({ down: { h: { x: 1, y: 2 } }, collapsed: ["r"] });
  });
});
