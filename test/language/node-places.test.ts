// Places of nodes while the text is edited. The oracle is in the text: each layer has a number of units of its own.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NodeOffsets } from "../../engine/protocol/editing";
import type { Network } from "../../engine/protocol/network";
import { analyze } from "../../extension/language/analyze";
import { NodePlaces, type PlacesOfFile } from "../../extension/language/node-places";
import { parse } from "../../extension/language/parser";

describe("a place by hand", () => {
  const small = "network N(x: [2]) {\n  return x\n    -> Dense(3)\n    -> ReLU\n    -> Dense(4)\n}\n";

  test("stays with its layer when another is written in front", () => {
    const file = opened(small, { "Dense#2": 4 });
    file.replace("    -> Dense(3)\n", "    -> Dense(9)\n    -> Dense(3)\n");
    expect(file.places()).toEqual({ "Dense#3": 4 });
  });

  test("goes with its layer, and comes back when that is undone", () => {
    const file = opened(small, { "Dense#1": 3, "Dense#2": 4 });
    file.replace("    -> Dense(3)\n", "");
    expect(file.places()).toEqual({ "Dense#1": 4 });
    file.replace("  return x\n", "  return x\n    -> Dense(3)\n");
    expect(file.places()).toEqual({ "Dense#1": 3, "Dense#2": 4 });
  });

  test("is not that of a layer typed in the same line", () => {
    const file = opened(small, { "Dense#1": 3 });
    file.replace("Dense(3)", "");
    file.replace("    -> \n", "    -> Dense(7)\n");
    expect(file.places()).toEqual({});
  });

  test("stays while its layer's arguments are typed, whatever the text means in between", () => {
    const file = opened(small, { "Dense#1": 3, "Dense#2": 4 });
    for (const [from, to] of [
      ["Dense(3)", "Dense("],
      ["Dense(\n", "Dense(5\n"],
      ["Dense(5\n", "Dense(5)\n"],
    ] as const)
      file.type(from, to);
    expect(file.places()).toEqual({ "Dense#1": 3, "Dense#2": 4 });
  });

  test("stays when its layer is given a name, and when that changes", () => {
    const file = opened(small, { "Dense#1": 3 });
    file.type("Dense(3)", "Dense(3) as h");
    expect(file.places()).toEqual({ h: 3 });
    file.type(" as h", " as first");
    expect(file.places()).toEqual({ first: 3 });
  });

  test("stays when its network is given another name", () => {
    const file = opened(small, { "Dense#1": 3 });
    file.replace("network N(", "network Other(");
    expect(file.places("Other")).toEqual({ "Dense#1": 3 });
    expect(file.places("N")).toEqual({});
  });

  test("is that of a name also where its text was cut out and put in somewhere else", () => {
    const text = "network N(x: [2]) {\n  a = x -> Dense(3)\n  b = x -> Dense(3)\n  return a + b\n}\n";
    const file = opened(text, { a: 3 });
    file.replace("  a = x -> Dense(3)\n", "");
    expect(file.places()).toEqual({});
    file.replace("  return", "  a = x -> Dense(3)\n  return");
    expect(file.places()).toEqual({ a: 3 });
  });

  test("in one turn of a repeat and in one use of a block is that of this turn and use", () => {
    const text =
      "block R(x) {\n  return x -> Dense(2) -> ReLU\n}\nnetwork N(x: [2]) {\n  return x -> R repeat 2 -> R -> Dense(2) repeat 3\n}\n";
    const file = opened(text, { "R#2/Dense#1": 1, "R#3/Dense#1": 2, "R#3": 3, "Dense#2": 4, "repeat:R#1": 5 });
    file.type("{\n  return x -> R repeat", "{\n  return x -> Tanh -> R -> Dense(2) -> R repeat");
    expect(file.places()).toEqual({ "R#3/Dense#1": 1, "R#4/Dense#1": 2, "R#4": 3, "Dense#3": 4, "repeat:R#2": 5 });
    file.type("x -> Dense(2) -> ReLU", "x -> Dense(2) -> Dense(2) -> ReLU");
    expect(file.places()["R#3/Dense#1"]).toBe(1);
  });

  test("inside an imported block is dropped when the import has changed", () => {
    const text = 'import "b.nnet"\nnetwork N(x: [2]) {\n  return x -> Dense(2) -> R\n}\n';
    let body = "Dense(2) -> Tanh";
    const readFile = () => ({ kind: "read" as const, text: `block R(x) {\n  return x -> ${body}\n}\n` });
    const read = () => analyze(text, { describeData: () => undefined, readFile }).module;
    const places = new NodePlaces(read(), {});
    places.move("N", "down", { "R#1/Dense#1": { x: 1, y: 0 }, "Dense#1": { x: 2, y: 0 } });
    places.read(read());
    expect(places.layoutIn("N").down).toHaveProperty("R#1/Dense#1");
    body = "Dense(2) -> Dense(2) -> Tanh";
    places.read(read());
    expect(places.layoutIn("N").down).toEqual({ "Dense#1": { x: 2, y: 0 } });
  });

  test("follows what a gesture says, also where the text of the layer was written anew", () => {
    const places = new NodePlaces(analyze(small).module, {});
    places.move("N", "down", { "Dense#1": { x: 3, y: 0 }, "Dense#2": { x: 4, y: 0 } });
    const text = small.replace("    -> Dense(3)\n    -> ReLU\n", "    -> ReLU\n    -> Dense(3)\n");
    const start = small.indexOf("    -> Dense(3)");
    places.change({ offset: start, length: 27, inserted: 27 });
    places.read(analyze(text).module, { network: "N", ids: new Map([["Dense#1", "Dense#1"]]) });
    expect(places.layoutIn("N").down).toEqual({ "Dense#1": { x: 3, y: 0 }, "Dense#2": { x: 4, y: 0 } });
  });

  test("is kept over a change from elsewhere by name only", () => {
    const file = opened(small.replace("ReLU", "ReLU as r"), { "Dense#2": 4, r: 5 });
    const same = new NodePlaces(analyze(file.text).module, file.stored());
    expect(same.layoutIn("N").down).toEqual({ "Dense#2": { x: 4, y: 0 }, r: { x: 5, y: 0 } });
    const changed = file.text.replace("    -> Dense(3)\n", "    -> Dense(3)\n    -> Dense(3)\n");
    const other = new NodePlaces(analyze(changed).module, file.stored());
    expect(other.layoutIn("N").down).toEqual({ r: { x: 5, y: 0 } });
  });

  test("waits for a network that cannot be read yet, or not any more", () => {
    const { module } = analyze(small);
    const places = new NodePlaces(module, {});
    places.move("N", "down", { "Dense#2": { x: 4, y: 0 } });
    const stored = places.stored();
    places.read(analyze("").module);
    expect(places.stored()).toEqual(stored);
    const later = new NodePlaces(analyze("").module, stored);
    expect(later.stored()).toEqual(stored);
    later.read(module);
    expect(later.layoutIn("N")).toEqual({ down: { "Dense#2": { x: 4, y: 0 } } });
  });

  test("waits for its text when another program writes places first, as a checkout may", () => {
    const file = opened(small, { "Dense#2": 4 });
    const places = new NodePlaces(analyze(small.replace("    -> ReLU\n", "")).module, file.stored());
    expect(places.layoutIn("N")).toEqual({});
    places.read(analyze(small).module);
    expect(places.layoutIn("N")).toEqual({ down: { "Dense#2": { x: 4, y: 0 } } });
  });

  test("is gone when everything is laid out again, also for undo", () => {
    const file = opened(small, { "Dense#2": 4 });
    file.clear();
    file.replace("    -> Dense(3)\n", "");
    file.replace("  return x\n", "  return x\n    -> Dense(3)\n");
    expect(file.places()).toEqual({});
    expect(file.stored()).toEqual({});
  });
});

