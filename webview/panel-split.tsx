// Two parts above or beside each other with a bar between them that mouse and keyboard move.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";

interface PanelSplitProps {
  readonly direction: "down" | "right";
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** The second part's share, in (0, 1). */
  readonly share: number;
  readonly onShare: (share: number) => void;
  /** Names the bar. */
  readonly label: string;
}

const keyStep = 0.05;

export function PanelSplit({ direction, first, second, share, onShare, label }: PanelSplitProps) {
  const whole = useRef<HTMLDivElement>(null);

  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !whole.current) return;
    const { bottom, right, height, width } = whole.current.getBoundingClientRect();
    if (height === 0 || width === 0) return;
    onShare(direction === "down" ? (bottom - event.clientY) / height : (right - event.clientX) / width);
  };
  const move = (event: KeyboardEvent) => {
    const [larger, smaller] = direction === "down" ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
    const change = event.key === larger ? keyStep : event.key === smaller ? -keyStep : 0;
    if (change === 0) return;
    event.preventDefault();
    onShare(share + change);
  };

  return (
    <div className={`split split-${direction}`} ref={whole}>
      <div className="split-part" style={{ flexGrow: 1 - share }}>
        {first}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; this is ARIA's window splitter. */}
      <div
        className="split-bar"
        role="separator"
        aria-orientation={direction === "down" ? "horizontal" : "vertical"}
        aria-label={label}
        aria-valuenow={Math.round(share * 100)}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={move}
      />
      <div className="split-part" style={{ flexGrow: share }}>
        {second}
      </div>
    </div>
  );
}
