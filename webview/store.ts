// The webview's only owner of state: a plain reducer over the host's messages and the panel's own few choices.
// What is drawn follows from it; nothing here touches the DOM.

import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import type { Network, ValueId } from "../engine/protocol/network";
import type { EpochReport, Snapshot, TrainingState } from "../engine/protocol/snapshot";
import type {
  ChartView,
  DiagramState,
  DiagramViewport,
  Drawable,
  EarlierRun,
  InspectorView,
  LivePart,
  RecordedSteps,
  ToWebview,
} from "../engine/protocol/webview";
import type { Ask } from "./ask";
import {
  type EditingAction,
  type EditingState,
  followCursor,
  initialEditing,
  reduceEditing,
  withLayoutOf,
} from "./diagram/editing-state";
import type { Drawing } from "./drawing";
import type { Post } from "./messages";
import type { Watching } from "./watching";

export interface WebviewState {
  readonly document: DocumentState;
  readonly live: { readonly snapshot?: Snapshot; readonly stale: boolean };
  readonly history: { readonly training?: string; readonly reports: readonly EpochReport[] };
  readonly earlierRuns: readonly EarlierRun[];
  readonly recording: RecordedSteps;
  readonly training: {
    readonly state: TrainingState;
    /** Names of the file's trainings, in its order. */
    readonly names: readonly string[];
    /** What *Train* would start. */
    readonly chosen?: string;
  };
  readonly selected?: ValueId;
  readonly chart: ChartView;
  readonly inspector: InspectorView;
  readonly editing: EditingState;
  /** Where the user moved the view, if they did. */
  readonly view?: DiagramViewport;
}

export type DocumentState =
  | { readonly kind: "loading" }
  | { readonly kind: "empty"; readonly problem?: string }
  | {
      readonly kind: "network";
      readonly version: number;
      readonly network: Network;
      readonly drawable: readonly Drawable[];
      readonly problem?: string;
    };

/** What the user decides inside the panel; everything else comes from the host. */
export type PanelAction =
  | { readonly kind: "chooseTraining"; readonly training: string }
  | { readonly kind: "arrangeChart"; readonly change: Partial<ChartView> }
  | { readonly kind: "arrangeInspector"; readonly change: Partial<InspectorView> }
  | { readonly kind: "editing"; readonly action: EditingAction }
  | { readonly kind: "moveView"; readonly view: DiagramViewport };

/** Answers go to whoever asked. */
export type Action = Exclude<ToWebview, { kind: "answer" | "refusal" | "focus" }> | LivePart | PanelAction;

export const initialState: WebviewState = {
  document: { kind: "loading" },
  live: { stale: false },
  history: { reports: [] },
  earlierRuns: [],
  recording: { run: 0, steps: [], gone: [] },
  training: { state: { kind: "idle" }, names: [] },
  chart: { open: true, tab: "loss", log: false, smooth: false, table: false, share: 0.3 },
  inspector: { open: false, share: 0.38 },
  editing: initialEditing,
};

const smallestShare = 0.15;
const largestShare = 0.75;

export function reduce(state: WebviewState, action: Action): WebviewState {
  switch (action.kind) {
    case "network": {
      const { network, byHand = {} } = action;
      const editing = network ? withLayoutOf(state.editing, network.name, byHand) : state.editing;
      return { ...state, document: documentOf(action), editing };
    }
    case "frame":
      return action.parts.reduce(reduce, state);
    case "snapshot":
      return {
        ...state,
        live: { stale: action.stale, ...(action.snapshot && { snapshot: action.snapshot }) },
      };
    case "quantities": {
      const { snapshot, stale } = state.live;
      if (!snapshot) return state;
      const quantities = { ...snapshot.quantities, ...action.quantities };
      return { ...state, live: { stale, snapshot: { ...snapshot, quantities } } };
    }
    case "history": {
      const { training, kept, reports } = action;
      return { ...state, history: { training, reports: [...state.history.reports.slice(0, kept), ...reports] } };
    }
    case "state":
      return withTraining(state, action.state, action.trainings);
    case "select": {
      const { selected: _, ...rest } = state;
      const editing = followCursor(state.editing, action.id);
      return action.id === undefined ? rest : { ...rest, editing, selected: action.id };
    }
    case "editing":
      return { ...state, editing: reduceEditing(state.editing, action.action) };
    case "palette":
      return { ...state, editing: { ...state.editing, entries: action.entries } };
    case "command":
      if (action.command === "openInspector") return { ...state, inspector: { ...state.inspector, open: true } };
      return { ...state, editing: { ...state.editing, command: { command: action.command } } };
    case "chooseTraining":
      return { ...state, training: { ...state.training, chosen: action.training } };
    case "earlierRuns":
      return { ...state, earlierRuns: action.runs };
    case "recording": {
      const { kind: _, ...recording } = action;
      return { ...state, recording };
    }
    case "arrangeChart":
      return { ...state, chart: withShare({ ...state.chart, ...action.change }) };
    case "arrangeInspector":
      return { ...state, inspector: withShare({ ...state.inspector, ...action.change }) };
    case "moveView":
      return { ...state, view: action.view };
    default:
      // A newer host may say more than this panel knows; in development the compiler lists what is missing here.
      action satisfies never;
      return state;
  }
}