describe("a group that is collapsed", () => {
  const text =
    "block R(x) {\n  return x -> Dense(2) -> ReLU\n}\nnetwork N(x: [2]) {\n  return x -> R -> Dense(2) repeat 3 -> R as r\n}\n";
  const collapsedIn = (places: NodePlaces) => places.layoutIn("N").collapsed;
  const typedInFront = (begin: NodePlaces) => {
    const offset = text.indexOf("-> R -> Dense");
    const stage = "-> R -> Dense(2) repeat 2 ";
    begin.change({ offset, length: 0, inserted: stage.length });
    begin.read(analyze(text.slice(0, offset) + stage + text.slice(offset)).module);
  };

  test("stays so when others like it are written in front, and so does no other", () => {
    const places = new NodePlaces(analyze(text).module, {});
    places.collapse("N", ["R#1", "repeat:Dense#1", "r"]);
    typedInFront(places);
    expect(collapsedIn(places)?.toSorted()).toEqual(["R#2", "r", "repeat:Dense#3"]);
  });

  test("keeps its place, keeps being collapsed when it is dragged, and when all is laid out again", () => {
    const places = new NodePlaces(analyze(text).module, {});
    places.move("N", "down", { "R#1": { x: 1, y: 0 } });
    places.collapse("N", ["R#1"]);
    places.move("N", "down", { "R#1": { x: 2, y: 0 } });
    typedInFront(places);
    expect(places.layoutIn("N")).toEqual({ down: { "R#2": { x: 2, y: 0 } }, collapsed: ["R#2"] });
    places.clear();
    expect(places.layoutIn("N")).toEqual({ collapsed: ["R#2"] });
    places.collapse("N", []);
    expect(places.stored()).toEqual({});
  });

  test("is not collapsed again by undo once it is shown again", () => {
    const file = opened(text, {}, ["R#1"]);
    file.type("-> R -> Dense", "-> Tanh -> R -> Dense");
    expect(file.collapsed()).toEqual(["R#1"]);
    file.collapse([]);
    file.type("-> Tanh -> R -> Dense", "-> R -> Dense");
    expect(file.collapsed()).toEqual([]);
  });

  test("is remembered with its text, and in another text by its name only", () => {
    const places = new NodePlaces(analyze(text).module, {});
    places.collapse("N", ["R#1", "r"]);
    expect(collapsedIn(new NodePlaces(analyze(text).module, places.stored()))).toEqual(["R#1", "r"]);
    const other = analyze(text.replace("-> R ", "-> R -> R ")).module;
    expect(collapsedIn(new NodePlaces(other, places.stored()))).toEqual(["r"]);
  });

  test("is no other one, whatever is edited in other lines, and is one as long as it is there", () => {
    fc.assert(
      fc.property(fc.array(lineEdit, { minLength: 1, maxLength: 25 }), (edits) => {
        const file = opened(manyUses, {}, ["B#1", "B#3", "B#5"]);
        for (const edit of edits) {
          file.editLine(edit);
          const { networks } = analyze(file.text).module;
          const numbers = new Map(
            networks.find(({ name }) => name === "N")?.blocks?.map((use) => [use.instance, use.arguments.n]),
          );
          const collapsed = file.collapsed();
          for (const id of collapsed) {
            const own = numbers.get(id);
            // The line of a use itself was edited: its number may be another.
            if (typeof own === "number" && file.untouched.has(own)) expect(own % 2, `${id} in\n${file.text}`).toBe(1);
          }
          if (parse(file.text).problems.length > 0) continue;
          for (const [id, own] of numbers) {
            const isKept = typeof own === "number" && own % 2 === 1 && own > 700 && file.untouched.has(own);
            if (isKept) expect(collapsed, `${id} in\n${file.text}`).toContain(id);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Uses of a block, each with a number of its own; the odd ones are collapsed. A use that is inserted has an even one. */
const manyUses = `block B(x, n: int = 4) {
  return x
    -> Dense(n)
    -> ReLU
}
network N(x: [2]) {
  return x
    -> B(701)
    -> B(702)
    -> Dense(3)
    -> B(703)
    -> B(704)
    -> B(705)
}
`;

describe("whatever is edited in other lines", () => {
  test("no place becomes that of another layer, and none is lost while its layer is there", () => {
    fc.assert(
      fc.property(fc.array(lineEdit, { minLength: 1, maxLength: 25 }), (edits) => {
        const file = opened(manyLayers, placesByUnits(manyLayers));
        for (const edit of edits) {
          file.editLine(edit);
          const network = analyze(file.text).module.networks.find(({ name }) => name === "N");
          if (network === undefined) continue;
          const units = unitsOf(network);
          const places = file.places();
          for (const [id, place] of Object.entries(places)) {
            if (place === ofRight) continue; // Whatever has its name is meant.
            const own = units.get(id);
            const isRewritten = !file.untouched.has(place) && !(own !== undefined && known.has(own));
            expect(isRewritten ? place : own, `${id} in\n${file.text}`).toBe(place);
          }
          // What is broken around a layer may be read as a part of it.
          const isSound = parse(file.text).problems.length === 0;
          for (const [id, own] of isSound ? units : []) {
            // A use of the block that was inserted has its layers, but no places.
            if (file.untouched.has(own) && !id.includes("/")) expect(places[id], `${id} in\n${file.text}`).toBe(own);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The layer of each line has its line's units, and is inside of two branches, a block and a repeat, or in neither. */
const manyLayers = `block B(x) {
  return x
    -> Dense(101)
    -> ReLU
    -> Dense(102)
}
network N(x: [2]) {
  left = x
    -> Dense(201)
    -> Dense(202)
    -> ReLU
    -> Dense(203)
    -> B
  right = x
    -> Dense(301)
    -> B
    -> Dense(302)
  return (left, right)
    -> Concat
    -> Dense(401)
    -> Dense(402)
}
`;

const ofRight = 302;

type LineEdit = { readonly line: number } & (
  | { readonly kind: "insert" | "replace"; readonly text: string }
  | { readonly kind: "delete" }
  | { readonly kind: "type"; readonly at: number; readonly text: string }
);

const written = fc.oneof(
  fc.nat(98).map((units) => `    -> Dense(${501 + units})`),
  fc.constantFrom(
    "    -> ReLU",
    "    -> B",
    "    # a remark",
    "    ->",
    "}",
    "",
    "  w = x -> Dense(600)",
    "    -> Dense(",
  ),
);
/** Units that a layer has from the beginning, or as it was inserted. What is typed into its line makes others of them. */
const known = new Set([...manyLayers.matchAll(/\((\d+)\)/g)].map(([, units]) => Number(units)));
for (let units = 501; units <= 600; units++) known.add(units);

const line = fc.nat(25);
const lineEdit: fc.Arbitrary<LineEdit> = fc.oneof(
  fc.record({ kind: fc.constantFrom("insert" as const, "replace" as const), line, text: written }),
  fc.record({ kind: fc.constant("delete" as const), line }),
  fc.record({
    kind: fc.constant("type" as const),
    line,
    at: fc.nat(20),
    text: fc.constantFrom("(", ")", "1", " ", "D"),
  }),
);

/** By the ids of the layers. */
function unitsOf({ values }: Network): ReadonlyMap<string, number> {
  return new Map(
    values.flatMap(({ id, source }) =>
      source.kind === "layer" && typeof source.arguments.units === "number"
        ? [[id, source.arguments.units] as const]
        : [],
    ),
  );
}

function placesByUnits(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(unitsOf(analyze(text).module.networks[0]!));
}

/** A text in an editor with places of nodes of N, each told from the others by its x, and groups that are collapsed. */
function opened(begin: string, given: Readonly<Record<string, number>>, collapsed: readonly string[] = []) {
  let text = begin;
  const places = new NodePlaces(analyze(text).module, {});
  const offsets = Object.entries(given).map(([id, x]) => [id, { x, y: 0 }] as const);
  places.move("N", "down", Object.fromEntries(offsets));
  if (collapsed.length > 0) places.collapse("N", collapsed);
  const untouched = new Set([...begin.matchAll(/\((\d+)\)/g)].map(([, units]) => Number(units)));
  const splice = (offset: number, length: number, inserted: string): void => {
    text = text.slice(0, offset) + inserted + text.slice(offset + length);
    places.change({ offset, length, inserted: inserted.length });
    places.read(analyze(text).module);
  };
  const find = (part: string): number => {
    const offset = text.indexOf(part);
    if (offset < 0) throw new Error(`The text does not contain ${part}.`);
    return offset;
  };
  return {
    get text() {
      return text;
    },
    /** Units of the layers, and numbers of the uses, whose lines nobody has changed. */
    untouched,
    replace: (from: string, to: string) => splice(find(from), from.length, to),
    /** Only what differs, as someone types it. */
    type: (from: string, to: string) => {
      let same = 0;
      while (same < from.length && from[same] === to[same]) same++;
      let end = 0;
      while (end < from.length - same && end < to.length - same && from.at(-1 - end) === to.at(-1 - end)) end++;
      splice(find(from) + same, from.length - same - end, to.slice(same, to.length - end));
    },
    editLine: (edit: LineEdit) => {
      const lines = text.split("\n");
      const index = edit.line % lines.length;
      const start = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
      const old = lines[index]!;
      if (edit.kind !== "insert") for (const units of old.match(/\d+/g) ?? []) untouched.delete(Number(units));
      if (edit.kind === "type") splice(start + Math.min(edit.at, old.length), 0, edit.text);
      else if (edit.kind === "delete") splice(start, Math.min(old.length + 1, text.length - start), "");
      else if (edit.kind === "replace") splice(start, old.length, edit.text);
      else splice(start, 0, `${edit.text}\n`);
    },
    clear: () => places.clear(),
    collapse: (ids: readonly string[]) => places.collapse("N", ids),
    collapsed: () => places.layoutIn("N").collapsed ?? [],
    stored: (): PlacesOfFile => places.stored(),
    places: (network = "N"): Readonly<Record<string, number>> => {
      const down: NodeOffsets = places.layoutIn(network).down ?? {};
      return Object.fromEntries(Object.entries(down).map(([id, { x }]) => [id, x]));
    },
  };
}
