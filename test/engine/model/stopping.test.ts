import { expect, test } from "vitest";
import { stoppingRule, untried } from "../../../engine/model/stopping";

/** After each of the losses. */
function fold(losses: readonly number[], args: Readonly<Record<string, number>>) {
  const rule = stoppingRule({ name: "EarlyStopping", arguments: args });
  let patience = untried;
  return losses.map((loss, index) => {
    patience = rule.next(patience, index + 1, loss);
    return patience;
  });
}

test("it is over after `patience` epochs without a new lowest loss", () => {
  const states = fold([3, 2, 2.5, 2, 2.1], { patience: 3 });
  expect(states.map(({ isOver }) => isOver)).toEqual([false, false, false, false, true]);
  expect(states.at(-1)).toMatchObject({ best: 2, bestEpoch: 2 });
});

test("a new lowest loss gives it all its patience again", () => {
  const states = fold([3, 4, 2, 4, 1, 4], { patience: 2 });
  expect(states.every(({ isOver }) => !isOver)).toBe(true);
  expect(states.at(-1)).toMatchObject({ best: 1, bestEpoch: 5 });
});

test("a fall of minDelta or less is no improvement", () => {
  expect(fold([3, 2.5, 2, 1.99], { patience: 1, minDelta: 0.5 }).map(({ bestEpoch }) => bestEpoch)).toEqual([
    1, 1, 3, 3,
  ]);
});

test("a loss that is not a number is no improvement", () => {
  expect(fold([Number.NaN, Number.NaN], { patience: 2 }).at(-1)).toMatchObject({ bestEpoch: 0, isOver: true });
});

test("a name without a rule is refused", () => {
  expect(() => stoppingRule({ name: "constructor", arguments: {} })).toThrow("There is no stopping rule constructor.");
});