function documentOf(message: Extract<ToWebview, { kind: "network" }>): DocumentState {
  const { version, network, drawable = [], problem } = message;
  const why = problem === undefined ? {} : { problem };
  return network ? { kind: "network", version, network, drawable, ...why } : { kind: "empty", ...why };
}

/** Whether what is drawn is a block that no network uses: then its shapes may be those of uses to come. */
export function drawsBlock({ document }: WebviewState): boolean {
  if (document.kind !== "network") return false;
  return document.drawable.some(({ name, kind }) => kind === "block" && name === document.network.name);
}

/** The curve belongs to one training: it goes when another one starts or the weights are forgotten. */
function withTraining(state: WebviewState, training: TrainingState, names: readonly string[]): WebviewState {
  const current = training.kind === "idle" ? undefined : training.training;
  const history =
    current === undefined
      ? { reports: [] }
      : current === state.history.training
        ? state.history
        : { training: current, reports: [] };
  const wanted = [current, state.training.chosen, names[0]];
  const chosen = wanted.find((name) => name !== undefined && names.includes(name));
  return { ...state, history, training: { state: training, names, ...(chosen !== undefined && { chosen }) } };
}

/** No part of the panel may vanish under another. */
function withShare<View extends { readonly share: number }>(view: View): View {
  return { ...view, share: Math.min(largestShare, Math.max(smallestShare, view.share)) };
}

/** What a panel begins with when it is shown again. */
export function restoredState(remembered: DiagramState | undefined): WebviewState {
  return {
    ...initialState,
    // What an older version remembered may lack what there is now.
    chart: { ...initialState.chart, ...remembered?.chart },
    inspector: { ...initialState.inspector, ...remembered?.inspector },
    editing: { ...initialEditing, arrangement: { ...initialEditing.arrangement, ...remembered?.diagram } },
    ...(remembered?.view && { view: remembered.view }),
  };
}

/** What the panel of the document at `uri` should begin with the next time. */
export function toRemember({ chart, inspector, editing, view }: WebviewState, uri: string): DiagramState {
  return { uri, chart, inspector, diagram: editing.arrangement, ...(view && { view }) };
}

export interface Store {
  readonly get: () => WebviewState;
  readonly dispatch: (action: Action) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore(state: WebviewState = initialState): Store {
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch: (action) => {
      state = reduce(state, action);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What every component may reach: the state, and the ways out to the host. */
export interface Session {
  readonly store: Store;
  readonly post: Post;
  readonly ask: Ask;
  readonly drawing: Drawing;
  readonly watching: Watching;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("A component of the panel was rendered outside of its session.");
  return session;
}

/** A part of the state; the component is drawn again only when that part is another one. */
export function useSelected<T>(select: (state: WebviewState) => T): T {
  const { store } = useSession();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

/** Has the host send the numbers of these values and parameters, as long as the component is in the page. */
export function useWatched(ids: readonly ValueId[]): void {
  const { watching } = useSession();
  const list = JSON.stringify(ids);
  useEffect(() => watching.watch(JSON.parse(list) as ValueId[]), [watching, list]);
}
