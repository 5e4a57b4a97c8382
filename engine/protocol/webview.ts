// The conversation between the extension host and the diagram's webview.

import type { Network, ValueId } from "./network";
import type { EpochReport, Snapshot, TrainingState } from "./snapshot";

export type ToWebview =
  /**
   * The network to draw; replaces the one before. `file` is the document's address. `problem` says why there is no
   * network, or what is wrong with it; a file that simply declares none needs no problem.
   */
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

/** What VS Code keeps for the webview while it is hidden and over a window reload. The host needs the address only. */
export interface DiagramState {
  readonly uri: string;
  readonly chart?: ChartView;
  readonly view?: DiagramViewport;
}

export interface ChartView {
  readonly open: boolean;
  /** Whether the epochs are shown as a table instead. */
  readonly table: boolean;
  /** Part of the panel's height, in (0, 1). */
  readonly share: number;
}

/** The part of the diagram that was in view after the user moved it. */
export interface DiagramViewport {
  readonly network: string;
  /** Pixels of the panel. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}
