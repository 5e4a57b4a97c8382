// What can be done to a training in each of its states, and the words for where it stands.

import type { EpochReport, Snapshot, TrainingState } from "../engine/protocol/snapshot";
import type { TrainingControl } from "../engine/protocol/webview";
import { formatCount, formatNumber } from "./numbers";

export interface ControlDoc {
  readonly label: string;
  /** A codicon's name. */
  readonly icon: string;
  readonly hint: string;
  readonly possibleIn: readonly TrainingState["kind"][];
}

export const trainingControls: { readonly [C in TrainingControl]: ControlDoc } = {
  train: {
    label: "Train",
    icon: "play",
    hint: "Train from the start of the data",
    possibleIn: ["idle", "finished", "stopped", "failed"],
  },
  pause: { label: "Pause", icon: "debug-pause", hint: "Pause after this step", possibleIn: ["running"] },
  resume: { label: "Resume", icon: "debug-continue", hint: "Go on training", possibleIn: ["paused"] },
  step: {
    label: "Step",
    icon: "debug-step-over",
    hint: "One optimizer update, then pause",
    possibleIn: ["idle", "paused", "finished", "stopped", "failed"],
  },
  stop: {
    label: "Stop",
    icon: "debug-stop",
    hint: "Stop training and keep the weights",
    possibleIn: ["preparing", "running", "paused"],
  },
  reset: {
    label: "Reset weights",
    icon: "discard",
    hint: "Forget the trained weights",
    possibleIn: ["preparing", "running", "paused", "finished", "stopped", "failed"],
  },
};

/** The one that fits the moment among those that share the first button. */
export function mainControl(state: TrainingState): TrainingControl {
  if (state.kind === "preparing" || state.kind === "running") return "pause";
  return state.kind === "paused" ? "resume" : "train";
}

/** Whether it makes sense now; `names` are the trainings of the file. */
export function isPossible(control: TrainingControl, state: TrainingState, names: readonly string[]): boolean {
  const starts = control === "train" || control === "step";
  return trainingControls[control].possibleIn.includes(state.kind) && !(starts && names.length === 0);
}

/** Whether a training occupies the worker, so that no other can be chosen. */
export function isActive(state: TrainingState): boolean {
  return state.kind === "preparing" || state.kind === "running" || state.kind === "paused";
}

/**
 * `epoch 12/60 · loss 0.123` of the last epoch that is over, as the status bar says it, with the state in front where it
 * is not simply running.
 */
export function progressText(
  state: TrainingState,
  report: EpochReport | undefined,
  snapshot: Snapshot | undefined,
): string {
  const parts: string[] = [];
  if (state.kind !== "running") parts.push(stateWords[state.kind]);
  if (state.kind === "idle" || state.kind === "preparing") return parts.join(" · ");

  if (report) parts.push(`epoch ${report.epoch}/${report.epochs}`);
  // Who steps wants to see what each step did; who trains, how the epochs go.
  if (snapshot && (state.kind === "paused" || !report))
    parts.push(`step ${formatCount(snapshot.step)}`, `batch loss ${formatNumber(snapshot.loss)}`);
  else if (report) parts.push(`loss ${formatNumber(report.loss)}`);
  return parts.length === 0 ? stateWords.running : parts.join(" · ");
}

export const noTraining = "The file declares no training: add a `train` block.";

export const stateWords: { readonly [K in TrainingState["kind"]]: string } = {
  idle: "not trained",
  preparing: "reading the data",
  running: "running",
  paused: "paused",
  finished: "finished",
  stopped: "stopped",
  failed: "failed",
};
