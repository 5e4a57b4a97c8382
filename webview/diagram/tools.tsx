// What is open over the diagram: a small editor beside a node, the menu, what is being dragged, and what there is to say.

import { type RefObject, useCallback } from "react";
import { Icon } from "../controls";
import type { ActionContext } from "./actions";
import { Announcement } from "./announcement";
import { ArgumentEditor } from "./argument-editor";
import { ContextMenu } from "./context-menu";
import { DragOverlay } from "./drag-overlay";
import type { EditMessage } from "./editing-state";
import { NameEditor } from "./name-editor";
import { PickMessage } from "./pick-message";
import type { Drag } from "./use-drag";

interface ToolsProps {
  readonly context: ActionContext;
  readonly element: RefObject<HTMLDivElement | null>;
  readonly focusNode: (id: string) => void;
  readonly drag: Drag | undefined;
}

export function Tools({ context, element, focusNode, drag }: ToolsProps) {
  const { editor, editing, placed } = context;
  const { tool, message, selection } = editing;
  const { change } = editor;
  const close = useCallback(() => {
    change({ kind: "openTool" });
    const [first] = selection;
    if (first !== undefined && element.current?.contains(document.activeElement)) focusNode(first);
  }, [change, selection, element, focusNode]);
  const box = tool && "node" in tool && tool.node !== undefined ? placed.placement.boxes.get(tool.node) : undefined;
  return (
    <>
      {tool?.kind === "menu" && <ContextMenu key={`${tool.x} ${tool.y}`} context={context} {...tool} onClose={close} />}
      {tool?.kind === "arguments" && (box !== undefined || tool.node === undefined) && (
        <ArgumentEditor
          key={`${JSON.stringify(tool.of)} ${editor.version}`}
          subject={tool.of}
          box={box}
          onClose={close}
        />
      )}
      {(tool?.kind === "rename" || tool?.kind === "wrap") && box && (
        <NameEditor key={`${tool.kind} ${tool.node}`} tool={tool} box={box} onClose={close} />
      )}
      {drag && <DragOverlay drag={drag} />}
      <Announcement diagram={editor.diagram} editing={editing} />
      {tool?.kind === "pick" ? (
        <PickMessage tool={tool} />
      ) : (
        message && <Message message={message} onClose={() => change({ kind: "say" })} />
      )}
    </>
  );
}

const icons: { readonly [S in EditMessage["severity"]]: string } = { error: "error", warning: "warning", info: "info" };

function Message({ message, onClose }: { readonly message: EditMessage; readonly onClose?: () => void }) {
  const { severity, text } = message;
  return (
    <div
      className={`edit-message edit-message-${severity}`}
      // All others are read by the announcement.
      role={severity === "error" ? "alert" : undefined}
    >
      <Icon name={icons[severity]} />
      <span>{text}</span>
      {onClose && (
        <button type="button" title="Close" aria-label="Close the message" onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
