// Two parts above each other with a bar between them that mouse and keyboard move.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";

interface PanelSplitProps {
  readonly upper: ReactNode;
  readonly lower: ReactNode;
  /** The lower part's share of the height, in (0, 1). */
  readonly share: number;
  readonly onShare: (share: number) => void;
  /** Names the bar. */
  readonly label: string;
}

const keyStep = 0.05;

export function PanelSplit({ upper, lower, share, onShare, label }: PanelSplitProps) {
  const whole = useRef<HTMLDivElement>(null);

  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !whole.current) return;
    const { bottom, height } = whole.current.getBoundingClientRect();
    if (height > 0) onShare((bottom - event.clientY) / height);
  };
  const move = (event: KeyboardEvent) => {
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    onShare(share + direction * keyStep);
  };

  return (
    <div className="split" ref={whole}>
      <div className="split-part" style={{ flexGrow: 1 - share }}>
        {upper}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; this is ARIA's window splitter. */}
      <div
        className="split-bar"
        role="separator"
        aria-orientation="horizontal"
        aria-label={label}
        aria-valuenow={Math.round(share * 100)}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={move}
      />
      <div className="split-part" style={{ flexGrow: share }}>
        {lower}
      </div>
    </div>
  );
}
