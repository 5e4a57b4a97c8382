// Diagram and sizes → positions and edge routes, by elkjs in a worker: layers downwards, inputs in order from left to right.

import ELK, { type ELK as Elk, type ElkExtendedEdge, type ElkNode, type ElkPoint } from "elkjs/lib/elk-api";
import type { Diagram, DiagramEdge, DiagramNode } from "./diagram-model";
import type { Size } from "./node-size";

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placement {
  readonly boxes: ReadonlyMap<string, Box>;
  /** From source to target by edge id, bends included. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  /** Around all of it. The origin is the top center of the first node, so that it stays put when others come and go. */
  readonly bounds: Box;
}

export interface LayoutEngine {
  readonly place: (diagram: Diagram, sizes: ReadonlyMap<string, Size>) => Promise<Placement>;
}

/**
 * An engine whose worker starts at once, so that it is there when the first diagram comes.
 * The worker runs from a blob: a webview's origin differs from that of its resources, so it cannot be started by address.
 */
export function createLayoutEngine(workerUrl: string): LayoutEngine {
  let started = startElk(workerUrl);
  started.catch(() => undefined); // Whoever asks for a layout hears of it.
  return {
    place: async (diagram, sizes) => {
      const elk = await started.catch(() => {
        started = startElk(workerUrl);
        return started;
      });
      return placementOf(await elk.layout(elkGraph(diagram, sizes)));
    },
  };
}

async function startElk(workerUrl: string): Promise<Elk> {
  const response = await fetch(workerUrl).catch(() => undefined);
  if (!response?.ok)
    throw new Error(`its code could not be loaded from ${workerUrl}. Close the diagram and open it again.`);
  const code = URL.createObjectURL(new Blob([await response.text()], { type: "text/javascript" }));
  return new ELK({ workerFactory: () => new Worker(code) });
}

const graphOptions = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "12",
  "elk.layered.spacing.nodeNodeBetweenLayers": "28",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  // The order of the text decides between equals, so a small edit changes little.
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.separateConnectedComponents": "false",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
};

function elkGraph(diagram: Diagram, sizes: ReadonlyMap<string, Size>): ElkNode {
  return {
    id: "diagram",
    layoutOptions: graphOptions,
    children: diagram.nodes.map((node) => elkNode(node, sizes.get(node.id))),
    edges: diagram.edges.map(elkEdge),
  };
}

function elkNode(node: DiagramNode, size: Size | undefined): ElkNode {
  if (!size) throw new Error(`The node ${node.id} has no size.`);
  const inputs = Array.from({ length: node.inputCount }, (_, input) => ({
    id: inputPort(node.id, input),
    // Port indices go clockwise: on the north side from left to right.
    layoutOptions: { "elk.port.side": "NORTH", "elk.port.index": `${input}` },
  }));
  const output = {
    id: outputPort(node.id),
    layoutOptions: { "elk.port.side": "SOUTH", "elk.port.index": `${inputs.length}` },
  };
  return {
    id: node.id,
    width: size.width,
    height: size.height,
    ports: [...inputs, output],
    layoutOptions: { "elk.portConstraints": "FIXED_ORDER", "elk.portAlignment.default": "DISTRIBUTED" },
  };
}

function elkEdge({ id, source, target, input }: DiagramEdge): ElkExtendedEdge {
  return { id, sources: [outputPort(source)], targets: [inputPort(target, input)] };
}

function inputPort(node: string, input: number): string {
  return `${node}<${input}`;
}

function outputPort(node: string): string {
  return `${node}>`;
}

function placementOf({ children = [], edges = [], width = 0, height = 0 }: ElkNode): Placement {
  const first = children[0];
  const origin = { x: (first?.x ?? 0) + (first?.width ?? 0) / 2, y: first?.y ?? 0 };
  const boxes = children.map(({ id, x = 0, y = 0, width = 0, height = 0 }) => {
    return [id, { ...relative({ x, y }, origin), width, height }] as const;
  });
  const routes = edges.map((edge) => [edge.id, routeOf(edge).map((point) => relative(point, origin))] as const);
  return {
    boxes: new Map(boxes),
    routes: new Map(routes),
    bounds: { ...relative({ x: 0, y: 0 }, origin), width, height },
  };
}

function routeOf(edge: ElkExtendedEdge): readonly ElkPoint[] {
  return (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => {
    return [startPoint, ...bendPoints, endPoint];
  });
}

function relative(point: Point, origin: Point): Point {
  return { x: point.x - origin.x, y: point.y - origin.y };
}
