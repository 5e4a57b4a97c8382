// The conversation between the extension host and the diagram's webview.

import type { Network, ValueId } from "./network";
import type { EpochReport, Snapshot, TrainingState } from "./snapshot";

export type ToWebview =
  /** The network to draw; replaces the one before. `problem` says why there is none. */
  | {
      readonly kind: "network";
      readonly version: number;
      readonly file: string;
      readonly network?: Network;
      readonly problem?: string;
    }
  | { readonly kind: "snapshot"; readonly snapshot?: Snapshot; readonly stale: boolean }
  /** All epochs of the training so far, or one more of them. */
  | { readonly kind: "history"; readonly training: string; readonly reports: readonly EpochReport[] }
  | { readonly kind: "epoch"; readonly report: EpochReport }
  | { readonly kind: "state"; readonly state: TrainingState; readonly trainings: readonly string[] }
  /** The cursor stands on this value. */
  | { readonly kind: "select"; readonly id?: ValueId };

export type FromWebview =
  | { readonly kind: "ready" }
  | { readonly kind: "reveal"; readonly version: number; readonly id: ValueId }
  | { readonly kind: "control"; readonly control: TrainingControl; readonly training?: string };

export type TrainingControl = "train" | "step" | "pause" | "resume" | "stop" | "reset";

/** What the webview keeps over a window reload. */
export interface DiagramState {
  readonly uri: string;
}
