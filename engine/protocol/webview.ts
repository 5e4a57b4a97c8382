// The conversation between the extension host and the diagram's webview.

import type {
  DiagramCommand,
  EditQuestions,
  FlowDirection,
  HandLayout,
  NodeOffsets,
  PaletteEntry,
  PictureFormat,
} from "./editing";
import type { Network, ValueId } from "./network";
import type { EpochReport, Histogram, Snapshot, TrainingState } from "./snapshot";
import type { WorkerRequests } from "./worker";

export type ToWebview =
  /**
   * The network to draw; replaces the one before. `problem` says why there is no network, or what is wrong with it; a file
   * that simply declares none needs no problem.
   */
  | {
      readonly kind: "network";
      readonly version: number;
      readonly network?: Network;
      readonly byHand?: HandLayout;
      /** What of the file can be drawn, `network` among it. */
      readonly drawable?: readonly Drawable[];
      readonly problem?: string;
    }
  /** Where the training is by now. The webview says `drawn` when it has shown it, and only then comes the next one. */
  | { readonly kind: "frame"; readonly parts: readonly LivePart[] }
  | { readonly kind: "state"; readonly state: TrainingState; readonly trainings: readonly string[] }
  /** The cursor stands on this value. */
  | { readonly kind: "select"; readonly id?: ValueId }
  /** What can be put into a network. */
  | { readonly kind: "palette"; readonly entries: readonly PaletteEntry[] }
  | { readonly kind: "command"; readonly command: DiagramCommand }
  /** The keyboard is the webview's again: the text has had it, to undo something. */
  | { readonly kind: "focus" }
  /** To the question of this id. */
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "refusal"; readonly id: number; readonly message: string };

/** What of a training can have changed since the frame before. */
export type LivePart =
  /** Of its quantities only those that the webview watches. */
  | { readonly kind: "snapshot"; readonly snapshot?: Snapshot; readonly stale: boolean }
  /** More of the snapshot that the webview has. */
  | { readonly kind: "quantities"; readonly quantities: Snapshot["quantities"] }
  /** Epochs of the training, oldest first: of those that the webview has the first `kept` stay, then come these. */
  | {
      readonly kind: "history";
      readonly training: string;
      readonly kept: number;
      readonly reports: readonly EpochReport[];
    }
  /** Trainings of this session before the current one, oldest first. */
  | { readonly kind: "earlierRuns"; readonly runs: readonly EarlierRun[] }
  | ({ readonly kind: "recording" } & RecordedSteps);

/** At which steps of a training one can look. */
export interface RecordedSteps {
  /** Another number for each training. */
  readonly run: number;
  /** Oldest first. */
  readonly steps: readonly number[];
  /** Those of `steps` whose weights are gone: there are their statistics, but nothing can be computed of them again. */
  readonly gone: readonly number[];
  /** When one of them is looked at instead of the newest. */
  readonly shown?: number;
}

/**
 * A message as VS Code carries it: as JSON, typed arrays aside. JSON has neither NaN nor infinities; `notFinite` says where
 * in the message they stood.
 */
export type Posted<Message> = Message & { readonly notFinite?: NotFinite };

/** A tree in the shape of what it is about, with only the branches that lead to such a number. */
export type NotFinite = "NaN" | "Infinity" | "-Infinity" | { readonly [key: string]: NotFinite };

export type FromWebview =
  | { readonly kind: "ready" }
  /** The last frame is on the screen, and the page has had time for the user since. */
  | { readonly kind: "drawn" }
  /** Of these values and parameters it shows numbers, and of no others; before it says so, of all. */
  | { readonly kind: "watch"; readonly ids: readonly ValueId[] }
  | { readonly kind: "reveal"; readonly version: number; readonly id: ValueId }
  /** One of what can be drawn. */
  | { readonly kind: "draw"; readonly network: string }
  | { readonly kind: "control"; readonly control: TrainingControl; readonly training?: string }
  /** Look at the training as it was after this step; without one, as it is. */
  | { readonly kind: "look"; readonly step?: number }
  | { readonly kind: "ask"; readonly id: number; readonly question: Question }
  /** Of the text, whatever its last edit was. */
  | { readonly kind: "undo" | "redo" }
  /** Nodes were dragged: these are all that stand apart from the layout. */
  | {
      readonly kind: "move";
      readonly version: number;
      readonly network: string;
      readonly direction: FlowDirection;
      readonly offsets: NodeOffsets;
    }
  /** These uses of blocks and repeats are drawn as one node, and no others. */
  | {
      readonly kind: "collapse";
      readonly version: number;
      readonly network: string;
      readonly collapsed: readonly string[];
    }
  /** `data` is the text of an SVG, or a PNG in base 64. */
  | { readonly kind: "save"; readonly format: PictureFormat; readonly network: string; readonly data: string };

/** A network, or a block that no network uses: of one that is used the diagram shows each use. */
export interface Drawable {
  readonly name: string;
  readonly kind: "network" | "block";
}

/** What the webview may ask, and what answers it. */
export interface Questions extends EditQuestions {
  inspect: WorkerRequests["inspect"];
  evaluate: WorkerRequests["evaluate"];
  /** Of all trained parameters, at the recorded steps. */
  series: { parameters: undefined; result: RecordedSeries };
  /** Of one value or parameter, at the recorded steps. */
  histograms: { parameters: { id: ValueId }; result: RecordedHistograms };
}

export type Question = {
  [M in keyof Questions]: { readonly method: M; readonly parameters: Questions[M]["parameters"] };
}[keyof Questions];

export type Answer = Questions[keyof Questions]["result"];

/** One number for each step; null where there is none. */
export interface RecordedSeries {
  readonly steps: readonly number[];
  readonly learningRates: readonly number[];
  readonly parameters: readonly {
    readonly id: ValueId;
    readonly gradientNorms: readonly (number | null)[];
    /** Norm of an update by the norm of the weights before it. */
    readonly updateRatios: readonly (number | null)[];
  }[];
}

export interface RecordedHistograms {
  readonly moments: readonly {
    readonly step: number;
    readonly value: Histogram;
    readonly gradient?: Histogram;
    readonly update?: Histogram;
  }[];
}

/** A training that was run before in this session. */
export interface EarlierRun {
  /** `Baseline 1`. */
  readonly name: string;
  /** Evenly spread when there were many. */
  readonly reports: readonly EpochReport[];
}

export type TrainingControl = "train" | "step" | "pause" | "resume" | "stop" | "reset";

/** What VS Code keeps for the webview while it is hidden and over a window reload. The host needs the address only. */
export interface DiagramState {
  readonly uri: string;
  readonly chart?: ChartView;
  readonly inspector?: InspectorView;
  readonly view?: DiagramViewport;
  readonly diagram?: DiagramArrangement;
}

/** How the diagram is drawn. */
export interface DiagramArrangement {
  readonly direction: FlowDirection;
  readonly palette: boolean;
}

export interface InspectorView {
  readonly open: boolean;
  /** Part of the panel's width, or of its height when it is narrow, in (0, 1). */
  readonly share: number;
}

export type ChartTab = "loss" | "rate" | "gradients" | "confusion" | "predictions" | "boundary";

export interface ChartView {
  readonly open: boolean;
  readonly tab: ChartTab;
  /** Whether losses are drawn on a logarithmic axis. */
  readonly log: boolean;
  /** Whether curves are drawn as running means. */
  readonly smooth: boolean;
  /** Whether numbers are shown as a table instead of a picture. */
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
