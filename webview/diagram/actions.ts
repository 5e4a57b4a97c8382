// Everything that can be done to what is selected: one record for menu, keys and help.

import type { Network } from "../../engine/protocol/network";
import { argumentsTool, collapsedIn, type EditingState, type Tool } from "./editing-state";
import type { Editor } from "./editor";
import {
  asked,
  deletionOf,
  hasSeveralInputs,
  namedBy,
  nodeOf,
  pastingOf,
  placeAtSelection,
  selectedValues,
} from "./gestures";
import { neighbor } from "./navigation";
import type { PlacedDiagram } from "./use-layout";

export interface ActionContext {
  readonly editor: Editor;
  readonly editing: EditingState;
  readonly placed: PlacedDiagram;
  /** The network that is shown, and the training that is chosen. */
  readonly network: Network;
  readonly training: string | undefined;
  readonly post: (message: { readonly kind: "undo" | "redo" }) => void;
  readonly reveal: (id: string) => void;
}

export interface DiagramAction {
  readonly title: string;
  /** As `KeyboardEvent.key`; "Ctrl+" stands for ⌘ on a Mac. */
  readonly keys: readonly string[];
  readonly group: "insert" | "change" | "edges" | "blocks" | "clipboard" | "history" | "view";
  readonly isPossible: (context: ActionContext) => boolean;
  readonly run: (context: ActionContext) => void;
}

const always = () => true;
const some = ({ editing }: ActionContext) => editing.selection.length > 0;
const one = ({ editing }: ActionContext) => editing.selection.length === 1;

export const actions: { readonly [Id: string]: DiagramAction } = {
  palette: {
    title: "Insert…",
    keys: ["i", "Insert"],
    group: "insert",
    isPossible: always,
    run: ({ editor }) => editor.change({ kind: "arrange", change: { palette: true } }),
  },
  arguments: {
    title: "Change Arguments…",
    keys: ["Enter"],
    group: "change",
    isPossible: one,
    run: (context) => openTool(context, argumentsTool),
  },
  attributes: {
    title: "Change Attributes of the Network…",
    keys: ["a"],
    group: "change",
    isPossible: ({ network }) => network.attributes.length > 0,
    run: ({ editor }) => editor.change({ kind: "openTool", tool: { kind: "arguments", of: { kind: "network" } } }),
  },
  training: {
    title: "Change Training…",
    keys: ["t"],
    group: "change",
    isPossible: ({ training }) => training !== undefined,
    run: ({ editor, training }) => {
      if (training === undefined) return;
      editor.change({ kind: "openTool", tool: { kind: "arguments", of: { kind: "training", name: training } } });
    },
  },
  rename: {
    title: "Rename…",
    keys: ["F2"],
    group: "change",
    isPossible: one,
    run: (context) => openTool(context, (node) => ({ kind: "rename", node })),
  },
  delete: {
    title: "Delete",
    keys: ["Delete", "Backspace"],
    group: "change",
    isPossible: some,
    run: (context) => void remove(context),
  },
  rewire: {
    title: "Rewire Input…",
    keys: ["r"],
    group: "edges",
    isPossible: (context) => one(context) && inputsOfSelected(context) > 0,
    run: (context) => {
      const { tool } = context.editing;
      const [node] = context.editing.selection;
      // Once more goes on to the next input.
      const before =
        tool?.kind === "pick" && tool.node === node && tool.gesture.kind === "rewire" ? tool.gesture.input : -1;
      const input = (before + 1) % Math.max(1, inputsOfSelected(context));
      openTool(context, (id) => ({ kind: "pick", node: id, gesture: { kind: "rewire", input } }));
    },
  },
  connect: {
    title: "Add to Another Value…",
    keys: ["l"],
    group: "edges",
    isPossible: one,
    run: (context) => openTool(context, (node) => ({ kind: "pick", node, gesture: { kind: "connect" } })),
  },
  wrap: {
    title: "Wrap in a Block…",
    keys: ["w"],
    group: "blocks",
    isPossible: some,
    run: (context) => openTool(context, (node) => ({ kind: "wrap", node })),
  },
  expand: {
    title: "Expand Block in the Text",
    keys: ["e"],
    group: "blocks",
    isPossible: (context) => one(context) && isBlock(context),
    run: ({ editor, editing }) => void editor.edit(asked({ kind: "expand", instance: editing.selection[0]! })),
  },
  collapse: {
    title: "Collapse or Uncollapse",
    keys: ["c"],
    group: "blocks",
    isPossible: (context) => one(context) && groupToToggle(context) !== undefined,
    run: (context) => {
      const id = groupToToggle(context);
      if (id !== undefined) toggleCollapsed(context, id);
    },
  },
  cut: {
    title: "Cut",
    keys: ["Ctrl+x"],
    group: "clipboard",
    isPossible: some,
    run: (context) =>
      void copySelected(context).then((copied) => {
        if (copied) void remove(context);
      }),
  },
  copy: {
    title: "Copy",
    keys: ["Ctrl+c"],
    group: "clipboard",
    isPossible: some,
    run: (context) => void copySelected(context),
  },
  paste: {
    title: "Paste",
    keys: ["Ctrl+v"],
    group: "clipboard",
    isPossible: always,
    run: ({ editor, editing: { selection } }) =>
      void editor.clipboard().then((chain) => {
        const at = placeAtSelection(editor.diagram, selection, "after");
        return chain !== false && editor.edit(pastingOf(chain, at));
      }),
  },
  duplicate: {
    title: "Duplicate",
    keys: ["Ctrl+d"],
    group: "clipboard",
    isPossible: some,
    run: (context) =>
      void copySelected(context).then((copied) => {
        if (copied) actions.paste!.run(context);
      }),
  },
  undo: {
    title: "Undo",
    keys: ["Ctrl+z"],
    group: "history",
    isPossible: always,
    run: ({ post }) => post({ kind: "undo" }),
  },
  redo: {
    title: "Redo",
    keys: ["Ctrl+y", "Ctrl+Z"],
    group: "history",
    isPossible: always,
    run: ({ post }) => post({ kind: "redo" }),
  },
  selectAll: {
    title: "Select All",
    keys: ["Ctrl+a"],
    group: "view",
    isPossible: always,
    run: ({ editor, placed }) => {
      const ids = placed.diagram.nodes.filter(({ kind }) => kind !== "output").map(({ id }) => id);
      editor.change({ kind: "selectNodes", ids });
    },
  },
  reveal: {
    title: "Show in the Text",
    keys: [" "],
    group: "view",
    isPossible: one,
    run: ({ editing, reveal }) => reveal(editing.selection[0]!),
  },
};

