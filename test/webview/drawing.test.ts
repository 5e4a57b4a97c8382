// How changes of the page are put together while a training runs, on a screen whose time the test moves.

import { expect, test } from "vitest";
import { createDrawing, type Screen } from "../../webview/drawing";

/** Drawing takes `cost` milliseconds. */
function screenOf(cost: number) {
  let time = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const screen: Screen = {
    now: () => time,
    later: (run, after) => void timers.push({ at: time + after, run }),
    draw: (change, drawn) => {
      change();
      timers.push({ at: time + cost, run: () => drawn(cost) });
    },
  };
  /** Until this time. */
  const pass = (until: number) => {
    for (;;) {
      const [next] = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      time = next.at;
      next.run();
    }
    time = until;
  };
  return { screen, pass };
}

test("a picture is followed by a rest of three times what it took", () => {
  const { screen, pass } = screenOf(20);
  let rested = false;
  createDrawing(screen).frame(
    () => undefined,
    () => {
      rested = true;
    },
  );
  pass(79);
  expect(rested).toBe(false);
  pass(80);
  expect(rested).toBe(true);
});

test("what becomes known between two frames is drawn with the second one", () => {
  const { screen, pass } = screenOf(1);
  const drawing = createDrawing(screen);
  const seen: string[] = [];
  const frame = (name: string) =>
    drawing.frame(
      () => seen.push(name),
      () => undefined,
    );
  frame("first");
  pass(100);
  drawing.withFrame(() => seen.push("answer"));
  pass(200);
  expect(seen).toEqual(["first"]);
  frame("second");
  expect(seen).toEqual(["first", "second", "answer"]);
});

test("what waits for a frame that does not come is drawn by itself", () => {
  const { screen, pass } = screenOf(1);
  const drawing = createDrawing(screen);
  const seen: string[] = [];
  drawing.frame(
    () => undefined,
    () => undefined,
  );
  drawing.withFrame(() => seen.push("one"));
  drawing.withFrame(() => seen.push("other"));
  pass(300);
  expect(seen).toEqual(["one", "other"]);
});

test("nothing waits when there were no frames for a while", () => {
  const { screen, pass } = screenOf(1);
  const drawing = createDrawing(screen);
  drawing.frame(
    () => undefined,
    () => undefined,
  );
  pass(1500);
  const seen: string[] = [];
  drawing.withFrame(() => seen.push("answer"));
  expect(seen).toEqual(["answer"]);
});
