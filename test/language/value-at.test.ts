// What a gesture at the cursor is about, and what a selection in the text holds.

import { expect, test } from "vitest";
import { analyze } from "../../extension/language/analyze";
import { thingAt, thingNear, thingsIn } from "../../extension/language/value-at";

const text = `block Twice(x) {
  return x -> Dense(4) as d -> Tanh
}

network Small(x: [4]) {
  return x -> Twice as t -> Dense(4) as h -> Softmax
}
`;
const analysis = analyze(text);
const at = (piece: string) => thingAt(analysis, text.indexOf(piece) + piece.length)?.id;
const inside = (piece: string) => {
  const start = text.indexOf(piece);
  return thingsIn(analysis, { start, end: start + piece.length }).map(({ id }) => id);
};

test("where a block is used it is its use, by its call and by its name", () => {
  expect(at("-> Twice")).toBe("t");
  expect(at("as t")).toBe("t");
});

test("inside of a block it is the value of its first use", () => expect(at("as d")).toBe("t/d"));

test("elsewhere it is the value", () => {
  expect(at("as h")).toBe("h");
  expect(at("-> Softmax")).toBe("Softmax#1");
  expect(thingAt(analysis, 0)).toBeUndefined();
});

test("beside what it is on, the cursor means what its line holds", () => {
  const lines = "network N(x: [4]) {\n  return x\n    -> Dense(4) as h # wide\n\n    -> Tanh\n}\n";
  const near = (piece: string) => thingNear(analyze(lines), lines.indexOf(piece))?.id;
  expect(near("    -> Dense")).toBe("h");
  expect(near("wide")).toBe("h");
  expect(near("-> Tanh")).toBe("Tanh#1");
  expect(near("\n    -> Tanh")).toBeUndefined();
});

test("a selection holds the values written in it, and uses of blocks without what is in them", () => {
  expect(inside("Twice as t -> Dense(4) as h")).toEqual(["h", "t"]);
  expect(inside("Dense(4) as h -> Soft")).toEqual(["h"]);
  expect(inside("as h")).toEqual([]);
});
