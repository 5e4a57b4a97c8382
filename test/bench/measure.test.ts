// How runs are timed, compared and written down.

import { expect, test } from "vitest";
import { comparisons } from "../../bench/comparison";
import type { Contender } from "../../bench/contenders";
import { channelsLast, channelsLastFilters, channelsLastRows } from "../../bench/peers/channels-last";
import { withFigures } from "../../bench/performance-page";
import { significant, table } from "../../bench/report";
import type { Timing } from "../../bench/rounds";
import { timedRun } from "../../bench/run";
import { bestDecile, median } from "../../bench/statistics";

test("the median and the best tenth lie between the nearest values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(bestDecile([10, 30, 20, 40, 50, 60, 70, 80, 90, 100, 110])).toBe(20);
  expect(() => median([])).toThrow("nothing was timed");
});

test("a run counts the steps it times and tells the losses before the first update and of the last step", () => {
  let steps = 0;
  const run = timedRun({ step: () => steps++, loss: () => 1 / steps, close: () => {} }, 0.05);
  expect(run.firstLoss).toBe(1);
  expect(run.lastLoss).toBe(1 / steps);
  expect(run.steps).toBeLessThan(steps);
  expect(run.steps % run.secondsPerStep.length).toBe(0);
  expect(run.secondsPerStep.every((seconds) => seconds > 0)).toBe(true);
});

test("a step that takes longer than the run is timed once, after the first", () => {
  let steps = 0;
  const wait = () => {
    steps++;
    for (const end = performance.now() + 30; performance.now() < end; );
  };
  const run = timedRun({ step: wait, loss: () => 0, close: () => {} }, 0.01);
  expect([steps, run.steps, run.secondsPerStep.length]).toEqual([2, 1, 1]);
});

const timing = (name: Contender["name"], threads: number, secondsPerStep: readonly number[]): Timing => ({
  contender: { name, threads, sameLoss: true, command: () => ({ program: "", arguments: [], environment: {} }) },
  version: name,
  differences: [],
  result: {
    kind: "timed",
    secondsPerStep,
    median: median(secondsPerStep),
    bestDecile: bestDecile(secondsPerStep),
    firstLoss: 1,
    lastLoss: 0,
  },
});

test("the faster of our threads is compared with the faster of a peer's, round by round", () => {
  const timings = [
    timing("nnet", 1, [4, 4, 40]),
    timing("nnet", 2, [2, 3, 20]),
    timing("pytorch", 1, [8, 12, 80]),
    timing("pytorch", 2, [9, 16, 90]),
  ];
  const found = comparisons("W3", timings);
  expect(found.map(({ contender, ratio, reached }) => [contender.name, contender.threads, ratio, reached])).toEqual([
    ["nnet", 2, 2, true], // 4 / 2, 4 / 3 and 40 / 20
    ["pytorch", 1, 0.25, true],
  ]);
});

test("who has one round only is compared with the round it took part in", () => {
  const [brain] = comparisons("W1", [timing("nnet", 1, [1, 7, 7]), timing("brain", 1, [10])]);
  expect(brain).toMatchObject({ ratio: 0.1, goal: { atMost: 0.05 }, reached: false });
});

test("who cannot do a workload is compared with nobody", () => {
  const cannot: Timing = { ...timing("tfjs", 1, [1]), result: { kind: "cannot", reason: "no such kernel" } };
  expect(comparisons("W5", [timing("nnet", 1, [1]), cannot])).toEqual([]);
});

test("channels go last in images, filters and the rows of a dense layer behind an image", () => {
  // Two channels of two pixels.
  expect([...channelsLast(Float32Array.of(1, 2, 11, 12), [1, 2, 1, 2])]).toEqual([1, 11, 2, 12]);
  // Two filters over one channel of 1 × 1 pixel.
  expect([...channelsLastFilters(Float32Array.of(5, 6), [2, 1, 1])]).toEqual([5, 6]);
  // One filter over two channels of 2 × 2 pixels.
  expect([...channelsLastFilters(Float32Array.of(1, 2, 3, 4, 11, 12, 13, 14), [1, 2, 2])]).toEqual([
    1, 11, 2, 12, 3, 13, 4, 14,
  ]);
  // Two units that see two channels of two pixels.
  const rows = Float32Array.of(1, -1, 2, -2, 11, -11, 12, -12);
  expect([...channelsLastRows(rows, [2, 1, 2], 2)]).toEqual([1, -1, 11, -11, 2, -2, 12, -12]);
  expect(channelsLastRows(rows, [4], 2)).toBe(rows);
});

test("a table lines its columns up", () => {
  expect(
    table([
      ["", "µs"],
      ["PyTorch", "12"],
      ["nnet", "1,200"],
    ]),
  ).toBe(["|         |    µs |", "|---------|------:|", "| PyTorch |    12 |", "| nnet    | 1,200 |"].join("\n"));
});

test("numbers keep the three digits that count", () => {
  expect([0, 0.00123456, 1.7, 99.96, 2345.6].map(significant)).toEqual(["0", "0.00123", "1.7", "100", "2,346"]);
});

test("the figures replace what stands between the marks, and nothing else of the page", () => {
  const page =
    "Above.\n<!-- Written by npm run bench: begin -->\nold\n<!-- Written by npm run bench: end -->\nBelow.\n";
  const renewed = withFigures(withFigures(page, "newer"), "newest");
  expect(renewed).toBe(
    "Above.\n<!-- Written by npm run bench: begin -->\n\nnewest\n\n<!-- Written by npm run bench: end -->\nBelow.\n",
  );
  expect(() => withFigures("No marks.", "new")).toThrow("has no place for the figures");
});
