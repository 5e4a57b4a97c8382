// Something is dragged over the diagram by the pointer: a layer of the palette, an end of an edge, a new edge. Says what
// lies under it and whether it would fit there, before it is dropped.

import { useReactFlow } from "@xyflow/react";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { PaletteEntry } from "../../engine/protocol/editing";
import type { DiagramEdge } from "./diagram-model";
import { type DropTarget, dropTargetAt } from "./drop-target";
import { type Editor, verdictOf } from "./editor";
import {
  type Begun,
  connectionOf,
  insertionOf,
  placeBeside,
  placeOnEdge,
  resourcing,
  retargeting,
  type Side,
} from "./gestures";
import type { Point } from "./layout";
import type { PlacedDiagram } from "./use-layout";

export type Dragged =
  | { readonly kind: "entry"; readonly entry: PaletteEntry }
  /** The end of an edge that gives, or the one that takes. */
  | { readonly kind: "source" | "target"; readonly edge: DiagramEdge }
  /** A new edge. */
  | { readonly kind: "connect"; readonly from: string };

export interface Drag {
  readonly dragged: Dragged;
  /** In pixels of the window. */
  readonly at: Point;
  readonly target?: DropTarget;
  readonly verdict?: { readonly fits: boolean; readonly text: string };
}

/** Before that it is a click. */
const clickDistance = 4;

const edgeReach = 22;

export function useDrag(editor: Omit<Editor, "drag">, placed: RefObject<PlacedDiagram | undefined>) {
  const flow = useReactFlow();
  const [drag, setDrag] = useState<Drag>();
  const current = useRef(editor);
  useEffect(() => {
    current.current = editor;
  });
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  const begin = useCallback(
    (dragged: Dragged, event: React.PointerEvent) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      stop.current?.();
      const start = { x: event.clientX, y: event.clientY };
      let shown = "";
      let underWay = false;
      let begun: Begun | undefined;

      const move = (moved: PointerEvent) => {
        const at = { x: moved.clientX, y: moved.clientY };
        if (!underWay && Math.hypot(at.x - start.x, at.y - start.y) < clickDistance) return;
        underWay = true;
        moved.preventDefault();
        const target = targetAt(at);
        const side: Side = moved.altKey ? "before" : moved.shiftKey ? "branch" : "after";
        begun = target && gestureFor(dragged, target, side);
        const key = JSON.stringify([target, begun]);
        if (key === shown) setDrag((before) => before && { ...before, at });
        else {
          shown = key;
          const verdict = begun && verdictBefore(begun);
          setDrag({ dragged, at, ...(target && { target }), ...(verdict && { verdict }) });
          if (begun?.kind === "gesture") foretell(begun, key);
        }
      };
      const foretell = ({ gesture }: Extract<Begun, { kind: "gesture" }>, key: string) =>
        void current.current.preview(gesture).then(
          (outcome) => {
            if (key === shown) setDrag((before) => before && { ...before, verdict: verdictOf(outcome) });
          },
          (error: unknown) => current.current.change({ kind: "say", message: { severity: "error", text: `${error}` } }),
        );
      const targetAt = (at: Point): DropTarget | undefined => {
        const { current: shownNow } = placed;
        const over = document.elementFromPoint(at.x, at.y);
        if (!shownNow || !over?.closest(".react-flow")) return undefined;
        const reach = dragged.kind === "entry" ? edgeReach / flow.getZoom() : 0;
        return dropTargetAt(shownNow.placement, shownNow.diagram.nodes, flow.screenToFlowPosition(at), reach);
      };
      const end = () => {
        stop.current?.();
        if (!underWay || !begun) return;
        void current.current.edit(begun, { openArguments: dragged.kind === "entry" && hasArguments(dragged.entry) });
      };
      const cancel = (pressed: KeyboardEvent) => {
        if (pressed.key !== "Escape") return;
        pressed.preventDefault();
        pressed.stopPropagation();
        stop.current?.();
      };
      const gestureFor = (what: Dragged, target: DropTarget, side: Side): Begun | undefined => {
        const { diagram } = current.current;
        const edge = target.kind === "edge" ? diagram.edges.find(({ id }) => id === target.id) : undefined;
        if (what.kind === "entry") {
          if (target.kind === "node") return insertionOf(what.entry, placeBeside(diagram, target.id, side), target.id);
          return edge && insertionOf(what.entry, placeOnEdge(edge), edge.source);
        }
        if (target.kind !== "node") return undefined;
        if (what.kind === "connect")
          return what.from === target.id ? undefined : connectionOf(diagram, what.from, target.id);
        const before = what.kind === "source" ? what.edge.source : what.edge.target;
        if (before === target.id) return undefined;
        return (what.kind === "source" ? resourcing : retargeting)(diagram, what.edge, target.id);
      };

      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", end);
      window.addEventListener("keydown", cancel, true);
      stop.current = () => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", end);
        window.removeEventListener("keydown", cancel, true);
        stop.current = undefined;
        setDrag(undefined);
      };
    },
    [flow, placed],
  );
  return { drag, begin };
}

/** What can be said without asking. */
function verdictBefore(begun: Begun): Drag["verdict"] {
  if (begun.kind === "impossible") return { fits: false, text: begun.message };
  if (begun.kind === "picking") return { fits: true, text: "Drop it here, then choose what else it takes." };
  return undefined;
}

export function hasArguments({ call }: PaletteEntry): boolean {
  return call.arguments.length > 0;
}
