// The frame around a use of a block or a repeat, with its title.

import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import { Icon } from "../controls";
import { useSelected } from "../store";
import { CollapseToggle } from "./collapse-toggle";
import type { DiagramGroup } from "./groups";
import { kindIcons } from "./node-kinds";

export type GroupFrameType = Node<{ readonly group: DiagramGroup }, "frame">;

export const GroupFrame = memo(function GroupFrame({ data: { group }, selected }: NodeProps<GroupFrameType>) {
  const stale = useSelected(({ live }) => live.stale);
  const { id, kind, heading, detail } = group;
  return (
    <div
      className={`frame frame-${kind}${selected ? " is-selected" : ""}${stale ? " is-stale" : ""}`}
      // Named by the list it is in.
      aria-hidden="true"
    >
      <div className="frame-title">
        <CollapseToggle id={id} heading={heading} collapsed={false} />
        <Icon name={kindIcons[kind]} />
        <span className="frame-heading">{heading}</span>
        {detail !== "" && <span className="frame-detail">{detail}</span>}
      </div>
    </div>
  );
});
