// A placed diagram in React Flow's terms. Positions come from the layout alone; nothing here depends on live numbers. What has
// not changed stays the same object: React Flow draws nothing of it again.

import { type NodeHandle, Position } from "@xyflow/react";
import type { Diagram, DiagramEdge, DiagramNode } from "./diagram-model";
import type { GroupFrameType } from "./group-frame";
import type { DiagramGroup } from "./groups";
import type { Box, Placement, Point } from "./layout";
import { isEqual } from "./reuse";
import type { RoutedEdgeType } from "./routed-edge";
import { spokenId } from "./spoken-life";
import type { PlacedDiagram } from "./use-layout";
import type { ValueNodeType } from "./value-node";

export type FlowNode = ValueNodeType | GroupFrameType;

const mostAlwaysDrawn = 300; // nodes

/** Whether only what is in view is in the page, which keeps panning smooth. */
export function drawsOnlyView({ nodes, groups }: Diagram): boolean {
  return nodes.length + groups.length > mostAlwaysDrawn;
}

export class FlowElements {
  private nodes = new Map<string, Made<FlowNode>>();
  private edges = new Map<string, Made<RoutedEdgeType>>();

  nodesOf({ diagram, placement, live }: PlacedDiagram, selection: ReadonlySet<string>, shortcuts: string): FlowNode[] {
    const listed = inReadingOrder(diagram.nodes, diagram.groups);
    const next = new Map<string, Made<FlowNode>>();
    // Tab comes to one node of them and the arrow keys to all others; where it may not be in the page, to the list.
    const tabStop = drawsOnlyView(diagram) ? undefined : (listed.find(({ id }) => selection.has(id)) ?? listed[0]);
    for (const [index, item] of listed.entries()) {
      const box = placement.boxes.get(item.id);
      if (!box) continue;
      const selected = selection.has(item.id);
      const isTabStop = item === tabStop;
      const place: Place = { box, selected, isTabStop, position: index + 1, count: listed.length, shortcuts };
      const from = [
        item,
        box.x,
        box.y,
        box.width,
        box.height,
        selected,
        isTabStop,
        index,
        listed.length,
        live,
        placement.direction,
      ];
      const before = this.nodes.get(item.id);
      const made =
        before && isEqual(before.from, from) ? before : { from, element: elementOf(item, live, placement, place) };
      next.set(item.id, made);
    }
    this.nodes = next;
    return [...next.values()].map(({ element }) => element);
  }

  edgesOf({ diagram, placement }: PlacedDiagram): RoutedEdgeType[] {
    const nodes = new Map(diagram.nodes.map((node) => [node.id, node]));
    const next = new Map<string, Made<RoutedEdgeType>>();
    for (const edge of diagram.edges) {
      const route = placement.routes.get(edge.id) ?? [];
      const weights = nodes.get(edge.target)?.parameters ?? [];
      const from = [edge, route, weights];
      const before = this.edges.get(edge.id);
      next.set(
        edge.id,
        before && isEqual(before.from, from) ? before : { from, element: flowEdge(edge, route, weights) },
      );
    }
    this.edges = next;
    return [...next.values()].map(({ element }) => element);
  }
}

/** What an element was made from. */
interface Made<Element> {
  readonly from: readonly unknown[];
  readonly element: Element;
}

interface Place {
  readonly box: Box;
  readonly selected: boolean;
  readonly isTabStop: boolean;
  /** In the list that a screen reader reads. */
  readonly position: number;
  readonly count: number;
  readonly shortcuts: string;
}

function elementOf(item: DiagramNode | DiagramGroup, live: boolean, { direction }: Placement, place: Place): FlowNode {
  const { box, selected, isTabStop, position, count, shortcuts } = place;
  const { x, y, width, height } = box;
  const isFrame = isGroup(item);
  const shared = {
    id: item.id,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    selected,
    handles: handlesOf(box, direction),
    ariaRole: "option" as const,
    ariaLabel: isFrame ? frameLabel(item) : item.label,
    domAttributes: {
      tabIndex: isTabStop ? 0 : -1,
      "aria-roledescription": "node",
      ...(live && { "aria-describedby": spokenId(item.id) }),
      "aria-keyshortcuts": shortcuts,
      "aria-selected": selected,
      "aria-posinset": position,
      "aria-setsize": count,
    },
  };
  if (!isFrame) return { ...shared, type: "value", data: { node: item, live, direction } };
  // Its frame lets the pointer through, its title does not.
  const style = { pointerEvents: "none" } as const;
  return { ...shared, type: "frame", data: { group: item }, draggable: false, style };
}

/** A group stands before what is in it. */
function inReadingOrder(
  nodes: readonly DiagramNode[],
  groups: readonly DiagramGroup[],
): readonly (DiagramNode | DiagramGroup)[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const listed = new Set<DiagramNode | DiagramGroup>();
  const open = (id: string | undefined): void => {
    const group = id === undefined ? undefined : byId.get(id);
    if (group === undefined || listed.has(group)) return;
    open(group.parent);
    listed.add(group);
  };
  for (const node of nodes) {
    open(node.group);
    listed.add(node);
  }
  return [...listed];
}

function isGroup(item: DiagramNode | DiagramGroup): item is DiagramGroup {
  return !("inputCount" in item);
}

function frameLabel({ kind, heading, detail }: DiagramGroup): string {
  return [`${kind} ${heading}`, detail, "uncollapsed"].filter((part) => part !== "").join(", ");
}

/** Edges are drawn along their own routes; the handles only tell React Flow that both ends exist. */
function handlesOf({ width, height }: Box, direction: Placement["direction"]): NodeHandle[] {
  const size = { width: 1, height: 1 };
  return direction === "down"
    ? [
        { ...size, x: width / 2, y: 0, type: "target", position: Position.Top },
        { ...size, x: width / 2, y: height, type: "source", position: Position.Bottom },
      ]
    : [
        { ...size, x: 0, y: height / 2, type: "target", position: Position.Left },
        { ...size, x: width, y: height / 2, type: "source", position: Position.Right },
      ];
}

function flowEdge(edge: DiagramEdge, route: readonly Point[], weights: DiagramNode["parameters"]): RoutedEdgeType {
  return {
    id: edge.id,
    type: "routed",
    source: edge.source,
    target: edge.target,
    data: { edge, route, weights: weights.map(({ id }) => id) },
    // Each node says in words where it comes from.
    domAttributes: { "aria-hidden": true },
  };
}
