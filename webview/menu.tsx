// A menu at a place of the window: arrow keys go through it, Escape and a press elsewhere close it.

import { Fragment, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";

export interface MenuItem {
  readonly title: string;
  /** As a menu shows them. */
  readonly keys?: string;
  /** A line stands between one group and the next. */
  readonly group: string;
  readonly run: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Where its upper left should be, in pixels of the window; it is moved as far as it must be to be seen whole. */
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

export function Menu({ label, items, x, y, onClose }: MenuProps) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: x, top: y });

  useLayoutEffect(() => {
    if (!element.current) return;
    const { offsetWidth, offsetHeight } = element.current;
    setPlace({
      left: Math.max(margin, Math.min(x, window.innerWidth - offsetWidth - margin)),
      top: Math.max(margin, Math.min(y, window.innerHeight - offsetHeight - margin)),
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
    const elements = itemsOf(element.current);
    const at = elements.indexOf(document.activeElement as HTMLElement);
    const step: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const next = step[event.key];
    if (next !== undefined) elements.at(next % elements.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={element}
      className="menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      style={place}
      onKeyDown={onKeyDown}
    >
      {items.map(({ title, keys, group, run }, index) => (
        <Fragment key={title}>
          {index > 0 && items[index - 1]!.group !== group && <hr />}
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              onClose();
              run();
            }}
          >
            <span>{title}</span>
            {keys !== undefined && <kbd>{keys}</kbd>}
          </button>
        </Fragment>
      ))}
    </div>
  );
}

const margin = 4; // pixels of the window

function itemsOf(menu: HTMLElement | null): readonly HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}
