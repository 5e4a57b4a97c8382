// What the host is told of what the panel shows, in a panel whose pictures the test ends.

import { expect, test } from "vitest";
import { createWatching } from "../../webview/watching";

function panel() {
  const told: (readonly string[])[] = [];
  let ends: (() => void)[] = [];
  const { watch } = createWatching(
    (ids) => told.push(ids.toSorted()),
    (run) => ends.push(run),
  );
  /** All that comes and goes with one picture has done so. */
  const picture = () => {
    const now = ends;
    ends = [];
    for (const end of now) end();
  };
  return { watch, told, picture };
}

test("what comes with one picture is told at once", () => {
  const { watch, told, picture } = panel();
  watch(["h", "h.W"]);
  watch(["y"]);
  expect(told).toEqual([]);
  picture();
  expect(told).toEqual([["h", "h.W", "y"]]);
});

test("nothing is told where all that is shown is known", () => {
  const { watch, told, picture } = panel();
  watch(["a", "b", "c"]);
  const leave = watch(["c"]);
  picture();
  leave();
  watch(["b"]);
  picture();
  expect(told).toEqual([["a", "b", "c"]]);
});

test("what still shows somewhere else is still told of", () => {
  const { watch, told, picture } = panel();
  const leave = watch(["h"]);
  watch(["h"]);
  picture();
  leave();
  watch(["y"]);
  picture();
  expect(told).toEqual([["h"], ["h", "y"]]);
});

test("what has gone is told of when something comes, or when half of all is gone", () => {
  const { watch, told, picture } = panel();
  const [leaveA, leaveB] = [watch(["a"]), watch(["b"])];
  watch(["c"]);
  picture();
  leaveA();
  picture();
  expect(told).toEqual([["a", "b", "c"]]);
  leaveB();
  picture();
  expect(told.at(-1)).toEqual(["c"]);
  watch(["d"]);
  picture();
  expect(told.at(-1)).toEqual(["c", "d"]);
});
