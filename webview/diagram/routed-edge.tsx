// An edge along the route the layout found, with rounded bends and an arrow where it ends.

import type { Edge, EdgeProps } from "@xyflow/react";
import { type CSSProperties, memo, useMemo, useState } from "react";
import type { ValueId } from "../../engine/protocol/network";
import { formatNumber } from "../numbers";
import { useSelected, useWatched } from "../store";
import type { DiagramEdge } from "./diagram-model";
import { bandOf, relativeGradient } from "./edge-scale";
import { useEditor } from "./editor";
import type { Point } from "./layout";
import { useOverview } from "./overview";

export type RoutedEdgeType = Edge<
  {
    readonly edge: DiagramEdge;
    readonly route: readonly Point[];
    /** Parameters of the layer it ends at. */
    readonly weights: readonly ValueId[];
  },
  "routed"
>;

const bendRadius = 6;
const arrow = { width: 4, height: 6 };

export const RoutedEdge = memo(function RoutedEdge({ data }: EdgeProps<RoutedEdgeType>) {
  const source = data?.edge.source;
  const target = data?.edge.target;
  const touched = useSelected(({ selected }) => selected !== undefined && (selected === source || selected === target));
  // Of its own width and colour only: the number changes with every frame, the band hardly ever.
  const band = useSelected(({ live }) => {
    const gradient = live.snapshot && data && relativeGradient(live.snapshot, data.edge.source, data.weights);
    return gradient === undefined ? undefined : bandOf(gradient);
  });
  useWatched(data ? [data.edge.source, ...data.weights] : []);
  const overview = useOverview();
  const [pointed, setPointed] = useState(false);
  const line = useMemo(() => roundedPath(data?.route ?? []), [data?.route]);
  const end = data?.route.at(-1);
  if (!data || !end) return null;
  const marks = `${data.edge.carriesParameter ? " is-parameter" : ""}${touched ? " is-touched" : ""}${band ? ` gradient-${band.name}` : ""}`;
  return (
    <g className={`route${marks}`} onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
      {pointed && <GradientTitle source={data.edge.source} weights={data.weights} />}
      <path className="route-line" d={line} {...(band && { style: { strokeWidth: band.width } })} />
      <path className="route-pulse" d={line} pathLength={1} style={{ "--along": data.route[0]!.y } as CSSProperties} />
      <path className="route-reach" d={line} />
      <path className="route-arrow" d={arrowAt(data.route)} />
      {!overview && <EdgeEnds edge={data.edge} route={data.route} />}
    </g>
  );
});

function GradientTitle({ source, weights }: { readonly source: ValueId; readonly weights: readonly ValueId[] }) {
  const gradient = useSelected(({ live }) => live.snapshot && relativeGradient(live.snapshot, source, weights));
  return gradient === undefined ? null : (
    <title>{`Gradient relative to what it changes: ${formatNumber(gradient)}`}</title>
  );
}

/** What is dragged to rewire an edge. */
function EdgeEnds({ edge, route }: { readonly edge: DiagramEdge; readonly route: readonly Point[] }) {
  const { drag } = useEditor();
  const ends = [
    { kind: "source", point: route[0]!, title: "Drag it to another value, to compute this from it" },
    { kind: "target", point: route.at(-1)!, title: "Drag it to another node, to compute that from this" },
  ] as const;
  return ends.map(({ kind, point, title }) => (
    <circle
      key={kind}
      className="route-end nopan"
      cx={point.x}
      cy={point.y}
      r={6}
      data-end={kind}
      onPointerDown={(event) => drag({ kind, edge }, event)}
    >
      <title>{title}</title>
    </circle>
  ));
}

/** Its point is where the route ends, as it goes there. */
export function arrowAt(route: readonly Point[]): string {
  const end = route.at(-1)!;
  const before = route.at(-2) ?? end;
  return Math.abs(end.x - before.x) > Math.abs(end.y - before.y)
    ? `M${end.x} ${end.y}l${-arrow.height} ${-arrow.width}v${2 * arrow.width}Z`
    : `M${end.x} ${end.y}l${-arrow.width} ${-arrow.height}h${2 * arrow.width}Z`;
}

/** Straight pieces with a quarter turn at each bend; the last piece leaves room for the arrow. */
export function roundedPath(route: readonly Point[]): string {
  return route
    .map((point, index) => {
      const before = route[index - 1];
      const after = route[index + 1];
      if (!before) return `M${point.x} ${point.y}`;
      if (!after) {
        const { x, y } = towards(point, before, Math.min(arrow.height, distance(before, point)));
        return `L${x} ${y}`;
      }
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
