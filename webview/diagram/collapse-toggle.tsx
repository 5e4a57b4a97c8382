// Collapses a group, or shows again what is in it, by a click: who uses keys has one for it wherever the node has the keyboard.

import { Icon } from "../controls";
import { useSession } from "../store";
import { toggleCollapsed } from "./actions";
import { useEditor } from "./editor";

interface CollapseToggleProps {
  readonly id: string;
  readonly heading: string;
  readonly collapsed: boolean;
}

/** No button: an option of a list can have none in it. */
export function CollapseToggle({ id, heading, collapsed }: CollapseToggleProps) {
  const editor = useEditor();
  const { store } = useSession();
  return (
    <span
      className="collapse-toggle nodrag"
      title={`${collapsed ? "Uncollapse" : "Collapse"} ${heading}`}
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation();
        toggleCollapsed({ editor, editing: store.get().editing }, id);
      }}
    >
      <Icon name={collapsed ? "chevron-right" : "chevron-down"} />
    </span>
  );
}
