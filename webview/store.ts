// The webview's only owner of state: a plain reducer over the host's messages and the panel's own few choices.
// What is drawn follows from it; nothing here touches the DOM.

import { createContext, useContext, useSyncExternalStore } from "react";
import type { Network, ValueId } from "../engine/protocol/network";
import type { EpochReport, Snapshot, TrainingState } from "../engine/protocol/snapshot";
import type { ChartView, DiagramState, DiagramViewport, ToWebview } from "../engine/protocol/webview";
import type { Post } from "./messages";

export interface WebviewState {
  readonly document: DocumentState;
  readonly live: { readonly snapshot?: Snapshot; readonly stale: boolean };
  readonly history: { readonly training?: string; readonly reports: readonly EpochReport[] };
  readonly training: {
    readonly state: TrainingState;
    /** Names of the file's trainings, in its order. */
    readonly names: readonly string[];
    /** What *Train* would start. */
    readonly chosen?: string;
  };
  readonly selected?: ValueId;
  readonly chart: ChartView;
  /** Where the user moved the view, if they did. */
  readonly view?: DiagramViewport;
}

export type DocumentState =
  | { readonly kind: "loading" }
  | { readonly kind: "empty"; readonly file: string; readonly problem?: string }
  | {
      readonly kind: "network";
      readonly version: number;
      readonly file: string;
      readonly network: Network;
      readonly problem?: string;
    };

/** What the user decides inside the panel; everything else comes from the host. */
export type PanelAction =
  | { readonly kind: "chooseTraining"; readonly training: string }
  | { readonly kind: "openChart"; readonly open: boolean }
  | { readonly kind: "showTable"; readonly table: boolean }
  | { readonly kind: "shareHeight"; readonly share: number }
  | { readonly kind: "moveView"; readonly view: DiagramViewport };

export type Action = ToWebview | PanelAction;

export const initialState: WebviewState = {
  document: { kind: "loading" },
  live: { stale: false },
  history: { reports: [] },
  training: { state: { kind: "idle" }, names: [] },
  chart: { open: true, table: false, share: 0.3 },
};

const smallestShare = 0.15;
const largestShare = 0.75;

export function reduce(state: WebviewState, action: Action): WebviewState {
  switch (action.kind) {
    case "network":
      return { ...state, document: documentOf(action) };
    case "snapshot":
      return {
        ...state,
        live: { stale: action.stale, ...(action.snapshot && { snapshot: action.snapshot }) },
      };
    case "history":
      return { ...state, history: { training: action.training, reports: action.reports } };
    case "epoch":
      return { ...state, history: { ...state.history, reports: withReport(state.history.reports, action.report) } };
    case "state":
      return withTraining(state, action.state, action.trainings);
    case "select": {
      const { selected: _, ...rest } = state;
      return action.id === undefined ? rest : { ...rest, selected: action.id };
    }
    case "chooseTraining":
      return { ...state, training: { ...state.training, chosen: action.training } };
    case "openChart":
      return { ...state, chart: { ...state.chart, open: action.open } };
    case "showTable":
      return { ...state, chart: { ...state.chart, table: action.table } };
    case "moveView":
      return { ...state, view: action.view };
    case "shareHeight":
      return { ...state, chart: { ...state.chart, share: clamp(action.share, smallestShare, largestShare) } };
    default:
      // A newer host may say more than this panel knows; in development the compiler lists what is missing here.
      action satisfies never;
      return state;
  }
}

function documentOf(message: Extract<ToWebview, { kind: "network" }>): DocumentState {
  const { version, file, network, problem } = message;
  const why = problem === undefined ? {} : { problem };
  return network ? { kind: "network", version, file, network, ...why } : { kind: "empty", file, ...why };
}

/** A report replaces those from its epoch on: a training that begins again begins its curve again. */
function withReport(reports: readonly EpochReport[], report: EpochReport): readonly EpochReport[] {
  const before = reports.at(-1);
  const kept = before && before.epoch >= report.epoch ? reports.filter((each) => each.epoch < report.epoch) : reports;
  return [...kept, report];
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

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** What a panel begins with when it is shown again. */
export function restoredState(remembered: DiagramState | undefined): WebviewState {
  return {
    ...initialState,
    ...(remembered?.chart && { chart: remembered.chart }),
    ...(remembered?.view && { view: remembered.view }),
  };
}

/** What the panel should begin with the next time, once it knows its document. */
export function toRemember({ document, chart, view }: WebviewState): DiagramState | undefined {
  return document.kind === "loading" ? undefined : { uri: document.file, chart, ...(view && { view }) };
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

/** What every component may reach: the state, and the way out to the host. */
export interface Session {
  readonly store: Store;
  readonly post: Post;
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
