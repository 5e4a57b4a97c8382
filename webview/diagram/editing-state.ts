// What an editor of the diagram has in hand: what is selected, which tool is open, how the diagram is drawn.

import type { EditPlace, OtherInputs } from "../../engine/protocol/edit-intent";
import type {
  ArgumentSubject,
  ExportCommand,
  NetworkOffsets,
  NodeOffsets,
  PaletteEntry,
} from "../../engine/protocol/editing";
import type { DiagramArrangement } from "../../engine/protocol/webview";
import { isEqual } from "./reuse";

export interface EditingState {
  /** Nodes and groups. */
  readonly selection: readonly string[];
  readonly entries: readonly PaletteEntry[];
  readonly offsets: { readonly network: string; readonly offsets: NetworkOffsets };
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
  | { readonly kind: "commandDone" };

export const initialEditing: EditingState = {
  selection: [],
  entries: [],
  offsets: { network: "", offsets: {} },
  arrangement: { direction: "down", collapsed: [], palette: false },
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
    case "moveNodes": {
      const known = state.offsets.network === action.network ? state.offsets.offsets : {};
      const offsets = { ...known, [state.arrangement.direction]: action.offsets };
      return { ...state, offsets: { network: action.network, offsets } };
    }
    case "commandDone": {
      const { command: _, ...rest } = state;
      return rest;
    }
    default:
      return action satisfies never;
  }
}

/** Where nodes were put by hand, as the text has them. Equal ones stay the same object. */
export function withOffsetsOf(state: EditingState, network: string, offsets: NetworkOffsets): EditingState {
  const given = { network, offsets };
  return isEqual(state.offsets, given) ? state : { ...state, offsets: given };
}

/** The cursor in the text has come to a value; what is selected with it stays selected. */
export function followCursor(state: EditingState, id: string | undefined): EditingState {
  if (id === undefined || state.selection.includes(id)) return state;
  return { ...state, selection: [id] };
}
