// An edge along the route the layout found, with rounded bends and an arrow where it ends.

import type { Edge, EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useSelected } from "../store";
import type { DiagramEdge } from "./diagram-model";
import type { Point } from "./layout";

export type RoutedEdgeType = Edge<{ readonly edge: DiagramEdge; readonly route: readonly Point[] }, "routed">;

const bendRadius = 6;
const arrow = { width: 4, height: 6 };

export const RoutedEdge = memo(function RoutedEdge({ data }: EdgeProps<RoutedEdgeType>) {
  const source = data?.edge.source;
  const target = data?.edge.target;
  const touched = useSelected(({ selected }) => selected !== undefined && (selected === source || selected === target));
  const end = data?.route.at(-1);
  if (!data || !end) return null;
  const marks = `${data.edge.carriesParameter ? " is-parameter" : ""}${touched ? " is-touched" : ""}`;
  return (
    <g className={`route${marks}`}>
      <path className="route-line" d={roundedPath(data.route)} />
      <path className="route-arrow" d={`M${end.x} ${end.y}l${-arrow.width} ${-arrow.height}h${2 * arrow.width}Z`} />
    </g>
  );
});

/** Straight pieces with a quarter turn at each bend; the last piece leaves room for the arrow. */
export function roundedPath(route: readonly Point[]): string {
  return route
    .map((point, index) => {
      const before = route[index - 1];
      const after = route[index + 1];
      if (!before) return `M${point.x} ${point.y}`;
      if (!after) return `L${point.x} ${point.y - arrow.height}`;
      const radius = Math.min(bendRadius, distance(before, point) / 2, distance(point, after) / 2);
      const from = towards(point, before, radius);
      const to = towards(point, after, radius);
      return `L${from.x} ${from.y}Q${point.x} ${point.y} ${to.x} ${to.y}`;
    })
    .join("");
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to);
  if (whole === 0) return from;
  return { x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole };
}
