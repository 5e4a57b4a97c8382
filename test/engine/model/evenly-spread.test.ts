// What is kept of a sequence: the first, the newest, and as many evenly spread between them as may be.

import { expect, test } from "vitest";
import { EvenlySpread } from "../../../engine/model/evenly-spread";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

function spreadOf(count: number, most: number): EvenlySpread<number> {
  const spread = new EvenlySpread<number>();
  for (const item of upTo(count)) spread.add(item, most);
  return spread;
}

test("all of a short sequence are kept", () => expect(spreadOf(10, 10).items).toEqual(upTo(10)));

test.each([2, 3, 5, 10])(
  "of a long one at most %i are kept, at equal distances, with the first and the newest",
  (most) => {
    for (const count of [11, 100, 1000, 1023]) {
      const { items, newest } = spreadOf(count, most);
      expect(items.length).toBeLessThanOrEqual(most);
      expect(items.length).toBeGreaterThanOrEqual(Math.min(2, most / 2));
      expect([items[0], newest]).toEqual([0, count - 1]);
      const gaps = new Set(items.slice(1, -1).map((item, at) => item - items[at]!));
      expect(gaps.size).toBeLessThanOrEqual(1);
    }
  },
);

test("the first and the newest are kept in any case", () => expect(spreadOf(9, 0).items).toEqual([0, 8]));

test("fewer are kept when fewer may be", () => {
  const spread = spreadOf(8, 8);
  spread.add(8, 3);
  expect(spread.items).toEqual([0, 4, 8]);
});

test("who skips what is not kept for good keeps the same as who adds all, but for the newest", () => {
  const skipping = new EvenlySpread<number>();
  for (const item of upTo(777)) {
    if (skipping.keepsNext) skipping.add(item, 20);
    else skipping.skip();
  }
  const { items } = spreadOf(777, 20);
  expect(items.slice(0, -1)).toEqual(skipping.items);
});

test("the last one can be given again, and what was skipped stays away", () => {
  const spread = spreadOf(5, 4);
  spread.replaceLast(-1);
  expect(spread.items).toEqual([0, 2, -1]);
  spread.skip();
  spread.replaceLast(-2);
  expect(spread.items).toEqual([0, 2, -1]);
});
