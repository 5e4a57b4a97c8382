// A placed diagram in React Flow's terms. Positions come from the layout alone; nothing here depends on live numbers.

import { Position } from "@xyflow/react";
import type { Box } from "./layout";
import type { RoutedEdgeType } from "./routed-edge";
import type { PlacedDiagram } from "./use-layout";
import type { ValueNodeType } from "./value-node";

export function flowNodes({ diagram, placement, live }: PlacedDiagram): ValueNodeType[] {
  return diagram.nodes.flatMap((node) => {
    const box = placement.boxes.get(node.id);
    if (!box) return [];
    const { x, y, width, height } = box;
    return {
      id: node.id,
      type: "value" as const,
      data: { node, live },
      position: { x, y },
      width,
      height,
      measured: { width, height },
      handles: handlesOf(box),
      ariaLabel: node.label,
      domAttributes: { "aria-roledescription": "node", "aria-keyshortcuts": "Enter" },
    };
  });
}

/** Edges are drawn along their own routes; the handles only tell React Flow that both ends exist. */
function handlesOf({ width, height }: Box) {
  const handle = { x: width / 2, width: 1, height: 1 };
  return [
    { ...handle, type: "target" as const, position: Position.Top, y: 0 },
    { ...handle, type: "source" as const, position: Position.Bottom, y: height },
  ];
}

export function flowEdges({ diagram, placement }: PlacedDiagram): RoutedEdgeType[] {
  return diagram.edges.map((edge) => ({
    id: edge.id,
    type: "routed" as const,
    source: edge.source,
    target: edge.target,
    data: { edge, route: placement.routes.get(edge.id) ?? [] },
    // Each node says in words where it comes from.
    domAttributes: { "aria-hidden": true },
  }));
}
