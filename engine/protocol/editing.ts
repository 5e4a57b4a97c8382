// What the diagram knows, asks and keeps while it is edited.

import type { ArgumentDoc } from "./catalog";
import type { EditIntent, WrittenCall } from "./edit-intent";
import type { ValueId } from "./network";

/** A layer, function, operator, block or shared layer that can be put into a network. */
export interface PaletteEntry {
  /** What a gesture writes: arguments that must be given stand there with a value to begin with. */
  readonly call: WrittenCall;
  /** Groups the palette: "core", "activation", …; "this file" for blocks, "shared in N" for the layers that values of N share. */
  readonly category: string;
  readonly summary: string;
  /** How many values it takes; without `max` any number. */
  readonly inputs: { readonly min: number; readonly max?: number };
}

/** What has arguments that can be changed where they stand. */
export type ArgumentSubject =
  /** A layer, a function, a use of a block; of an input its shape. */
  | { readonly kind: "value"; readonly value: ValueId }
  /** The attributes of the network that is shown. */
  | { readonly kind: "network" }
  /** What a training says in numbers, and the arguments of its optimizer. */
  | { readonly kind: "training"; readonly name: string };

export interface WrittenArguments {
  /** `Dense`. */
  readonly callee: string;
  /** The name of the `layer` statement they stand in: then all uses of it have them. */
  readonly shared?: string;
  readonly arguments: readonly WrittenArgument[];
}

export interface WrittenArgument extends ArgumentDoc {
  readonly written?: string;
  /** What that is in the network that is shown, where it is another text: `64` of `hidden`. */
  readonly value?: string;
}

/** A gesture on the text of a version; on an older one it is refused. */
export interface VersionedIntent {
  readonly version: number;
  readonly intent: EditIntent;
}

export interface Refused {
  readonly kind: "refused";
  readonly message: string;
}

export type EditOutcome =
  /** `select` is the value that the gesture has written; `problems` say what does not fit now. */
  { readonly kind: "done"; readonly select?: ValueId; readonly problems: readonly string[] } | Refused;

export type PreviewOutcome =
  | { readonly kind: "shapes"; readonly added: readonly string[]; readonly problems: readonly string[] }
  | Refused;

/** What the diagram asks about its text. */
export interface EditQuestions {
  /** One undo step. */
  edit: { parameters: VersionedIntent; result: EditOutcome };
  /** What an edit would do. Nothing is changed. */
  preview: { parameters: VersionedIntent; result: PreviewOutcome };
  /** The values go to the clipboard as text. */
  copy: {
    parameters: { readonly version: number; readonly network: string; readonly values: readonly ValueId[] };
    result: { readonly kind: "copied" } | Refused;
  };
  /** What copying has put on the clipboard. */
  clipboard: { parameters: undefined; result: string };
  arguments: {
    parameters: { readonly version: number; readonly network: string; readonly of: ArgumentSubject };
    result: ({ readonly kind: "arguments" } & WrittenArguments) | Refused;
  };
}

/** The flow of a network on the screen. */
export type FlowDirection = "down" | "right";

/** How far nodes were dragged from where the layout puts them, in pixels at zoom 1, by id. */
export type NodeOffsets = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** What of one network's drawing was changed by hand. */
export interface HandLayout extends Readonly<Partial<Record<FlowDirection, NodeOffsets>>> {
  /** Uses of blocks and repeats that are drawn as one node. */
  readonly collapsed?: readonly string[];
}

/** What a command of the editor asks of the open diagram. */
export type DiagramCommand = ExportCommand | "openInspector";

export type ExportCommand = "exportSvg" | "exportPng";

export type PictureFormat = "svg" | "png";
