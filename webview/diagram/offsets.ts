// Nodes that were dragged stand apart from where the layout puts them; edges follow them, groups grow around them.

import type { NodeOffsets } from "../../engine/protocol/editing";
import type { Diagram } from "./diagram-model";
import { type Box, groupTitleHeight, type Placement, type Point } from "./layout";

export function withOffsets(diagram: Diagram, placement: Placement, offsets: NodeOffsets): Placement {
  const moved = new Set(diagram.nodes.filter(({ id }) => offsets[id]).map(({ id }) => id));
  if (moved.size === 0) return placement;
  const boxes = new Map(placement.boxes);
  for (const id of moved) {
    const box = boxes.get(id);
    if (box) boxes.set(id, { ...box, x: box.x + offsets[id]!.x, y: box.y + offsets[id]!.y });
  }
  growGroups(diagram, boxes);
  const routes = new Map(placement.routes);
  for (const { id, source, target } of diagram.edges) {
    if (!moved.has(source) && !moved.has(target)) continue;
    routes.set(id, followed(routes.get(id) ?? [], offsets[source], offsets[target], placement.direction));
  }
  return { ...placement, boxes, routes, bounds: around([placement.bounds, ...boxes.values()]) };
}

/** Inner groups first. */
function growGroups({ nodes, groups }: Diagram, boxes: Map<string, Box>): void {
  for (const { id } of groups.toReversed()) {
    const inside = [
      ...nodes.filter(({ group }) => group === id).map((node) => node.id),
      ...groups.filter(({ parent }) => parent === id).map((group) => group.id),
    ].flatMap((each) => boxes.get(each) ?? []);
    const box = boxes.get(id);
    if (box && inside.length > 0) boxes.set(id, around([box, ...inside.map(padded)]));
  }
}

const padding = 10;

function padded({ x, y, width, height }: Box): Box {
  return {
    x: x - padding,
    y: y - groupTitleHeight - padding,
    width: width + 2 * padding,
    height: height + groupTitleHeight + 2 * padding,
  };
}

const unmoved = { x: 0, y: 0 };

/** One bend half-way; a route that goes against the flow leaves and arrives in its direction all the same. */
function followed(
  route: readonly Point[],
  from: Point = unmoved,
  to: Point = unmoved,
  direction: Placement["direction"],
): readonly Point[] {
  const [first, last] = [route[0], route.at(-1)];
  if (!first || !last) return route;
  const start = { x: first.x + from.x, y: first.y + from.y };
  const end = { x: last.x + to.x, y: last.y + to.y };
  if (direction === "down") {
    const middle = end.y > start.y ? (start.y + end.y) / 2 : start.y + clearance;
    if (end.y > start.y) return [start, { x: start.x, y: middle }, { x: end.x, y: middle }, end];
    const above = end.y - clearance;
    const side = (start.x + end.x) / 2 + (Math.abs(start.x - end.x) < clearance ? 6 * clearance : 0);
    return [
      start,
      { x: start.x, y: middle },
      { x: side, y: middle },
      { x: side, y: above },
      { x: end.x, y: above },
      end,
    ];
  }
  const turn = ({ x, y }: Point): Point => ({ x: y, y: x });
  return followed([turn(start), turn(end)], unmoved, unmoved, "down").map(turn);
}

const clearance = 16;

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
