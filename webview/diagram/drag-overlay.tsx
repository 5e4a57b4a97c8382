// What is dragged, beside the pointer, and whether it fits what lies under it.

import { useRef } from "react";
import type { Drag, Dragged } from "./use-drag";

export function DragOverlay({ drag }: { readonly drag: Drag }) {
  const { at, dragged, verdict, target } = drag;
  const element = useRef<HTMLDivElement>(null);
  const { left = 0, top = 0, width = 0 } = element.current?.parentElement?.getBoundingClientRect() ?? {};
  const mark = verdict === undefined ? "" : verdict.fits ? " fits" : " misfits";
  const x = at.x - left;
  // At the right border it hangs to the left of the pointer.
  const style =
    x > width / 2 ? { right: width - x + 12, top: at.y - top + 12 } : { left: x + 12, top: at.y - top + 12 };
  return (
    <div ref={element} className={`drag-overlay${mark}`} role="status" style={style}>
      <strong>{titleOf(dragged)}</strong>
      <span>{verdict?.text ?? (target ? "…" : hintFor(dragged))}</span>
    </div>
  );
}

function titleOf(dragged: Dragged): string {
  switch (dragged.kind) {
    case "entry":
      return dragged.entry.call.name;
    case "connect":
      return "Add to…";
    case "source":
      return "Compute from…";
    case "target":
      return "Lead to…";
    default:
      return dragged satisfies never;
  }
}

function hintFor({ kind }: Dragged): string {
  return kind === "entry" ? "Drop it on an edge, or on a node: after it, with Alt before it." : "Drop it on a node.";
}
