// What lies under the pointer while something is dragged: a node, or an edge near it.

import type { Box, Placement, Point } from "./layout";

export type DropTarget =
  | { readonly kind: "node"; readonly id: string }
  | { readonly kind: "edge"; readonly id: string };

/** `reach` is how far an edge catches, in pixels of the diagram. Groups are no targets: what is in them is. */
export function dropTargetAt(
  { boxes, routes }: Placement,
  nodes: readonly { readonly id: string }[],
  point: Point,
  reach: number,
): DropTarget | undefined {
  const node = nodes.find(({ id }) => {
    const box = boxes.get(id);
    return box && contains(box, point);
  });
  if (node) return { kind: "node", id: node.id };
  let nearest: { readonly id: string; readonly distance: number } | undefined;
  for (const [id, route] of routes) {
    const distance = distanceToRoute(route, point);
    if (distance <= reach && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) nearest = { id, distance };
  }
  return nearest && { kind: "edge", id: nearest.id };
}

function contains({ x, y, width, height }: Box, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}

export function distanceToRoute(route: readonly Point[], point: Point): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const [index, to] of route.entries()) {
    const from = route[index - 1];
    if (from) smallest = Math.min(smallest, distanceToSegment(from, to, point));
  }
  return smallest;
}

function distanceToSegment(from: Point, to: Point, { x, y }: Point): number {
  const length2 = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
  const along = length2 === 0 ? 0 : ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length2;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * (to.x - from.x), y - from.y - share * (to.y - from.y));
}
