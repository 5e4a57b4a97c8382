// The menu of what is selected, with the keys that do the same.

import { Fragment, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type ActionContext, actions, keyName } from "./actions";

interface ContextMenuProps {
  readonly context: ActionContext;
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

export function ContextMenu({ context, x, y, onClose }: ContextMenuProps) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: x, top: y });
  const possible = Object.entries(actions).filter(([, action]) => action.isPossible(context));

  useLayoutEffect(() => {
    const around = element.current?.parentElement;
    if (!element.current || !around) return;
    const { offsetWidth, offsetHeight } = element.current;
    setPlace({
      left: Math.max(0, Math.min(x, around.clientWidth - offsetWidth - 4)),
      top: Math.max(0, Math.min(y, around.clientHeight - offsetHeight - 4)),
    });
  }, [x, y]);

  useEffect(() => {
    itemsOf(element.current)[0]?.focus();
    const away = (event: Event) => {
      if (!element.current?.contains(event.target as Node)) onClose();
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const items = itemsOf(element.current);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const next = step[event.key];
    if (next !== undefined) items.at(next % items.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={element}
      className="context-menu"
      role="menu"
      aria-label="Diagram"
      tabIndex={-1}
      style={place}
      onKeyDown={onKeyDown}
    >
      {possible.map(([id, action], index) => (
        <Fragment key={id}>
          {index > 0 && possible[index - 1]![1].group !== action.group && <hr />}
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              onClose();
              action.run(context);
            }}
          >
            <span>{action.title}</span>
            <kbd>{keyName(action.keys[0]!)}</kbd>
          </button>
        </Fragment>
      ))}
    </div>
  );
}

function itemsOf(menu: HTMLElement | null): readonly HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}
