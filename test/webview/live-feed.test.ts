// Which frames of a training a webview gets that takes its time to draw them, and what it makes of them.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Snapshot } from "../../engine/protocol/snapshot";
import type { LivePart } from "../../engine/protocol/webview";
import { LiveFeed, type LiveView } from "../../extension/host/live-feed";
import { initialState, reduce, type WebviewState } from "../../webview/store";
import { report, snapshot, summary } from "./reports";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A feed, what it looks at, and the panel that gets its frames. */
class Watched {
  view: LiveView = { stale: false, training: "A", reports: [], earlierRuns: [], recorded: [], gone: [] };
  frames: (readonly LivePart[])[] = [];
  panel: WebviewState = initialState;
  readonly feed = new LiveFeed(
    () => this.view,
    (parts) => {
      this.frames.push(parts);
      this.panel = reduce(this.panel, { kind: "frame", parts });
    },
  );

  /** An epoch of one step. */
  train(epoch: number): void {
    const newest = snapshot({ epoch, step: epoch });
    const { reports, recorded } = this.view;
    this.view = {
      ...this.view,
      snapshot: newest,
      reports: [...reports, report(epoch)],
      recorded: [...recorded, newest],
    };
    this.feed.request();
  }

  get shownStep(): number | undefined {
    return this.panel.live.snapshot?.step;
  }
}

function begun(): Watched {
  const watched = new Watched();
  watched.feed.begin();
  watched.feed.drawn();
  watched.frames = [];
  return watched;
}

test("no frame comes before the one before is on the screen, and then the newest", () => {
  const watched = begun();
  watched.train(1);
  vi.advanceTimersByTime(1000);
  expect(watched.frames).toHaveLength(1);
  watched.train(2);
  watched.train(3);
  vi.advanceTimersByTime(10_000);
  expect([watched.frames.length, watched.shownStep]).toEqual([1, 1]);
  watched.feed.drawn();
  vi.advanceTimersByTime(1000);
  expect([watched.frames.length, watched.shownStep]).toEqual([2, 3]);
});

test("the last numbers of a training are shown, however slow the panel is", () => {
  const watched = begun();
  for (let epoch = 1; epoch <= 100; epoch++) {
    watched.train(epoch);
    vi.advanceTimersByTime(10);
    if (epoch % 40 === 0) watched.feed.drawn();
  }
  watched.feed.drawn();
  vi.advanceTimersByTime(1000);
  expect(watched.shownStep).toBe(100);
  expect(watched.panel.history.reports.map(({ epoch }) => epoch)).toEqual(
    watched.view.reports.map(({ epoch }) => epoch),
  );
  expect(watched.panel.recording.steps.at(-1)).toBe(100);
});

test("of the history only what is new is sent", () => {
  const watched = begun();
  for (const epoch of [1, 2, 3]) watched.train(epoch);
  vi.advanceTimersByTime(1000);
  watched.feed.drawn();
  watched.train(4);
  vi.advanceTimersByTime(1000);
  expect(watched.frames.at(-1)).toContainEqual({ kind: "history", training: "A", kept: 3, reports: [report(4)] });
});

test("epochs that the host no longer keeps are no longer in the panel", () => {
  const watched = begun();
  for (const epoch of [1, 2, 3, 4]) watched.train(epoch);
  vi.advanceTimersByTime(1000);
  watched.feed.drawn();
  watched.view = { ...watched.view, reports: watched.view.reports.filter(({ epoch }) => epoch % 2 === 1) };
  watched.train(5);
  vi.advanceTimersByTime(1000);
  expect(watched.panel.history.reports.map(({ epoch }) => epoch)).toEqual([1, 3, 5]);
});

test("nothing is sent while nothing changes", () => {
  const watched = begun();
  watched.feed.hurry();
  expect(watched.frames).toEqual([]);
  watched.train(1);
  vi.advanceTimersByTime(1000);
  watched.feed.drawn();
  watched.feed.hurry();
  expect(watched.frames).toHaveLength(1);
});

test("what the user asks for comes at once", () => {
  const watched = begun();
  watched.train(1);
  vi.advanceTimersByTime(1000);
  watched.feed.drawn();
  watched.view = { ...watched.view, shown: 1 };
  watched.feed.hurry();
  expect(watched.panel.recording.shown).toBe(1);
});

test("the panel knows of which steps the weights are gone", () => {
  const watched = begun();
  watched.train(1);
  watched.train(2);
  watched.train(3);
  watched.view = { ...watched.view, gone: [2] };
  vi.advanceTimersByTime(1000);
  expect(watched.panel.recording).toMatchObject({ steps: [1, 2, 3], gone: [2] });
  watched.feed.drawn();
  watched.train(4);
  watched.view = { ...watched.view, gone: [2, 3] };
  vi.advanceTimersByTime(1000);
  expect(watched.panel.recording).toMatchObject({ steps: [1, 2, 3, 4], gone: [2, 3] });
});

test("a hidden panel gets nothing, and everything when it is there again", () => {
  const watched = begun();
  watched.train(1);
  vi.advanceTimersByTime(1000);
  watched.feed.hide();
  watched.train(2);
  vi.advanceTimersByTime(1000);
  expect(watched.shownStep).toBe(1);
  watched.panel = initialState;
  watched.feed.begin();
  expect(watched.panel.history.reports.map(({ epoch }) => epoch)).toEqual([1, 2]);
});

test("only the numbers that the panel watches are sent, and what more it watches at once", () => {
  const watched = begun();
  const quantities = Object.fromEntries(["h", "h.W", "y"].map((id, at) => [id, { value: summary(at) }]));
  const shown = () => watched.panel.live.snapshot?.quantities;
  watched.feed.watch(["h"]);
  watched.view = { ...watched.view, snapshot: snapshot({ quantities }) };
  watched.feed.hurry();
  expect(shown()).toEqual({ h: quantities.h });
  watched.feed.drawn();
  watched.feed.watch(["h", "y", "unknown"]);
  vi.advanceTimersByTime(1000);
  expect(watched.frames.at(-1)).toEqual([{ kind: "quantities", quantities: { y: quantities.y } }]);
  expect(shown()).toEqual({ h: quantities.h, y: quantities.y });
  watched.feed.drawn();
  watched.feed.watch(["y"]);
  vi.advanceTimersByTime(1000);
  expect(watched.frames).toHaveLength(2);
  watched.view = { ...watched.view, snapshot: snapshot({ step: 4, quantities }) };
  watched.feed.hurry();
  expect(shown()).toEqual({ y: quantities.y });
});

test("a panel that has not said what it watches gets all numbers", () => {
  const watched = begun();
  const quantities = { h: { value: summary(1) } };
  watched.feed.watch([]);
  watched.feed.hide();
  watched.view = { ...watched.view, snapshot: snapshot({ quantities }) };
  watched.feed.begin();
  expect(watched.panel.live.snapshot?.quantities).toEqual(quantities);
});

test("another training is another run, even when its beginning was never seen", () => {
  const watched = begun();
  watched.train(1);
  vi.advanceTimersByTime(1000);
  const { run } = watched.panel.recording;
  watched.feed.drawn();
  const again: Snapshot = snapshot({ step: 1 });
  watched.view = { ...watched.view, reports: [report(1)], recorded: [again], snapshot: again };
  watched.feed.hurry();
  expect(watched.panel.recording.run).not.toBe(run);
  expect(watched.panel.history.reports).toEqual([report(1)]);
});
