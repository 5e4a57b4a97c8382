// A small window beside a node, inside of the diagram's view; the keyboard is in it until it closes. What is about no
// node stands in the upper left.

import { useReactFlow, useViewport } from "@xyflow/react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Box } from "./layout";

interface PopoverProps {
  readonly label: string;
  /** What it stands beside, in the diagram. */
  readonly box: Box | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const gap = 6;

export function Popover({ label, box, onClose, children }: PopoverProps) {
  const element = useRef<HTMLDivElement>(null);
  const { x, y, zoom } = useViewport();
  const flow = useReactFlow();
  const [place, setPlace] = useState<{ readonly left: number; readonly top: number }>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the view's place says where the node is on the screen.
  useLayoutEffect(() => {
    const around = element.current?.parentElement;
    if (!element.current || !around) return;
    if (!box) {
      setPlace({ left: gap, top: gap });
      return;
    }
    const { offsetWidth, offsetHeight } = element.current;
    const { left, top, width, height } = around.getBoundingClientRect();
    const corner = flow.flowToScreenPosition({ x: box.x, y: box.y + box.height });
    const below = corner.y - top + gap;
    const above = below - box.height * zoom - offsetHeight - 2 * gap;
    const fitsBelow = below + offsetHeight <= height - gap;
    setPlace({
      left: Math.max(gap, Math.min(corner.x - left, width - offsetWidth - gap)),
      top: Math.max(gap, fitsBelow ? below : above >= gap ? above : height - offsetHeight - gap),
    });
  }, [flow, box, x, y, zoom]);

  const isPlaced = place !== undefined;
  useEffect(() => {
    if (!isPlaced) return; // What is hidden cannot have the keyboard.
    const first = element.current?.querySelector<HTMLElement>("input, select, button");
    first?.focus();
    if (first instanceof HTMLInputElement && first.type === "text") first.select();
  }, [isPlaced]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of the diagram mean nothing here.
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };

  return (
    <div
      ref={element}
      className="popover"
      role="dialog"
      aria-label={label}
      style={place ?? { visibility: "hidden" }}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}
