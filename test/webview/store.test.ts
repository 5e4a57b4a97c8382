import { expect, test, vi } from "vitest";
import type { ChartView } from "../../engine/protocol/webview";
import { collapsedIn } from "../../webview/diagram/editing-state";
import {
  type Action,
  createStore,
  drawsBlock,
  initialState,
  reduce,
  restoredState,
  toRemember,
  type WebviewState,
} from "../../webview/store";
import { classifier } from "./networks";
import { report, snapshot } from "./reports";

const drawn = { kind: "network", version: 3, network: classifier() } as const;
const running = (training: string, trainings = [training]) =>
  ({ kind: "state", state: { kind: "running", training }, trainings }) as const;
const history = (kept: number, ...epochs: number[]) =>
  ({ kind: "history", training: "A", kept, reports: epochs.map((epoch) => report(epoch)) }) as const;
const idle = (...trainings: string[]) => ({ kind: "state", state: { kind: "idle" }, trainings }) as const;

test("a network replaces the one before, and the problem that came with it", () => {
  const state = after({ ...drawn, problem: "line 3" }, { ...drawn, version: 4 });
  expect(state.document).toEqual({
    kind: "network",
    version: 4,
    network: drawn.network,
    drawable: [],
  });
});

test("what was changed by hand comes with the network that it is of; what is equal stays the same", () => {
  const placed = { ...drawn, byHand: { down: { h: { x: 1, y: 2 } }, collapsed: ["r"] } };
  const once = after(placed);
  expect(once.editing.byHand).toEqual({ network: drawn.network.name, layout: placed.byHand });
  expect(collapsedIn(once.editing, drawn.network.name)).toEqual(["r"]);
  expect(collapsedIn(once.editing, "Other")).toEqual([]);
  const twice = after(placed, structuredClone(placed));
  expect(twice.editing.byHand.layout).toBe(placed.byHand);
  expect(after(placed, drawn).editing.byHand.layout).toEqual({});
});

test("a block that no network uses is known as one", () => {
  const { name } = drawn.network;
  expect(drawsBlock(after({ ...drawn, drawable: [{ name, kind: "block" }] }))).toBe(true);
  expect(
    drawsBlock(
      after({
        ...drawn,
        drawable: [
          { name, kind: "network" },
          { name: "B", kind: "block" },
        ],
      }),
    ),
  ).toBe(false);
});

test("a file without a network is empty, with the reason when there is one", () => {
  expect(after({ kind: "network", version: 1 }).document).toEqual({ kind: "empty" });
  expect(after({ kind: "network", version: 1, problem: "line 1" }).document).toEqual({
    kind: "empty",
    problem: "line 1",
  });
});

test("a snapshot message without a snapshot clears the numbers", () => {
  const shown = after({ kind: "snapshot", snapshot: snapshot(), stale: false });
  expect(shown.live.snapshot?.step).toBe(3);
  expect(reduce(shown, { kind: "snapshot", stale: false }).live).toEqual({ stale: false });
});

test("the numbers become stale without changing", () => {
  const state = after(
    { kind: "snapshot", snapshot: snapshot(), stale: false },
    { kind: "snapshot", snapshot: snapshot(), stale: true },
  );
  expect(state.live).toEqual({ snapshot: snapshot(), stale: true });
});

test("epochs are appended to those that stay", () =>
  expect(epochsAfter(history(0, 1, 2), history(1, 3), history(2, 4, 5))).toEqual([1, 3, 4, 5]));

test("what comes in one frame is one change", () => {
  const store = createStore();
  const listener = vi.fn();
  store.subscribe(listener);
  store.dispatch({ kind: "frame", parts: [{ kind: "snapshot", snapshot: snapshot(), stale: false }, history(0, 1)] });
  expect(listener).toHaveBeenCalledTimes(1);
  expect(store.get()).toMatchObject({ live: { snapshot: snapshot() }, history: { reports: [report(1)] } });
});

test("the curve stays while its training runs and goes when another one starts", () => {
  expect(epochsAfter(running("A"), history(0, 1), running("A"))).toEqual([1]);
  expect(epochsAfter(running("A"), history(0, 1), running("B"))).toEqual([]);
});

test("forgotten weights take the curve with them", () => expect(epochsAfter(history(0, 1), idle("A"))).toEqual([]));

test("the first training is chosen until the user chooses another one that exists", () => {
  expect(after(idle("A", "B")).training.chosen).toBe("A");
  expect(after(idle("A", "B"), { kind: "chooseTraining", training: "B" }, idle("A", "B")).training.chosen).toBe("B");
  expect(after(idle("A", "B"), { kind: "chooseTraining", training: "B" }, idle("A")).training.chosen).toBe("A");
});

test("what runs is what is chosen", () =>
  expect(after(idle("A", "B"), running("B", ["A", "B"])).training.chosen).toBe("B"));

test("a file without trainings has none to choose", () =>
  expect(after(idle("A"), idle()).training).toEqual({ state: { kind: "idle" }, names: [] }));

test("moving the cursor off every value selects nothing", () => {
  expect(after({ kind: "select", id: "h" }).selected).toBe("h");
  expect(after({ kind: "select", id: "h" }, { kind: "select" })).not.toHaveProperty("selected");
});

test("the chart's height stays within the panel", () => {
  const shareAfter = (share: number) => after({ kind: "arrangeChart", change: { share } }).chart.share;
  expect([shareAfter(0.5), shareAfter(-1), shareAfter(2)]).toEqual([0.5, 0.15, 0.75]);
});

test("a message of a newer host changes nothing", () =>
  expect(reduce(initialState, { kind: "tomorrow" } as unknown as Action)).toBe(initialState));

test("what the user arranged comes back with the panel, and nothing else does", () => {
  const view = { network: "Example", x: 1, y: 2, zoom: 0.5 };
  const arranged = after(
    drawn,
    { kind: "arrangeChart", change: { open: false, tab: "gradients" } },
    { kind: "moveView", view },
    running("A"),
  );
  const remembered = toRemember(arranged, "file:///a.nnet");
  const chart = { ...initialState.chart, open: false, tab: "gradients" };
  const diagram = initialState.editing.arrangement;
  expect(remembered).toEqual({ uri: "file:///a.nnet", chart, diagram, inspector: initialState.inspector, view });
  expect(restoredState(remembered)).toEqual({ ...initialState, chart: arranged.chart, view });
});

test("what an older version remembered is completed", () =>
  expect(restoredState({ uri: "f", chart: { open: false, share: 0.5 } as ChartView }).chart).toEqual({
    ...initialState.chart,
    open: false,
    share: 0.5,
  }));

test("looking back ends with the recording that says so", () => {
  const recording = { kind: "recording", run: 1, steps: [1, 2], gone: [] } as const;
  expect(after({ ...recording, shown: 1 }).recording).toMatchObject({ steps: [1, 2], shown: 1 });
  expect(after({ ...recording, shown: 1 }, recording).recording).not.toHaveProperty("shown");
});

test("listeners hear of every change until they leave", () => {
  const store = createStore();
  const listener = vi.fn();
  const leave = store.subscribe(listener);
  store.dispatch({ kind: "select", id: "h" });
  leave();
  store.dispatch({ kind: "select" });
  expect(listener).toHaveBeenCalledTimes(1);
  expect(store.get().selected).toBeUndefined();
});

function after(...actions: readonly Action[]): WebviewState {
  return actions.reduce(reduce, initialState);
}

function epochsAfter(...actions: readonly Action[]): readonly number[] {
  return after(...actions).history.reports.map(({ epoch }) => epoch);
}
