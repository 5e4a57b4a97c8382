// The way from a gesture to the text and back: asks the host, says what it answers.

import { createContext, useCallback, useContext, useMemo } from "react";
import type { Gesture } from "../../engine/protocol/edit-intent";
import type { ArgumentSubject, EditQuestions, PreviewOutcome, Refused } from "../../engine/protocol/editing";
import { useSession } from "../store";
import type { Diagram } from "./diagram-model";
import { argumentsTool, type EditingAction } from "./editing-state";
import type { Begun } from "./gestures";
import type { Dragged } from "./use-drag";

export interface Editor {
  readonly version: number;
  readonly network: string;
  readonly diagram: Diagram;
  /** Does it, has one more node chosen, or says why not. True when it is done. */
  readonly edit: (begun: Begun, options?: EditOptions) => Promise<boolean>;
  readonly preview: (gesture: Gesture) => Promise<PreviewOutcome>;
  readonly argumentsOf: (of: ArgumentSubject) => Promise<EditQuestions["arguments"]["result"]>;
  readonly copy: (values: readonly string[]) => Promise<boolean>;
  /** False when it cannot be read, which is said then. */
  readonly clipboard: () => Promise<string | false>;
  readonly change: (action: EditingAction) => void;
  /** These groups, and no others, are drawn as one node. */
  readonly collapse: (groups: readonly string[]) => void;
  readonly drag: (dragged: Dragged, event: React.PointerEvent) => void;
}

export interface EditOptions {
  /** Opens the arguments of what is new. */
  readonly openArguments?: boolean;
  /** What has the keyboard afterwards, unless something new has. */
  readonly focus?: string | undefined;
}

export const EditorContext = createContext<Editor | undefined>(undefined);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("A part of the diagram was rendered outside of its editor.");
  return editor;
}

interface Shown {
  readonly version: number;
  readonly network: string;
  readonly diagram: Diagram;
}

export function useNewEditor({ version, network, diagram }: Shown): Omit<Editor, "drag"> {
  const { store, ask, post } = useSession();
  const change = useCallback((action: EditingAction) => store.dispatch({ kind: "editing", action }), [store]);
  return useMemo(() => {
    const refuse = ({ message }: { readonly message: string }): false => {
      change({ kind: "say", message: { severity: "error", text: message } });
      return false;
    };
    /** The host could not answer at all. */
    const failed = (error: unknown): false =>
      refuse({ message: error instanceof Error ? error.message : String(error) });
    return {
      version,
      network,
      diagram,
      change,
      collapse: (collapsed) => {
        change({ kind: "collapse", network, collapsed });
        post({ kind: "collapse", version, network, collapsed });
      },
      edit: async (begun, { openArguments = false, focus } = {}) => {
        if (begun.kind === "impossible") return refuse(begun);
        if (begun.kind === "picking") {
          change({ kind: "openTool", tool: begun.tool });
          change({ kind: "focusNode", id: begun.tool.node });
          return false;
        }
        const outcome = await ask("edit", { version, intent: { ...begun.gesture, network } }).catch(failed);
        if (outcome === false) return false;
        if (outcome.kind === "refused") return refuse(outcome);
        const { select, problems } = outcome;
        if (select !== undefined) change({ kind: "selectNodes", ids: [select] });
        const next = select ?? focus;
        if (next !== undefined) change({ kind: "focusNode", id: next });
        if (openArguments && select !== undefined) change({ kind: "openTool", tool: argumentsTool(select) });
        const [text] = problems;
        change(text === undefined ? { kind: "say" } : { kind: "say", message: { severity: "warning", text } });
        return true;
      },
      preview: (gesture) => ask("preview", { version, intent: { ...gesture, network } }),
      argumentsOf: (of) => ask("arguments", { version, network, of }),
      copy: async (values) => {
        const copied = await ask("copy", { version, network, values }).catch(failed);
        if (copied === false) return false;
        if (copied.kind === "refused") return refuse(copied);
        change({ kind: "say", message: { severity: "info", text: "Copied." } });
        return true;
      },
      clipboard: () => ask("clipboard", undefined).catch(failed),
    };
  }, [ask, post, change, version, network, diagram]);
}

/** What a preview says, in one line. */
export function verdictOf(outcome: PreviewOutcome | Refused): { readonly fits: boolean; readonly text: string } {
  if (outcome.kind === "refused") return { fits: false, text: outcome.message };
  const [problem] = outcome.problems;
  if (problem !== undefined) return { fits: false, text: problem };
  return { fits: true, text: outcome.added.length === 0 ? "fits" : outcome.added.join(", ") };
}
