// The menu of what is selected, with the keys that do the same.

import { Menu } from "../menu";
import { type ActionContext, actions, keyName } from "./actions";

interface ContextMenuProps {
  readonly context: ActionContext;
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

export function ContextMenu({ context, x, y, onClose }: ContextMenuProps) {
  const items = Object.values(actions)
    .filter(({ isPossible }) => isPossible(context))
    .map(({ title, keys, group, run }) => ({ title, keys: keyName(keys[0]!), group, run: () => run(context) }));
  return <Menu label="Diagram" items={items} x={x} y={y} onClose={onClose} />;
}
