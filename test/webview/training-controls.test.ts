import { expect, test } from "vitest";
import type { TrainingState } from "../../engine/protocol/snapshot";
import type { TrainingControl } from "../../engine/protocol/webview";
import { isPossible, mainControl, progressText, trainingControls } from "../../webview/training-controls";
import { report, snapshot } from "./reports";

const training = "Baseline";
const running: TrainingState = { kind: "running", training };
const paused: TrainingState = { kind: "paused", training };
const finished: TrainingState = { kind: "finished", training };
const idle: TrainingState = { kind: "idle" };

test.each<[TrainingState, TrainingControl[]]>([
  [idle, ["train", "step"]],
  [{ kind: "preparing", training }, ["stop", "reset"]],
  [running, ["pause", "stop", "reset"]],
  [paused, ["resume", "step", "stop", "reset"]],
  [finished, ["train", "step", "reset"]],
  [{ kind: "stopped", training }, ["train", "step", "reset"]],
  [{ kind: "failed", training, message: "NaN" }, ["train", "step", "reset"]],
])("in state $kind exactly what makes sense is possible", (state, possible) => {
  const controls = Object.keys(trainingControls) as TrainingControl[];
  expect(controls.filter((control) => isPossible(control, state, [training])).toSorted()).toEqual(possible.toSorted());
});

test("a file without a training offers nothing to start", () =>
  expect([isPossible("train", idle, []), isPossible("step", idle, [])]).toEqual([false, false]));

test("the first button trains, pauses or resumes", () =>
  expect([idle, running, paused, finished].map(mainControl)).toEqual(["train", "pause", "resume", "train"]));

test("a running training says the last epoch that is over, with its loss", () =>
  expect(progressText(running, report(12, { loss: 0.1234 }), snapshot({ epoch: 13 }))).toBe(
    "epoch 12/60 · loss 0.123",
  ));

test("before the first epoch ends, the step and its batch's loss are said", () =>
  expect(progressText(running, undefined, snapshot())).toBe("step 3 · batch loss 2.35"));

test("who steps sees what each step did", () =>
  expect(progressText(paused, report(1), snapshot({ epoch: 2, step: 1234 }))).toBe(
    "paused · epoch 1/60 · step 1,234 · batch loss 2.35",
  ));

test("a finished training ends at its last epoch", () =>
  expect(progressText(finished, report(60, { loss: 0.05 }), snapshot({ epoch: 61 }))).toBe(
    "finished · epoch 60/60 · loss 0.05",
  ));

test("nothing is claimed before anything was computed", () => {
  expect(progressText(idle, undefined, undefined)).toBe("not trained");
  expect(progressText({ kind: "preparing", training }, undefined, undefined)).toBe("reading the data");
  expect(progressText(running, undefined, undefined)).toBe("running");
});