export function actionOfKey(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): DiagramAction | undefined {
  if (event.altKey) return undefined;
  const pressed = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.key}`;
  return Object.values(actions).find(({ keys }) => keys.includes(pressed));
}

/** As a menu shows it. */
export function keyName(key: string): string {
  const names: Readonly<Record<string, string>> = { " ": "Space", "Ctrl+Z": "Ctrl+Shift+Z", Delete: "Del" };
  return (
    names[key] ?? (key.length === 1 || key.startsWith("Ctrl+") ? key.replace(/.$/, (last) => last.toUpperCase()) : key)
  );
}

/** As `aria-keyshortcuts` has it. */
export function shortcutsOf(actionList: readonly DiagramAction[]): string {
  return actionList
    .flatMap(({ keys }) => keys.map((key) => key.replace("Ctrl", "Control").replace(/^ $/, "Space")))
    .join(" ");
}

export function toggleCollapsed({ editor, editing }: Pick<ActionContext, "editor" | "editing">, id: string): void {
  const collapsed = collapsedIn(editing, editor.network);
  const without = collapsed.filter((each) => each !== id);
  const next = without.length === collapsed.length ? [...collapsed, id] : without;
  editor.collapse(next);
  editor.change({ kind: "selectNodes", ids: [id] });
  if (next.length > collapsed.length) editor.change({ kind: "focusNode", id });
}

function openTool({ editor, editing }: ActionContext, tool: (node: string) => Tool): void {
  const [node] = editing.selection;
  if (node === undefined) return;
  const value = namedBy(editor.diagram, node);
  const opened = tool(node);
  // The output itself can be rewired; all else is about a value.
  const isAboutOutput = opened.kind === "pick" && opened.gesture.kind === "rewire";
  if (typeof value !== "string" && !isAboutOutput) {
    editor.change({ kind: "say", message: { severity: "error", text: value.message } });
    return;
  }
  editor.change({ kind: "openTool", tool: opened });
}

async function remove(context: ActionContext): Promise<void> {
  const { editor, editing, placed } = context;
  const [first] = editing.selection;
  if (first !== undefined && editing.selection.length === 1 && hasSeveralInputs(editor.diagram, first)) {
    openTool(context, (node) => ({ kind: "pick", node, gesture: { kind: "delete" } }));
    return;
  }
  const focus = first === undefined ? undefined : neighbor(placed, first, "up");
  const done = await editor.edit(deletionOf(editor.diagram, editing.selection), { focus });
  if (done) editor.change({ kind: "selectNodes", ids: focus === undefined ? [] : [focus] });
}

async function copySelected({ editor, editing }: ActionContext): Promise<boolean> {
  const values = selectedValues(editor.diagram, editing.selection);
  return "kind" in values ? await editor.edit(values) : await editor.copy(values);
}

function inputsOfSelected({ editor, editing }: ActionContext): number {
  return nodeOf(editor.diagram, editing.selection[0] ?? "")?.inputCount ?? 0;
}

function isBlock({ editor, editing }: ActionContext): boolean {
  const [id = ""] = editing.selection;
  const group = editor.diagram.groups.find((each) => each.id === id);
  return group?.kind === "block" || nodeOf(editor.diagram, id)?.kind === "block";
}

/** A collapsed group, a group, or the one around a node. */
function groupToToggle({ editor, editing }: ActionContext): string | undefined {
  const [id = ""] = editing.selection;
  if (editor.diagram.groups.some((group) => group.id === id)) return id;
  const node = nodeOf(editor.diagram, id);
  return node?.kind === "block" || node?.kind === "repeat" ? id : node?.group;
}
