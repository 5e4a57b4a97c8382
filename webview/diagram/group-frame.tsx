// The frame around a use of a block or a repeat, with its title.

import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import { Icon } from "../controls";
import { useSelected, useSession } from "../store";
import { toggleCollapsed } from "./actions";
import { useEditor } from "./editor";
import type { DiagramGroup } from "./groups";
import { kindIcons } from "./node-kinds";

export type GroupFrameType = Node<{ readonly group: DiagramGroup }, "frame">;

export const GroupFrame = memo(function GroupFrame({ data: { group }, selected }: NodeProps<GroupFrameType>) {
  const editor = useEditor();
  const { store } = useSession();
  const stale = useSelected(({ live }) => live.stale);
  const { id, kind, heading, detail } = group;
  return (
    <div
      className={`frame frame-${kind}${selected ? " is-selected" : ""}${stale ? " is-stale" : ""}`}
      // Named by the list it is in.
      aria-hidden="true"
    >
      <div className="frame-title">
        <button
          type="button"
          className="nodrag"
          tabIndex={-1}
          title={`Collapse ${heading}`}
          onClick={(event) => {
            event.stopPropagation();
            toggleCollapsed({ editor, editing: store.get().editing }, id);
          }}
        >
          <Icon name="chevron-down" />
        </button>
        <Icon name={kindIcons[kind]} />
        <span className="frame-heading">{heading}</span>
        {detail !== "" && <span className="frame-detail">{detail}</span>}
      </div>
    </div>
  );
});
