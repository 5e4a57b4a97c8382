// Nodes that are dragged, and those that were: where they stand, and what is kept of it. Also what React Flow selects.

import type { NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { NodeOffsets } from "../../engine/protocol/editing";
import { useSelected, useSession } from "../store";
import type { Diagram } from "./diagram-model";
import type { FlowNode } from "./flow-elements";
import { withOffsets } from "./offsets";
import type { PlacedDiagram } from "./use-layout";

const none: NodeOffsets = {};

interface NewestText {
  readonly version: number;
  readonly diagram: Diagram;
}

/** `version` of the text and `diagram` are the newest; what is laid out may be an older one. */
export function useMoving(laidOut: PlacedDiagram | undefined, { version, diagram }: NewestText) {
  const { store, post } = useSession();
  const given = useSelected(({ editing }) => editing.byHand);
  const isNewest = laidOut?.diagram === diagram;
  // The ids in offsets are those of their text: until it is laid out, the offsets before stay with the diagram before.
  const last = useRef(given);
  if (isNewest) last.current = given;
  const kept = last.current;
  const [moving, setMoving] = useState<NodeOffsets>();
  const latest = useRef<NodeOffsets>(undefined);
  const network = laidOut?.diagram.name;
  const direction = laidOut?.placement.direction ?? "down";
  const offsets = (network === kept.network ? kept.layout[direction] : undefined) ?? none;

  const placed = useMemo(() => {
    if (!laidOut) return undefined;
    const placement = withOffsets(laidOut.diagram, laidOut.placement, moving ?? offsets);
    return placement === laidOut.placement ? laidOut : { ...laidOut, placement };
  }, [laidOut, moving, offsets]);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      let moved = latest.current;
      let selection: Set<string> | undefined;
      for (const change of changes) {
        if (change.type === "select") {
          selection ??= new Set(store.get().editing.selection);
          if (change.selected) selection.add(change.id);
          else selection.delete(change.id);
        } else if (change.type === "position" && change.position && change.dragging) {
          const box = laidOut?.placement.boxes.get(change.id);
          const { x, y } = change.position;
          if (box)
            moved = { ...(moved ?? offsets), [change.id]: { x: Math.round(x - box.x), y: Math.round(y - box.y) } };
        }
      }
      if (selection) store.dispatch({ kind: "editing", action: { kind: "selectNodes", ids: [...selection] } });
      if (moved === latest.current) return;
      latest.current = moved;
      setMoving(moved);
    },
    [store, laidOut, offsets],
  );

  const onNodeDragStop = useCallback(() => {
    const moved = latest.current;
    latest.current = undefined;
    setMoving(undefined);
    if (moved === undefined || network === undefined || !isNewest) return;
    store.dispatch({ kind: "editing", action: { kind: "moveNodes", network, offsets: moved } });
    post({ kind: "move", version, network, direction, offsets: moved });
  }, [store, post, version, isNewest, network, direction]);

  return { placed, onNodesChange, onNodeDragStop };
}
