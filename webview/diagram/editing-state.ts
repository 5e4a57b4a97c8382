// What an editor of the diagram has in hand: what is selected, which tool is open, how the diagram is drawn.

import type { EditPlace, OtherInputs } from "../../engine/protocol/edit-intent";
import type {
  ArgumentSubject,
  ExportCommand,
  HandLayout,
  NodeOffsets,
  PaletteEntry,
} from "../../engine/protocol/editing";
import type { DiagramArrangement } from "../../engine/protocol/webview";
import { isEqual } from "./reuse";

export interface EditingState {
  /** Nodes and groups. */
  readonly selection: readonly string[];
  readonly entries: readonly PaletteEntry[];
  readonly byHand: { readonly network: string; readonly layout: HandLayout };
  readonly arrangement: DiagramArrangement;
  readonly tool?: Tool;
  readonly message?: EditMessage;
  /** The node that should have the keyboard as soon as it is drawn. */
  readonly focus?: string;
  /** Asked for by the editor, to be done once. */
  readonly command?: { readonly command: ExportCommand };
}

/** At most one is open. */
export type Tool =
  | { readonly kind: "rename"; readonly node: string }
  /** `node` is absent where it is about none. */
  | { readonly kind: "arguments"; readonly of: ArgumentSubject; readonly node?: string }
  | { readonly kind: "wrap"; readonly node: string }
  /** In pixels of the window. */
  | { readonly kind: "menu"; readonly x: number; readonly y: number }
  | PickTool;

/** One more node is chosen: what an input is given, what is added to the first, what something new takes as well. */
export interface PickTool {
  readonly kind: "pick";
  readonly node: string;
  readonly gesture: PickGesture;
  /** The one that has the pointer or the keyboard. */
  readonly over?: string;
}

export type PickGesture =
  | { readonly kind: "connect" }
  /** Which of its inputs takes the place of what is deleted. */
  | { readonly kind: "delete" }
  | { readonly kind: "rewire"; readonly input: number }
  | {
      readonly kind: "insert";
      readonly entry: PaletteEntry;
      readonly at: EditPlace;
      /** Those that are chosen already. */
      readonly others: OtherInputs;
    };

export function argumentsTool(node: string): Tool {
  return { kind: "arguments", of: { kind: "value", value: node }, node };
}

export interface EditMessage {
  readonly severity: "error" | "warning" | "info";
  readonly text: string;
}

export type EditingAction =
  | { readonly kind: "selectNodes"; readonly ids: readonly string[] }
  | { readonly kind: "openTool"; readonly tool?: Tool }
  | { readonly kind: "say"; readonly message?: EditMessage }
  | { readonly kind: "focusNode"; readonly id?: string }
  | { readonly kind: "arrange"; readonly change: Partial<DiagramArrangement> }
  | { readonly kind: "moveNodes"; readonly network: string; readonly offsets: NodeOffsets }
  /** These groups of the network, and no others, are drawn as one node. */
  | { readonly kind: "collapse"; readonly network: string; readonly collapsed: readonly string[] }
  | { readonly kind: "commandDone" };

export const initialEditing: EditingState = {
  selection: [],
  entries: [],
  byHand: { network: "", layout: {} },
  arrangement: { direction: "down", palette: false },
};

export function reduceEditing(state: EditingState, action: EditingAction): EditingState {
  switch (action.kind) {
    case "selectNodes": {
      const { message: _, ...rest } = state;
      return { ...rest, selection: action.ids };
    }
    case "openTool": {
      const { tool: _, ...rest } = state;
      return action.tool ? { ...rest, tool: action.tool } : rest;
    }
    case "say": {
      const { message: _, ...rest } = state;
      return action.message ? { ...rest, message: action.message } : rest;
    }
    case "focusNode": {
      const { focus: _, ...rest } = state;
      return action.id === undefined ? rest : { ...rest, focus: action.id };
    }
    case "arrange":
      return { ...state, arrangement: { ...state.arrangement, ...action.change } };
    case "moveNodes":
      return withChange(state, action.network, { [state.arrangement.direction]: action.offsets });
    case "collapse":
      return withChange(state, action.network, { collapsed: action.collapsed });
    case "commandDone": {
      const { command: _, ...rest } = state;
      return rest;
    }
    default:
      return action satisfies never;
  }
}

function withChange(state: EditingState, network: string, change: HandLayout): EditingState {
  const known = state.byHand.network === network ? state.byHand.layout : {};
  return { ...state, byHand: { network, layout: { ...known, ...change } } };
}

/** What was changed by hand, as the text has it. What is equal stays the same object. */
export function withLayoutOf(state: EditingState, network: string, layout: HandLayout): EditingState {
  const given = { network, layout };
  return isEqual(state.byHand, given) ? state : { ...state, byHand: given };
}

/** The groups of a network that are drawn as one node. */
export function collapsedIn({ byHand: { network, layout } }: EditingState, name: string): readonly string[] {
  return network === name ? (layout.collapsed ?? nothing) : nothing;
}

const nothing: readonly string[] = [];

/** The cursor in the text has come to a value; what is selected with it stays selected. */
export function followCursor(state: EditingState, id: string | undefined): EditingState {
  if (id === undefined || state.selection.includes(id)) return state;
  return { ...state, selection: [id] };
}
